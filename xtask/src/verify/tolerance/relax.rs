//! The rules of tolerance that look at one schema at a time.

use serde_json::{Map, Number, Value, json};

use super::step;
use crate::verify::subject::Subject;
use crate::verify::walk;

/// The keywords that limit a value without shaping it.
const CONSTRAINTS: &[&str] = &[
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
    step::KEYWORD,
];

/// Takes a keyword out of a schema. Of a union only the rules of its members go,
/// their types stay; a schema whose type is not known is any value.
pub fn uncheck(schema: &mut Value, keyword: &str) {
    match (keyword, &mut *schema) {
        ("type", _) => *schema = json!({}),
        ("anyOf" | "oneOf" | "allOf", Value::Object(keywords)) => {
            let members = keywords.get_mut(keyword).and_then(Value::as_array_mut);
            let members = members
                .into_iter()
                .flatten()
                .filter_map(Value::as_object_mut);
            members
                .for_each(|member| member.retain(|name, _| !CONSTRAINTS.contains(&name.as_str())));
        }
        ("enum" | "const", Value::Object(keywords)) => {
            let values = keywords.remove(keyword);
            if values.as_ref().is_some_and(needs_u64) {
                keywords.insert("minimum".into(), 0.into());
                keywords.insert("maximum".into(), u64::MAX.into());
            }
            if let Some(kind) = values.as_ref().and_then(common_type) {
                keywords.entry("type").or_insert_with(|| kind.into());
            }
        }
        (_, Value::Object(keywords)) => {
            keywords.remove(keyword);
        }
        _ => {}
    }
}

/// Whether a list holds whole numbers that only `u64` can hold.
fn needs_u64(values: &Value) -> bool {
    let values = values.as_array().map_or(&[][..], Vec::as_slice);
    values.iter().all(Value::is_u64) && values.iter().any(|value| !value.is_i64())
}

/// The type of a value, or of all values in a list.
fn common_type(values: &Value) -> Option<&'static str> {
    match values {
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) if number.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        Value::String(_) => Some("string"),
        Value::Array(values) => {
            let kinds = values.iter().map(common_type);
            kinds.reduce(|all, next| match (all?, next?) {
                (all, next) if all == next => Some(all),
                ("integer", "number") | ("number", "integer") => Some("number"),
                _ => None,
            })?
        }
        Value::Null | Value::Object(_) => None,
    }
}

/// Takes what no property declares out of `required`.
pub fn require_declared(schema: &mut Value) {
    let declared = schema.get("properties").cloned().unwrap_or_default();
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| {
            name.as_str()
                .is_some_and(|name| declared.get(name).is_some())
        });
    }
}

/// Marks the bounds that a type's width sets, which hold in outputs too.
const WIDTH: &str = "x-width";

pub fn implied_type(keywords: &mut Map<String, Value>) {
    if keywords.contains_key("type") {
        return;
    }
    let shaped = |names: &[&str]| names.iter().any(|name| keywords.contains_key(*name));
    if shaped(&["properties", "additionalProperties"]) {
        keywords.insert("type".into(), "object".into());
    } else if shaped(&["items", "prefixItems"]) {
        keywords.insert("type".into(), "array".into());
    }
}

/// Only the input as a whole, and only where its schema says nothing at all.
pub fn input_object(subject: &Subject) -> Subject {
    let mut whole = subject.clone();
    let says_nothing = |view: Map<String, Value>| {
        let annotations = ["default", "example", "examples"];
        view.keys()
            .all(|keyword| annotations.contains(&keyword.as_str()))
    };
    if says_nothing(subject.view(subject.schema()))
        && let Some(schema) = whole.root.get_mut("subject")
    {
        *schema = json!({ "type": "object" });
    }
    whole
}

/// What the runtime's file types know, beside the URL.
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

pub fn file_family(keywords: &mut Map<String, Value>, subject: &Subject) {
    let only_url = keywords.get("required") == Some(&json!(["url"]));
    let Some(Value::Object(properties)) = keywords.get_mut("properties") else {
        return;
    };
    let is_text = |url| subject.view(url).get("type") == Some(&Value::from("string"));
    let known = |name: &String| name == "url" || FACTS.contains(&name.as_str());
    let is_file = only_url
        && properties.len() > 1
        && properties.get("url").is_some_and(is_text)
        && properties.keys().all(known);
    if !is_file {
        return;
    }
    for (name, fact) in properties {
        match name.as_str() {
            "bitrate" => *fact = json!({}),
            "fps" | "duration" => walk::each_mut(fact, &mut |fact| {
                if fact.get("type") == Some(&Value::from("integer")) {
                    fact["type"] = "number".into();
                }
            }),
            _ => {}
        }
    }
}

