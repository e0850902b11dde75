//! The names of a document's types on its page.

use crate::json::Type;
use crate::source::{Schema, last_segment};

/// The number of levels of nested types that are named. A type that is nested more deeply is called `any`.
const MAX_DEPTH: usize = 16;

/// The members of a union, without `null`; `None` if the schema is not a union.
pub(super) fn members(schema: &Schema) -> Option<Vec<&Schema>> {
    let members = [&schema.any_of, &schema.one_of];
    let members = members.into_iter().find(|members| !members.is_empty())?;
    Some(
        members
            .iter()
            .filter(|member| member.types != [Type::Null])
            .collect(),
    )
}

/// The schema that has the type, range and options: the schema itself, or its only member that is not `null`.
pub(super) fn shape(schema: &Schema) -> &Schema {
    match members(schema).as_deref() {
        Some([only]) => only,
        _ => schema,
    }
}

/// The page's name of a type: `string`, `float`, `list<string>`, `ResolutionEnum`, `ImageSize | Enum`, `File`.
pub(super) fn type_name(schema: &Schema, depth: usize) -> String {
    if depth > MAX_DEPTH {
        return "any".to_owned();
    }
    if let Some(reference) = &schema.reference {
        return last_segment(reference).to_owned();
    }
    if let [only] = schema.all_of.as_slice() {
        return type_name(only, depth + 1);
    }
    if let Some(members) = members(schema) {
        let names = members.iter().map(|member| type_name(member, depth + 1));
        return names.collect::<Vec<_>>().join(" | ");
    }
    if schema.values.is_some() {
        // Inside `anyOf` there is no title, and the page says `Enum` alone.
        let title = schema.notes.title.as_deref().unwrap_or_default();
        return format!("{}Enum", title.replace(' ', ""));
    }
    let name = match schema.types.iter().find(|ty| **ty != Type::Null) {
        Some(Type::Array) => match &schema.list.items {
            Some(items) => return format!("list<{}>", type_name(items, depth + 1)),
            None => "list<any>",
        },
        Some(Type::Boolean) => "boolean",
        Some(Type::Integer) => "integer",
        Some(Type::Number) => "float",
        Some(Type::String) => "string",
        Some(Type::Object) => "object",
        Some(Type::Null) | None => "any",
    };
    name.to_owned()
}
