//! The pass that makes `null` a flag: `type: [X, null]`, `anyOf: [X, null]`, an enum that lists `null` and `nullable: true` are
//! equivalent, and all become the flag `nullable`.

use serde_json::Value;

use crate::source::{Schema, Type};

pub(super) fn pass(schema: &mut Schema) {
    if schema.types.len() > 1 && schema.types.contains(&Type::Null) {
        schema.types.retain(|ty| *ty != Type::Null);
        schema.nullable = true;
    }
    if let Some(values) = &mut schema.values
        && values.len() > 1
        && values.contains(&Value::Null)
    {
        values.retain(|value| !value.is_null());
        schema.nullable = true;
    }
    for alternatives in [&mut schema.any_of, &mut schema.one_of] {
        let before = alternatives.len();
        alternatives.retain(|alternative| !is_null(alternative));
        schema.nullable |= alternatives.len() < before;
        for alternative in alternatives {
            schema.nullable |= std::mem::take(&mut alternative.nullable);
        }
    }
}

fn is_null(schema: &Schema) -> bool {
    schema.types == [Type::Null]
        || schema.constant == Some(Value::Null)
        || schema.values.as_deref() == Some(&[Value::Null])
}
