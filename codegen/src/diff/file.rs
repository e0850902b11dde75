//! Compares a file type of the runtime with an object that has a generated type.

use super::change::Class;
use super::kind::Kind;
use super::position::Position;
use super::walk::{Side, Walk};
use crate::ir::{Field, FileKind, Presence, Shape, Struct, TypeId, TypeRef};
use crate::json::Type;

impl<'a> Walk<'a> {
    /// Reports a file that became an object with a generated type, because it has further members or members of other types.
    pub(super) fn file_became_struct(&mut self, kind: FileKind, id: TypeId, at: &Position) {
        let after = self.new.signatures.name(id).to_owned();
        let change = self.file_changed(at, runtime_name(kind), after);
        change.reason = "the file has a generated type now, instead of the runtime's".to_owned();
        for field in self.new.fields(id) {
            let pointer = self.new.pointer(id, field);
            let position = at.member(&field.wire, &at.old, &pointer);
            match (is_of(kind, &field.wire), field.presence) {
                (true, _) if !has_type_of(kind, field) => {
                    let after = self.new.signatures.field(field);
                    self.report_values(Kind::TypeChanged, &position, None, Some(after));
                }
                (false, Presence::Required) => {
                    let after = self.new.signatures.field(field);
                    let kind = Kind::RequiredPropertyAdded;
                    self.report_values(kind, &position, None, Some(after));
                }
                (false, _) => {
                    let after = self.new.signatures.field(field);
                    self.report_values(Kind::PropertyAdded, &position, None, Some(after));
                }
                (true, Presence::Required) if field.wire != "url" => {
                    self.report(Kind::BecameRequired, &position);
                }
                (true, presence) if field.wire == "url" => {
                    if presence != Presence::Required {
                        self.report(Kind::BecameOptional, &position);
                    }
                    if is_nullable(field) {
                        self.report(Kind::BecameNullable, &position);
                    }
                }
                (true, _) => {}
            }
        }
    }

    /// Reports an object that has only members of files now, and therefore a file type of the runtime.
    pub(super) fn struct_became_file(&mut self, id: TypeId, kind: FileKind, at: &Position) {
        let before = self.old.signatures.name(id).to_owned();
        let change = self.file_changed(at, before, runtime_name(kind));
        change.reason =
            "the file has the runtime's type now, instead of a generated one".to_owned();
        for field in self.old.fields(id) {
            let pointer = self.old.pointer(id, field);
            let position = at.member(&field.wire, &pointer, &at.new);
            match (is_of(kind, &field.wire), field.presence) {
                (true, _) if !has_type_of(kind, field) => {
                    let before = self.old.signatures.field(field);
                    self.report_values(Kind::TypeChanged, &position, Some(before), None);
                }
                (false, _) => {
                    let before = self.old.signatures.field(field);
                    self.report_values(Kind::PropertyRemoved, &position, Some(before), None);
                }
                (true, Presence::Required) if field.wire != "url" => {
                    self.report(Kind::BecameOptional, &position);
                }
                (true, presence) if field.wire == "url" => {
                    if presence != Presence::Required {
                        self.report(Kind::BecameRequired, &position);
                    }
                    if is_nullable(field) {
                        self.report(Kind::BecameNonNullable, &position);
                    }
                }
                (true, _) => {}
            }
        }
    }

    /// Reports the change of the Rust type. The changes of the members say what it means for the JSON.
    fn file_changed(
        &mut self,
        at: &Position,
        before: String,
        after: String,
    ) -> &mut super::change::Change {
        let change = self.report_values(Kind::TypeChanged, at, Some(before), Some(after));
        change.wire = Class::None;
        change
    }
}

impl<'a> Side<'a> {
    /// Whether a type is an object with known members.
    pub(super) fn is_struct(&self, id: TypeId) -> bool {
        matches!(self.def(id).shape, Shape::Struct(_))
    }

    fn fields(&self, id: TypeId) -> &'a [Field] {
        match &self.def(id).shape {
            Shape::Struct(Struct { fields, .. }) => fields,
            Shape::Enum(_) | Shape::Union(_) => &[],
        }
    }

    fn pointer(&self, id: TypeId, field: &Field) -> String {
        let def = self.def(id);
        let pointer = def.property_pointers.get(&field.wire);
        pointer.unwrap_or(&def.pointer).clone()
    }
}

fn runtime_name(kind: FileKind) -> String {
    format!("fal_sdk::{}", kind.name())
}

fn is_of(kind: FileKind, name: &str) -> bool {
    kind.members().any(|(known, _)| known == name)
}

/// Whether a member has the same type as in the runtime's file type. An integer is a number, too.
fn has_type_of(kind: FileKind, field: &Field) -> bool {
    let ty = match &field.value.ty {
        TypeRef::Option(inner) => inner.ty.json_type(),
        ty => ty.json_type(),
    };
    let mut members = kind.members().filter(|(name, _)| *name == field.wire);
    members.any(|(_, types)| match ty {
        _ if types.is_empty() => true,
        Some(Type::Integer) => types.contains(&Type::Integer) || types.contains(&Type::Number),
        Some(ty) => types.contains(&ty),
        None => false,
    })
}

fn is_nullable(field: &Field) -> bool {
    matches!(field.value.ty, TypeRef::Option(_)) || field.presence == Presence::Nullable
}
