//! Members that always have one value.

use super::Kind;
use super::change::{Class, Direction};
use super::place::Place;
use super::structure::Object;
use super::walk::Walk;
use crate::ir::{Literal, Presence, Struct};

impl<'a> Walk<'a> {
    pub(super) fn constants(&mut self, old: &Object<'a>, new: &Object<'a>, at: &Place) {
        for (wire, before) in &old.shape.constants {
            let place = self.member_place(wire, old.id, new.id, at);
            let before = Some(before);
            match (constant(new.shape, wire), presence(new.shape, wire)) {
                (Some(after), _) => self.constant_changed(before, after, &place),
                (None, Some(presence)) => self.became_variable(before, presence, &place),
                (None, None) => self.constant_is(Kind::ConstantRemoved, before, None, &place),
            }
        }
        for (wire, after) in &new.shape.constants {
            if constant(old.shape, wire).is_some() {
                continue;
            }
            let place = self.member_place(wire, old.id, new.id, at);
            let kind = match presence(old.shape, wire) {
                Some(_) => Kind::BecameConstant,
                None => Kind::ConstantAdded,
            };
            self.constant_is(kind, None, Some(after), &place);
        }
    }

    fn constant_changed(&mut self, before: Option<&Literal>, after: &Literal, at: &Place) {
        if before.is_some_and(|before| !before.is_same(after)) {
            self.constant_is(Kind::ConstantChanged, before, Some(after), at);
        }
    }

    fn became_variable(&mut self, before: Option<&Literal>, presence: Presence, at: &Place) {
        self.constant_is(Kind::BecameVariable, before, None, at);
        if presence != Presence::Required
            && at.direction == Direction::Input
            && let Some(change) = self.changes.last_mut()
        {
            change.rust = Class::Additive;
            change.reason = "it is an option now; requests may send other values".to_owned();
        }
    }

    fn constant_is(
        &mut self,
        kind: Kind,
        before: Option<&Literal>,
        after: Option<&Literal>,
        at: &Place,
    ) {
        let show = |value: Option<&Literal>| value.map(ToString::to_string);
        self.report_values(kind, at, show(before), show(after));
    }
}

fn constant<'a>(object: &'a Struct, wire: &str) -> Option<&'a Literal> {
    let found = object.constants.iter().find(|(name, _)| name == wire);
    found.map(|(_, value)| value)
}

fn presence(object: &Struct, wire: &str) -> Option<Presence> {
    let found = object.fields.iter().find(|field| field.wire == wire);
    found.map(|field| field.presence)
}
