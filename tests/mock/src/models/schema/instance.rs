//! Builds valid instances, from the document's examples if they are valid, else with the smallest valid values.

use serde_json::{Map, Number, Value};

use super::{DEPTH, Id, Node, Schema, Type};
use crate::models::media::Kind;

impl Schema {
    /// A valid instance, as close to the document's examples as possible. `name` suggests the kind of the files in it.
    pub(crate) fn instance(&self, name: &str) -> Value {
        self.value(self.root, name, 0)
    }

    /// The plain instance, with the members of the first valid example in place of its own.
    fn value(&self, id: Id, name: &str, depth: usize) -> Value {
        if depth >= DEPTH {
            return Value::Null;
        }
        let node = &self.nodes[id];
        let plain = self.plain(id, name, depth);
        let examples = node.examples.iter().filter(|example| !example.is_null());
        let laid = examples.map(|example| overlay(&plain, example));
        let valid = laid.into_iter().find(|value| self.accepts(id, value));
        valid.unwrap_or(plain)
    }

    fn plain(&self, id: Id, name: &str, depth: usize) -> Value {
        let node = &self.nodes[id];
        if let Some(value) = &node.constant {
            return value.clone();
        }
        if let Some(first) = node
            .options
            .iter()
            .flatten()
            .find(|option| !option.is_null())
        {
            return first.clone();
        }
        if let Some(value) = node
            .default
            .as_ref()
            .filter(|value| !value.is_null() && !value.is_object())
        {
            return value.clone();
        }
        if let Some(member) = self.member(node) {
            return self.value(member, name, depth + 1);
        }
        let parts = node.reference.iter().chain(&node.all_of);
        let parts = parts.map(|part| self.value(*part, name, depth + 1));
        let merged = parts.reduce(|below, above| overlay(&below, &above));
        let own = self.by_type(id, name, depth);
        match (merged, own) {
            (Some(merged), Some(own)) => overlay(&merged, &own),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => Value::Null,
        }
    }

    /// The member of a union that is used: the first that is not `null`.
    fn member(&self, node: &Node) -> Option<Id> {
        let members = || node.any_of.iter().chain(&node.one_of).copied();
        let solid = members().find(|id| self.nodes[*id].types != [Type::Null]);
        solid.or_else(|| members().next())
    }

    fn by_type(&self, id: Id, name: &str, depth: usize) -> Option<Value> {
        let node = &self.nodes[id];
        let kind = node
            .types
            .iter()
            .find(|kind| **kind != Type::Null)
            .or(node.types.first());
        let kind = match kind {
            Some(kind) => *kind,
            None if !node.object.properties.is_empty() => Type::Object,
            None => return None,
        };
        Some(match kind {
            Type::Null => Value::Null,
            Type::Boolean => Value::Bool(false),
            Type::Integer | Type::Number => self.number(id),
            Type::String => text(node, name),
            Type::Array => self.list(node, name, depth),
            Type::Object => self.object(node, name, depth),
        })
    }

    fn number(&self, id: Id) -> Value {
        let tried = candidates(&self.nodes[id]).into_iter().map(plain_number);
        let mut valid = tried.filter(|value| self.accepts(id, value));
        valid.next().unwrap_or(Value::from(1))
    }

    fn list(&self, node: &Node, name: &str, depth: usize) -> Value {
        let rules = &node.list;
        let fixed = rules
            .first
            .iter()
            .map(|id| self.value(*id, name, depth + 1));
        let mut items: Vec<Value> = fixed.collect();
        let wanted = rules
            .min
            .unwrap_or(1)
            .clamp(1, 64)
            .min(rules.max.unwrap_or(u64::MAX));
        let wanted = usize::try_from(wanted).unwrap_or(1);
        if let Some(rest) = rules.rest {
            while items.len() < wanted {
                items.push(self.value(rest, name, depth + 1));
            }
        }
        Value::Array(items)
    }

    /// An object with its required properties, and with those optional ones that have an example.
    fn object(&self, node: &Node, name: &str, depth: usize) -> Value {
        let mut object = Map::new();
        for (property, id) in &node.object.properties {
            let below = &self.nodes[*id];
            if node.object.required.contains(property) || !below.examples.is_empty() {
                // The name of the property that has the file suggests its kind; `url` does not.
                let hint = if property == "url" {
                    format!("{name}_url")
                } else {
                    property.clone()
                };
                object.insert(property.clone(), self.value(*id, &hint, depth + 1));
            }
        }
        Value::Object(object)
    }
}

/// `below`, with the members of `above` in place of its own. Each item of a list in `above` is merged with the first item of the
/// list in `below`.
fn overlay(below: &Value, above: &Value) -> Value {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            let mut merged = below.clone();
            for (key, value) in above {
                let under = below.get(key).unwrap_or(&Value::Null);
                merged.insert(key.clone(), overlay(under, value));
            }
            Value::Object(merged)
        }
        (Value::Array(below), Value::Array(above)) => {
            let under = below.first().unwrap_or(&Value::Null);
            above.iter().map(|item| overlay(under, item)).collect()
        }
        _ => above.clone(),
    }
}

/// Numbers that may be valid, the simplest first.
fn candidates(node: &Node) -> Vec<f64> {
    let float = |number: &Option<Number>| number.as_ref().and_then(Number::as_f64);
    let rules = &node.number;
    let step = float(&rules.multiple_of).map_or(1.0, f64::abs);
    let (low, high) = (
        float(&rules.ge).or(float(&rules.gt)),
        float(&rules.le).or(float(&rules.lt)),
    );
    let mut tried = vec![step, 0.0];
    for edge in low.into_iter().chain(high) {
        tried.extend([
            edge,
            (edge / step).floor() * step + step,
            (edge / step).ceil() * step - step,
        ]);
    }
    tried.extend(low.zip(high).map(|(low, high)| f64::midpoint(low, high)));
    tried
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "within the range where floats count every integer"
)]
fn plain_number(float: f64) -> Value {
    let exact = float.fract() == 0.0 && float.abs() < 9.0e15;
    if exact {
        Value::from(float as i64)
    } else {
        Value::from(float)
    }
}

fn text(node: &Node, name: &str) -> Value {
    let text = match node.format.as_str() {
        "date-time" => "2026-01-01T00:00:00Z".to_owned(),
        "date" => "2026-01-01".to_owned(),
        "uuid" | "uuid4" => "00000000-0000-4000-8000-000000000000".to_owned(),
        _ if is_address(&node.format, name) => Kind::from_name(name).url(),
        _ => name.replace('_', " "),
    };
    let length = text.chars().count() as u64;
    let missing = node.text.min.unwrap_or(0).saturating_sub(length).min(4096);
    let padded = text + &".".repeat(usize::try_from(missing).unwrap_or(0));
    let most = node
        .text
        .max
        .and_then(|max| usize::try_from(max).ok())
        .unwrap_or(usize::MAX);
    Value::String(padded.chars().take(most).collect())
}

fn is_address(format: &str, name: &str) -> bool {
    format == "uri" || name.ends_with("url") || name.ends_with("urls")
}
