//! Bounds and other rules.

use std::cmp::Ordering;

use super::kind::Kind;
use super::position::Position;
use super::walk::Walk;
use crate::ir::{Bound, Literal, Rules, Slot, TypeRef};

/// Which way a limit limits.
#[derive(Clone, Copy)]
enum Limit {
    Least,
    Most,
}

impl Walk<'_> {
    pub(super) fn rules(&mut self, old: &Slot, new: &Slot, at: &Position) {
        let (was, is) = (&stated(old), &stated(new));
        if was == is {
            return;
        }
        let [shortest, longest] = match new.ty {
            TypeRef::List(_) | TypeRef::Array(..) => ["minItems", "maxItems"],
            _ => ["minLength", "maxLength"],
        };
        self.bound(
            "minimum",
            was.least.as_ref(),
            is.least.as_ref(),
            Limit::Least,
            at,
        );
        self.bound(
            "maximum",
            was.most.as_ref(),
            is.most.as_ref(),
            Limit::Most,
            at,
        );
        let count = |length: Option<u64>| length.map(|length| whole(length.into()));
        self.bound(
            shortest,
            count(was.min_length).as_ref(),
            count(is.min_length).as_ref(),
            Limit::Least,
            at,
        );
        self.bound(
            longest,
            count(was.max_length).as_ref(),
            count(is.max_length).as_ref(),
            Limit::Most,
            at,
        );
        self.step(was.multiple_of.as_ref(), is.multiple_of.as_ref(), at);
        self.text_rule("pattern", was.pattern.as_deref(), is.pattern.as_deref(), at);
        let unique = |unique: bool| unique.then_some("true");
        self.text_rule("uniqueItems", unique(was.unique), unique(is.unique), at);
    }

    fn bound(
        &mut self,
        keyword: &'static str,
        old: Option<&Bound>,
        new: Option<&Bound>,
        limit: Limit,
        at: &Position,
    ) {
        let kind = match (old, new) {
            (None, None) => return,
            (None, Some(_)) => Kind::BoundAdded,
            (Some(_), None) => Kind::BoundRemoved,
            (Some(old), Some(new)) => match strictness(old, new, limit) {
                Ordering::Equal => return,
                Ordering::Less => Kind::BoundTightened,
                Ordering::Greater => Kind::BoundWidened,
            },
        };
        let show = |bound: Option<&Bound>| bound.map(|bound| shown(keyword, bound));
        self.report_values(kind, at, show(old), show(new));
    }

    /// What numbers must be multiples of: a multiple of the old step is stricter, a part of it looser.
    fn step(&mut self, old: Option<&Literal>, new: Option<&Literal>, at: &Position) {
        let kind = match (old.and_then(Literal::as_f64), new.and_then(Literal::as_f64)) {
            (None, None) => return,
            (None, Some(_)) => Kind::BoundAdded,
            (Some(_), None) => Kind::BoundRemoved,
            (Some(old), Some(new)) if old == new => return,
            (Some(old), Some(new)) if is_multiple(new, old) => Kind::BoundTightened,
            (Some(old), Some(new)) if is_multiple(old, new) => Kind::BoundWidened,
            _ => Kind::RuleChanged,
        };
        let show = |step: Option<&Literal>| step.map(|step| format!("multipleOf {step}"));
        self.report_values(kind, at, show(old), show(new));
    }

    fn text_rule(&mut self, keyword: &str, old: Option<&str>, new: Option<&str>, at: &Position) {
        let kind = match (old, new) {
            (None, Some(_)) => Kind::BoundAdded,
            (Some(_), None) => Kind::BoundRemoved,
            (Some(old), Some(new)) if old != new => Kind::RuleChanged,
            _ => return,
        };
        let show = |rule: Option<&str>| rule.map(|rule| format!("{keyword} {rule}"));
        self.report_values(kind, at, show(old), show(new));
    }
}

/// The rules, with the one that a type without a sign implies.
fn stated(slot: &Slot) -> Rules {
    let mut rules = slot.rules.clone();
    if slot.ty == TypeRef::Unsigned {
        rules.least.get_or_insert_with(|| whole(0));
    }
    rules
}

fn whole(length: i128) -> Bound {
    Bound {
        value: Literal::Integer(length),
        exclusive: false,
    }
}

/// `Less`: the new bound leaves less.
fn strictness(old: &Bound, new: &Bound, limit: Limit) -> Ordering {
    let by_value = match limit {
        Limit::Least => compare(&old.value, &new.value),
        Limit::Most => compare(&new.value, &old.value),
    };
    by_value.then(old.exclusive.cmp(&new.exclusive))
}

fn compare(a: &Literal, b: &Literal) -> Ordering {
    match (a, b) {
        (Literal::Integer(a), Literal::Integer(b)) => a.cmp(b),
        _ => {
            let numbers = a.as_f64().zip(b.as_f64());
            numbers
                .and_then(|(a, b)| a.partial_cmp(&b))
                .unwrap_or(Ordering::Equal)
        }
    }
}

fn is_multiple(number: f64, step: f64) -> bool {
    let count = number / step;
    step != 0.0 && (count - count.round()).abs() < 1e-9
}

fn shown(keyword: &str, bound: &Bound) -> String {
    let name = match (bound.exclusive, keyword) {
        (true, "minimum") => "exclusiveMinimum",
        (true, "maximum") => "exclusiveMaximum",
        _ => keyword,
    };
    format!("{name} {}", bound.value)
}