pub fn open_enum(keywords: &mut Map<String, Value>) {
    let Some(Value::Array(values)) = keywords.get("enum") else {
        return;
    };
    let Some(mut kinds) = values.iter().map(kind).collect::<Option<Vec<_>>>() else {
        return;
    };
    kinds.sort_unstable();
    kinds.dedup();
    keywords.remove("enum");
    keywords.entry("type").or_insert_with(|| json!(kinds));
}

/// The type of a value that an open enum can list.
fn kind(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null => Some("null"),
        Value::String(_) => Some("string"),
        Value::Number(number) if is_whole(number) => Some("integer"),
        _ => None,
    }
}

/// JavaScript writes `1.0` as `1`, and others the other way round.
fn is_whole(number: &Number) -> bool {
    number.as_f64().is_some_and(|number| number.fract() == 0.0)
}

pub fn unknown_field(keywords: &mut Map<String, Value>) {
    if keywords.get("additionalProperties") == Some(&Value::Bool(false)) {
        keywords.remove("additionalProperties");
    }
}

pub fn one_of(keywords: &mut Map<String, Value>) {
    if !keywords.contains_key("anyOf")
        && let Some(members) = keywords.remove("oneOf")
    {
        keywords.insert("anyOf".into(), members);
    }
}

/// `i64`; `u64` where the schema's own bounds lie beyond and are not negative; where
/// they lie beyond `u64` too, any integer. 2^63 itself is how JavaScript prints the
/// largest `i64`, and as a minimum it is out of reach.
pub fn integer_range(keywords: &mut Map<String, Value>) {
    const ROUNDED_I64: f64 = 9_223_372_036_854_775_808.0;
    const ROUNDED_U64: f64 = 18_446_744_073_709_551_616.0;
    let is_integer = match keywords.get("type") {
        Some(Value::Array(types)) => types.iter().any(|each| each == "integer"),
        other => other == Some(&Value::from("integer")),
    };
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
    let range = if most <= ROUNDED_I64 && (-ROUNDED_I64..ROUNDED_I64).contains(&least) {
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

pub fn float_step(keywords: &mut Map<String, Value>) {
    let is_fraction = |step: &Value| step.as_f64().is_some_and(|step| step.fract() != 0.0);
    if keywords.get("multipleOf").is_some_and(is_fraction)
        && let Some(value) = keywords.remove("multipleOf")
    {
        keywords.insert(step::KEYWORD.into(), value);
    }
}

pub fn tuple_length(keywords: &mut Map<String, Value>) {
    if let Some(Value::Array(places)) = keywords.get("prefixItems") {
        let length = places.len();
        keywords.insert("minItems".into(), length.into());
        keywords.insert("maxItems".into(), length.into());
    }
}

pub fn output_rules(keywords: &mut Map<String, Value>) {
    let is_tuple = keywords.contains_key("prefixItems");
    let is_width = keywords.contains_key(WIDTH);
    keywords.retain(|name, _| {
        let is_length = is_tuple && matches!(name.as_str(), "minItems" | "maxItems");
        is_length || is_width || !CONSTRAINTS.contains(&name.as_str())
    });
}

fn required(keywords: &Map<String, Value>) -> Vec<String> {
    let names = keywords.get("required").and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

pub fn null_for_absent(keywords: &mut Map<String, Value>) {
    let required = required(keywords);
    if let Some(Value::Object(properties)) = keywords.get_mut("properties") {
        for (name, schema) in properties {
            if !required.contains(name) {
                *schema = walk::or_null(schema.take());
            }
        }
    }
}

pub fn absent_for_null(keywords: &mut Map<String, Value>, subject: &Subject) {
    let mut required = required(keywords);
    let Some(properties) = keywords.get("properties") else {
        return;
    };
    required.retain(|name| {
        let schema = properties.get(name);
        !schema.is_some_and(|schema| subject.accepts_null(schema))
    });
    if keywords.contains_key("required") {
        keywords.insert("required".into(), json!(required));
    }
}
