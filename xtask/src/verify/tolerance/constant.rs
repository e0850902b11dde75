//! Constants, and what tells the members of a union apart.

use serde_json::{Map, Value, json};

use crate::verify::subject::{Direction, Subject};
use crate::verify::walk;

/// Marks a constant that must be met.
const STRICT: &str = "x-strict";

/// How many levels of unions inside unions are entered.
const LEVELS: usize = 3;

/// Opens the constants that need not be met.
pub fn open(subject: &Subject, direction: Direction) -> Subject {
    let mut opened = subject.clone();
    for _ in 0..LEVELS {
        let known = opened.clone();
        walk::subject_mut(&mut opened.root, &mut |schema| {
            inline_members(schema, &known);
        });
    }
    walk::subject_mut(&mut opened.root, &mut |schema| {
        if is_union_of_objects(schema, subject) {
            fix_tags(schema);
        }
        if direction == Direction::Input {
            mark(schema);
        }
        if is_union_of_objects(schema, subject) {
            members(schema).for_each(mark);
        }
    });
    walk::subject_mut(&mut opened.root, &mut open_unmarked);
    opened
}

/// A component is strict in one union and open elsewhere, so a union gets a copy.
fn inline_members(schema: &mut Value, subject: &Subject) {
    if !is_union_of_objects(schema, subject) {
        return;
    }
    for member in members(schema) {
        let reference = member.get("$ref").and_then(Value::as_str);
        if let Some(target) = reference.and_then(|reference| subject.resolve(reference))
            && has_constant(target)
        {
            let siblings = std::mem::take(member);
            *member = target.clone();
            if let (Value::Object(member), Value::Object(siblings)) = (member, siblings) {
                member.extend(
                    siblings
                        .into_iter()
                        .filter(|(keyword, _)| keyword != "$ref"),
                );
            }
        }
    }
}

fn members(schema: &mut Value) -> impl Iterator<Item = &mut Value> {
    let unions = schema.as_object_mut().into_iter().flatten();
    unions
        .filter(|(keyword, _)| matches!(keyword.as_str(), "anyOf" | "oneOf"))
        .filter_map(|(_, members)| members.as_array_mut())
        .flatten()
}

fn is_union_of_objects(schema: &Value, subject: &Subject) -> bool {
    let lists = ["anyOf", "oneOf"]
        .into_iter()
        .filter_map(|union| schema.get(union)?.as_array());
    let objects = lists.flatten().filter(|member| {
        let view = subject.view(member);
        view.get("properties")
            .is_some_and(|all| all.as_object().is_some_and(|all| !all.is_empty()))
    });
    objects.count() > 1
}

fn has_constant(object: &Value) -> bool {
    let properties = object.get("properties").and_then(Value::as_object);
    properties.is_some_and(|all| all.values().any(|property| only_value(property).is_some()))
}

/// The value of a `const`, or of an `enum` that lists one.
fn only_value(property: &Value) -> Option<&Value> {
    let listed = property.get("enum").and_then(Value::as_array);
    property.get("const").or(match listed.map(Vec::as_slice) {
        Some([only]) => Some(only),
        _ => None,
    })
}

/// A required `enum` of one value that differs among the members is a `const`.
fn fix_tags(union: &mut Value) {
    let mut seen: Vec<(String, Value)> = Vec::new();
    let mut telling: Vec<String> = Vec::new();
    for member in members(union) {
        for (name, property) in required_properties(member) {
            let Some(value) = only_value(property).cloned() else {
                continue;
            };
            let differs = |(known, other): &(String, Value)| *known == *name && *other != value;
            if seen.iter().any(differs) {
                telling.push(name.clone());
            }
            seen.push((name.clone(), value));
        }
    }
    for member in members(union) {
        for (name, property) in required_properties(member) {
            if telling.contains(name)
                && let Some(value) = only_value(property).cloned()
                && let Value::Object(keywords) = property
            {
                keywords.remove("enum");
                keywords.insert("const".into(), value);
            }
        }
    }
}

fn required_properties(object: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    let required = required(object);
    let properties = object.get_mut("properties").and_then(Value::as_object_mut);
    let properties = properties.into_iter().flatten();
    properties.filter(move |(name, _)| required.iter().any(|other| other == *name))
}

fn required(object: &Value) -> Vec<Value> {
    let required = object.get("required").and_then(Value::as_array);
    required.cloned().unwrap_or_default()
}

/// Marks the required constants of an object.
fn mark(object: &mut Value) {
    for (_, property) in required_properties(object) {
        if property.get("const").is_some() {
            property[STRICT] = true.into();
        }
    }
}

fn open_unmarked(schema: &mut Value) {
    let Value::Object(keywords) = schema else {
        return;
    };
    if keywords.remove(STRICT).is_some() {
        return;
    }
    let kind = match keywords.get("const") {
        Some(Value::String(_)) => "string",
        Some(Value::Number(number)) if !number.is_f64() => "integer",
        _ => return,
    };
    keywords.remove("const");
    keywords.entry("type").or_insert_with(|| kind.into());
}

/// Requires of each member of a union the discriminator that stands for it.
pub fn discriminator(keywords: &mut Map<String, Value>) {
    let Some(discriminator) = keywords.remove("discriminator") else {
        return;
    };
    let Some(property) = discriminator.get("propertyName").and_then(Value::as_str) else {
        return;
    };
    for union in ["anyOf", "oneOf"] {
        let Some(Value::Array(members)) = keywords.get_mut(union) else {
            continue;
        };
        for member in members {
            if let Some(value) = tag(member, &discriminator["mapping"]) {
                let tag = json!({ "const": value, STRICT: true });
                let demand = json!({ "properties": { property: tag }, "required": [property] });
                *member = json!({ "allOf": [member.take(), demand] });
            }
        }
    }
}

/// The value that the mapping gives a member, or the name of its component.
pub fn tag(member: &Value, mapping: &Value) -> Option<String> {
    let reference = member.get("$ref")?.as_str()?;
    let mut mapped = mapping.as_object().into_iter().flatten();
    match mapped.find(|(_, target)| *target == reference) {
        Some((value, _)) => Some(value.clone()),
        None => reference.rsplit('/').next().map(str::to_owned),
    }
}
