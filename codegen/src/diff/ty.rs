//! Compares values whose types differ, and values whose types have no inner types.

use std::collections::BTreeMap;

use super::change::{Class, Direction};
use super::kind::Kind;
use super::position::Position;
use super::relation::{covers, loses_members};
use super::walk::{Side, Walk};
use crate::ir::{ConstrainedType, Shape, TypeId, TypeRef};

impl Walk<'_> {
    /// Compares values that have no inner types in common.
    pub(super) fn plain(&mut self, old: &ConstrainedType, new: &ConstrainedType, at: &Position) {
        match (&old.ty, &new.ty) {
            (a, b) if a == b && !is_named(a) => self.rules(old, new, at),
            (TypeRef::Text, TypeRef::Media) => {
                self.report(Kind::BecameMedia, at);
                self.rules(old, new, at);
            }
            (TypeRef::Media, TypeRef::Text) => {
                self.report(Kind::BecameText, at);
                self.rules(old, new, at);
            }
            (TypeRef::File(kind), TypeRef::Named(id)) if self.new.is_struct(*id) => {
                self.file_became_struct(*kind, *id, at);
            }
            (TypeRef::Named(id), TypeRef::File(kind)) if self.old.is_struct(*id) => {
                self.struct_became_file(*id, *kind, at);
            }
            (a, b) => {
                self.type_changed(a, b, at);
                if is_number(a) && is_number(b) {
                    self.rules(old, new, at);
                }
            }
        }
    }

    fn type_changed(&mut self, old: &TypeRef, new: &TypeRef, at: &Position) {
        let before = self.old.signatures.ty(old);
        let after = self.new.signatures.ty(new);
        let (wire, why) = self.wire_class(old, new, at.direction);
        let change = self.report_values(Kind::TypeChanged, at, Some(before), Some(after));
        change.wire = wire;
        change.reason = format!("the Rust type is another one; {why}");
        self.shared_parts(old, new, at);
    }

    /// Classifies the change to another type, for requests and results as JSON.
    fn wire_class(
        &self,
        old: &TypeRef,
        new: &TypeRef,
        direction: Direction,
    ) -> (Class, &'static str) {
        let (was, is) = ((&self.old, old), (&self.new, new));
        let takes_old = covers(is, was);
        let takes_new = covers(was, is);
        match direction {
            _ if takes_old && takes_new && !loses_members(was, is) && !loses_members(is, was) => {
                (Class::None, "the JSON is the same")
            }
            Direction::Input if takes_old => (
                Class::Additive,
                "the server accepts all values that it accepted before, and more",
            ),
            Direction::Input => (
                Class::Breaking,
                "the server refuses values that it accepted before",
            ),
            Direction::Output if takes_new && !loses_members(was, is) => (
                Class::Additive,
                "every value that is returned was possible before",
            ),
            Direction::Output => (
                Class::Breaking,
                "results may have values that old readers do not expect",
            ),
        }
    }

    /// Compares types that have the same name on both sides, in the two values or in their alternatives. A struct that became an
    /// alternative of a union may itself have changed, too.
    fn shared_parts(&mut self, old: &TypeRef, new: &TypeRef, at: &Position) {
        let theirs = mentioned(&self.new, new);
        for (name, old) in mentioned(&self.old, old) {
            let Some(new) = theirs.get(&name) else {
                continue;
            };
            let is_union = matches!(self.old.def(old).shape, Shape::Union(_));
            if !is_union && self.same_sort(old, *new) {
                self.types(old, *new, at);
            }
        }
    }
}

/// The structs and enums in a value and in the alternatives of its unions, by name.
fn mentioned(side: &Side<'_>, ty: &TypeRef) -> BTreeMap<String, TypeId> {
    let mut found = BTreeMap::new();
    let mut note = |id: TypeId| {
        found.insert(side.signatures.name(id).to_owned(), id);
    };
    ty.for_each_id(&mut |id| match &side.def(id).shape {
        Shape::Union(union) => union
            .variants
            .iter()
            .for_each(|variant| variant.value.ty.for_each_id(&mut note)),
        _ => note(id),
    });
    found
}

fn is_named(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Named(_) | TypeRef::Boxed(_))
}

fn is_number(ty: &TypeRef) -> bool {
    matches!(
        ty,
        TypeRef::Signed | TypeRef::Unsigned | TypeRef::Float | TypeRef::BigInteger
    )
}
