//! The pass that brings the alternatives of `anyOf`, `oneOf` and lists of types to one flat list without repetitions.

use serde_json::Value;

use super::merge::merge;
use crate::constraint::Constraints;
use crate::source::{Annotations, Schema, Type, last_segment};

pub(super) fn pass(schema: &mut Schema) {
    split_types(schema);
    if schema.any_of.is_empty() && schema.one_of.is_empty() {
        return;
    }
    flatten(schema);
    drop_pure_requirements(schema);
    push_down(schema);
    // The keywords beside the alternatives may allow several types, so that each alternative is a choice now.
    schema.any_of.iter_mut().for_each(split_types);
    flatten(schema);
    merge_numbers(&mut schema.any_of);
    merge_enums(schema);
    dedup(&mut schema.any_of);
    if schema.any_of.len() == 1
        && let Some(only) = schema.any_of.pop()
    {
        merge(schema, only);
    }
}

/// Splits a list of types: `type: [string, integer]` becomes a choice between a string and an integer, each with the keywords
/// that apply to it. An enum without a type that lists values of several types is split in the same way.
///
/// Types beside a reference are not split: which of them are possible is known only when the reference is followed.
fn split_types(schema: &mut Schema) {
    let is_choice = !schema.any_of.is_empty() || !schema.one_of.is_empty();
    if is_choice || schema.reference.is_some() {
        return;
    }
    if schema.types.is_empty() {
        schema.types = types_of_mixed(schema.values.as_deref().unwrap_or_default());
    }
    if schema.types.len() < 2 {
        return;
    }
    let types = std::mem::take(&mut schema.types);
    let constraints = std::mem::take(&mut schema.constraints);
    let list = std::mem::take(&mut schema.list);
    let object = std::mem::take(&mut schema.object);
    let values = schema.values.take();
    schema.any_of = types
        .into_iter()
        .map(|ty| Schema {
            pointer: schema.pointer.clone(),
            types: vec![ty],
            constraints: constraints.about(ty),
            list: keep(ty == Type::Array, &list),
            object: keep(ty == Type::Object, &object),
            values: values.as_ref().map(|values| {
                let own = values.iter().filter(|value| ty.has(value));
                own.cloned().collect()
            }),
            ..Schema::default()
        })
        .filter(|alternative| alternative.values.as_ref().is_none_or(|v| !v.is_empty()))
        .collect();
}

/// The types of listed values, if these have more than one.
fn types_of_mixed(values: &[Value]) -> Vec<Type> {
    let number = match values
        .iter()
        .filter(|value| value.is_number())
        .all(Value::is_i64)
    {
        true => Type::Integer,
        false => Type::Number,
    };
    let mut types = vec![
        Type::Boolean,
        number,
        Type::String,
        Type::Array,
        Type::Object,
    ];
    types.retain(|ty| values.iter().any(|value| ty.has(value)));
    if types.len() < 2 { Vec::new() } else { types }
}

fn keep<T: Clone + Default>(applies: bool, rules: &T) -> T {
    if applies { rules.clone() } else { T::default() }
}

/// Replaces a choice inside a choice by its alternatives. `oneOf` differs from `anyOf` only for values that satisfy two
/// alternatives, which then have the same type.
fn flatten(schema: &mut Schema) {
    let members = std::mem::take(&mut schema.any_of)
        .into_iter()
        .chain(std::mem::take(&mut schema.one_of));
    for mut member in members {
        schema.nullable |= std::mem::take(&mut member.nullable);
        let is_choice = !member.any_of.is_empty() && member.discriminator.is_none();
        if is_choice && member.reference.is_none() {
            schema.any_of.append(&mut member.any_of);
        } else {
            schema.any_of.push(member);
        }
    }
}

/// Removes alternatives that only require members, such as `{"required": ["a"]}`, because they do not describe types. They are
/// not checked.
fn drop_pure_requirements(schema: &mut Schema) {
    let only_requires = |member: &Schema| {
        member.types.is_empty()
            && member.reference.is_none()
            && member.object.properties.is_empty()
            && !member.object.required.is_empty()
    };
    let owns_shape = !schema.object.properties.is_empty();
    if owns_shape
        && schema.any_of.iter().all(only_requires)
        && let Some(first) = std::mem::take(&mut schema.any_of).first()
    {
        schema.unchecked.push(schema.choice_pointer(first));
    }
}

/// Merges the keywords beside the alternatives into each of them, so that no alternative lacks a member that is declared
/// beside it. If an alternative is a reference, they become keywords beside the reference.
fn push_down(schema: &mut Schema) {
    if schema.any_of.is_empty() {
        return;
    }
    let beside = Schema {
        types: std::mem::take(&mut schema.types),
        values: schema.values.take(),
        constant: schema.constant.take(),
        // They also stay beside the alternatives, and apply to alternatives that are merged.
        constraints: schema.constraints.clone(),
        list: std::mem::take(&mut schema.list),
        object: std::mem::take(&mut schema.object),
        ..Schema::default()
    };
    if !beside.restricts() {
        return;
    }
    for member in &mut schema.any_of {
        merge(member, beside.clone());
    }
    schema.any_of.retain(|member| !member.never);
    schema.never |= schema.any_of.is_empty();
}

