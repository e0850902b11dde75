//! Compares bounds and other constraints.

use std::cmp::Ordering;

use super::kind::Kind;
use super::position::Position;
use super::walk::Walk;
use crate::constraint::{Bound, Constraint, Constraints, Measure};
use crate::ir::{ConstrainedType, TypeRef};

impl Walk<'_> {
    pub(super) fn rules(&mut self, old: &ConstrainedType, new: &ConstrainedType, at: &Position) {
        self.constraints(&stated(old), &stated(new), at);
    }

    pub(super) fn constraints(&mut self, was: &Constraints, is: &Constraints, at: &Position) {
        for before in was.iter() {
            match is.same_kind(before) {
                Some(after) => self.constraint(before, after, at),
                None => self.constraint_is(Kind::BoundRemoved, Some(before), None, at),
            }
        }
        for after in is.iter().filter(|after| was.same_kind(after).is_none()) {
            self.constraint_is(Kind::BoundAdded, None, Some(after), at);
        }
    }

    fn constraint(&mut self, before: &Constraint, after: &Constraint, at: &Position) {
        let kind = match after.strictness(before) {
            Some(Ordering::Equal) => return,
            Some(Ordering::Greater) => Kind::BoundTightened,
            Some(Ordering::Less) => Kind::BoundWidened,
            None => Kind::RuleChanged,
        };
        self.constraint_is(kind, Some(before), Some(after), at);
    }

    fn constraint_is(
        &mut self,
        kind: Kind,
        before: Option<&Constraint>,
        after: Option<&Constraint>,
        at: &Position,
    ) {
        let show = |constraint: Option<&Constraint>| constraint.map(ToString::to_string);
        self.report_values(kind, at, show(before), show(after));
    }
}

/// The constraints of a value, including the minimum of 0 that an unsigned type implies.
fn stated(value: &ConstrainedType) -> Constraints {
    let mut constraints = value.effective();
    if value.ty == TypeRef::Unsigned {
        let _ = constraints.add(Constraint::Lower(Measure::Number, Bound::inclusive(0)));
    }
    constraints
}
