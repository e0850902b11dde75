//! Tolerances that rewrite one schema at a time.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::multiple;
use crate::keywords::{Keywords, each_schema, items, or_null, properties, required};
use crate::root_schema::{Direction, RootSchema};

/// The keywords that limit a value without shaping it.
const BOUNDS: &[&str] = &[
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
    multiple::KEYWORD,
];

/// Marks the bounds that a type's width sets, which hold in outputs too.
const WIDTH: &str = "x-width";

/// Takes a keyword out of a schema. Of a union only the bounds of its members go, their
/// types stay; a schema whose type is not known is any value.
pub fn remove_keyword(schema: &mut Value, keyword: &str) {
    match (keyword, &mut *schema) {
        ("type", _) => *schema = json!({}),
        ("anyOf" | "oneOf" | "allOf", Value::Object(keywords)) => {
            let members = keywords.get_mut(keyword).and_then(Value::as_array_mut);
            for member in members.into_iter().flatten() {
                if let Value::Object(member) = member {
                    member.retain(|name, _| !BOUNDS.contains(&name.as_str()));
                }
            }
        }
        ("enum" | "const", Value::Object(keywords)) => {
            let values = keywords.remove(keyword).unwrap_or_default();
            if needs_u64(&values) {
                keywords.insert("minimum".into(), 0.into());
                keywords.insert("maximum".into(), u64::MAX.into());
            }
            if let Some(kinds) = types(&values) {
                keywords.entry("type").or_insert(kinds);
            }
        }
        (_, Value::Object(keywords)) => {
            keywords.remove(keyword);
            // These are about what the keyword leaves over.
            match keyword {
                "prefixItems" => keywords.remove("items"),
                "patternProperties" => keywords.remove("additionalProperties"),
                _ => None,
            };
        }
        _ => {}
    }
}

/// Whether a list holds whole numbers that only `u64` can hold.
fn needs_u64(values: &Value) -> bool {
    let values = values.as_array().map_or(&[][..], Vec::as_slice);
    values.iter().all(Value::is_u64) && values.iter().any(|value| !value.is_i64())
}

/// The types of an `enum`'s values, or that of a `const`; `None` for lists, of which nothing is said.
fn types(values: &Value) -> Option<Value> {
    let kind = |value: &Value| match value {
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) if number.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        Value::String(_) => Some("string"),
        Value::Object(_) => Some("object"),
        Value::Null => Some("null"),
        Value::Array(_) => None,
    };
    let kinds = match values {
        Value::Array(values) => values.iter().map(kind).collect::<Option<BTreeSet<_>>>()?,
        value => BTreeSet::from([kind(value)?]),
    };
    match kinds.len() {
        0 => None,
        // Generated code has no type of `null` alone.
        1 => kinds
            .first()
            .filter(|kind| **kind != "null")
            .map(|kind| json!(kind)),
        _ => Some(json!(kinds)),
    }
}

/// Removes from `required` the names that no property declares.
pub fn require_declared(schema: &mut Value) {
    let declared = schema.get("properties").cloned().unwrap_or_default();
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        let is_declared = |name: &str| declared.get(name).is_some();
        required.retain(|name| name.as_str().is_some_and(is_declared));
    }
}

pub fn implied_type(keywords: &mut Keywords, _: &RootSchema) {
    let implied = [
        ("properties", "object"),
        ("additionalProperties", "object"),
        ("items", "array"),
        ("prefixItems", "array"),
    ];
    let implied = implied
        .iter()
        .find(|(word, _)| keywords.contains_key(*word));
    if let Some((_, kind)) = implied
        && !keywords.contains_key("type")
    {
        keywords.insert("type".into(), (*kind).into());
        keywords.insert(IMPLIED.into(), true.into());
    }
    if keywords.contains_key("type") && !keywords.contains_key(IMPLIED) {
        unimply(keywords);
    }
}

/// Marks a type that only other keywords imply.
const IMPLIED: &str = "x-implied";

/// Takes implied types away from alternatives whose types stand beside them.
fn unimply(keywords: &mut Keywords) {
    for union in ["anyOf", "oneOf"] {
        let members = keywords.get_mut(union).and_then(Value::as_array_mut);
        for member in members.into_iter().flatten() {
            if let Value::Object(member) = member
                && member.remove(IMPLIED).is_some()
            {
                member.remove("type");
            }
        }
    }
}