/// Merges an integer with a number of the same constraints, or without constraints, because an integer is a number.
fn merge_numbers(members: &mut Vec<Schema>) {
    let is = |member: &Schema, ty| is_numeric(member) && member.types == [ty];
    let numbers: Vec<Constraints> = members
        .iter()
        .filter(|member| is(member, Type::Number))
        .map(|member| member.constraints.clone())
        .collect();
    members.retain(|member| {
        let includes = |number: &Constraints| number.is_empty() || *number == member.constraints;
        !(is(member, Type::Integer) && numbers.iter().any(includes))
    });
}

/// Whether a schema consists of a type and constraints only.
fn is_numeric(member: &Schema) -> bool {
    let mut bare = member.clone();
    bare.constraints = Constraints::default();
    is_plain(&bare)
}

fn is_plain(member: &Schema) -> bool {
    let bare = Schema {
        pointer: member.pointer.clone(),
        types: member.types.clone(),
        notes: member.notes.clone(),
        ..Schema::default()
    };
    *member == bare
}

/// Merges enums of strings, and enums of integers. If a plain string is another alternative, the merged enum is open.
fn merge_enums(schema: &mut Schema) {
    describe_values(schema);
    for is_kind in [Value::is_string, Value::is_i64] {
        merge_enums_of(&mut schema.any_of, |member| is_enum(member, is_kind));
    }
}

fn merge_enums_of(members: &mut Vec<Schema>, is_kind: impl Fn(&Schema) -> bool) {
    let Some(first) = members.iter().position(&is_kind) else {
        return;
    };
    let mut all: Vec<Value> = Vec::new();
    for member in members.iter().filter(|member| is_kind(member)) {
        for value in member.listed_values() {
            if !all.contains(value) {
                all.push(value.clone());
            }
        }
    }
    let is_text = all.iter().all(Value::is_string);
    let plain_text =
        |member: &Schema| is_text && is_plain(member) && member.types == [Type::String];
    let opened = |member: &Schema| plain_text(member) || is_kind(member) && member.open;
    let open = members.iter().any(opened);
    let single_constant = members[first].constant.is_some() && all.len() == 1 && !open;
    if !single_constant {
        members[first].constant = None;
        members[first].values = Some(all);
        members[first].open = open;
    }
    let mut index = 0;
    members.retain(|member| {
        let keep = index == first || !(is_kind(member) || open && plain_text(member));
        index += 1;
        keep
    });
}

/// Moves the titles and descriptions of alternatives that are one value each to the description of the whole: they are about
/// the value, and its alternative is going to be merged with others.
fn describe_values(schema: &mut Schema) {
    let is_value =
        |member: &Schema| member.reference.is_none() && member.listed_values().count() == 1;
    let values = schema.any_of.iter().filter(|member| is_value(member));
    if values.count() < 2 {
        return;
    }
    let mut lines = Vec::new();
    for member in schema.any_of.iter_mut().filter(|member| is_value(member)) {
        let texts = [member.notes.title.take(), member.notes.description.take()];
        let texts: Vec<String> = texts.into_iter().flatten().collect();
        if let Some(value) = member.listed_values().next().filter(|_| !texts.is_empty()) {
            let texts = texts.join(": ");
            let texts = texts.split_whitespace().collect::<Vec<_>>().join(" ");
            lines.push(format!("- `{value}`: {texts}"));
        }
    }
    if !lines.is_empty() {
        let own = schema.notes.description.take();
        let paragraphs: Vec<String> = own.into_iter().chain([lines.join("\n")]).collect();
        schema.notes.description = Some(paragraphs.join("\n\n"));
    }
}

fn is_enum(member: &Schema, is_kind: fn(&Value) -> bool) -> bool {
    member.reference.is_none()
        && member.listed_values().next().is_some()
        && member.listed_values().all(is_kind)
}

/// Keeps the first of several alternatives that differ only in annotations.
fn dedup(members: &mut Vec<Schema>) {
    let mut kept: Vec<(Schema, Schema)> = Vec::new();
    for member in members.drain(..) {
        let mut bare = member.clone();
        strip_notes(&mut bare);
        if !kept.iter().any(|(known, _)| *known == bare) {
            kept.push((bare, member));
        }
    }
    members.extend(kept.into_iter().map(|(_, member)| member));
}

fn strip_notes(schema: &mut Schema) {
    schema.pointer.clear();
    for pointer in &mut schema.unchecked {
        *pointer = last_segment(pointer).to_owned();
    }
    schema.notes = Annotations::default();
    schema.for_each_child(&mut strip_notes);
}
