//! Compares a member that both sides have.

use super::change::{Class, Direction};
use super::kind::Kind;
use super::position::Position;
use super::structure::Member;
use super::walk::Walk;
use crate::emit::Signature;
use serde_json::Value;

use crate::ir::{ConstrainedType, Docs, Field, Presence, TypeRef};
use crate::json::canonical::to_line;
use crate::json::is_same;

/// What `null` means for a member.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Null {
    /// `null` is refused, or means the same as leaving the member out.
    Nothing,
    /// `null` is a value of its own.
    Value,
}

impl<'a> Walk<'a> {
    pub(super) fn member(
        &mut self,
        old: (Member<'a>, &Signature),
        new: (Member<'a>, &Signature),
        at: &Position,
    ) {
        let ((was, old_signature), (is, new_signature)) = (old, new);
        let since = self.changes.len();
        self.field_name(old_signature, new_signature, &was.field.wire, at);
        self.presence(was, is, at);
        self.value(value(was.field), value(is.field), at);
        self.default(was, is, (old_signature, new_signature), at);
        self.default_item(was, is, (old_signature, new_signature), at);
        self.field_docs_changed(was, is, at);
        self.unexplained(
            was.field,
            is.field,
            (old_signature, new_signature),
            at,
            since,
        );
    }

    fn field_name(&mut self, old: &Signature, new: &Signature, wire: &str, at: &Position) {
        if let (Some(before), Some(after)) = (old.names.get(wire), new.names.get(wire))
            && before != after
        {
            self.report_values(
                Kind::FieldRenamed,
                at,
                Some(before.clone()),
                Some(after.clone()),
            );
        }
    }

    fn presence(&mut self, was: Member<'_>, is: Member<'_>, at: &Position) {
        let required = |field: &Field| field.presence == Presence::Required;
        let kind = match (required(was.field), required(is.field)) {
            (true, false) => Some(Kind::BecameOptional),
            (false, true) => Some(Kind::BecameRequired),
            _ => None,
        };
        if let Some(kind) = kind {
            self.requiredness(kind, was.field, is.field, at);
        }
        match (null(was.field), null(is.field)) {
            // For a member that could be left out, it is not known whether it could be `null`; for one that can be left out
            // now, `null` means the same.
            (Null::Nothing, Null::Value) if required(is.field) && !required(was.field) => {}
            (Null::Value, Null::Nothing) if required(was.field) && !required(is.field) => {}
            (Null::Nothing, Null::Value) => self.became_nullable(was.docs, at),
            (Null::Value, Null::Nothing) => self.became_non_nullable(is, at),
            _ => {}
        }
    }

    /// Reports that a member became required or optional. In an output, nothing changes for programs if the field was an
    /// `Option` already because of `null`.
    fn requiredness(&mut self, kind: Kind, was: &Field, is: &Field, at: &Position) {
        let null_stays = |field: &Field| matches!(field.value.ty, TypeRef::Option(_));
        let stays = at.direction == Direction::Output && (null_stays(was) || null_stays(is));
        let change = self.report(kind, at);
        if stays {
            change.rust = Class::None;
            change.reason = match kind {
                Kind::BecameRequired => {
                    "the field is an `Option` still; results always have it, be it `null`"
                }
                _ => "the field was an `Option` already; results may lack it now",
            }
            .to_owned();
        }
    }

    fn became_nullable(&mut self, was: &Docs, at: &Position) {
        let change = self.report(Kind::BecameNullable, at);
        if was.default == Some(Value::Null) {
            change.wire = Class::None;
            change.reason = "the Rust type can hold `null` now: `null` meant the same as leaving the member out, but the new default means something else".to_owned();
        }
    }

    /// Reports that `null` is no longer a value of its own. It is refused if the default is not `null`; otherwise it means the
    /// same as leaving the member out.
    fn became_non_nullable(&mut self, is: Member<'_>, at: &Position) {
        let optional = is.field.presence != Presence::Required;
        let change = self.report(Kind::BecameNonNullable, at);
        if optional && at.direction == Direction::Input && stated(is.docs).is_none() {
            change.wire = Class::None;
            change.reason =
                "the Rust type can no longer hold `null`: it now means the same as leaving the member out"
                    .to_owned();
        }
    }

    fn default(
        &mut self,
        was: Member<'_>,
        is: Member<'_>,
        signatures: (&Signature, &Signature),
        at: &Position,
    ) {
        let (before, after) = (stated(was.docs), stated(is.docs));
        let kind = match (before, after) {
            (None, None) => return,
            (Some(a), Some(b)) if is_same(a, b) => return,
            (None, Some(_)) => Kind::DefaultAdded,
            (Some(_), None) => Kind::DefaultRemoved,
            (Some(_), Some(_)) => Kind::DefaultChanged,
        };
        let show = |value: Option<&Value>| value.map(to_line);
        let wire = &was.field.wire;
        let items = (
            signatures.0.defaults.get(wire),
            signatures.1.defaults.get(wire),
        );
        let change = self.report_values(kind, at, show(before), show(after));
        let name = |signature: &Signature| {
            let name = signature.default_names.get(wire);
            name.map_or_else(|| "its item".to_owned(), |name| format!("`{name}`"))
        };
        let (old, new) = (name(signatures.0), name(signatures.1));
        let (class, what) = match items {
            (None, None) => return,
            (None, Some(_)) => (Class::Additive, format!("{new} is new in the code")),
            (Some(_), None) => (Class::Breaking, format!("{old} is gone from the code")),
            (Some(a), Some(b)) if a == b => (
                Class::Documentation,
                format!("{new} has another value in the code"),
            ),
            (Some(_), Some(_)) => (
                Class::Breaking,
                format!("{new} has another type in the code"),
            ),
        };
        change.rust = class;
        change.reason = format!("{what}; {}", change.reason);
    }

    /// Reports that the constant of an unchanged default was removed because the schema no longer accepts the default, or added
    /// because the schema accepts it now.
    fn default_item(
        &mut self,
        was: Member<'_>,
        is: Member<'_>,
        (old, new): (&Signature, &Signature),
        at: &Position,
    ) {
        let stays = match (stated(was.docs), stated(is.docs)) {
            (Some(before), Some(after)) => is_same(before, after),
            _ => false,
        };
        let wire = &was.field.wire;
        let item = |signature: &Signature| {
            let form = signature.defaults.get(wire)?;
            Some((signature.default_names.get(wire)?.clone(), form.clone()))
        };
        let (class, what, before, after) = match (item(old), item(new)) {
            (Some((name, form)), None) if stays => (
                Class::Breaking,
                format!("`{name}` is gone, because the schema no longer accepts the default"),
                Some(form),
                None,
            ),
            (None, Some((name, form))) if stays => (
                Class::Additive,
                format!("`{name}` is new, because the schema accepts the default now"),
                None,
                Some(form),
            ),
            _ => return,
        };
        let change = self.report_values(Kind::SignatureChanged, at, before, after);
        change.rust = class;
        change.reason = what;
    }

    /// Reports a changed signature that no other reported change explains.
    fn unexplained(
        &mut self,
        was: &Field,
        is: &Field,
        signatures: (&Signature, &Signature),
        at: &Position,
        since: usize,
    ) {
        let mut renamed = false;
        was.value
            .ty
            .for_each_id(&mut |id| renamed |= self.is_renamed(id));
        if renamed || self.explained(since) {
            return;
        }
        let (before, after) = (
            self.old.signatures.field(was),
            self.new.signatures.field(is),
        );
        let items = |signature: &Signature| signature.defaults.get(&was.wire).cloned();
        let (old_item, new_item) = (items(signatures.0), items(signatures.1));
        if before != after {
            self.report_values(Kind::SignatureChanged, at, Some(before), Some(after));
        } else if old_item.is_some() && old_item != new_item {
            self.report_values(Kind::SignatureChanged, at, old_item, new_item);
        }
    }
}

fn null(field: &Field) -> Null {
    match (field.presence, &field.value.ty) {
        (Presence::Required, TypeRef::Option(_)) | (Presence::Nullable, _) => Null::Value,
        _ => Null::Nothing,
    }
}

/// The value of a member without the `Option` that stands for `null`.
fn value(field: &Field) -> &ConstrainedType {
    match &field.value.ty {
        TypeRef::Option(inner) if field.presence == Presence::Required => inner,
        _ => &field.value,
    }
}

/// The default of a member, unless it is `null`, which only means that the member may be left out.
fn stated(docs: &Docs) -> Option<&Value> {
    docs.default.as_ref().filter(|value| !value.is_null())
}
