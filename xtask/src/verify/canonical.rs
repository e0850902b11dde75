//! One way of writing a schema, so that two that say the same are equal.
//!
//! | Written | Becomes |
//! |---|---|
//! | `$ref`, `allOf` | what they lead to, merged; the outer words go before the inner ones |
//! | a type list or an enum with `null`, `anyOf` with `{"type": "null"}` | `"null": true` |
//! | `type: ["string", "integer"]` | `anyOf` of both, each with the keywords that are about it |
//! | `anyOf` and `oneOf`, nested or beside other keywords | one sorted `anyOf` whose members have these keywords |
//! | text enums in one `anyOf` | one enum |
//! | `const` | `enum` of one value |
//! | `example`, `examples` | one sorted list |
//!
//! A reference to an object that is being written already becomes `"recursive": true`,
//! one to anything else says nothing: no type can hold that.

mod choice;
mod merge;

use choice::settle;
use merge::merge;
use serde_json::{Map, Value, json};

use super::dialect::target;

/// The keywords of a canonical schema.
pub(super) type Keywords = Map<String, Value>;

/// What is said for people; it goes with the place, not with the value.
pub(super) const WORDS: &[&str] = &["default", "deprecated", "description", "examples", "format"];

const COUNTS: &[&str] = &["maxItems", "maxLength", "minItems", "minLength"];
const BOUNDS: &[&str] = &[
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maximum",
    "minimum",
    "multipleOf",
];

/// A schema of the document `root`, canonically.
pub fn canonical(root: &Value, schema: &Value) -> Value {
    let start = std::ptr::eq(root, schema).then(|| "#".to_owned());
    let mut writer = Writer {
        root,
        chain: start.into_iter().collect(),
    };
    Value::Object(writer.schema(schema))
}

struct Writer<'a> {
    root: &'a Value,
    /// The references that lead here.
    chain: Vec<String>,
}

impl Writer<'_> {
    fn schema(&mut self, schema: &Value) -> Keywords {
        let mut keywords = Keywords::new();
        let Value::Object(members) = schema else {
            if schema == &Value::Bool(false) {
                keywords.insert("never".into(), true.into());
            }
            return keywords;
        };
        for (keyword, value) in members {
            self.keyword(keyword, value, &mut keywords);
        }
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            let target = self.reference(reference);
            merge(&mut keywords, target);
        }
        for part in list(members.get("allOf")) {
            let part = self.schema(part);
            merge(&mut keywords, part);
        }
        bare_minimum(settle(keywords))
    }

    fn reference(&mut self, reference: &str) -> Keywords {
        let recursive = || Keywords::from_iter([("recursive".to_owned(), true.into())]);
        let Some(target) = target(self.root, reference) else {
            return Keywords::new();
        };
        if self.chain.iter().any(|outer| outer == reference) {
            return match target.get("properties") {
                Some(_) => recursive(),
                None => Keywords::new(),
            };
        }
        self.chain.push(reference.to_owned());
        let keywords = self.schema(target);
        self.chain.pop();
        keywords
    }

    fn keyword(&mut self, keyword: &str, value: &Value, keywords: &mut Keywords) {
        let written = match keyword {
            "type" => return types(value, keywords),
            "enum" | "const" => return values(keyword, value, keywords),
            "example" | "examples" => return examples(keyword, value, keywords),
            "anyOf" | "oneOf" => {
                let members = list(Some(value)).map(|member| self.schema(member));
                let members: Vec<Value> = members.map(Value::Object).collect();
                return append(keywords, "anyOf", members);
            }
            "not" if value == &json!({}) => {
                keywords.insert("never".into(), true.into());
                return;
            }
            "description" | "format" if value.is_string() => value.clone(),
            "default" => number(value),
            "pattern" if value.is_string() => value.clone(),
            "deprecated" | "uniqueItems" if value == &Value::Bool(true) => value.clone(),
            "required" => sorted(list(Some(value)).filter(|name| name.is_string()).cloned()),
            "properties" => self.properties(value),
            "additionalProperties" => self.additional(value),
            "items" => Value::Object(self.schema(value)),
            "prefixItems" => list(Some(value))
                .map(|place| Value::Object(self.schema(place)))
                .collect(),
            _ if BOUNDS.contains(&keyword) && value.is_number() => number(value),
            _ if COUNTS.contains(&keyword) && value.is_number() => number(value),
            _ => return,
        };
        if written != json!({}) && written != json!([]) || matches!(keyword, "default" | "items") {
            keywords.insert(keyword.to_owned(), written);
        }
    }

    fn properties(&mut self, value: &Value) -> Value {
        let properties = value.as_object().into_iter().flatten();
        let written =
            properties.map(|(name, property)| (name.clone(), Value::Object(self.schema(property))));
        Value::Object(written.collect())
    }

    /// What only has words says nothing.
    fn additional(&mut self, value: &Value) -> Value {
        if value == &Value::Bool(false) {
            return value.clone();
        }
        let keywords = self.schema(value);
        match keywords.keys().all(|name| WORDS.contains(&name.as_str())) {
            true => json!({}),
            false => Value::Object(keywords),
        }
    }
}

