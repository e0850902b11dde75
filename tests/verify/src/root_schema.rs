//! The schema of an input or an output, as its document states it.
//!
//! Nothing of the generator decides here: the document is read again, and only brought
//! from its dialect into the words of JSON Schema 2020-12, which is what the oracle
//! reads (see `dialect`).

use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::keywords::{Keywords, each_schema, items};

/// The side of a call that a value is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The value is sent.
    Input,
    /// The value is received.
    Output,
}

impl Direction {
    /// The name of the side, in texts and in JSON.
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
pub struct RootSchema {
    /// The JSON Schema document.
    pub root: Value,
}

impl RootSchema {
    /// The schema of an endpoint's input or output. A document without one says
    /// nothing about the value.
    pub fn of(document: &Value, id: &str, direction: Direction) -> Self {
        let schema = match direction {
            Direction::Input => request(document, id),
            Direction::Output => response(document, id),
        };
        let schema = schema.and_then(content).cloned();
        let components = document.pointer("/components/schemas").cloned();
        Self {
            root: json!({
                "$ref": "#/subject",
                "subject": schema.unwrap_or_else(|| json!({})),
                "components": { "schemas": components.unwrap_or_else(|| json!({})) },
            }),
        }
    }

    /// The schema itself.
    pub fn schema(&self) -> &Value {
        &self.root["subject"]
    }

    /// A root of its own for a part of this one's schema.
    pub fn part(&self, part: &Value) -> Self {
        let root = json!({
            "$ref": "#/subject",
            "subject": part,
            "components": self.root["components"],
        });
        Self { root }
    }

    /// Calls `visit` on every schema inside.
    pub fn each_schema(&mut self, visit: &mut dyn FnMut(&mut Value)) {
        if let Some(schema) = self.root.get_mut("subject") {
            each_schema(schema, visit);
        }
        if let Some(Value::Object(schemas)) = self.root.pointer_mut("/components/schemas") {
            schemas
                .values_mut()
                .for_each(|schema| each_schema(schema, visit));
        }
    }

    /// The schema that a reference leads to.
    pub fn resolve(&self, reference: &str) -> Option<&Value> {
        target(&self.root, reference)
    }

    /// All keywords that hold for a value of `schema` without choosing: its own, those
    /// of what it refers to and those of its `allOf`.
    pub fn effective(&self, schema: &Value) -> Keywords {
        let mut keywords = Map::new();
        self.merge(schema, &mut keywords, &mut Vec::new());
        keywords
    }

    fn merge<'s>(&'s self, schema: &'s Value, into: &mut Keywords, seen: &mut Vec<&'s str>) {
        let Some(keywords) = schema.as_object() else {
            return;
        };
        let reference = keywords.get("$ref").and_then(Value::as_str);
        if let Some(reference) = reference.filter(|reference| !seen.contains(reference))
            && let Some(target) = self.resolve(reference)
        {
            seen.push(reference);
            self.merge(target, into, seen);
        }
        for part in items(keywords, "allOf") {
            self.merge(part, into, seen);
        }
        for (keyword, value) in keywords {
            match (keyword.as_str(), into.get_mut(keyword), value) {
                ("$ref" | "allOf", _, _) => {}
                ("properties", Some(Value::Object(known)), Value::Object(more)) => {
                    add_properties(known, more);
                }
                ("required", Some(Value::Array(known)), Value::Array(more)) => {
                    known.extend(more.iter().cloned());
                }
                _ => {
                    into.insert(free_keyword(keyword, into), value.clone());
                }
            }
        }
    }

    /// Whether `null` is a value of the schema.
    pub fn accepts_null(&self, schema: &Value) -> bool {
        self.null_fits(schema, &mut HashMap::new())
    }

