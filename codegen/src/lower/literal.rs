//! JSON values as literals.

use serde_json::{Number, Value};

use crate::ir::Literal;

pub(super) fn literal(value: &Value) -> Literal {
    match value {
        Value::Null => Literal::Null,
        Value::Bool(flag) => Literal::Bool(*flag),
        Value::Number(value) => number(value),
        Value::String(text) => Literal::Text(text.clone()),
        Value::Array(items) => Literal::List(items.iter().map(literal).collect()),
        Value::Object(members) => {
            let mut members: Vec<_> = members
                .iter()
                .map(|(name, value)| (name.clone(), literal(value)))
                .collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Literal::Object(members)
        }
    }
}

pub(super) fn number(value: &Number) -> Literal {
    if let Some(integer) = value.as_i128() {
        return Literal::Integer(integer);
    }
    Literal::Float(value.to_string())
}
