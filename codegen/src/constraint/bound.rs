//! Lower and upper bounds.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Number;

use crate::json::{from_integer, integer};

/// A limit of a measure, such as the length of a string.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The number that is the limit.
    pub value: Number,
    /// Whether the bound is exclusive: the number itself is not allowed.
    pub exclusive: bool,
}

impl Bound {
    /// Creates an inclusive bound: the number itself is allowed.
    pub fn inclusive(value: impl Into<Number>) -> Self {
        Self {
            value: value.into(),
            exclusive: false,
        }
    }

    /// The bound as a count; `None` if it is not a whole number from 0 on.
    pub fn count(&self) -> Option<u64> {
        self.value.as_u64()
    }

    /// Compares two lower bounds by strictness: `Greater` if this one allows less.
    pub(super) fn compare_lower(&self, other: &Self) -> Ordering {
        compare(&self.value, &other.value).then(self.exclusive.cmp(&other.exclusive))
    }

    /// Compares two upper bounds by strictness: `Less` if this one allows less.
    pub(super) fn compare_upper(&self, other: &Self) -> Ordering {
        compare(&self.value, &other.value).then(other.exclusive.cmp(&self.exclusive))
    }

    /// Whether no number satisfies both this lower bound and the given upper bound.
    pub(super) fn excludes(&self, upper: &Self) -> bool {
        match compare(&self.value, &upper.value) {
            Ordering::Equal => self.exclusive || upper.exclusive,
            order => order == Ordering::Greater,
        }
    }

    /// The equivalent bound on whole numbers: rounded `toward` where it is a fraction, one step `inward` where it is
    /// exclusive. Beyond 64 bits neighbouring numbers can have one form, so that no number is excluded there.
    pub(super) fn to_integer(&self, toward: fn(f64) -> f64, inward: i128) -> Self {
        let whole = match integer(&self.value) {
            Some(whole) if self.exclusive => whole.saturating_add(inward),
            Some(whole) => whole,
            None => toward(self.value.as_f64().unwrap_or_default()) as i128,
        };
        Self::inclusive(from_integer(whole))
    }
}

/// The magnitude up to which a whole number is written with digits only. A larger float is one of many whole numbers, and keeps
/// its exponent.
const READABLE: u128 = 10_u128.pow(25);

/// The number. A whole number is written with digits only, even if the document writes it with an exponent.
impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match integer(&self.value) {
            Some(whole) if (1 << 63..READABLE).contains(&whole.unsigned_abs()) => whole.fmt(f),
            _ => self.value.fmt(f),
        }
    }
}

/// Compares two numbers: exactly if both are whole.
fn compare(one: &Number, other: &Number) -> Ordering {
    if let (Some(one), Some(other)) = (integer(one), integer(other)) {
        return one.cmp(&other);
    }
    let floats = one.as_f64().zip(other.as_f64());
    let order = floats.and_then(|(one, other)| one.partial_cmp(&other));
    order.unwrap_or(Ordering::Equal)
}
