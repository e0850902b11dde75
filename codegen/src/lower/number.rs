//! Numbers and texts: which type holds them, and their rules.

use serde_json::Number;

use super::literal::number;
use super::{Lowerer, Place};
use crate::ir::{Bound, Literal, Rules, Slot, TypeRef};
use crate::source::{NumberRules, Schema};

/// The limits of `i64` and `u64`, rounded as JavaScript rounds them.
const I64_LIMITS: (f64, f64) = (-9_223_372_036_854_775_808.0, 9_223_372_036_854_775_808.0);
const U64_LIMITS: (f64, f64) = (0.0, 18_446_744_073_709_551_616.0);

/// Beyond this a float stands for many whole numbers, and stays as it is written.
const WHOLE: f64 = 1e25;

impl Lowerer<'_> {
    pub(super) fn integer(&mut self, schema: &Schema) -> Slot {
        let mut slot = integer_slot(&schema.numbers);
        let fractional = |step: &Literal| step.as_integer().is_none();
        if slot.rules.multiple_of.as_ref().is_some_and(fractional) {
            slot.rules.multiple_of = None;
            self.unchecked(schema, "multipleOf", "a fraction of a whole number");
        }
        slot
    }

    pub(super) fn float(&mut self, schema: &Schema) -> Slot {
        Slot {
            ty: TypeRef::Float,
            rules: number_rules(&schema.numbers),
        }
    }

    pub(super) fn text(&mut self, schema: &Schema, place: &Place) -> Slot {
        let ty = if self.is_media(schema, place) {
            TypeRef::Media
        } else {
            TypeRef::Text
        };
        let mut pattern = schema.strings.pattern.clone();
        if let Some(text) = &pattern
            && regex_lite::Regex::new(text).is_err()
        {
            let why = format!("`{text}` is not a regular expression that Rust's engines accept");
            self.unchecked(schema, "pattern", &why);
            pattern = None;
        }
        Slot {
            ty,
            rules: Rules {
                min_length: schema.strings.min_length.filter(|least| *least > 0),
                max_length: schema.strings.max_length,
                pattern,
                ..Rules::default()
            },
        }
    }
}

/// `i64`, unless the bounds ask for more.
fn integer_slot(rules: &NumberRules) -> Slot {
    let bound = |number: &Option<Number>| number.as_ref().and_then(Number::as_f64);
    let lowest = bound(&rules.minimum).or(bound(&rules.above));
    let candidates = [
        (TypeRef::Signed, I64_LIMITS, true),
        (
            TypeRef::Unsigned,
            U64_LIMITS,
            lowest.is_some_and(|lowest| lowest >= 0.0),
        ),
    ];
    let bounds = [&rules.minimum, &rules.above, &rules.maximum, &rules.below];
    for (ty, (low, high), possible) in candidates {
        let mut slot = Slot {
            ty,
            rules: number_rules(rules),
        };
        whole_bounds(&mut slot.rules);
        drop_limits(&mut slot.rules, (low, high));
        let mut bounds = bounds.into_iter().filter_map(bound);
        if possible && bounds.all(|bound| (low..=high).contains(&bound)) && holds_bounds(&slot) {
            return slot;
        }
    }
    let mut rules = number_rules(rules);
    // As floats neighbouring numbers can be one, so no bound may be excluded.
    whole_bounds(&mut rules);
    Slot {
        ty: TypeRef::Number,
        rules,
    }
}

fn number_rules(rules: &NumberRules) -> Rules {
    Rules {
        least: stricter(&rules.minimum, &rules.above, |inclusive, exclusive| {
            exclusive >= inclusive
        }),
        most: stricter(&rules.maximum, &rules.below, |inclusive, exclusive| {
            exclusive <= inclusive
        }),
        multiple_of: rules.multiple_of.as_ref().map(number),
        ..Rules::default()
    }
}

/// Of an inclusive and an exclusive bound the one that leaves less.
fn stricter(
    inclusive: &Option<Number>,
    exclusive: &Option<Number>,
    exclusive_wins: fn(f64, f64) -> bool,
) -> Option<Bound> {
    let bound = |value: &Number, exclusive| Bound {
        value: number(value),
        exclusive,
    };
    match (inclusive, exclusive) {
        (Some(inside), Some(outside)) => {
            let wins = exclusive_wins(inside.as_f64()?, outside.as_f64()?);
            Some(bound(if wins { outside } else { inside }, wins))
        }
        (Some(inside), None) => Some(bound(inside, false)),
        (None, Some(outside)) => Some(bound(outside, true)),
        (None, None) => None,
    }
}

/// For whole numbers `> 0` is `>= 1` and `>= 0.5` is `>= 1`.
fn whole_bounds(rules: &mut Rules) {
    if let Some(bound) = &mut rules.least {
        round(bound, f64::ceil, 1);
    }
    if let Some(bound) = &mut rules.most {
        round(bound, f64::floor, -1);
    }
}

fn round(bound: &mut Bound, toward: fn(f64) -> f64, inward: i128) {
    let whole = bound.value.as_integer();
    bound.value = match whole {
        Some(number) if bound.exclusive => Literal::Integer(number + inward),
        Some(number) => Literal::Integer(number),
        None => {
            let number = toward(bound.value.as_f64().unwrap_or_default());
            match number.abs() < WHOLE {
                true => Literal::Integer(number as i128),
                false => return,
            }
        }
    };
    bound.exclusive = false;
}

/// Whether a type can hold the bounds that are set for it.
fn holds_bounds(slot: &Slot) -> bool {
    let (lowest, highest): (i128, i128) = match slot.ty {
        TypeRef::Signed => (i64::MIN.into(), i64::MAX.into()),
        TypeRef::Unsigned => (0, u64::MAX.into()),
        _ => return true,
    };
    let bounds = slot.rules.least.iter().chain(&slot.rules.most);
    bounds
        .filter_map(|bound| bound.value.as_integer())
        .all(|bound| (lowest..=highest).contains(&bound))
}

/// A bound at the type's own limit says nothing.
fn drop_limits(rules: &mut Rules, (lowest, highest): (f64, f64)) {
    let value = |bound: &Bound| bound.value.as_f64();
    rules.least = rules
        .least
        .take()
        .filter(|bound| value(bound).is_none_or(|least| least > lowest));
    rules.most = rules
        .most
        .take()
        .filter(|bound| value(bound).is_none_or(|most| most < highest));
}
