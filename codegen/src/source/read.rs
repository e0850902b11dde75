//! Reading a JSON value as a schema.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::malformed::{Malformed, malformed, one_type};
use super::pointer::push;
use super::schema::{Additional, Annotations, ListRules, ObjectRules, Schema};
use crate::constraint::{self, Constraints};
use crate::json::Type;

/// Reads the schema at `pointer` of its document.
pub fn read_schema(value: &Value, pointer: &str) -> Schema {
    let mut schema = Schema {
        pointer: pointer.to_owned(),
        ..Schema::default()
    };
    match value {
        Value::Object(members) => {
            let reader = Reader { members, pointer };
            reader.read(&mut schema);
        }
        Value::Bool(allowed) => schema.never = !allowed,
        other => schema
            .malformed
            .push(Malformed::new("", other, "an object")),
    }
    schema
}

/// Keywords that restrict values in ways that no generated type expresses.
const UNCHECKED: &[&str] = &[
    "not",
    "if",
    "then",
    "else",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "patternProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
];

struct Reader<'a> {
    members: &'a Map<String, Value>,
    pointer: &'a str,
}

impl Reader<'_> {
    fn read(&self, schema: &mut Schema) {
        for (keyword, value) in self.members {
            self.keyword(schema, keyword, value);
        }
        schema.constraints = Constraints::read(self.members);
        schema.object = self.object();
        schema.list = self.list();
        schema.notes.hints.sort_by(|a, b| a.0.cmp(&b.0));
        schema.unchecked.sort();
        schema.malformed = malformed(self.members);
    }

    fn keyword(&self, schema: &mut Schema, keyword: &str, value: &Value) {
        match keyword {
            "$ref" => schema.reference = text(value),
            "type" => schema.types = types(value),
            "nullable" => schema.nullable = value == &Value::Bool(true),
            "enum" => schema.values = value.as_array().cloned(),
            "const" => schema.constant = Some(value.clone()),
            "anyOf" => schema.any_of = self.alternatives(keyword, value),
            "oneOf" => schema.one_of = self.alternatives(keyword, value),
            "allOf" => schema.all_of = self.alternatives(keyword, value),
            "discriminator" => schema.discriminator = discriminator(value),
            // Keywords that are read together with the one that they belong to.
            "properties"
            | "required"
            | "additionalProperties"
            | "x-fal-order-properties"
            | "items"
            | "prefixItems" => {}
            // What they contain is read where a reference leads to it.
            "$defs" | "definitions" => {}
            _ if annotation(&mut schema.notes, keyword, value) => {}
            _ if constraint::is_keyword(keyword) => {}
            _ if UNCHECKED.contains(&keyword) => {
                schema.unchecked.push(push(self.pointer, keyword));
            }
            _ => schema.notes.hints.push((keyword.to_owned(), value.clone())),
        }
    }

    fn alternatives(&self, keyword: &str, value: &Value) -> Vec<Schema> {
        let pointer = push(self.pointer, keyword);
        value
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(index, schema)| read_schema(schema, &push(&pointer, &index.to_string())))
            .collect()
    }

    fn object(&self) -> ObjectRules {
        ObjectRules {
            properties: self.properties(),
            ordered: self.members.contains_key("properties") && self.order().next().is_some(),
            required: texts(self.members.get("required")),
            additional: self.additional(),
        }
    }

    fn properties(&self) -> Vec<(String, Schema)> {
        let Some(properties) = self.members.get("properties").and_then(Value::as_object) else {
            return Vec::new();
        };
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (place, name) in self.order().enumerate() {
            places.entry(name).or_insert(place);
        }
        let mut ordered: Vec<(&String, &Value)> = properties.iter().collect();
        ordered.sort_by_cached_key(|(name, _)| {
            let name = name.as_str();
            (places.get(name).copied().unwrap_or(usize::MAX), name)
        });
        let pointer = push(self.pointer, "properties");
        let schemas = ordered
            .into_iter()
            .map(|(name, schema)| (name.clone(), read_schema(schema, &push(&pointer, name))));
        schemas.collect()
    }

    /// The names in `x-fal-order-properties`.
    fn order(&self) -> impl Iterator<Item = &str> {
        let names = self.members.get("x-fal-order-properties");
        let names = names.and_then(Value::as_array).into_iter().flatten();
        names.filter_map(Value::as_str)
    }

    fn additional(&self) -> Additional {
        match self.members.get("additionalProperties") {
            None => Additional::Unspecified,
            Some(Value::Bool(false)) => Additional::None,
            Some(value) => {
                let schema = read_schema(value, &push(self.pointer, "additionalProperties"));
                if schema.allows_anything() {
                    Additional::Any
                } else {
                    Additional::Typed(Box::new(schema))
                }
            }
        }
    }

    fn list(&self) -> ListRules {
        let prefix = match self.members.get("items") {
            Some(Value::Object(items)) if is_indexed(items) => self.indexed(items),
            Some(items @ Value::Array(_)) => self.alternatives("items", items),
            _ => self
                .members
                .get("prefixItems")
                .map(|items| self.alternatives("prefixItems", items))
                .unwrap_or_default(),
        };
        let items = match self.members.get("items") {
            Some(Value::Object(items)) if is_indexed(items) => None,
            Some(Value::Array(_)) | None => None,
            Some(items) => Some(Box::new(read_schema(items, &push(self.pointer, "items")))),
        };
        ListRules { items, prefix }
    }

    /// Some documents write a tuple as `items: {"0": …, "1": …}`.
    fn indexed(&self, items: &Map<String, Value>) -> Vec<Schema> {
        let pointer = push(self.pointer, "items");
        (0..items.len())
            .map(|index| index.to_string())
            .filter_map(|index| Some(read_schema(items.get(&index)?, &push(&pointer, &index))))
            .collect()
    }
}

fn is_indexed(items: &Map<String, Value>) -> bool {
    !items.is_empty() && (0..items.len()).all(|index| items.contains_key(&index.to_string()))
}

fn annotation(notes: &mut Annotations, keyword: &str, value: &Value) -> bool {
    match keyword {
        "title" => notes.title = text(value),
        "description" => notes.description = text(value),
        "default" => notes.default = Some(value.clone()),
        "examples" => match value {
            Value::Array(examples) => notes.examples.extend(examples.iter().cloned()),
            Value::Object(named) => notes.examples.extend(named.values().cloned()),
            other => notes.examples.push(other.clone()),
        },
        "example" => notes.examples.push(value.clone()),
        "deprecated" => notes.deprecated = value == &Value::Bool(true),
        "format" => notes.format = text(value),
        _ => return false,
    }
    true
}

fn types(value: &Value) -> Vec<Type> {
    let named: Option<Vec<Type>> = match value {
        Value::Array(names) => names.iter().map(one_type).collect(),
        name => one_type(name).map(|ty| vec![ty]),
    };
    // If one of the types is not known, none of them is used.
    let mut types = named.unwrap_or_default();
    types.sort_unstable();
    types.dedup();
    types
}

fn discriminator(value: &Value) -> Option<(String, Vec<(String, String)>)> {
    let property = text(value.get("propertyName")?)?;
    let mut mapping: Vec<(String, String)> = value
        .get("mapping")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(value, reference)| Some((value.clone(), text(reference)?)))
        .collect();
    mapping.sort();
    Some((property, mapping))
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn texts(value: Option<&Value>) -> Vec<String> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(text)
        .collect()
}
