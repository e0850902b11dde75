//! One field of the input or output as an entry of the page's list.

use super::schema;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Every field of `object`, in the order in which people read them.
pub(super) fn write_all(page: &mut String, root: &Value, object: &Map<String, Value>) {
    for (name, property) in schema::properties(object) {
        write(page, root, name, property, schema::requires(object, name));
    }
}

fn write(page: &mut String, root: &Value, name: &str, property: &Value, required: bool) {
    let presence = if required { "required" } else { "optional" };
    let type_name = schema::type_name(property);
    let _ = write!(page, "- **`{name}`** (`{type_name}`, _{presence}_)");
    let description = description(root, property);
    if !description.is_empty() {
        let _ = write!(page, ":\n  {}", description.replace('\n', "\n  "));
    }
    page.push('\n');
    write_facts(page, property);
    page.push('\n');
}

/// The document's words, and the sentence on the default that the page puts after them.
fn description(root: &Value, property: &Value) -> String {
    let own = property["description"].as_str();
    let text = own.or_else(|| schema::resolve(root, property)["description"].as_str());
    let mut text = text.unwrap_or_default().to_owned();
    if let Some(shown) = property
        .get("default")
        .and_then(|default| shown_default(property, default))
    {
        let _ = write!(text, " Default value: `{shown}`");
    }
    text
}

/// Neither `false`, `0` and `null` nor lists and objects get a sentence; in a union a string stands unquoted.
fn shown_default(property: &Value, default: &Value) -> Option<String> {
    match default {
        Value::String(text) if schema::members(property).is_some() => Some(text.clone()),
        Value::String(_) | Value::Bool(true) => Some(default.to_string()),
        Value::Number(number) if number.as_f64() != Some(0.0) => Some(default.to_string()),
        _ => None,
    }
}

fn write_facts(page: &mut String, property: &Value) {
    let shape = schema::shape(property);
    if let Some(default) = property.get("default") {
        let _ = writeln!(page, "  - Default: `{default}`");
    }
    if let Some(range) = range(shape) {
        let _ = writeln!(page, "  - Range: {range}");
    }
    if let Some(options) = shape["enum"].as_array() {
        let shown: Vec<_> = options.iter().map(|option| format!("`{option}`")).collect();
        let _ = writeln!(page, "  - Options: {}", shown.join(", "));
    }
    if let Some(members) = schema::members(property).filter(|members| members.len() > 1) {
        let names: Vec<_> = members
            .iter()
            .map(|member| schema::type_name(member))
            .collect();
        let _ = writeln!(page, "  - One of: {}", names.join(" | "));
    }
    if schema::plain_type(shape) == Some("array") && shape["items"].is_object() {
        let _ = writeln!(page, "  - Array of {}", schema::type_name(&shape["items"]));
    }
    if let Some(examples) = property["examples"]
        .as_array()
        .filter(|list| !list.is_empty())
    {
        let shown: Vec<_> = examples.iter().map(Value::to_string).collect();
        let _ = writeln!(page, "  - Examples: {}", shown.join(", "));
    }
}

fn range(shape: &Value) -> Option<String> {
    if let (Some(low), Some(high)) = (number(shape, "minimum"), number(shape, "maximum")) {
        return Some(format!("`{low}` to `{high}`"));
    }
    let bounds = [
        ("at least", "minimum"),
        ("more than", "exclusiveMinimum"),
        ("at most", "maximum"),
        ("less than", "exclusiveMaximum"),
    ];
    let shown: Vec<_> = bounds
        .into_iter()
        .filter_map(|(words, key)| number(shape, key).map(|bound| format!("{words} `{bound}`")))
        .collect();
    (!shown.is_empty()).then(|| shown.join(", "))
}

/// The bound, if it is one: the older `exclusiveMinimum: true` is not.
fn number<'a>(shape: &'a Value, key: &str) -> Option<&'a Value> {
    shape.get(key).filter(|bound| bound.is_number())
}
