//! Compares members that always have one value.

use super::change::{Class, Direction};
use super::kind::Kind;
use super::position::Position;
use super::structure::Object;
use super::walk::{Side, Walk};
use serde_json::Value;

use crate::ir::{Field, Presence, Shape, Struct, TypeRef};
use crate::json::canonical::to_line;
use crate::json::is_same;

impl<'a> Walk<'a> {
    pub(super) fn constants(&mut self, old: &Object<'a>, new: &Object<'a>, at: &Position) {
        for (wire, before) in &old.shape.constants {
            let position = self.member_position(wire, old.id, new.id, at);
            match (constant(new.shape, wire), field(new.shape, wire)) {
                (Some(after), _) => self.constant_changed(before, after, &position),
                (None, Some(field)) => self.became_variable(before, field, &position),
                (None, None) => {
                    self.constant_is(Kind::ConstantRemoved, Some(before), None, &position);
                }
            }
        }
        for (wire, after) in &new.shape.constants {
            if constant(old.shape, wire).is_some() {
                continue;
            }
            let position = self.member_position(wire, old.id, new.id, at);
            match field(old.shape, wire) {
                Some(field) => self.became_constant(field, after, &position),
                None => self.constant_is(Kind::ConstantAdded, None, Some(after), &position),
            }
        }
    }

    fn constant_changed(&mut self, before: &Value, after: &Value, at: &Position) {
        if !is_same(before, after) {
            self.constant_is(Kind::ConstantChanged, Some(before), Some(after), at);
        }
    }

    /// Compares an enum with the constant that replaced it. On the wire, an enum of one value and a constant are the same.
    fn became_constant(&mut self, was: &Field, after: &Value, at: &Position) {
        let before = self.old.signatures.field(was);
        let same = only_value(&self.old, &was.value.ty).is_some_and(|only| is_same(only, after));
        let change =
            self.report_values(Kind::BecameConstant, at, Some(before), Some(to_line(after)));
        if same {
            change.wire = Class::None;
            change.reason = "the field is gone: it could have this value only".to_owned();
        }
    }

    fn became_variable(&mut self, before: &Value, is: &Field, at: &Position) {
        let after = self.new.signatures.field(is);
        let same = only_value(&self.new, &is.value.ty).is_some_and(|only| is_same(only, before));
        let change =
            self.report_values(Kind::BecameVariable, at, Some(to_line(before)), Some(after));
        if is.presence != Presence::Required && at.direction == Direction::Input {
            change.rust = Class::Additive;
            change.reason = "it is an option now; requests may send other values".to_owned();
        }
        if same {
            change.wire = Class::None;
            change.reason = "it is a field now, which can have this value only".to_owned();
        }
    }

    fn constant_is(
        &mut self,
        kind: Kind,
        before: Option<&Value>,
        after: Option<&Value>,
        at: &Position,
    ) {
        let show = |value: Option<&Value>| value.map(to_line);
        self.report_values(kind, at, show(before), show(after));
    }
}

fn constant<'a>(object: &'a Struct, wire: &str) -> Option<&'a Value> {
    let found = object.constants.iter().find(|(name, _)| name == wire);
    found.map(|(_, value)| value)
}

/// The value of an enum that lists only one value.
fn only_value<'a>(side: &Side<'a>, ty: &TypeRef) -> Option<&'a Value> {
    let TypeRef::Named(id) = ty else {
        return None;
    };
    match &side.def(*id).shape {
        Shape::Enum(listed) if listed.values.len() == 1 => listed.values.first(),
        _ => None,
    }
}

fn field<'a>(object: &'a Struct, wire: &str) -> Option<&'a Field> {
    object.fields.iter().find(|field| field.wire == wire)
}