/// Where nothing is good, nothing else matters; where everything is, `null` is too. An
/// object that is being written is an object.
fn bare_minimum(mut keywords: Keywords) -> Keywords {
    let is_word = |name: &str| WORDS.contains(&name);
    if keywords.contains_key("never") {
        keywords.retain(|name, _| name == "never" || is_word(name));
    }
    if keywords.contains_key("recursive") && keywords.get("type") == Some(&json!(["object"])) {
        keywords.remove("type");
    }
    if keywords.keys().all(|name| name == "null" || is_word(name)) {
        keywords.remove("null");
    }
    keywords
}

fn types(value: &Value, keywords: &mut Keywords) {
    let names: Vec<&Value> = match value {
        Value::Array(names) => names.iter().collect(),
        name => vec![name],
    };
    if names == ["null"] {
        keywords.insert("type".into(), json!(["null"]));
        return;
    }
    if names.iter().any(|name| *name == "null") {
        keywords.insert("null".into(), true.into());
    }
    let others = names.into_iter().filter(|name| *name != "null").cloned();
    keywords.insert("type".into(), sorted(others));
}

fn values(keyword: &str, value: &Value, keywords: &mut Keywords) {
    let listed: Vec<Value> = match keyword {
        "const" => vec![number(value)],
        _ => list(Some(value)).map(number).collect(),
    };
    if listed == [Value::Null] {
        keywords.insert("type".into(), json!(["null"]));
        return;
    }
    if listed.contains(&Value::Null) {
        keywords.insert("null".into(), true.into());
    }
    let others = listed.into_iter().filter(|value| !value.is_null());
    keywords.insert("enum".into(), sorted(others));
}

/// A list, named ones, or one.
fn examples(keyword: &str, value: &Value, keywords: &mut Keywords) {
    let several: Vec<Value> = match (keyword, value) {
        ("examples", Value::Array(values)) => values.iter().map(number).collect(),
        ("examples", Value::Object(named)) => named.values().map(number).collect(),
        _ => vec![number(value)],
    };
    if !several.is_empty() {
        append(keywords, "examples", several);
        let all = keywords.remove("examples").unwrap_or_default();
        let all = list(Some(&all)).cloned();
        keywords.insert("examples".into(), sorted(all));
    }
}

fn append(keywords: &mut Keywords, keyword: &str, values: Vec<Value>) {
    let known = keywords.entry(keyword).or_insert_with(|| json!([]));
    if let Value::Array(known) = known {
        known.extend(values);
    }
}

/// The items of a list; none of anything else.
pub(super) fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

/// Sorted, each value once: the order of a set says nothing.
pub(super) fn sorted(values: impl Iterator<Item = Value>) -> Value {
    let mut values: Vec<Value> = values.collect();
    values.sort_by_cached_key(Value::to_string);
    values.dedup();
    Value::Array(values)
}

/// `1.0` is `1`, also inside a value.
fn number(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 9e15 => json!(float as i64),
            _ => value.clone(),
        },
        Value::Array(items) => items.iter().map(self::number).collect(),
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(name, value)| (name.clone(), self::number(value)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}
