//! Decides whether a type accepts a JSON value. Constraints are checked, and enums count as closed.

use serde_json::{Map, Value};

use super::{ConstrainedType, Presence, Shape, Struct, TypeRef, TypeStore};
use crate::json::{as_integer, is_same};

impl TypeStore {
    /// Whether a JSON value is valid as a value of the type: it has the right shape, satisfies all constraints, and has only
    /// listed values of enums.
    pub fn accepts(&self, value: &Value, expected: &ConstrainedType) -> bool {
        expected.constraints.are_obeyed_by(value) && self.is_of_type(value, &expected.ty)
    }

    fn is_of_type(&self, value: &Value, ty: &TypeRef) -> bool {
        let all = |items: &[Value], item| items.iter().all(|value| self.accepts(value, item));
        match (ty, value) {
            (TypeRef::Json, _) | (TypeRef::Option(_), Value::Null) => true,
            (TypeRef::Option(inner), value) => self.accepts(value, inner),
            (TypeRef::Bool, value) => value.is_boolean(),
            (TypeRef::Signed, value) => {
                as_integer(value).is_some_and(|it| i64::try_from(it).is_ok())
            }
            (TypeRef::Unsigned, value) => {
                as_integer(value).is_some_and(|it| u64::try_from(it).is_ok())
            }
            (TypeRef::Float, value) => value.is_number(),
            (TypeRef::BigInteger, value) => value.as_f64().is_some_and(|it| it.fract() == 0.0),
            (TypeRef::Text | TypeRef::Media, value) => value.is_string(),
            (TypeRef::JsonObject, value) => value.is_object(),
            (TypeRef::File(_), value) => value.get("url").is_some_and(Value::is_string),
            (TypeRef::List(item), Value::Array(items)) => all(items, item),
            (TypeRef::Array(item, length), Value::Array(items)) => {
                items.len() == *length && all(items, item)
            }
            (TypeRef::Map(item), Value::Object(members)) => {
                members.values().all(|value| self.accepts(value, item))
            }
            (TypeRef::Tuple(places), Value::Array(items)) => {
                let mut pairs = places.iter().zip(items);
                places.len() == items.len() && pairs.all(|(place, item)| self.accepts(item, place))
            }
            (TypeRef::Named(id) | TypeRef::Boxed(id), value) => {
                self.is_of_shape(value, &self.get(*id).shape)
            }
            _ => false,
        }
    }

    fn is_of_shape(&self, value: &Value, shape: &Shape) -> bool {
        match (shape, value) {
            (Shape::Enum(listed), value) => listed.values.iter().any(|one| is_same(one, value)),
            (Shape::Union(union), value) => {
                let mut variants = union.variants.iter();
                variants.any(|variant| self.accepts(value, &variant.value))
            }
            (Shape::Struct(object), Value::Object(members)) => self.is_of_struct(members, object),
            (Shape::Struct(_), _) => false,
        }
    }

    fn is_of_struct(&self, members: &Map<String, Value>, object: &Struct) -> bool {
        let mut fields = object.fields.iter();
        let mut constants = object.constants.iter();
        fields.all(|field| match (members.get(&field.wire), field.presence) {
            (Some(Value::Null), Presence::Optional | Presence::Nullable) => true,
            (Some(value), _) => self.accepts(value, &field.value),
            (None, presence) => presence != Presence::Required,
        }) && constants.all(|(name, value)| members.get(name) == Some(value))
    }
}
