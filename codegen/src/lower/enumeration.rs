//! Lowers `enum` and `const`.

use serde_json::Value;

use super::{Context, Lowerer};
use crate::constraint::Constraint;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::ir::{ConstrainedType, Enum, EnumKind, Shape, TypeRef};
use crate::json::{as_integer, from_integer};
use crate::source::{Schema, Type};

impl Lowerer<'_> {
    pub(super) fn enumeration(&mut self, schema: &Schema, context: &Context) -> ConstrainedType {
        let values: Vec<&Value> = match (&schema.constant, &schema.values) {
            (Some(constant), Some(values)) if !values.contains(constant) => Vec::new(),
            (Some(constant), _) => vec![constant],
            (None, values) => values.iter().flatten().collect(),
        };
        let values = self.valid_values(schema, values);
        match kind_of(&values) {
            Some(kind) => self.open_enum(kind, &values, schema, context),
            None if values.is_empty() => {
                self.degrade(schema, Code::Contradiction, "no listed value is valid")
            }
            None => self.other_values(&values, schema, context),
        }
    }

    /// The listed values that satisfy the constraints beside the list. The others are reported, because no value can be one
    /// of them. The constraints of an open enum apply only to values that are not listed.
    fn valid_values<'a>(&mut self, schema: &Schema, listed: Vec<&'a Value>) -> Vec<&'a Value> {
        if schema.open {
            return listed;
        }
        let mut valid = Vec::with_capacity(listed.len());
        for value in listed {
            let refused = |constraint: &&Constraint| !constraint.is_obeyed_by(value);
            match schema.constraints.iter().find(refused) {
                None => valid.push(value),
                Some(constraint) => self.refused_value(schema, value, constraint.keyword()),
            }
        }
        valid
    }

    fn refused_value(&mut self, schema: &Schema, value: &Value, by: &str) {
        let location = Location::new(&self.document.path, &schema.pointer);
        let message = format!("`{value}` is listed, but not valid under the schema's `{by}`");
        self.diagnostics.push(
            Diagnostic::new(Severity::Warning, Code::InvalidValue, location, message)
                .fallback("the type does not list the value")
                .help("if the document is wrong, correct it with a fix-up"),
        );
    }

    fn open_enum(
        &mut self,
        kind: EnumKind,
        values: &[&Value],
        schema: &Schema,
        context: &Context,
    ) -> ConstrainedType {
        if self.has_text_rules(schema) {
            self.unchecked(schema, "anyOf", "an open enum takes any text");
        }
        let mut listed = Vec::with_capacity(values.len());
        for value in values {
            // `1.0` is the integer `1`.
            let whole = as_integer(value).map(|value| from_integer(value).into());
            let value = whole.unwrap_or_else(|| (*value).clone());
            if !listed.contains(&value) {
                listed.push(value);
            }
        }
        let shape = Shape::Enum(Enum {
            kind,
            values: listed,
        });
        TypeRef::Named(self.add(shape, schema, context)).into()
    }

    fn has_text_rules(&self, schema: &Schema) -> bool {
        schema.open && !schema.constraints.about(Type::String).is_empty()
    }

    /// Reports listed values that no enum expresses. The type of the values is kept.
    fn other_values(
        &mut self,
        values: &[&Value],
        schema: &Schema,
        context: &Context,
    ) -> ConstrainedType {
        let all = |is: fn(&Value) -> bool| values.iter().all(|value| is(value));
        let mut bare = schema.clone();
        bare.values = None;
        bare.constant = None;
        if all(Value::is_boolean) {
            if values.len() < 2 {
                self.unchecked(
                    schema,
                    keyword(schema),
                    "the type is a boolean, and takes both values",
                );
            }
            return TypeRef::Bool.into();
        }
        self.unchecked(
            schema,
            keyword(schema),
            "its values are neither strings nor integers that fit into `i64`",
        );
        let whole = |value: &Value| value.is_i64() || value.is_u64();
        if all(Value::is_number) && values.iter().all(|value| whole(value)) {
            let ty = match all(Value::is_u64) {
                true => TypeRef::Unsigned,
                false => TypeRef::BigInteger,
            };
            return ty.into();
        }
        if all(Value::is_number) {
            bare.types = vec![Type::Number];
            return self.float(&bare);
        }
        match bare.types.first() {
            Some(_) => self.value(&bare, context),
            None if all(Value::is_object) => TypeRef::JsonObject.into(),
            None if all(Value::is_array) => TypeRef::List(Box::new(TypeRef::Json.into())).into(),
            None => TypeRef::Json.into(),
        }
    }
}

fn keyword(schema: &Schema) -> &'static str {
    match schema.constant {
        Some(_) => "const",
        None => "enum",
    }
}

fn kind_of(values: &[&Value]) -> Option<EnumKind> {
    let whole = |value: &Value| as_integer(value).is_some_and(|it| i64::try_from(it).is_ok());
    if values.is_empty() {
        None
    } else if values.iter().all(|value| value.is_string()) {
        Some(EnumKind::Text)
    } else if values.iter().all(|value| whole(value)) {
        Some(EnumKind::Integer)
    } else {
        None
    }
}
