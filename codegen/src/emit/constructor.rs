//! Decides which structs are created with arguments of `new`, and which with setters only.

use std::borrow::Cow;
use std::mem::discriminant;

use crate::ir::{Field, Presence, Shape, Struct, TypeDef, TypeRef};

/// The most arguments of one type that `new` takes: more could not be told apart by their order.
const MOST_OF_ONE_TYPE: usize = 3;

/// The most arguments that `new` takes: more could not be read without counting.
const MOST_ARGUMENTS: usize = 7;

/// Whether the required fields of a struct are set with setters, like options, because there are too many for arguments of
/// `new`. `validate` then reports required fields that are missing.
fn is_set_by_setters(def: &TypeDef, object: &Struct) -> bool {
    if !def.usage.sent {
        return false;
    }
    let required = object.fields.iter().filter(|field| is_required(field));
    let types: Vec<&TypeRef> = required.map(|field| &field.value.ty).collect();
    let of_type = |ty| types.iter().filter(|other| is_same_type(ty, other)).count();
    types.len() > MOST_ARGUMENTS
        || types.len() > MOST_OF_ONE_TYPE && types.iter().any(|ty| of_type(ty) > MOST_OF_ONE_TYPE)
}

/// Whether a type has required fields that are not arguments of `new`, so that only `validate` can report that one is missing.
pub(super) fn checks_presence(def: &TypeDef) -> bool {
    let Shape::Struct(object) = &def.shape else {
        return false;
    };
    let mut fields = object.fields.iter();
    is_set_by_setters(def, object) && fields.any(needs_value)
}

/// A struct as it is declared: required fields that are set with setters are options.
pub(super) fn declared<'a>(def: &TypeDef, object: &'a Struct) -> Cow<'a, Struct> {
    if !is_set_by_setters(def, object) {
        return Cow::Borrowed(object);
    }
    let mut declared = object.clone();
    for field in declared
        .fields
        .iter_mut()
        .filter(|field| is_required(field))
    {
        field.presence = Presence::Optional;
        if let TypeRef::Option(value) = &field.value.ty {
            field.value = value.as_ref().clone();
        }
    }
    Cow::Owned(declared)
}

/// Whether two types are the same in Rust, whatever their constraints are.
fn is_same_type(one: &TypeRef, other: &TypeRef) -> bool {
    let (inner, inner_of_other) = (one.inner(), other.inner());
    if inner.is_empty() {
        return one == other;
    }
    let mut pairs = inner.iter().zip(inner_of_other);
    discriminant(one) == discriminant(other)
        && inner.len() == inner_of_other.len()
        && pairs.all(|(one, other)| is_same_type(&one.ty, &other.ty))
}

pub(super) fn is_required(field: &Field) -> bool {
    field.presence == Presence::Required
}

/// Whether a field must have a value other than `null`.
pub(super) fn needs_value(field: &Field) -> bool {
    is_required(field) && !may_be_null(field)
}

/// Whether `null` is among the values of a field.
pub(super) fn may_be_null(field: &Field) -> bool {
    matches!(field.value.ty, TypeRef::Option(_) | TypeRef::Json)
}
