//! Writes an enum as a call of the macro `open_enum!`, with a line for each value.

use proc_macro2::Literal as Token;
use serde_json::Value;

use super::default::integer;
use super::scope::Scope;
use crate::ir::{Enum, EnumKind, TypeDef};
use crate::json::as_integer;
use crate::name::variant_names;

/// The call `open_enum! { … }`.
pub(super) fn enumeration(
    scope: &Scope<'_>,
    def: &TypeDef,
    listed: &Enum,
    name: &str,
    fallback: &str,
) -> String {
    scope.import("@", "open_enum");
    let doc = scope.type_doc((name, &def.docs), fallback, &[]);
    let kind = match listed.kind {
        EnumKind::Text => "String",
        EnumKind::Integer => "i64",
    };
    let mut text = String::from("open_enum! {\n");
    text.push_str(&doc.comment("    ", "///"));
    text.push_str(&format!("    pub enum {name}: {kind} {{\n"));
    let names = variant_names(&listed.values);
    for (value, variant) in listed.values.iter().zip(names) {
        if value.as_str().is_some_and(breaks_out) {
            text.push_str("        #[allow(rustdoc::all)]\n");
        }
        text.push_str(&format!("        {variant} = {},\n", wire(value)));
    }
    text.push_str("    }\n}\n");
    text
}

/// Whether a value's documentation needs `#[allow(rustdoc::all)]`. The macro shows the value between backticks, so that the rest
/// of a value with backticks can look like a link or a tag.
fn breaks_out(value: &str) -> bool {
    value.contains('`') && value.contains(['[', '<', ':'])
}

fn wire(value: &Value) -> String {
    match value {
        Value::String(text) => Token::string(text).to_string(),
        other => {
            let number = as_integer(other).unwrap_or_default();
            integer(number).to_string().replace(' ', "")
        }
    }
}
