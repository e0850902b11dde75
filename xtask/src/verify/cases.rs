//! Values to hold against a schema, made from the schema.
//!
//! For every place in it: what the document offers (examples, defaults), a small
//! and a full value, each option alone, each bound and the value beyond it, each
//! listed value and an unlisted one, every member of a union, every wrong type,
//! `null` and absence, lists of every length that matters. One place is varied at
//! a time inside an otherwise small value; at the end come mixtures. Whether a
//! value is good is not decided here: that is the oracle's part.

mod list;
mod number;
mod object;
mod sample;
mod text;

use std::collections::HashSet;

use fal_codegen::source::push_pointer;
use serde_json::{Map, Value, json};

use super::subject::Subject;
use super::tolerance::tag;

/// A value, and what is special about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The value.
    pub value: Value,
    /// What is tried, such as `below minimum`.
    pub kind: &'static str,
    /// The JSON pointer of the place where it is tried.
    pub place: String,
}

impl Case {
    fn new(kind: &'static str, value: impl Into<Value>) -> Self {
        Self {
            value: value.into(),
            kind,
            place: String::new(),
        }
    }

    /// The case seen from a value that holds it as `member`.
    fn inside(mut self, member: &str, wrap: impl FnOnce(Value) -> Value) -> Self {
        self.place = push_pointer("", member) + &self.place;
        self.value = wrap(self.value);
        self
    }
}

/// All cases for a schema: the same ones for the same schema and seed.
pub fn cases(subject: &Subject, seed: u64) -> Vec<Case> {
    let maker = Maker {
        subject,
        chain: Vec::new(),
        depth: 0,
    };
    let mut cases = maker.place("value", subject.schema());
    cases.extend(maker.mixtures(subject.schema(), &mut fastrand::Rng::with_seed(seed)));
    let mut seen = HashSet::new();
    cases.retain(|case| seen.insert(case.value.to_string()));
    cases
}

/// Makes values for the places of one subject.
#[derive(Clone)]
struct Maker<'a> {
    subject: &'a Subject,
    /// The references that were followed to come here: a schema that holds itself
    /// is entered once.
    chain: Vec<String>,
    depth: usize,
}

impl Maker<'_> {
    /// The cases of a place. `name` is what the place is called, and makes texts
    /// that differ from those of other places.
    fn place(&self, name: &str, schema: &Value) -> Vec<Case> {
        let Some(inner) = self.enter(schema) else {
            return Vec::new();
        };
        let view = self.subject.view(schema);
        let mut cases = inner.offered(&view);
        for keyword in ["anyOf", "oneOf"] {
            for member in view
                .get(keyword)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                cases.extend(inner.place(name, &beside(&view, keyword, member)));
            }
        }
        cases.extend(inner.listed(&view));
        for kind in kinds(&view) {
            cases.extend(match kind {
                "string" => text::cases(name, &view),
                "integer" => number::integers(&view),
                "number" => number::numbers(&view),
                "boolean" => vec![Case::new("true", true), Case::new("false", false)],
                "array" => inner.lists(name, &view),
                "object" => inner.objects(&view),
                _ => Vec::new(),
            });
        }
        cases.extend(wrong_types());
        cases
    }

    /// A maker for the inside of a schema; none if it is entered for the second
    /// time.
    fn enter(&self, schema: &Value) -> Option<Self> {
        const DEEPEST: usize = 24;
        let mut inner = self.clone();
        inner.depth += 1;
        let parts = schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for part in std::iter::once(schema).chain(parts) {
            if let Some(reference) = part.get("$ref").and_then(Value::as_str) {
                inner.chain.push(reference.to_owned());
            }
        }
        let new = &inner.chain[self.chain.len()..];
        let is_known = new.iter().any(|reference| self.chain.contains(reference));
        (!is_known && inner.depth <= DEEPEST).then_some(inner)
    }

    /// What the document itself offers as a value.
    fn offered(&self, view: &Map<String, Value>) -> Vec<Case> {
        let mut cases = Vec::new();
        if let Some(default) = view.get("default") {
            cases.push(Case::new("default", default.clone()));
        }
        if let Some(example) = view.get("example") {
            cases.push(Case::new("example", example.clone()));
        }
        match view.get("examples") {
            Some(Value::Array(examples)) => {
                cases.extend(
                    examples
                        .iter()
                        .map(|each| Case::new("example", each.clone())),
                );
            }
            Some(Value::Object(examples)) => {
                let values = examples.values().filter_map(|each| each.get("value"));
                cases.extend(values.map(|each| Case::new("example", each.clone())));
            }
            _ => {}
        }
        cases
    }

    /// Every listed value, and one that is not listed.
    fn listed(&self, view: &Map<String, Value>) -> Vec<Case> {
        let mut cases = Vec::new();
        let constant = view.get("const").into_iter();
        let listed = view
            .get("enum")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for value in constant.chain(listed) {
            cases.push(Case::new("listed value", value.clone()));
            match value {
                Value::String(_) => cases.push(Case::new("unlisted value", "not-a-listed-value")),
                Value::Number(_) => cases.push(Case::new("unlisted value", 918_273)),
                _ => {}
            }
        }
        cases
    }
}