    /// Whether `null` is a value of the schema. `known` has the answers for references; one that is being followed has none.
    fn null_fits<'s>(&'s self, schema: &'s Value, known: &mut HashMap<&'s str, bool>) -> bool {
        let Some(keywords) = schema.as_object() else {
            return schema == &Value::Bool(true);
        };
        keywords.iter().all(|(keyword, value)| {
            let mut members = items(keywords, keyword);
            match keyword.as_str() {
                "$ref" => {
                    let reference = value.as_str().unwrap_or_default();
                    let Some(target) = self.resolve(reference) else {
                        return true;
                    };
                    if let Some(answer) = known.get(reference) {
                        return *answer;
                    }
                    known.insert(reference, false);
                    let answer = self.null_fits(target, known);
                    known.insert(reference, answer);
                    answer
                }
                "type" => value == "null" || members.any(|name| name == "null"),
                "const" => value.is_null(),
                "enum" => members.any(Value::is_null),
                "anyOf" | "oneOf" => members.any(|member| self.null_fits(member, known)),
                "allOf" => members.all(|member| self.null_fits(member, known)),
                _ => true,
            }
        })
    }
}

/// The request of an endpoint. Without a route of its name it is the first that takes one.
fn request<'a>(document: &'a Value, id: &str) -> Option<&'a Value> {
    let paths = document["paths"].as_object()?;
    let own = paths
        .get(&format!("/{id}"))
        .and_then(|item| item.get("post"));
    let post = own.or_else(|| paths.values().find_map(|item| item.get("post")))?;
    followed(document, post.get("requestBody")?)
}

/// The response with the result of an endpoint: that of the queue's result route, else of the request.
fn response<'a>(document: &'a Value, id: &str) -> Option<&'a Value> {
    let paths = document["paths"].as_object()?;
    let own = paths.get(&format!("/{id}/requests/{{request_id}}"));
    let is_result = |path: &str| {
        let (_, parameter) = path.rsplit_once("/requests/").unwrap_or_default();
        parameter.starts_with('{') && parameter.ends_with('}')
    };
    let any = paths.iter().find(|(path, _)| is_result(path));
    let result = own
        .or(any.map(|(_, item)| item))
        .and_then(|item| item.get("get"));
    let has_queue = paths.keys().any(|path| path.contains("/requests/"));
    let post = paths.values().find_map(|item| item.get("post"));
    let operation = result.or_else(|| post.filter(|_| !has_queue))?;
    let responses = operation.get("responses")?.as_object()?;
    let good = responses.iter().find(|(status, _)| status.starts_with('2'));
    let response = responses.get("200").or(good.map(|(_, response)| response));
    followed(document, response.or_else(|| responses.get("default"))?)
}

/// What a reference leads to, or the value itself.
fn followed<'a>(document: &'a Value, value: &'a Value) -> Option<&'a Value> {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => target(document, reference),
        None => Some(value),
    }
}

/// The schema of a request or a response: that of the JSON form, or of the first form.
fn content(body: &Value) -> Option<&Value> {
    let forms = body.get("content")?.as_object()?;
    let json = forms
        .iter()
        .find(|(name, _)| name.starts_with("application/json"));
    json.or_else(|| forms.iter().min_by_key(|(name, _)| name.as_str()))?
        .1
        .get("schema")
}

/// The keyword under which a part of `allOf` is added. A second list of alternatives goes where there is none yet: both hold.
fn free_keyword(keyword: &str, known: &Keywords) -> String {
    let other = match keyword {
        "anyOf" => "oneOf",
        "oneOf" => "anyOf",
        _ => keyword,
    };
    let is_taken = known.contains_key(keyword) && !known.contains_key(other);
    if is_taken { other } else { keyword }.to_owned()
}

/// Merges the schemas of a property that two parts declare: it must satisfy both.
fn add_properties(known: &mut Keywords, more: &Keywords) {
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

/// What a reference inside a document leads to. Component names may hold letters
/// that a URI must escape, and some documents escape them.
pub fn target<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    let unescaped = || percent_decode_str(pointer).decode_utf8().ok();
    root.pointer(pointer)
        .or_else(|| root.pointer(&unescaped()?))
}
