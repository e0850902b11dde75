//! Makes a schema self-contained: references to the components of a document become
//! references to `$defs`.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

use super::keywords::each_schema;

const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";

/// The characters that are escaped in a URI's fragment. `$` is not, because references to
/// `$defs` begin with it.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'~')
    .remove(b'$')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.');

/// Returns the schema with the components that it uses in `$defs`. A reference to an unknown
/// component, or one that leads only back to itself, is removed, so that any value is valid
/// there.
pub(super) fn with_definitions(schema: Value, components: Map<String, Value>) -> Value {
    let mut components = Value::Object(components);
    let mut schema = inlined(schema, &components);
    remove_lost(&mut schema, &components);
    let known = components.clone();
    if let Value::Object(named) = &mut components {
        for component in named.values_mut() {
            remove_lost(component, &known);
        }
    }
    let mut definitions = used(&schema, &components);
    rename(&mut schema);
    definitions.values_mut().for_each(rename);
    if let Value::Object(keywords) = &mut schema
        && !definitions.is_empty()
    {
        keywords.insert("$defs".to_owned(), Value::Object(definitions));
    }
    schema
}

/// Replaces a `$ref` at the top of the schema, or an `allOf` of one part, by the schema that it
/// stands for: the parameters of a tool must be an object at the top level.
fn inlined(mut schema: Value, components: &Value) -> Value {
    // A longer chain of references is taken for a cycle.
    for _ in 0..16 {
        let Some(keywords) = schema.as_object() else {
            break;
        };
        let single = match keywords.get("allOf") {
            Some(Value::Array(parts)) if parts.len() == 1 => parts.first(),
            _ => None,
        };
        let reference = keywords.get("$ref").and_then(Value::as_str);
        let (name, inner) = match (reference, single) {
            (Some(reference), None) => ("$ref", target(reference, components)),
            (None, Some(part)) => ("allOf", Some(part)),
            _ => break,
        };
        let Some(inner) = inner.and_then(Value::as_object) else {
            break;
        };
        let is_annotation = |keyword: &str| matches!(keyword, "title" | "description");
        let mut merged = inner.clone();
        for (keyword, value) in keywords.iter().filter(|(keyword, _)| *keyword != name) {
            if merged.contains_key(keyword) && !is_annotation(keyword) {
                return schema;
            }
            merged.insert(keyword.clone(), value.clone());
        }
        schema = Value::Object(merged);
    }
    schema
}

/// The schema that a reference leads to, if it is a component.
fn target<'c>(reference: &str, components: &'c Value) -> Option<&'c Value> {
    components.pointer(&format!("/{}", below_components(reference)?))
}

/// The JSON pointer of a reference below the components, without the first slash.
fn below_components(reference: &str) -> Option<String> {
    let decoded = percent_decode_str(reference).decode_utf8().ok()?;
    decoded.strip_prefix(COMPONENTS).map(str::to_owned)
}

fn remove_lost(schema: &mut Value, components: &Value) {
    each_schema(schema, &mut |schema| {
        if let Value::Object(keywords) = schema
            && let Some(reference) = keywords.get("$ref")
            && !leads_to_schema(reference, components)
        {
            keywords.remove("$ref");
        }
    });
}

fn leads_to_schema(reference: &Value, components: &Value) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    let mut next = reference.as_str();
    while let Some(reference) = next {
        if seen.contains(&reference) {
            return false;
        }
        seen.push(reference);
        let Some(schema) = target(reference, components) else {
            return false;
        };
        next = schema.get("$ref").and_then(Value::as_str);
    }
    !seen.is_empty()
}

/// The components that the schema uses, also through others.
fn used(schema: &Value, components: &Value) -> Map<String, Value> {
    let mut definitions = Map::new();
    let mut waiting = names(schema);
    while let Some(name) = waiting.pop_first() {
        if let Some(component) = components.get(&name)
            && !definitions.contains_key(&name)
        {
            waiting.extend(names(component));
            definitions.insert(name, component.clone());
        }
    }
    definitions
}

/// The names of the components that a schema refers to.
fn names(schema: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    each_schema(&mut schema.clone(), &mut |schema| {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let pointer = reference.and_then(below_components);
        let name = pointer.as_deref().and_then(|path| path.split('/').next());
        names.extend(name.map(|name| name.replace("~1", "/").replace("~0", "~")));
    });
    names
}

fn rename(schema: &mut Value) {
    each_schema(schema, &mut |schema| {
        if let Some(Value::String(reference)) = schema.get_mut("$ref")
            && let Some(pointer) = below_components(reference)
        {
            *reference = format!("{DEFINITIONS}{}", utf8_percent_encode(&pointer, ESCAPED));
        }
    });
}
