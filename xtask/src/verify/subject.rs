//! The schema of an input or an output, as its document states it.
//!
//! Nothing of the generator is used here: the document is read again, and only
//! brought from its dialect into the words of JSON Schema 2020-12, which is what
//! the oracle reads (see `dialect`).

use serde_json::{Map, Value, json};

use super::dialect;

/// Which side of a call a value is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// What is sent.
    Input,
    /// What comes back.
    Output,
}

impl Direction {
    /// The word for people and for JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
        }
    }
}

/// A schema together with everything that it refers to: a JSON Schema document
/// `{"$ref": "#/subject", "subject": …, "components": {"schemas": …}}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// That document.
    pub root: Value,
}

impl Subject {
    /// The schema of an endpoint's input or output. A document without one says
    /// nothing about the value.
    pub fn of(document: &Value, id: &str, direction: Direction) -> Self {
        let mut subject = Self::with_words(document, id, direction);
        dialect::drop_words(&mut subject.root);
        subject
    }

    /// The same with everything that it says for people.
    pub fn with_words(document: &Value, id: &str, direction: Direction) -> Self {
        let schema = match direction {
            Direction::Input => input(document, id),
            Direction::Output => output(document, id),
        };
        let schema = schema.cloned().unwrap_or_else(|| json!({}));
        let components = document
            .get("components")
            .and_then(|all| all.get("schemas"));
        let mut root = json!({
            "$ref": "#/subject",
            "subject": schema,
            "components": { "schemas": components.cloned().unwrap_or_else(|| json!({})) },
        });
        dialect::translate(&mut root);
        Self { root }
    }

    /// The schema itself.
    pub fn schema(&self) -> &Value {
        &self.root["subject"]
    }

    /// A subject of its own for a part of this one's schema.
    pub fn part(&self, part: &Value) -> Self {
        let root = json!({
            "$ref": "#/subject",
            "subject": part,
            "components": self.root["components"],
        });
        Self { root }
    }

    /// What a reference leads to.
    pub fn resolve(&self, reference: &str) -> Option<&Value> {
        dialect::target(&self.root, reference)
    }

    /// All keywords that hold for a value of `schema` without choosing: its own,
    /// those it refers to and those of its `allOf`.
    pub fn view(&self, schema: &Value) -> Map<String, Value> {
        let mut view = Map::new();
        self.merge(schema, &mut view, 0);
        view
    }

    fn merge(&self, schema: &Value, view: &mut Map<String, Value>, depth: usize) {
        const DEEPEST: usize = 32;
        let Some(keywords) = schema.as_object().filter(|_| depth < DEEPEST) else {
            return;
        };
        let reference = keywords.get("$ref").and_then(Value::as_str);
        if let Some(target) = reference.and_then(|reference| self.resolve(reference)) {
            self.merge(target, view, depth + 1);
        }
        for part in keywords
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.merge(part, view, depth + 1);
        }
        for (keyword, value) in keywords {
            match (keyword.as_str(), view.get_mut(keyword), value) {
                ("$ref" | "allOf", _, _) => {}
                ("properties", Some(Value::Object(known)), Value::Object(more)) => {
                    add_properties(known, more);
                }
                ("required", Some(Value::Array(known)), Value::Array(more)) => {
                    known.extend(more.iter().cloned());
                }
                _ => {
                    view.insert(keyword.clone(), value.clone());
                }
            }
        }
    }

    /// Whether `null` is a value of the schema.
    pub fn accepts_null(&self, schema: &Value) -> bool {
        self.null_fits(schema, 0)
    }

    fn null_fits(&self, schema: &Value, depth: usize) -> bool {
        const DEEPEST: usize = 32;
        if depth >= DEEPEST {
            return false;
        }
        let Some(keywords) = schema.as_object() else {
            return schema.as_bool().unwrap_or(false);
        };
        keywords.iter().all(|(keyword, value)| {
            let members = || value.as_array().into_iter().flatten();
            match keyword.as_str() {
                "$ref" => value
                    .as_str()
                    .and_then(|reference| self.resolve(reference))
                    .is_none_or(|target| self.null_fits(target, depth + 1)),
                "type" => value == "null" || members().any(|name| name == "null"),
                "const" => value.is_null(),
                "enum" => members().any(Value::is_null),
                "anyOf" | "oneOf" => members().any(|member| self.null_fits(member, depth + 1)),
                "allOf" => members().all(|member| self.null_fits(member, depth + 1)),
                _ => true,
            }
        })
    }
}

/// A property that two parts declare must satisfy both.
fn add_properties(known: &mut Map<String, Value>, more: &Map<String, Value>) {
    for (name, schema) in more {
        match known.get_mut(name) {
            Some(other) if other != schema => {
                *other = json!({ "allOf": [other.take(), schema] });
            }
            Some(_) => {}
            None => {
                known.insert(name.clone(), schema.clone());
            }
        }
    }
}

fn input<'a>(document: &'a Value, id: &str) -> Option<&'a Value> {
    let body = document
        .get("paths")?
        .get(format!("/{id}"))?
        .get("post")?
        .get("requestBody")?;
    content(body)
}

fn output<'a>(document: &'a Value, id: &str) -> Option<&'a Value> {
    let response = document
        .get("paths")?
        .get(format!("/{id}/requests/{{request_id}}"))?
        .get("get")?
        .get("responses")?
        .get("200")?;
    content(response)
}

fn content(body: &Value) -> Option<&Value> {
    body.get("content")?.get("application/json")?.get("schema")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Direction, Subject};

    fn subject(schema: serde_json::Value) -> Subject {
        let document = json!({
            "components": { "schemas": {
                "Size": { "type": "object", "properties": { "width": { "type": "integer" } } },
                "Maybe": { "anyOf": [{ "$ref": "#/components/schemas/Size" }, { "type": "null" }] },
            } },
            "paths": { "/a/b": { "post": { "requestBody": {
                "content": { "application/json": { "schema": schema } }
            } } } },
        });
        Subject::of(&document, "a/b", Direction::Input)
    }

    #[test]
    fn a_view_gathers_what_holds_without_choosing() {
        let subject = subject(json!({
            "allOf": [{ "$ref": "#/components/schemas/Size" }],
            "properties": { "height": { "type": "integer" } },
            "required": ["height"],
        }));
        let view = subject.view(subject.schema());
        assert_eq!(view["type"], "object");
        assert!(view["properties"].get("width").is_some());
        assert!(view["properties"].get("height").is_some());
    }

    #[test]
    fn null_is_found_behind_references() {
        let subject = subject(json!({ "$ref": "#/components/schemas/Maybe" }));
        assert!(subject.accepts_null(subject.schema()));
        assert!(!subject.accepts_null(&json!({ "$ref": "#/components/schemas/Size" })));
        assert!(subject.accepts_null(&json!({})));
        assert!(!subject.accepts_null(&json!({ "enum": ["a", "b"] })));
    }

    #[test]
    fn what_a_document_lacks_is_anything() {
        let document = json!({ "paths": {} });
        let subject = Subject::of(&document, "a/b", Direction::Output);
        assert_eq!(subject.schema(), &json!({}));
    }
}
