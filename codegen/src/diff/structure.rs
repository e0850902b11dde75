//! Comparison of objects with known members.

use std::sync::LazyLock;

use super::kind::Kind;
use super::position::Position;
use super::walk::Walk;
use crate::emit::Signature;
use crate::ir::{Docs, Field, Presence, Struct, TypeId};

/// A struct with the signatures that callers see of it.
pub(super) struct Object<'a> {
    pub(super) id: TypeId,
    pub(super) shape: &'a Struct,
    pub(super) signature: Signature,
}

/// A field with its documentation.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) field: &'a Field,
    pub(super) docs: &'a Docs,
}

static NOTHING_SAID: LazyLock<Docs> = LazyLock::new(Docs::default);

impl<'a> Walk<'a> {
    pub(super) fn structs(
        &mut self,
        old: (TypeId, &'a Struct),
        new: (TypeId, &'a Struct),
        at: &Position,
    ) {
        let old = Object {
            id: old.0,
            shape: old.1,
            signature: self.old.signatures.of(old.0),
        };
        let new = Object {
            id: new.0,
            shape: new.1,
            signature: self.new.signatures.of(new.0),
        };
        let before = self.changes.len();
        self.constants(&old, &new, at);
        self.kept_and_removed(&old, &new, at);
        self.added(&old, &new, at);
        self.rest(&old, &new, at);
        self.constraints(&old.shape.constraints, &new.shape.constraints, at);
        self.constructor(&old, &new, at, before);
    }

    /// The position of a property; where one side does not have it, the object's own schema stands for it.
    pub(super) fn member_position(
        &self,
        wire: &str,
        old: TypeId,
        new: TypeId,
        at: &Position,
    ) -> Position {
        let (was, is) = (self.old.def(old), self.new.def(new));
        let old = was.property_pointers.get(wire).unwrap_or(&was.pointer);
        let new = is.property_pointers.get(wire).unwrap_or(&is.pointer);
        at.member(wire, old, new)
    }

    fn kept_and_removed(&mut self, old: &Object<'a>, new: &Object<'a>, at: &Position) {
        for field in &old.shape.fields {
            let position = self.member_position(&field.wire, old.id, new.id, at);
            let was = Member {
                field,
                docs: docs(&self.old.def(old.id).field_docs, old.shape, field),
            };
            if let Some(kept) = find(new.shape, &field.wire) {
                let is = Member {
                    field: kept,
                    docs: docs(&self.new.def(new.id).field_docs, new.shape, kept),
                };
                self.member((was, &old.signature), (is, &new.signature), &position);
            } else if !new
                .shape
                .constants
                .iter()
                .any(|(name, _)| *name == field.wire)
            {
                let before = self.old.signatures.field(field);
                self.report_values(Kind::PropertyRemoved, &position, Some(before), None);
            }
        }
    }

    fn added(&mut self, old: &Object<'a>, new: &Object<'a>, at: &Position) {
        for field in &new.shape.fields {
            let was_constant = old
                .shape
                .constants
                .iter()
                .any(|(name, _)| *name == field.wire);
            if was_constant || find(old.shape, &field.wire).is_some() {
                continue;
            }
            let position = self.member_position(&field.wire, old.id, new.id, at);
            let kind = match field.presence {
                Presence::Required => Kind::RequiredPropertyAdded,
                _ => Kind::PropertyAdded,
            };
            let after = self.new.signatures.field(field);
            self.report_values(kind, &position, None, Some(after));
        }
    }

    /// Compares additional properties.
    fn rest(&mut self, old: &Object<'a>, new: &Object<'a>, at: &Position) {
        let position = at.each();
        match (
            &old.shape.additional_properties,
            &new.shape.additional_properties,
        ) {
            (None, None) => {}
            (None, Some(_)) => {
                let after = new.signature.rest.as_ref().map(|(_, ty)| ty.clone());
                self.report_values(Kind::ExtraMembersAdded, &position, None, after);
            }
            (Some(_), None) => {
                let before = old.signature.rest.as_ref().map(|(_, ty)| ty.clone());
                self.report_values(Kind::ExtraMembersRemoved, &position, before, None);
            }
            (Some(was), Some(is)) => {
                let (before, after) = (&old.signature.rest, &new.signature.rest);
                if let (Some((before, _)), Some((after, _))) = (before, after)
                    && before != after
                {
                    self.report_values(
                        Kind::FieldRenamed,
                        &position,
                        Some(before.clone()),
                        Some(after.clone()),
                    );
                }
                self.value(was, is, &position);
            }
        }
    }

    /// Reports a change of `new` that no change of a member explains: another order of the same arguments, or other arguments.
    fn constructor(&mut self, old: &Object<'a>, new: &Object<'a>, at: &Position, since: usize) {
        let (Some(was), Some(is)) = (&old.signature.parameters, &new.signature.parameters) else {
            return;
        };
        let common = |one: &[(String, String)], other: &[(String, String)]| -> Vec<String> {
            let names = one.iter().map(|(name, _)| name.clone());
            names
                .filter(|name| other.iter().any(|(known, _)| known == name))
                .collect()
        };
        let kind = if common(was, is) != common(is, was) {
            Kind::ParametersReordered
        } else if was != is && !self.explained(since) {
            Kind::SignatureChanged
        } else {
            return;
        };
        self.report_values(kind, at, Some(call(was)), Some(call(is)));
    }

    /// Whether a change that was reported after the first `since` ones already breaks Rust programs.
    pub(super) fn explained(&self, since: usize) -> bool {
        let mut changes = self.changes[since..].iter();
        changes.any(|change| change.rust == super::change::Class::Breaking)
    }
}

fn find<'a>(object: &'a Struct, wire: &str) -> Option<&'a Field> {
    object.fields.iter().find(|field| field.wire == wire)
}

fn docs<'a>(all: &'a [Docs], object: &Struct, field: &Field) -> &'a Docs {
    let index = object
        .fields
        .iter()
        .position(|known| known.wire == field.wire);
    index
        .and_then(|index| all.get(index))
        .unwrap_or(&NOTHING_SAID)
}

fn call(parameters: &[(String, String)]) -> String {
    let names: Vec<String> = parameters
        .iter()
        .map(|(name, ty)| format!("{name}: {ty}"))
        .collect();
    format!("new({})", names.join(", "))
}
