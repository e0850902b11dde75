//! Tolerances of constants and discriminators.

use serde_json::{Value, json};

use crate::keywords::{Keywords, alternatives, properties, required};
use crate::root_schema::{Direction, RootSchema};

/// The keyword that marks a constant that must be met.
const BINDING: &str = "x-binding";

/// The number of levels of nested unions that are visited.
const LEVELS: usize = 3;

/// Removes the constants that need not be met: they are enums of one value.
pub fn open(schema: &mut RootSchema, direction: Direction) {
    let original = schema.clone();
    for _ in 0..LEVELS {
        let known = schema.clone();
        schema.each_schema(&mut |inner| copy_members(inner, &known));
    }
    schema.each_schema(&mut |inner| {
        let is_union = is_union_of_objects(inner, &original);
        if is_union {
            bind_distinguishing_values(inner);
        }
        if direction == Direction::Input {
            bind_required(inner);
        }
        if is_union {
            members(inner).for_each(bind_required);
        }
    });
    schema.each_schema(&mut open_unless_binding);
}

/// Replaces references to objects with constants by copies: a component can be bound in
/// one union and open elsewhere.
fn copy_members(schema: &mut Value, root: &RootSchema) {
    if !is_union_of_objects(schema, root) {
        return;
    }
    for member in members(schema).filter_map(Value::as_object_mut) {
        let reference = member.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| root.resolve(reference)?.as_object());
        if let Some(target) = target.filter(|target| has_constant(target)) {
            let siblings = std::mem::replace(member, target.clone());
            let siblings = siblings.into_iter();
            member.extend(siblings.filter(|(keyword, _)| keyword != "$ref"));
        }
    }
}

fn members(schema: &mut Value) -> impl Iterator<Item = &mut Value> {
    let keywords = schema.as_object_mut().into_iter().flatten();
    keywords
        .filter(|(keyword, _)| matches!(keyword.as_str(), "anyOf" | "oneOf"))
        .filter_map(|(_, members)| members.as_array_mut())
        .flatten()
}

fn is_union_of_objects(schema: &Value, root: &RootSchema) -> bool {
    let Some(keywords) = schema.as_object() else {
        return false;
    };
    let objects = alternatives(keywords)
        .filter(|(_, member)| properties(&root.effective(member)).next().is_some());
    objects.count() > 1
}

fn has_constant(object: &Keywords) -> bool {
    properties(object).any(|(_, property)| only_value(property).is_some())
}

/// The value of a `const`, or of an `enum` that lists one.
fn only_value(property: &Value) -> Option<&Value> {
    let listed = || match property.get("enum")?.as_array()?.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    property.get("const").or_else(listed)
}

/// Writes a required `enum` of one value that differs among the members as a `const`.
fn bind_distinguishing_values(union: &mut Value) {
    let mut seen: Vec<(String, Value)> = Vec::new();
    for member in members(union) {
        for (name, property) in required_properties(member) {
            let value = only_value(property).cloned();
            seen.extend(value.map(|value| (name.clone(), value)));
        }
    }
    let differs = |(name, value): &(String, Value)| {
        let mut others = seen.iter().filter(|(other, _)| other == name);
        others.any(|(_, other)| other != value)
    };
    let distinguishing: Vec<&String> = seen
        .iter()
        .filter(|entry| differs(entry))
        .map(|entry| &entry.0)
        .collect();
    for member in members(union) {
        for (name, property) in required_properties(member) {
            if distinguishing.contains(&name)
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
    let names = object.as_object().map(required).unwrap_or_default();
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let properties = object.get_mut("properties").and_then(Value::as_object_mut);
    let properties = properties.into_iter().flatten();
    properties.filter(move |(name, _)| names.contains(name))
}

/// Marks the required constants of an object as binding.
fn bind_required(object: &mut Value) {
    for (_, property) in required_properties(object) {
        if property.get("const").is_some() {
            property[BINDING] = true.into();
        }
    }
}

fn open_unless_binding(schema: &mut Value) {
    let Value::Object(keywords) = schema else {
        return;
    };
    if keywords.remove(BINDING).is_some() {
        return;
    }
    let kind = match keywords.get("const") {
        Some(Value::String(_)) => "string",
        Some(Value::Number(number)) if number.as_f64().is_some_and(is_whole) => "integer",
        _ => return,
    };
    keywords.remove("const");
    keywords.entry("type").or_insert_with(|| kind.into());
}

fn is_whole(number: f64) -> bool {
    number.fract() == 0.0
}

/// Requires of each member of a union the value of the discriminator that stands for it.
pub fn discriminator(keywords: &mut Keywords, root: &RootSchema) {
    let Some(discriminator) = keywords.remove("discriminator") else {
        return;
    };
    for union in ["anyOf", "oneOf"] {
        let members = keywords.get_mut(union).and_then(Value::as_array_mut);
        for member in members.into_iter().flatten() {
            if let Some(mut demand) = discriminator_value(&discriminator, member, root) {
                for value in demand["properties"].as_object_mut().into_iter().flatten() {
                    value.1[BINDING] = true.into();
                }
                *member = json!({ "allOf": [member.take(), demand] });
            }
        }
    }
}

/// The discriminator's value for a member of a union, as a schema: what the mapping
/// gives it, or the name of its component. If the member itself lists other values, it is
/// the value that it lists.
pub fn discriminator_value(
    discriminator: &Value,
    member: &Value,
    root: &RootSchema,
) -> Option<Value> {
    let property = discriminator.get("propertyName")?.as_str()?;
    let reference = member.get("$ref")?.as_str()?;
    let name = reference.rsplit('/').next()?;
    let mapping = discriminator["mapping"].as_object().into_iter().flatten();
    let mut mapping = mapping.filter(|(_, target)| *target == reference || *target == name);
    let value: &str = match (mapping.next(), mapping.next()) {
        (Some((value, _)), None) => value,
        (None, _) => name,
        // Which of several values it is, is left open.
        (Some(_), Some(_)) => return None,
    };
    let member = root.effective(member);
    let mut declared = properties(&member).filter(|(name, _)| *name == property);
    let declared = declared
        .next()
        .map(|(_, declared)| root.effective(declared));
    let listed: Option<Vec<Value>> = declared.and_then(|declared| match declared.get("const") {
        Some(only) => Some(vec![only.clone()]),
        None => Some(declared.get("enum")?.as_array()?.clone()),
    });
    let value = match listed.as_deref() {
        Some(listed) if !listed.iter().any(|listed| listed == value) => match listed {
            [only] => only.clone(),
            _ => return None,
        },
        _ => value.into(),
    };
    Some(json!({ "properties": { property: { "const": value } }, "required": [property] }))
}
