//! Checking an input against the rules of its schema before it is sent.
//!
//! A model refuses an input that breaks a rule only when the job runs, after the
//! queue; checking here costs nothing and lists every violation at once.

mod rule;
mod tuples;
mod values;

use std::fmt;
use std::ops::{Bound, RangeBounds};

pub use rule::{Bounded, Limit, Rule};
use serde_json::Value;
pub use values::{Contains, EachItem, Items};

use crate::wire::step;

/// A type whose values have rules.
pub trait Validate {
    /// Reports every violation of the value's rules to `check`. A type without
    /// rules leaves it as it is.
    fn check(&self, check: &mut Validator) {
        let _ = check;
    }

    /// Checks the value.
    ///
    /// # Errors
    /// Lists every violation: where, which value, which rule.
    fn validate(&self) -> Result<(), ValidationError> {
        let mut check = Validator::default();
        self.check(&mut check);
        check.finish()
    }
}

/// Collects violations while a value is walked through.
///
/// Every method takes the wire name of a field and its value. A rule applies to
/// whatever of its kind the value contains: an option's value, each item of a
/// list, each value of a map.
#[derive(Debug, Default)]
pub struct Validator {
    /// The steps to the current place.
    path: Vec<String>,
    violations: Vec<Violation>,
}

impl Validator {
    /// Numbers must lie in `range`.
    pub fn range<T: Bounded>(
        &mut self,
        field: &str,
        value: &impl Contains<T>,
        range: impl RangeBounds<T>,
    ) {
        self.each(field, value, |check, number| {
            let violated = match range.start_bound() {
                Bound::Included(least) if *number < *least => Some(Rule::AtLeast(least.limit())),
                Bound::Excluded(bound) if *number <= *bound => Some(Rule::MoreThan(bound.limit())),
                _ => match range.end_bound() {
                    Bound::Included(most) if *number > *most => Some(Rule::AtMost(most.limit())),
                    Bound::Excluded(bound) if *number >= *bound => {
                        Some(Rule::LessThan(bound.limit()))
                    }
                    _ => None,
                },
            };
            if let Some(rule) = violated {
                check.report(number.limit().into(), rule);
            }
        });
    }

    /// Numbers must be greater than `bound`.
    pub fn above<T: Bounded>(&mut self, field: &str, value: &impl Contains<T>, bound: T) {
        self.range(field, value, (Bound::Excluded(bound), Bound::Unbounded));
    }

    /// Numbers must be less than `bound`.
    pub fn below<T: Bounded>(&mut self, field: &str, value: &impl Contains<T>, bound: T) {
        self.range(field, value, ..bound);
    }

    /// Numbers must be a multiple of `step`: integers exactly, floats to nine digits,
    /// because a step such as `0.1` has no exact binary form. `0.1 + 0.2` is a multiple of
    /// `0.1`, and `1.0000000000000002` is one of `1.0`.
    pub fn multiple_of<T: Bounded>(&mut self, field: &str, value: &impl Contains<T>, step: T) {
        self.each(field, value, |check, number| {
            if !number.is_multiple_of(step) {
                check.report(number.limit().into(), Rule::MultipleOf(step.limit()));
            }
        });
    }

    /// Texts must have so many characters (Unicode code points).
    pub fn length(
        &mut self,
        field: &str,
        value: &impl Contains<str>,
        range: impl RangeBounds<usize>,
    ) {
        self.each(field, value, |check, text: &str| {
            if let Some(rule) = rule::length(text.chars().count(), &range) {
                check.report(rule::quote(text), rule);
            }
        });
    }

    /// Texts must match the regular expression `pattern`.
    pub fn pattern(&mut self, field: &str, value: &impl Contains<str>, pattern: &str) {
        let Ok(expression) = regex_lite::Regex::new(pattern) else {
            return;
        };
        self.each(field, value, |check, text: &str| {
            if !expression.is_match(text) {
                check.report(rule::quote(text), Rule::Pattern(pattern.to_owned()));
            }
        });
    }

    /// The list must have so many items.
    pub fn items(&mut self, field: &str, value: &impl Items, range: impl RangeBounds<usize>) {
        let Some(count) = value.count() else { return };
        if let Some(rule) = rule::items(count, &range) {
            self.within(field, |check| {
                check.report(Value::from(format!("{count} items")), rule);
            });
        }
    }

    /// The list's items must differ from each other.
    pub fn unique(&mut self, field: &str, value: &impl Items) {
        if let Some((first, second)) = value.twins() {
            self.within(field, |check| {
                let twins = Value::from(format!("items {first} and {second} are equal"));
                check.report(twins, Rule::Unique);
            });
        }
    }

    /// The value's own rules apply too.
    pub fn nested(&mut self, field: &str, value: &impl Validate) {
        self.within(field, |check| value.check(check));
    }

    /// Runs `rule` on each item of a list of lists.
    pub fn each_item<C: EachItem>(
        &mut self,
        field: &str,
        value: &C,
        mut rule: impl FnMut(&mut Self, &C::Item),
    ) {
        self.within(field, |check| value.each_item(check, &mut rule));
    }

    /// Runs `rule` on everything of its kind that the value contains.
    pub fn each<T: ?Sized>(
        &mut self,
        field: &str,
        value: &impl Contains<T>,
        mut rule: impl FnMut(&mut Self, &T),
    ) {
        self.within(field, |check| value.visit(check, &mut rule));
    }

    /// Goes into a member or an item while `walk` runs. An empty name stays
    /// where it is.
    pub(crate) fn within(&mut self, name: &str, walk: impl FnOnce(&mut Self)) {
        if name.is_empty() {
            return walk(self);
        }
        self.path.push(step(name));
        walk(self);
        self.path.pop();
    }

    /// Reports that the value at the current place breaks a rule.
    pub fn report(&mut self, value: Value, rule: Rule) {
        self.violations.push(Violation {
            pointer: self.path.concat(),
            value,
            rule,
        });
    }

    fn finish(self) -> Result<(), ValidationError> {
        if self.violations.is_empty() {
            return Ok(());
        }
        Err(ValidationError {
            violations: self.violations,
        })
    }
}

/// A value that breaks a rule of its schema.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Violation {
    /// The JSON pointer (RFC 6901) of the value inside the input.
    pub pointer: String,
    /// The value; a long text is cut, a list is described.
    pub value: Value,
    /// The rule that it breaks.
    pub rule: Rule,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.pointer, self.value, self.rule)
    }
}

/// An input that breaks rules of its schema. Nothing was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidationError {
    violations: Vec<Violation>,
}

impl ValidationError {
    /// Every violation, in the order of the input's fields; never empty.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.violations.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ValidationError {}
