//! Reading a schema as the page does: references, `null` beside a type, names of types, the order of properties.

use serde_json::{Map, Value};

/// Nesting beyond this is shown as it stands. Real documents need no more than five; a cycle needs an end.
const MAX_DEPTH: usize = 16;

/// Follows `$ref` and single `allOf` members to the schema that says something itself.
pub(super) fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..MAX_DEPTH {
        schema = match (
            reference(schema),
            schema["allOf"].as_array().map(Vec::as_slice),
        ) {
            (Some(pointer), _) => match root.pointer(pointer) {
                Some(target) => target,
                None => return schema,
            },
            (None, Some([only])) => only,
            _ => return schema,
        };
    }
    schema
}

/// The JSON pointer of a `$ref` into the same document.
fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix('#')
}

/// The members of a union without `null`; none for anything but a union.
pub(super) fn members(schema: &Value) -> Option<Vec<&Value>> {
    let members = ["anyOf", "oneOf"]
        .iter()
        .find_map(|key| schema[*key].as_array())?;
    Some(
        members
            .iter()
            .filter(|member| member["type"] != "null")
            .collect(),
    )
}

/// The schema that holds type, range and options: itself, or the one member that is not `null`.
pub(super) fn shape(schema: &Value) -> &Value {
    match members(schema).as_deref() {
        Some([only]) => only,
        _ => schema,
    }
}

/// Properties in the order in which people read them: `x-fal-order-properties`, then the rest by name.
pub(super) fn properties(object: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let Some(properties) = object.get("properties").and_then(Value::as_object) else {
        return Vec::new();
    };
    let order: Vec<&str> = match object
        .get("x-fal-order-properties")
        .and_then(Value::as_array)
    {
        Some(order) => order.iter().filter_map(Value::as_str).collect(),
        None => Vec::new(),
    };
    let place = |name: &str| {
        order
            .iter()
            .position(|ordered| *ordered == name)
            .unwrap_or(order.len())
    };
    let mut entries: Vec<_> = properties
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    entries.sort_by_key(|(name, _)| (place(name), *name));
    entries
}

/// Whether the object requires this property.
pub(super) fn requires(object: &Map<String, Value>, name: &str) -> bool {
    let required = object.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|required| required == name))
}

/// What the page calls the type: `string`, `float`, `list<string>`, `ResolutionEnum`, `ImageSize | Enum`, `File`.
pub(super) fn type_name(schema: &Value) -> String {
    type_name_at(schema, 0)
}

fn type_name_at(schema: &Value, depth: usize) -> String {
    if depth > MAX_DEPTH {
        return "any".to_owned();
    }
    if let Some(pointer) = reference(schema) {
        return pointer.rsplit('/').next().unwrap_or(pointer).to_owned();
    }
    if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
        return type_name_at(only, depth + 1);
    }
    if let Some(members) = members(schema) {
        let names: Vec<_> = members
            .iter()
            .map(|member| type_name_at(member, depth + 1))
            .collect();
        return names.join(" | ");
    }
    if schema["enum"].is_array() {
        // Inside `anyOf` there is no title, and the page says `Enum` alone.
        return format!(
            "{}Enum",
            schema["title"]
                .as_str()
                .unwrap_or_default()
                .replace(' ', "")
        );
    }
    match plain_type(schema) {
        Some("number") => "float".to_owned(),
        Some("array") => match schema.get("items").filter(|items| items.is_object()) {
            Some(items) => format!("list<{}>", type_name_at(items, depth + 1)),
            None => "list<any>".to_owned(),
        },
        Some(other) => other.to_owned(),
        None => "any".to_owned(),
    }
}

/// `type`, and of a list of types the first that is not `null`.
pub(super) fn plain_type(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::String(name) => Some(name),
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .find(|name| *name != "null"),
        _ => None,
    }
}