/// A member of a union, with what the schema says beside the union.
pub fn beside(view: &Map<String, Value>, union: &str, member: &Value) -> Value {
    const OF_THE_WHOLE: &[&str] = &[
        "anyOf",
        "oneOf",
        "default",
        "discriminator",
        "example",
        "examples",
    ];
    let mut others = view.clone();
    others.retain(|keyword, _| keyword != union && !OF_THE_WHOLE.contains(&keyword.as_str()));
    let mut parts = vec![member.clone()];
    parts.extend(tag_of(view, member));
    parts.extend((!others.is_empty()).then_some(Value::Object(others)));
    match parts.len() {
        1 => member.clone(),
        _ => json!({ "allOf": parts }),
    }
}

/// The discriminator's value for a member of a union, as a schema.
fn tag_of(view: &Map<String, Value>, member: &Value) -> Option<Value> {
    let discriminator = view.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?;
    let value = tag(member, &discriminator["mapping"])?;
    Some(json!({ "properties": { property: { "const": value } }, "required": [property] }))
}

/// The types that the schema allows. Where it does not name them they follow from
/// its other words; a schema without such words allows everything, and the values
/// of every type that each place is tried with are enough for it.
fn kinds(view: &Map<String, Value>) -> Vec<&str> {
    const WORDS: &[(&str, &[&str])] = &[
        (
            "object",
            &["properties", "additionalProperties", "required"],
        ),
        ("array", &["items", "prefixItems", "minItems", "maxItems"]),
        ("string", &["minLength", "maxLength", "pattern"]),
        ("number", &["minimum", "maximum", "multipleOf"]),
    ];
    let has = |keyword: &&str| view.contains_key(*keyword);
    match view.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ if ["anyOf", "oneOf", "enum", "const"].iter().any(has) => Vec::new(),
        _ => {
            let implied = WORDS.iter().find(|(_, words)| words.iter().any(has));
            implied.map(|(kind, _)| *kind).into_iter().collect()
        }
    }
}

/// One value of every type.
fn wrong_types() -> Vec<Case> {
    let null = Case::new("null", Value::Null);
    let others = [
        json!("a text"),
        json!(7),
        json!(0.25),
        json!(true),
        json!([]),
        json!(["a text"]),
        json!({}),
        json!({ "an": "object" }),
    ];
    let others = others
        .into_iter()
        .map(|value| Case::new("another type", value));
    std::iter::once(null).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Case, cases};
    use crate::verify::subject::Subject;

    fn all(schema: Value) -> Vec<Case> {
        let node = json!({ "type": "object", "properties": {
            "name": { "type": "string" },
            "child": { "anyOf": [{ "$ref": "#/components/schemas/Node" }, { "type": "null" }] },
        } });
        let root = json!({ "subject": schema, "components": { "schemas": { "Node": node } } });
        cases(&Subject { root }, 7)
    }

    fn object() -> Value {
        json!({
            "type": "object",
            "properties": {
                "prompt": { "type": "string", "maxLength": 9 },
                "size": { "anyOf": [{ "enum": ["small", "large"] }, { "$ref": "#/components/schemas/Node" }] },
            },
            "required": ["prompt"],
        })
    }

    #[test]
    fn each_place_is_tried_inside_a_small_value() {
        let cases = all(object());
        let has = |value: Value| cases.iter().any(|case| case.value == value);
        assert!(has(json!({ "prompt": "prompt" })), "small");
        assert!(has(json!({})), "missing member");
        assert!(has(json!({ "prompt": "promptééé" })), "longest");
        assert!(has(json!({ "prompt": "promptéééé" })), "too long");
        for size in ["small", "large", "not-a-listed-value"] {
            assert!(has(json!({ "prompt": "prompt", "size": size })), "{size}");
        }
        assert!(
            has(json!({ "prompt": "prompt", "size": { "name": "name" } })),
            "member"
        );
        assert!(has(json!({ "prompt": "prompt", "size": null })), "null");
    }

    #[test]
    fn a_case_names_its_place() {
        let cases = all(object());
        let nested = cases.iter().find(|case| case.place == "/size/name");
        assert!(nested.is_some_and(|case| case.value["size"].get("name").is_some()));
    }

    #[test]
    fn the_same_seed_makes_the_same_values() {
        let values =
            |cases: Vec<Case>| cases.into_iter().map(|case| case.value).collect::<Vec<_>>();
        assert_eq!(values(all(object())), values(all(object())));
    }

    #[test]
    fn a_schema_that_holds_itself_comes_to_an_end() {
        let cases = all(json!({ "$ref": "#/components/schemas/Node" }));
        assert!(
            cases
                .iter()
                .any(|case| case.value == json!({ "name": "name", "child": null }))
        );
        assert!(cases.len() < 100, "{}", cases.len());
    }

    #[test]
    fn items_that_must_differ_do() {
        let list = json!({ "type": "array", "uniqueItems": true, "minItems": 2, "items": { "enum": ["a", "b"] } });
        let cases = all(list);
        assert!(cases.iter().any(|case| case.value == json!(["a", "b"])));
        assert!(cases.iter().any(|case| case.value == json!(["a", "a"])));
    }
}
