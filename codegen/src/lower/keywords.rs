//! The keywords of a normalised schema, as JSON Schema writes them.

use serde_json::{Number, Value};

use super::definition::Writer;
use super::literal::{literal, number};
use crate::ir::Literal;
use crate::source::{
    Additional, Annotations, ListRules, NumberRules, ObjectRules, Schema, StringRules, Type,
};

/// The members of an object.
pub(super) type Members = Vec<(String, Literal)>;

/// What a schema demands, `null` aside.
pub(super) fn keywords(schema: &Schema, writer: &mut Writer<'_>) -> Members {
    let mut members = Members::new();
    if schema.never {
        add(&mut members, "not", Some(Literal::Object(Vec::new())));
        return members;
    }
    add(&mut members, "type", types(&schema.types));
    values(schema, &mut members);
    numbers(&schema.numbers, &mut members);
    strings(&schema.strings, &mut members);
    list(&schema.list, &mut members, writer);
    object(&schema.object, &mut members, writer);
    if !schema.any_of.is_empty() {
        let alternatives = schema.any_of.iter().map(|member| writer.inner(member));
        let alternatives = alternatives.collect();
        add(&mut members, "anyOf", Some(Literal::List(alternatives)));
    }
    members
}

/// A schema of these members, or `null`.
pub(super) fn or_null(mut members: Members) -> Members {
    let null = || Literal::Text("null".to_owned());
    let listed = |name: &str| matches!(name, "enum" | "const" | "anyOf");
    let is_listed = members.iter().any(|(name, _)| listed(name));
    match members.as_mut_slice() {
        [] => members,
        [(keyword, ty @ Literal::Text(_)), ..] if keyword == "type" && !is_listed => {
            let own = std::mem::replace(ty, Literal::Null);
            *ty = Literal::List(vec![own, null()]);
            members
        }
        [(keyword, Literal::List(alternatives))] if keyword == "anyOf" => {
            alternatives.push(Literal::Object(vec![("type".to_owned(), null())]));
            members
        }
        _ => {
            let null = Literal::Object(vec![("type".to_owned(), null())]);
            let both = vec![Literal::Object(members), null];
            vec![("anyOf".to_owned(), Literal::List(both))]
        }
    }
}

/// What is said for people goes around what is demanded.
pub(super) fn notes(said: &Annotations, body: Members) -> Members {
    let mut members = Members::new();
    let text = |text: &Option<String>| text.clone().map(Literal::Text);
    add(&mut members, "description", text(&said.description));
    members.extend(body);
    add(&mut members, "format", text(&said.format));
    let default = said.default.as_ref().map(literal);
    add(&mut members, "default", default);
    if said.deprecated {
        add(&mut members, "deprecated", Some(Literal::Bool(true)));
    }
    if !said.examples.is_empty() {
        add(&mut members, "examples", Some(all(&said.examples)));
    }
    members
}

fn add(members: &mut Members, keyword: &str, value: Option<Literal>) {
    members.extend(value.map(|value| (keyword.to_owned(), value)));
}

fn all(values: &[Value]) -> Literal {
    Literal::List(values.iter().map(literal).collect())
}

fn types(types: &[Type]) -> Option<Literal> {
    let name = |ty: &Type| {
        let name = match ty {
            Type::Null => "null",
            Type::Boolean => "boolean",
            Type::Integer => "integer",
            Type::Number => "number",
            Type::String => "string",
            Type::Array => "array",
            Type::Object => "object",
        };
        Literal::Text(name.to_owned())
    };
    match types {
        [] => None,
        [only] => Some(name(only)),
        several => Some(Literal::List(several.iter().map(name).collect())),
    }
}

/// The listed values; where the document opens the list to any text, that is the
/// other alternative.
fn values(schema: &Schema, members: &mut Members) {
    let listed = schema.values.as_deref().map(all);
    if schema.open && schema.any_of.is_empty() {
        let mut known = Members::new();
        add(&mut known, "enum", listed);
        let text = Literal::Object(vec![(
            "type".to_owned(),
            Literal::Text("string".to_owned()),
        )]);
        let both = vec![Literal::Object(known), text];
        add(members, "anyOf", Some(Literal::List(both)));
    } else {
        add(members, "enum", listed);
    }
    add(members, "const", schema.constant.as_ref().map(literal));
}

fn numbers(rules: &NumberRules, members: &mut Members) {
    let bound = |value: &Option<Number>| value.as_ref().map(number);
    add(members, "minimum", bound(&rules.minimum));
    add(members, "exclusiveMinimum", bound(&rules.above));
    add(members, "maximum", bound(&rules.maximum));
    add(members, "exclusiveMaximum", bound(&rules.below));
    let step = rules.multiple_of.as_ref();
    let step = step.filter(|step| step.as_f64().is_some_and(|step| step > 0.0));
    add(members, "multipleOf", step.map(number));
}

fn strings(rules: &StringRules, members: &mut Members) {
    add(members, "minLength", count(rules.min_length));
    add(members, "maxLength", count(rules.max_length));
    add(members, "pattern", rules.pattern.clone().map(Literal::Text));
}

fn count(value: Option<u64>) -> Option<Literal> {
    value.map(|value| Literal::Integer(value.into()))
}

fn list(rules: &ListRules, members: &mut Members, writer: &mut Writer<'_>) {
    if !rules.prefix.is_empty() {
        let places = rules.prefix.iter().map(|place| writer.inner(place));
        let places = places.collect();
        add(members, "prefixItems", Some(Literal::List(places)));
    }
    let items = rules.items.as_ref().map(|items| match items.never {
        true => Literal::Bool(false),
        false => writer.inner(items),
    });
    add(members, "items", items);
    add(members, "minItems", count(rules.min_items));
    add(members, "maxItems", count(rules.max_items));
    if rules.unique {
        add(members, "uniqueItems", Some(Literal::Bool(true)));
    }
}

fn object(rules: &ObjectRules, members: &mut Members, writer: &mut Writer<'_>) {
    if !rules.properties.is_empty() {
        let written = |(name, property): &(String, Schema)| (name.clone(), writer.inner(property));
        let properties = rules.properties.iter().map(written).collect();
        add(members, "properties", Some(Literal::Object(properties)));
    }
    if !rules.required.is_empty() {
        let names = rules.required.iter().cloned().map(Literal::Text);
        add(members, "required", Some(Literal::List(names.collect())));
    }
    let additional = match &rules.additional {
        Additional::Unsaid => None,
        Additional::Any => Some(Literal::Bool(true)),
        Additional::None => Some(Literal::Bool(false)),
        Additional::Typed(values) => Some(writer.inner(values)),
    };
    add(members, "additionalProperties", additional);
}
