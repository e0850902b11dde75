//! Compares objects with known members.

use std::sync::LazyLock;

use super::change::{Class, Direction};
use super::kind::Kind;
use super::position::Position;
use super::relation::covers;
use super::walk::{Side, Walk};
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

    /// The position of a property. For a side that does not have the property, the pointer is that of the object's schema.
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
                self.removed(field, new, &position);
            }
        }
    }

    /// Reports a property that was removed. In a request, it is then an undeclared member, which the new schema may forbid, or
    /// which must have the type of additional properties.
    fn removed(&mut self, field: &Field, new: &Object<'a>, at: &Position) {
        let before = self.old.signatures.field(field);
        let is_forbidden = forbids_undeclared(&self.new, new.id);
        let additional = new.shape.additional_properties.as_deref();
        let fits = additional
            .is_none_or(|values| covers((&self.new, &values.ty), (&self.old, &field.value.ty)));
        let change = self.report_values(Kind::PropertyRemoved, at, Some(before), None);
        if at.direction == Direction::Output {
            return;
        }
        let why = match (is_forbidden, fits) {
            (true, _) => {
                "requests that still have it are refused, because the schema forbids members that it does not declare"
            }
            (false, false) => {
                "requests that still have it are refused, because it is not of the type of additional properties"
            }
            (false, true) => return,
        };
        change.wire = Class::Breaking;
        change.reason = format!("the field is gone, and {why}");
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

    /// Compares whether members that the schemas do not declare are valid.
    fn undeclared(&mut self, old: &Object<'a>, new: &Object<'a>, at: &Position) {
        let before = forbids_undeclared(&self.old, old.id);
        let after = forbids_undeclared(&self.new, new.id);
        // If additional properties are described, their comparison reports the change.
        match (before, after) {
            (false, true) if old.shape.additional_properties.is_none() => {
                self.report(Kind::UndeclaredForbidden, at);
            }
            (true, false) if new.shape.additional_properties.is_none() => {
                self.report(Kind::UndeclaredAllowed, at);
            }
            _ => {}
        }
    }

    /// Compares additional properties.
    fn rest(&mut self, old: &Object<'a>, new: &Object<'a>, at: &Position) {
        let position = at.each();
        self.undeclared(old, new, at);
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
                let is_forbidden = forbids_undeclared(&self.new, new.id);
                let change = self.report_values(Kind::ExtraMembersRemoved, &position, before, None);
                if is_forbidden && at.direction == Direction::Input {
                    change.wire = Class::Breaking;
                    change.reason =
                        "the field `extra` is gone; requests with further members are refused"
                            .to_owned();
                }
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

    /// Reports a change of the constructor `new` that no change of a member explains: the same arguments in another order, or
    /// other arguments.
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
        changes.any(|change| change.rust == Class::Breaking)
    }
}

/// Whether the schema of an object forbids members that it does not declare.
fn forbids_undeclared(side: &Side<'_>, id: TypeId) -> bool {
    side.def(id).docs.unlisted == Some(false)
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
