//! Decides whether one type accepts all JSON values that another accepts. Constraints are ignored: they are compared separately.

use super::walk::Side;
use crate::ir::{ConstrainedType, Enum, EnumKind, Presence, Shape, Struct, TypeRef};

/// A type, with the side of the comparison that it belongs to.
pub(super) type Of<'a> = (&'a Side<'a>, &'a TypeRef);

/// The number of levels to which types are followed. Deeper types count as equal; recursive types repeat themselves long before
/// that.
const DEEPEST: usize = 16;

/// Whether every value of the type `narrow` is a value of the type `wide`.
pub(super) fn covers(wide: Of<'_>, narrow: Of<'_>) -> bool {
    covers_at(wide, narrow, DEEPEST)
}

/// Whether an object declares members that the other does not.
pub(super) fn loses_members(old: Of<'_>, new: Of<'_>) -> bool {
    match (members(old), members(new)) {
        (Some(old), Some(new)) => old.iter().any(|name| !new.contains(name)),
        _ => false,
    }
}

fn covers_at(wide: Of<'_>, narrow: Of<'_>, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return true;
    };
    let inner = |a: &ConstrainedType, b: &ConstrainedType| {
        covers_at((wide.0, &a.ty), (narrow.0, &b.ty), depth)
    };
    if let Some(forms) = forms(narrow) {
        return forms
            .iter()
            .all(|form| covers_at(wide, (narrow.0, form), depth));
    }
    if let Some(forms) = forms(wide) {
        return forms
            .iter()
            .any(|form| covers_at((wide.0, form), narrow, depth));
    }
    match (wide.1, narrow.1) {
        (TypeRef::Json, _) => true,
        (TypeRef::Option(a), TypeRef::Option(b)) => inner(a, b),
        (TypeRef::Option(a), _) => covers_at((wide.0, &a.ty), narrow, depth),
        (TypeRef::List(a) | TypeRef::Array(a, _), TypeRef::List(b) | TypeRef::Array(b, _)) => {
            lengths(wide.1, narrow.1) && inner(a, b)
        }
        (TypeRef::List(a), TypeRef::Tuple(items)) => items.iter().all(|item| inner(a, item)),
        (TypeRef::Tuple(a), TypeRef::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| inner(a, b))
        }
        (TypeRef::Tuple(items), TypeRef::Array(b, length)) => {
            items.len() == *length && items.iter().all(|item| inner(item, b))
        }
        (TypeRef::Map(a), TypeRef::Map(b)) => inner(a, b),
        (TypeRef::JsonObject, _) => is_object(narrow),
        _ => objects(wide, narrow, depth).unwrap_or_else(|| scalars(wide, narrow)),
    }
}

/// The alternatives of a union.
fn forms<'a>((side, ty): Of<'a>) -> Option<Vec<&'a TypeRef>> {
    let (TypeRef::Named(id) | TypeRef::Boxed(id)) = ty else {
        return None;
    };
    match &side.def(*id).shape {
        Shape::Union(union) => Some(
            union
                .variants
                .iter()
                .map(|variant| &variant.value.ty)
                .collect(),
        ),
        _ => None,
    }
}

/// Whether the lengths of two lists fit: a list of any length accepts one of a fixed length.
fn lengths(wide: &TypeRef, narrow: &TypeRef) -> bool {
    match (wide, narrow) {
        (TypeRef::Array(_, a), TypeRef::Array(_, b)) => a == b,
        (TypeRef::Array(..), _) => false,
        _ => true,
    }
}

fn listed<'a>((side, ty): Of<'a>) -> Option<&'a Enum> {
    match ty {
        TypeRef::Named(id) | TypeRef::Boxed(id) => match &side.def(*id).shape {
            Shape::Enum(listed) => Some(listed),
            _ => None,
        },
        _ => None,
    }
}

