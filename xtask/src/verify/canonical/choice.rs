//! The alternatives of a canonical schema.

use serde_json::{Value, json};

use super::merge::merge;
use super::{Keywords, WORDS, list, sorted};

/// The keywords that are about one type.
const ABOUT: &[(&str, &[&str])] = &[
    (
        "array",
        &[
            "items",
            "maxItems",
            "minItems",
            "prefixItems",
            "uniqueItems",
        ],
    ),
    (
        "number",
        &[
            "exclusiveMaximum",
            "exclusiveMinimum",
            "maximum",
            "minimum",
            "multipleOf",
        ],
    ),
    (
        "object",
        &["additionalProperties", "properties", "required"],
    ),
    ("string", &["maxLength", "minLength", "pattern"]),
];

/// Brings the alternatives of a schema, and its `null`, into their one form.
pub(super) fn settle(mut keywords: Keywords) -> Keywords {
    split_types(&mut keywords);
    let Some(Value::Array(mut members)) = keywords.remove("anyOf") else {
        return keywords;
    };
    let before = members.len();
    members.retain(|member| member.get("type") != Some(&json!(["null"])));
    if members.len() < before {
        keywords.insert("null".into(), true.into());
    }
    if let [Value::Object(only)] = members.as_slice() {
        merge(&mut keywords, only.clone());
        return settle(keywords);
    }
    let owns_shape = keywords.contains_key("properties");
    if owns_shape && members.iter().all(only_requires) {
        return keywords;
    }
    let mut alternatives = flat(members, &mut keywords);
    let beside = take_rules(&mut keywords);
    for member in &mut alternatives {
        merge(member, beside.clone());
    }
    alternatives.retain(|member| !member.contains_key("never"));
    include_integers(&mut alternatives);
    join_enums(&mut alternatives);
    dedup(&mut alternatives);
    if alternatives.len() == 1 {
        merge(&mut keywords, alternatives.remove(0));
    } else if !alternatives.is_empty() {
        let members = alternatives.into_iter().map(Value::Object);
        keywords.insert("anyOf".into(), sorted(members));
    }
    keywords
}

/// `type: [string, integer]`, each with the rules that are about it.
fn split_types(keywords: &mut Keywords) {
    let types: Vec<String> = list(keywords.get("type"))
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    if types.len() < 2 || keywords.contains_key("anyOf") {
        return;
    }
    let rules = take_rules(keywords);
    let listed = keywords.remove("enum");
    let members = types
        .iter()
        .filter_map(|ty| alternative(ty, &rules, listed.as_ref()));
    let members: Vec<Value> = members.map(Value::Object).collect();
    keywords.insert("anyOf".into(), members.into());
}

fn alternative(ty: &str, rules: &Keywords, listed: Option<&Value>) -> Option<Keywords> {
    let kind = if ty == "integer" { "number" } else { ty };
    let about = ABOUT.iter().find(|(name, _)| *name == kind);
    let about = about.map_or(&[][..], |(_, keywords)| *keywords);
    let own = rules
        .iter()
        .filter(|(name, _)| about.contains(&name.as_str()));
    let mut member: Keywords = own
        .map(|(name, rule)| (name.clone(), rule.clone()))
        .collect();
    member.insert("type".into(), json!([ty]));
    if let Some(listed) = listed {
        let values: Vec<Value> = list(Some(listed))
            .filter(|value| is_of(value, ty))
            .cloned()
            .collect();
        if values.is_empty() {
            return None;
        }
        member.insert("enum".into(), values.into());
    }
    Some(member)
}

fn is_of(value: &Value, ty: &str) -> bool {
    match ty {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_f64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        _ => value.is_object(),
    }
}

/// Alternatives of alternatives are alternatives, and `null` is none of them.
fn flat(members: Vec<Value>, keywords: &mut Keywords) -> Vec<Keywords> {
    let mut alternatives = Vec::new();
    for member in members {
        let Value::Object(mut member) = member else {
            continue;
        };
        if member.remove("null").is_some() {
            keywords.insert("null".into(), true.into());
        }
        match member.remove("anyOf") {
            Some(Value::Array(inner)) => alternatives.extend(flat(inner, keywords)),
            _ => alternatives.push(member),
        }
    }
    alternatives
}

fn only_requires(member: &Value) -> bool {
    let words = |name: &String| name == "required" || WORDS.contains(&name.as_str());
    let keywords = member.as_object();
    keywords.is_some_and(|all| all.contains_key("required") && all.keys().all(words))
}

/// Takes the rules that hold for whatever alternative a value fits.
fn take_rules(keywords: &mut Keywords) -> Keywords {
    let rules = ABOUT.iter().flat_map(|(_, rules)| rules.iter());
    let taken = rules
        .chain(&["type"])
        .filter_map(|rule| keywords.remove_entry(*rule));
    taken.collect()
}

/// An integer beside a number of the same rules, or of none, is a number too.
fn include_integers(alternatives: &mut Vec<Keywords>) {
    let rules = |member: &Keywords, ty: &str| {
        let mut rules = bare(member);
        let is = rules.remove("type") == Some(json!([ty]));
        (is && !rules.contains_key("enum")).then_some(rules)
    };
    let numbers: Vec<Keywords> = alternatives
        .iter()
        .filter_map(|each| rules(each, "number"))
        .collect();
    alternatives.retain(|each| {
        let integer = rules(each, "integer");
        !integer.is_some_and(|own| {
            numbers
                .iter()
                .any(|number| number.is_empty() || *number == own)
        })
    });
}

/// Enums of texts are one enum.
fn join_enums(alternatives: &mut Vec<Keywords>) {
    let is_enum = |member: &Keywords| {
        member.contains_key("enum") && list(member.get("enum")).all(Value::is_string)
    };
    let enums: Vec<Keywords> = alternatives
        .iter()
        .filter(|each| is_enum(each))
        .cloned()
        .collect();
    let [first, _, ..] = enums.as_slice() else {
        return;
    };
    let mut joined = first.clone();
    let all = enums
        .iter()
        .flat_map(|each| list(each.get("enum")))
        .cloned();
    joined.insert("enum".into(), sorted(all));
    alternatives.retain(|each| !is_enum(each));
    alternatives.push(joined);
}

/// Alternatives that differ in words only are one.
fn dedup(alternatives: &mut Vec<Keywords>) {
    let mut known: Vec<Keywords> = Vec::new();
    alternatives.retain(|each| {
        let bare = bare(each);
        let is_new = !known.contains(&bare);
        known.push(bare);
        is_new
    });
}

fn bare(member: &Keywords) -> Keywords {
    let mut bare = member.clone();
    bare.retain(|name, _| !WORDS.contains(&name.as_str()));
    bare
}