/// Makes an object of the input as a whole, if its schema says nothing at all.
pub fn input_object(schema: &mut RootSchema, _: Direction) {
    let keywords = schema.effective(schema.schema());
    let annotations = ["default", "example", "examples"];
    if keywords
        .keys()
        .all(|name| annotations.contains(&name.as_str()))
    {
        schema.root["subject"] = json!({ "type": "object" });
    }
}

/// Excludes `null` from the input as a whole.
pub fn input_not_null(schema: &mut RootSchema, _: Direction) {
    if schema.accepts_null(schema.schema()) {
        let subject = schema.root["subject"].take();
        schema.root["subject"] = json!({ "allOf": [subject, { "not": { "type": "null" } }] });
    }
}

/// The members of the runtime's file types, beside the URL.
const FACTS: &[&str] = &[
    "bitrate",
    "channels",
    "content_type",
    "duration",
    "file_data",
    "file_name",
    "file_size",
    "fps",
    "height",
    "num_frames",
    "sample_rate",
    "width",
];

pub fn file_facts(keywords: &mut Keywords, root: &RootSchema) {
    let is_text = |url| root.effective(url).get("type") == Some(&json!("string"));
    let is_known = |name: &str| name == "url" || FACTS.contains(&name);
    let is_file = required(keywords) == ["url"]
        && properties(keywords).count() > 1
        && properties(keywords)
            .all(|(name, fact)| is_known(name) && (name != "url" || is_text(fact)))
        && keywords["properties"].get("url").is_some();
    if is_file && keywords.get("additionalProperties") == Some(&json!(true)) {
        keywords.remove("additionalProperties");
    }
    let facts = keywords.get_mut("properties").filter(|_| is_file);
    for (name, fact) in facts.and_then(Value::as_object_mut).into_iter().flatten() {
        match name.as_str() {
            "url" => {
                each_schema(fact, &mut |url| {
                    if let Value::Object(keywords) = url {
                        keywords.retain(|name, _| !BOUNDS.contains(&name.as_str()));
                    }
                });
                continue;
            }
            "bitrate" => *fact = json!({}),
            "fps" | "duration" => each_schema(fact, &mut |fact| {
                if fact.get("type") == Some(&json!("integer")) {
                    fact["type"] = "number".into();
                }
            }),
            _ => {}
        }
        // The runtime's file takes `null` for whatever it need not know.
        *fact = or_null(fact.take());
    }
}

pub fn open_enum(keywords: &mut Keywords, _: &RootSchema) {
    let kinds = items(keywords, "enum").map(|value| match value {
        Value::Null => Some("null"),
        Value::Bool(_) => Some("boolean"),
        Value::String(_) => Some("string"),
        // JavaScript writes `1.0` as `1`, and others the other way round.
        Value::Number(number) if number.as_f64()?.fract() == 0.0 => Some("integer"),
        _ => None,
    });
    let Some(mut kinds) = kinds.collect::<Option<Vec<_>>>() else {
        return;
    };
    kinds.sort_unstable();
    kinds.dedup();
    if keywords.remove("enum").is_some() {
        // What they refuse is not listed; of what is not listed they say nothing.
        keywords.retain(|beside, _| !BOUNDS.contains(&beside.as_str()));
        keywords.entry("type").or_insert_with(|| json!(kinds));
    }
}

pub fn undeclared_member(keywords: &mut Keywords, _: &RootSchema) {
    if keywords.get("additionalProperties") == Some(&json!(false)) {
        keywords.remove("additionalProperties");
    }
}

pub fn one_of(keywords: &mut Keywords, _: &RootSchema) {
    if !keywords.contains_key("anyOf")
        && let Some(members) = keywords.remove("oneOf")
    {
        keywords.insert("anyOf".into(), members);
    }
}

