//! Merges two schemas that both apply into one.

use serde_json::Value;

use crate::json::is_same;
use crate::source::{
    Additional, Annotations, ListRules, ObjectRules, Schema, Type, last_segment, push_pointer,
};

/// Adds the restrictions of `inner` to `outer`. Titles, descriptions and other annotations that `outer` has are kept.
pub(super) fn merge(outer: &mut Schema, mut inner: Schema) {
    let first = inner.any_of.first().or(inner.one_of.first());
    let listed_at = first.map(|first| inner.choice_pointer(first));
    merge_reference(outer, &mut inner);
    outer.never |= inner.never;
    merge_values(outer, &mut inner);
    merge_types(outer, &inner.types);
    outer.nullable |= inner.nullable;
    outer.open |= inner.open;
    add_notes(&mut outer.notes, inner.notes);
    for keyword in outer.constraints.add_all(inner.constraints) {
        uncheck(outer, &inner.pointer, keyword);
    }
    merge_list(&mut outer.list, inner.list);
    merge_object(&mut outer.object, inner.object);
    outer.never |= outer.types == [Type::Object] && requires_impossible(&outer.object);
    if let Some(listed_at) = listed_at {
        merge_alternatives(outer, inner.any_of, inner.one_of, listed_at);
    }
    outer.all_of.extend(inner.all_of);
    outer.discriminator = outer.discriminator.take().or(inner.discriminator);
    for pointer in inner.unchecked {
        if !outer.unchecked.contains(&pointer) {
            outer.unchecked.push(pointer);
        }
    }
}

/// Keeps both references if there are two: one of them becomes a member of `allOf`, and is followed later.
fn merge_reference(outer: &mut Schema, inner: &mut Schema) {
    if outer.reference.is_none() {
        outer.reference = inner.reference.take();
    } else if inner.reference.is_some() && inner.reference != outer.reference {
        outer.all_of.push(Schema {
            reference: inner.reference.take(),
            ..Schema::unspecified(inner.pointer.clone())
        });
    }
}

/// Adds the restrictions of one schema to another, normalised one; `follow` finds the target of a reference.
pub(crate) fn combine(
    outer: &mut Schema,
    mut inner: Schema,
    follow: &mut dyn FnMut(&Schema) -> Option<Schema>,
) {
    follow_alternatives(outer, &mut inner, follow);
    merge(outer, inner);
    super::settle(outer);
}

/// Records that a keyword of the inner schema is not checked, because it could not be merged.
fn uncheck(outer: &mut Schema, pointer: &str, keyword: &str) {
    outer.unchecked.push(push_pointer(pointer, keyword));
}

fn merge_types(outer: &mut Schema, inner: &[Type]) {
    if outer.types.is_empty() {
        outer.types = inner.to_vec();
    } else if !inner.is_empty() {
        let both: Vec<Type> = outer
            .types
            .iter()
            .filter_map(|ty| common(*ty, inner))
            .collect();
        outer.never |= both.is_empty();
        outer.types = both;
    }
}

/// The type that values of `ty` and of one of the others have in common. Every integer is a number.
fn common(ty: Type, others: &[Type]) -> Option<Type> {
    let has = |ty| others.contains(&ty);
    match ty {
        ty if has(ty) => Some(ty),
        Type::Integer if has(Type::Number) => Some(Type::Integer),
        Type::Number if has(Type::Integer) => Some(Type::Integer),
        _ => None,
    }
}

/// The largest number of combinations of alternatives that are multiplied out.
const MOST_COMBINATIONS: usize = 32;

/// Merges two lists of alternatives by multiplying them out. If there would be too many combinations, or they refer to
/// components, the inner alternatives are not checked, and members that they may declare are accepted as undeclared members.
fn merge_alternatives(
    outer: &mut Schema,
    any_of: Vec<Schema>,
    one_of: Vec<Schema>,
    listed_at: String,
) {
    if outer.any_of.is_empty() && outer.one_of.is_empty() {
        outer.any_of = any_of;
        outer.one_of = one_of;
        return;
    }
    let theirs: Vec<Schema> = any_of.into_iter().chain(one_of).collect();
    let ours = outer.any_of.len() + outer.one_of.len();
    let written = |member: &Schema| member.reference.is_none();
    let mut all = outer.any_of.iter().chain(&outer.one_of).chain(&theirs);
    if all.all(written) && ours * theirs.len() <= MOST_COMBINATIONS {
        multiply_out(outer, &theirs);
    } else {
        outer.unchecked.push(listed_at);
        let additional = &mut outer.object.additional;
        if *additional == Additional::Unspecified && theirs.iter().any(may_be_object) {
            *additional = Additional::Any;
        }
    }
}

fn may_be_object(member: &Schema) -> bool {
    member.reference.is_some() || member.object != ObjectRules::default()
}

/// Replaces references by their targets where both schemas have alternatives, which can then be multiplied out. The alternatives
/// of a discriminator stay references, because their names are the values of the discriminator.
pub(super) fn follow_alternatives(
    one: &mut Schema,
    other: &mut Schema,
    follow: &mut dyn FnMut(&Schema) -> Option<Schema>,
) {
    let count = |schema: &Schema| schema.any_of.len() + schema.one_of.len();
    if !(1..=MOST_COMBINATIONS).contains(&(count(one) * count(other))) {
        return;
    }
    for schema in [one, other] {
        if schema.discriminator.is_some() {
            continue;
        }
        for member in schema.any_of.iter_mut().chain(&mut schema.one_of) {
            if let Some(reference) = &member.reference
                && let Some(mut whole) = follow(member)
            {
                // The alternative keeps the name of its component.
                let name = last_segment(reference).to_owned();
                whole.notes.title.get_or_insert(name);
                *member = whole;
            }
        }
    }
}