fn scalars(wide: Of<'_>, narrow: Of<'_>) -> bool {
    match (listed(wide), listed(narrow)) {
        (Some(wide), Some(narrow)) => narrow
            .values
            .iter()
            .all(|value| wide.values.contains(value)),
        (Some(_), None) => false,
        (None, Some(narrow)) => match narrow.kind {
            EnumKind::Text => is_text(wide.1),
            EnumKind::Integer => is_integer(wide.1) || *wide.1 == TypeRef::Float,
        },
        (None, None) => match (wide.1, narrow.1) {
            (a, b) if is_text(a) && is_text(b) => true,
            // Bounds decide which of the integer types is used, and bounds are ignored here.
            (a, b) if is_integer(a) && is_integer(b) => true,
            (TypeRef::Float, b) => is_integer(b) || *b == TypeRef::Float,
            (a, b) => a == b,
        },
    }
}

fn is_text(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Text | TypeRef::Media)
}

fn is_integer(ty: &TypeRef) -> bool {
    matches!(
        ty,
        TypeRef::Signed | TypeRef::Unsigned | TypeRef::BigInteger
    )
}

fn structure<'a>((side, ty): Of<'a>) -> Option<&'a Struct> {
    match ty {
        TypeRef::Named(id) | TypeRef::Boxed(id) => match &side.def(*id).shape {
            Shape::Struct(object) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

fn is_object(of: Of<'_>) -> bool {
    structure(of).is_some()
        || matches!(
            of.1,
            TypeRef::File(_) | TypeRef::Map(_) | TypeRef::JsonObject
        )
}

/// Compares structs and files; `None` where one of the two is neither.
fn objects(wide: Of<'_>, narrow: Of<'_>, depth: usize) -> Option<bool> {
    match (wide.1, narrow.1) {
        (TypeRef::File(_), TypeRef::File(_)) => Some(true),
        (TypeRef::File(_), _) => structure(narrow).map(|object| is_required(object, "url")),
        (_, TypeRef::File(_)) => structure(wide).map(requires_url_only),
        _ => Some(structs(
            (wide.0, structure(wide)?),
            (narrow.0, structure(narrow)?),
            depth,
        )),
    }
}

fn is_required(object: &Struct, name: &str) -> bool {
    let found = object.fields.iter().find(|field| field.wire == name);
    found.is_some_and(|field| {
        let is_nullable = matches!(field.value.ty, TypeRef::Option(_));
        field.presence == Presence::Required && !is_nullable
    })
}

fn requires_url_only(object: &Struct) -> bool {
    let mut fields = object.fields.iter();
    object.constants.is_empty()
        && fields.all(|field| field.presence != Presence::Required || field.wire == "url")
}

fn structs(wide: (&Side<'_>, &Struct), narrow: (&Side<'_>, &Struct), depth: usize) -> bool {
    let constants = wide
        .1
        .constants
        .iter()
        .all(|constant| narrow.1.constants.contains(constant));
    constants
        && wide.1.fields.iter().all(|field| {
            match narrow
                .1
                .fields
                .iter()
                .find(|known| known.wire == field.wire)
            {
                Some(known) => {
                    let there = field.presence != Presence::Required
                        || known.presence == Presence::Required;
                    there
                        && covers_at(
                            (wide.0, &field.value.ty),
                            (narrow.0, &known.value.ty),
                            depth,
                        )
                }
                None => {
                    field.presence != Presence::Required
                        || narrow
                            .1
                            .constants
                            .iter()
                            .any(|(name, _)| *name == field.wire)
                }
            }
        })
}

/// The names of the members that an object declares.
fn members<'a>(of: Of<'a>) -> Option<Vec<&'a str>> {
    if let TypeRef::File(kind) = of.1 {
        return Some(kind.members().map(|(name, _)| name).collect());
    }
    let object = structure(of)?;
    let fields = object.fields.iter().map(|field| field.wire.as_str());
    Some(
        fields
            .chain(object.constants.iter().map(|(name, _)| name.as_str()))
            .collect(),
    )
}
