//! Whether a literal is a value of a type, its rules kept and its enums closed.

use crate::ir::{
    Bound, Enum, FileKind, Literal, Presence, Rules, Shape, Slot, Struct, TypeRef, TypeStore,
};

/// Whether `value` is valid at `slot`.
pub fn fits(value: &Literal, slot: &Slot, store: &TypeStore) -> bool {
    keeps(value, &slot.rules) && is_of(value, &slot.ty, store)
}

fn is_of(value: &Literal, ty: &TypeRef, store: &TypeStore) -> bool {
    match (ty, value) {
        (TypeRef::Json, _) => true,
        (TypeRef::Option(_), Literal::Null) => true,
        (TypeRef::Option(slot), value) => fits(value, slot, store),
        (TypeRef::Bool, Literal::Bool(_)) => true,
        (TypeRef::Signed, value) => within(value, i64::MIN.into(), i64::MAX.into()),
        (TypeRef::Unsigned, value) => within(value, 0, u64::MAX.into()),
        (TypeRef::Float, value) => value.as_f64().is_some(),
        (TypeRef::Number, value) => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        (TypeRef::Text | TypeRef::Media, Literal::Text(_)) => true,
        (TypeRef::JsonObject, Literal::Object(_)) => true,
        (TypeRef::File(kind), Literal::Object(members)) => is_file(*kind, members),
        (TypeRef::List(item), Literal::List(items)) => all(items, item, store),
        (TypeRef::Array(item, length), Literal::List(items)) => {
            items.len() == *length && all(items, item, store)
        }
        (TypeRef::Map(item), Literal::Object(members)) => {
            members.iter().all(|(_, value)| fits(value, item, store))
        }
        (TypeRef::Tuple(slots), Literal::List(items)) => {
            slots.len() == items.len()
                && slots
                    .iter()
                    .zip(items)
                    .all(|(slot, item)| fits(item, slot, store))
        }
        (TypeRef::Named(id) | TypeRef::Boxed(id), value) => {
            is_shape(value, &store.get(*id).shape, store)
        }
        _ => false,
    }
}

fn within(value: &Literal, least: i128, most: i128) -> bool {
    value
        .as_integer()
        .is_some_and(|number| (least..=most).contains(&number))
}

fn all(items: &[Literal], slot: &Slot, store: &TypeStore) -> bool {
    items.iter().all(|item| fits(item, slot, store))
}

fn is_file(_: FileKind, members: &[(String, Literal)]) -> bool {
    members
        .iter()
        .any(|(name, value)| name == "url" && value.as_text().is_some())
}

fn is_shape(value: &Literal, shape: &Shape, store: &TypeStore) -> bool {
    match (shape, value) {
        (Shape::Enum(Enum { values, .. }), value) => {
            values.contains(value)
                || value
                    .as_integer()
                    .is_some_and(|number| values.contains(&Literal::Integer(number)))
        }
        (Shape::Union(union), value) => union
            .variants
            .iter()
            .any(|variant| fits(value, &variant.slot, store)),
        (Shape::Struct(object), Literal::Object(members)) => is_struct(object, members, store),
        (Shape::Struct(_), _) => false,
    }
}

fn is_struct(object: &Struct, members: &[(String, Literal)], store: &TypeStore) -> bool {
    let member = |name: &str| {
        let found = members.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    };
    let fields = object
        .fields
        .iter()
        .all(|field| match (member(&field.wire), field.presence) {
            (Some(Literal::Null), Presence::Optional | Presence::Nullable) => true,
            (Some(value), _) => fits(value, &field.slot, store),
            (None, presence) => presence != Presence::Required,
        });
    fields
        && object
            .constants
            .iter()
            .all(|(name, value)| member(name) == Some(value))
}

fn keeps(value: &Literal, rules: &Rules) -> bool {
    let inside = |bound: &Option<Bound>, outside: fn(f64, f64) -> bool| {
        let (Some(bound), Some(number)) = (bound, value.as_f64()) else {
            return true;
        };
        let limit = bound.value.as_f64().unwrap_or(number);
        !(outside(number, limit) || bound.exclusive && number == limit)
    };
    inside(&rules.least, |number, limit| number < limit)
        && inside(&rules.most, |number, limit| number > limit)
        && keeps_length(value, rules)
        && keeps_step(value, rules)
        && keeps_pattern(value, rules)
}

fn keeps_length(value: &Literal, rules: &Rules) -> bool {
    let length = match value {
        Literal::Text(text) => text.chars().count() as u64,
        Literal::List(items) => items.len() as u64,
        _ => return true,
    };
    rules.min_length.is_none_or(|least| length >= least)
        && rules.max_length.is_none_or(|most| length <= most)
}

fn keeps_step(value: &Literal, rules: &Rules) -> bool {
    let step = rules.multiple_of.as_ref().and_then(Literal::as_f64);
    let (Some(step), Some(number)) = (step, value.as_f64()) else {
        return true;
    };
    let quotient = number / step;
    step == 0.0 || (quotient - quotient.round()).abs() <= 1e-9 * quotient.abs().max(1.0)
}

fn keeps_pattern(value: &Literal, rules: &Rules) -> bool {
    let (Some(pattern), Some(text)) = (&rules.pattern, value.as_text()) else {
        return true;
    };
    regex_lite::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
}