/// 2^63 itself is how JavaScript prints the largest `i64`, and as a minimum it is out of
/// reach.
pub fn integer_range(keywords: &mut Keywords, _: &RootSchema) {
    const ROUNDED_I64: f64 = 9_223_372_036_854_775_808.0;
    const ROUNDED_U64: f64 = 18_446_744_073_709_551_616.0;
    let is_integer = keywords.get("type") == Some(&json!("integer"))
        || items(keywords, "type").any(|kind| kind == "integer");
    if !is_integer {
        return;
    }
    let bound = |inclusive: &str, exclusive: &str, inward: f64| {
        let number = |name: &str| keywords.get(name).and_then(Value::as_f64);
        number(inclusive).or(number(exclusive).map(|bound| bound + inward))
    };
    let least = bound("minimum", "exclusiveMinimum", 1.0);
    let most = bound("maximum", "exclusiveMaximum", -1.0).unwrap_or(0.0);
    let is_unsigned = least.is_some_and(|least| least >= 0.0);
    let least = least.unwrap_or(0.0);
    // A default is a value that the type holds.
    let default = keywords
        .get("default")
        .filter(|value| value.as_i64().is_none());
    let default = default
        .and_then(Value::as_f64)
        .filter(|value| value.fract() == 0.0);
    let is_signed = default.is_none_or(|default| (-ROUNDED_I64..ROUNDED_I64).contains(&default));
    let is_unsigned =
        is_unsigned && default.is_none_or(|default| (0.0..=ROUNDED_U64).contains(&default));
    let range = if is_signed && most <= ROUNDED_I64 && (-ROUNDED_I64..ROUNDED_I64).contains(&least)
    {
        json!({ WIDTH: 64, "minimum": i64::MIN, "maximum": i64::MAX })
    } else if most <= ROUNDED_U64 && is_unsigned && least < ROUNDED_U64 {
        json!({ WIDTH: 64, "minimum": 0, "maximum": u64::MAX })
    } else {
        return;
    };
    let ranges = keywords.entry("allOf").or_insert_with(|| json!([]));
    if let Value::Array(ranges) = ranges {
        ranges.push(range);
    }
}

/// Replaces `multipleOf` for floats. As in the runtime, a value that can only be an integer is judged exactly.
pub fn float_multiple(keywords: &mut Keywords, _: &RootSchema) {
    let is_integer = keywords.get("type") == Some(&json!("integer"));
    if !is_integer && let Some(step) = keywords.remove("multipleOf") {
        keywords.insert(multiple::KEYWORD.into(), step);
    }
}

/// Fixes the length of a tuple. The parts of an `allOf` are one tuple, as long as the longest of them.
pub fn tuple_length(keywords: &mut Keywords, _: &RootSchema) {
    let length = |keywords: &Keywords| items(keywords, "prefixItems").count();
    let of_part = |part: &Value| part.as_object().map_or(0, length);
    let parts = items(keywords, "allOf").map(of_part);
    let longest = parts.chain([length(keywords)]).max().unwrap_or(0);
    if length(keywords) > 0 {
        keywords.insert("minItems".into(), longest.into());
        keywords.insert("maxItems".into(), longest.into());
    }
    let parts = keywords.get_mut("allOf").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten().filter(|part| of_part(part) > 0) {
        part["minItems"] = longest.into();
        part["maxItems"] = longest.into();
    }
}

pub fn output_bounds(keywords: &mut Keywords, _: &RootSchema) {
    let is_tuple = keywords.contains_key("prefixItems");
    let is_width = keywords.contains_key(WIDTH);
    keywords.retain(|name, _| {
        let is_length = is_tuple && matches!(name.as_str(), "minItems" | "maxItems");
        is_length || is_width || !BOUNDS.contains(&name.as_str())
    });
}

pub fn null_for_absent(keywords: &mut Keywords, _: &RootSchema) {
    let names = required(keywords);
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    if let Some(Value::Object(properties)) = keywords.get_mut("properties") {
        let optional = properties
            .iter_mut()
            .filter(|(name, _)| !names.contains(name));
        optional.for_each(|(_, schema)| *schema = or_null(schema.take()));
    }
}

pub fn absent_for_null(keywords: &mut Keywords, root: &RootSchema) {
    let accepts_null = |name: &str| {
        let schema = keywords.get("properties").and_then(|all| all.get(name));
        schema.is_some_and(|schema| root.accepts_null(schema))
    };
    let mut names = required(keywords);
    names.retain(|name| !accepts_null(name));
    let names = json!(names);
    if keywords.contains_key("required") {
        keywords.insert("required".into(), names);
    }
}