/// Replaces the alternatives of `outer` by one for each pair that some value satisfies.
fn multiply_out(outer: &mut Schema, theirs: &[Schema]) {
    let ours = std::mem::take(&mut outer.any_of)
        .into_iter()
        .chain(std::mem::take(&mut outer.one_of));
    for ours in ours {
        for theirs in theirs {
            let mut both = ours.clone();
            merge(&mut both, theirs.clone());
            both.notes.title = both_titles(&ours.notes, &theirs.notes);
            if !both.never {
                outer.any_of.push(both);
            }
        }
    }
    outer.never |= outer.any_of.is_empty();
}

/// The titles of two schemas that apply together.
fn both_titles(one: &Annotations, other: &Annotations) -> Option<String> {
    match (&one.title, &other.title) {
        (Some(one), Some(other)) if one != other => Some(format!("{one} {other}")),
        (one, other) => one.clone().or(other.clone()),
    }
}

/// Adds those annotations of another schema that the first one does not have.
pub(crate) fn add_notes(outer: &mut Annotations, inner: Annotations) {
    outer.title = outer.title.take().or(inner.title);
    outer.description = outer.description.take().or(inner.description);
    outer.default = outer.default.take().or(inner.default);
    outer.format = outer.format.take().or(inner.format);
    outer.deprecated |= inner.deprecated;
    if outer.examples.is_empty() {
        outer.examples = inner.examples;
    }
    for (name, value) in inner.hints {
        if !outer.hints.iter().any(|(known, _)| *known == name) {
            outer.hints.push((name, value));
        }
    }
}

/// Keeps the values that both schemas list and that the types of the other schema allow. A constant is a list of one value.
fn merge_values(outer: &mut Schema, inner: &mut Schema) {
    let is_constant = outer.constant.is_some() || inner.constant.is_some();
    let ours = listed(outer, &inner.types);
    let theirs = listed(inner, &outer.types);
    let mut both = match (ours, theirs) {
        (Some(mut ours), Some(theirs)) => {
            ours.retain(|value| theirs.iter().any(|other| is_same(value, other)));
            ours
        }
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => return,
    };
    outer.never |= both.is_empty();
    match is_constant {
        true => outer.constant = both.pop(),
        false => outer.values = Some(both),
    }
}

/// Removes and returns the values that a schema lists, without those of other types.
fn listed(schema: &mut Schema, types: &[Type]) -> Option<Vec<Value>> {
    let mut values = match (schema.values.take(), schema.constant.take()) {
        (Some(values), Some(constant)) if !values.contains(&constant) => Vec::new(),
        (_, Some(constant)) => vec![constant],
        (values, None) => values?,
    };
    values.retain(|value| types.is_empty() || types.iter().any(|ty| ty.has(value)));
    Some(values)
}

/// Merges the items position by position. A schema for all items of one list applies to the positions that only the other
/// list describes.
fn merge_list(outer: &mut ListRules, inner: ListRules) {
    let described = outer.prefix.len();
    for (index, place) in inner.prefix.iter().enumerate() {
        match (outer.prefix.get_mut(index), &outer.items) {
            (Some(ours), _) => merge(ours, place.clone()),
            (None, ours) => {
                let mut place = place.clone();
                if let Some(ours) = ours {
                    merge(&mut place, (**ours).clone());
                }
                outer.prefix.push(place);
            }
        }
    }
    if let Some(theirs) = &inner.items {
        for ours in (outer.prefix.iter_mut().take(described)).skip(inner.prefix.len()) {
            merge(ours, (**theirs).clone());
        }
    }
    match (&mut outer.items, inner.items) {
        (Some(ours), Some(theirs)) => merge(ours, *theirs),
        (ours @ None, theirs) => *ours = theirs,
        _ => {}
    }
}

/// Whether a member is required that no value is valid for.
fn requires_impossible(object: &ObjectRules) -> bool {
    let mut properties = object.properties.iter();
    properties.any(|(name, schema)| schema.never && object.required.contains(name))
}

/// Merges the members. The schema of additional properties of one object applies to the members that only the other declares.
fn merge_object(outer: &mut ObjectRules, inner: ObjectRules) {
    outer.ordered |= inner.ordered;
    if let Additional::Typed(theirs) = &inner.additional {
        for (name, schema) in &mut outer.properties {
            if !inner.properties.iter().any(|(known, _)| known == name) {
                merge(schema, (**theirs).clone());
            }
        }
    }
    for (name, mut schema) in inner.properties {
        let mut known = outer.properties.iter_mut();
        if let Some((_, known)) = known.find(|(known, _)| *known == name) {
            merge(known, schema);
            continue;
        }
        if let Additional::Typed(ours) = &outer.additional {
            merge(&mut schema, (**ours).clone());
        }
        outer.properties.push((name, schema));
    }
    for name in inner.required {
        if !outer.required.contains(&name) {
            outer.required.push(name);
        }
    }
    match (&mut outer.additional, inner.additional) {
        (Additional::Typed(ours), Additional::Typed(theirs)) => merge(ours, *theirs),
        (ours @ (Additional::Unspecified | Additional::Any), theirs)
            if theirs != Additional::Unspecified =>
        {
            *ours = theirs;
        }
        // Forbidden additional properties are ignored anyway, so that a schema for them is worth more.
        (ours @ Additional::None, theirs @ Additional::Typed(_)) => *ours = theirs,
        _ => {}
    }
}
