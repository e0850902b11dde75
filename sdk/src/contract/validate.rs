//! Checking an input against the rules of its schema before it is sent.
//!
//! A model refuses an input that breaks a rule only when the job runs, after it has waited in
//! the queue. A check before sending fails at once and lists every violation.

mod file_size;
mod rule;
mod tuples;
mod values;

use std::cell::OnceCell;
use std::fmt;
use std::ops::{Bound, RangeBounds};

#[cfg(feature = "jsonschema")]
pub(crate) use rule::quote;
pub use rule::{Bounded, Limit, Rule};
use serde_json::Value;
pub use values::{Contains, EachItem, Items, Properties};

use crate::contract::media::Media;
use crate::contract::wire::pointer_segment;

/// A type whose values can be checked against the rules of a schema.
pub trait Validate {
    /// Reports every violation of the value's rules to `check`. By default it reports
    /// nothing, which is right for a type without rules.
    fn check(&self, check: &mut Validator) {
        let _ = check;
    }

    /// Checks the value against its rules.
    ///
    /// # Errors
    /// When the value breaks a rule. The error lists every violation with its JSON pointer,
    /// the invalid value and the rule.
    fn validate(&self) -> Result<(), ValidationError> {
        let mut check = Validator::default();
        self.check(&mut check);
        check.finish()
    }
}

/// Returns whether a value obeys the rules of its schema, by which
/// [`decode_union`](crate::wire::decode_union) chooses a variant.
///
/// That media must be at a URL is not a rule of a schema. With a text that is not a URL, a variant
/// without media would be chosen otherwise, and the text would be lost; so the variant with media is
/// chosen, and the check before sending reports the text.
pub fn obeys_schema(value: &impl Validate) -> bool {
    let is_of_schema =
        |violation: &Violation| !matches!(violation.rule, Rule::Url | Rule::RemoteUrl);
    match value.validate() {
        Ok(()) => true,
        Err(error) => !error.violations().iter().any(is_of_schema),
    }
}

/// Collects the violations of a value's rules.
///
/// The methods for rules take the name of a JSON member and its value. With an empty name,
/// violations are reported at the value itself. A rule applies to all values of its kind
/// inside the value: the value of an option, each item of a list, each value of a map.
#[derive(Debug, Default)]
pub struct Validator {
    violations: Vec<Violation>,
}

impl Validator {
    /// Checks that numbers lie in `range`.
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

    /// Checks that numbers are greater than `bound`.
    pub fn above<T: Bounded>(&mut self, field: &str, value: &impl Contains<T>, bound: T) {
        self.range(field, value, (Bound::Excluded(bound), Bound::Unbounded));
    }

    /// Checks that numbers are less than `bound`.
    pub fn below<T: Bounded>(&mut self, field: &str, value: &impl Contains<T>, bound: T) {
        self.range(field, value, ..bound);
    }

    /// Checks that numbers are a multiple of `step`. Integers are compared exactly, floats to
    /// nine digits, because a step such as `0.1` has no exact binary form: `0.1 + 0.2` is a
    /// multiple of `0.1`, and `1.0000000000000002` is a multiple of `1.0`.
    pub fn multiple_of<T: Bounded>(&mut self, field: &str, value: &impl Contains<T>, step: T) {
        self.each(field, value, |check, number| {
            if !number.is_multiple_of(step) {
                check.report(number.limit().into(), Rule::MultipleOf(step.limit()));
            }
        });
    }

    /// Checks that the length of strings, in characters (Unicode code points), lies in `range`.
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

    /// Checks that strings match the regular expression `pattern`. A pattern that cannot be
    /// compiled checks nothing.
    pub fn pattern(&mut self, field: &str, value: &impl Contains<str>, pattern: &str) {
        let compiled = OnceCell::new();
        self.each(field, value, |check, text: &str| {
            let compiled = compiled.get_or_init(|| regex_lite::Regex::new(pattern));
            if let Ok(expression) = compiled
                && !expression.is_match(text)
            {
                check.report(rule::quote(text), Rule::Pattern(pattern.to_owned()));
            }
        });
    }

    /// Checks that the number of items of a list lies in `range`.
    pub fn items(&mut self, field: &str, value: &impl Items, range: impl RangeBounds<usize>) {
        let Some(count) = value.count() else { return };
        if let Some(rule) = rule::items(count, &range) {
            self.at(field, |check| {
                check.report(Value::from(format!("{count} items")), rule);
            });
        }
    }

    /// Checks that the number of properties of an object lies in `range`.
    pub fn properties(
        &mut self,
        field: &str,
        value: &impl Properties,
        range: impl RangeBounds<usize>,
    ) {
        let Some(count) = value.count() else { return };
        if let Some(rule) = rule::properties(count, &range) {
            self.at(field, |check| {
                check.report(Value::from(format!("{count} properties")), rule);
            });
        }
    }

    /// Checks that the size of files, in bytes, lies in `range`.
    ///
    /// The size is known of local files, bytes in memory, `data:` URIs in base64 and readers
    /// with a [`length`](Media::length). A file of unknown size is accepted, such as one at a
    /// URL or one that cannot be read.
    pub fn file_size(
        &mut self,
        field: &str,
        value: &impl Contains<Media>,
        range: impl RangeBounds<u64>,
    ) {
        self.each(field, value, |check, media| {
            if let Some((file, rule)) = file_size::violation(media, &range) {
                check.report(file.into(), rule);
            }
        });
    }

    /// Checks that the items of a list differ from each other.
    pub fn unique(&mut self, field: &str, value: &impl Items) {
        if let Some((first, second)) = value.first_duplicate() {
            self.at(field, |check| {
                let duplicate = Value::from(format!("items {first} and {second} are equal"));
                check.report(duplicate, Rule::Unique);
            });
        }
    }

    /// Checks that a field which the model requires has a value.
    pub fn required<T>(&mut self, field: &str, value: &Option<T>) {
        if value.is_none() {
            self.at(field, |check| check.report(Value::Null, Rule::Required));
        }
    }

    /// Checks a value against the rules of its own type.
    pub fn nested(&mut self, field: &str, value: &impl Validate) {
        self.at(field, |check| value.check(check));
    }

    /// Runs `rule` on each item of a list, for example to check the lists inside a list.
    pub fn each_item<C: EachItem>(
        &mut self,
        field: &str,
        value: &C,
        mut rule: impl FnMut(&mut Self, &C::Item),
    ) {
        self.at(field, |check| value.each_item(check, &mut rule));
    }

    /// Runs `rule` on each value of type `T` that `value` contains.
    pub fn each<T: ?Sized>(
        &mut self,
        field: &str,
        value: &impl Contains<T>,
        mut rule: impl FnMut(&mut Self, &T),
    ) {
        self.at(field, |check| value.visit(check, &mut rule));
    }

    /// Runs `walk` on the member `name`, whose violations are reported below it. With
    /// an empty name they are reported at the value itself.
    pub(crate) fn at(&mut self, name: &str, walk: impl FnOnce(&mut Self)) {
        match name.is_empty() {
            true => walk(self),
            false => self.prefixed(|| pointer_segment(name), walk),
        }
    }

    /// Runs `walk` on the item at `index`, whose violations are reported below it.
    pub(crate) fn at_index(&mut self, index: usize, walk: impl FnOnce(&mut Self)) {
        self.prefixed(|| pointer_segment(&index.to_string()), walk);
    }

    /// Prepends the segment to the pointers of the violations that `walk` reports. Most values
    /// obey their rules, and no pointer is built for those.
    fn prefixed(&mut self, segment: impl FnOnce() -> String, walk: impl FnOnce(&mut Self)) {
        let before = self.violations.len();
        walk(self);
        let Some(reported) = self.violations.get_mut(before..) else {
            return;
        };
        if !reported.is_empty() {
            let segment = segment();
            for violation in reported {
                violation.pointer.insert_str(0, &segment);
            }
        }
    }

    /// Reports that the value which is being checked breaks a rule.
    pub fn report(&mut self, value: Value, rule: Rule) {
        self.violations.push(Violation {
            pointer: String::new(),
            value,
            rule,
        });
    }

    fn finish(self) -> Result<(), ValidationError> {
        ValidationError::of(self.violations)
    }
}

/// A value that breaks a rule of its schema.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Violation {
    /// The JSON pointer (RFC 6901) of the value inside the input.
    pub pointer: String,
    /// The invalid value. A long string is cut, and a list can be described as `"3 items"`.
    pub value: Value,
    /// The rule that the value breaks.
    pub rule: Rule,
}

impl Violation {
    #[cfg(feature = "jsonschema")]
    pub(crate) fn new(pointer: String, value: Value, rule: Rule) -> Self {
        Self {
            pointer,
            value,
            rule,
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = match self.pointer.as_str() {
            "" => "the input",
            pointer => pointer,
        };
        match self.rule {
            Rule::Required | Rule::Undeclared => write!(f, "{pointer} {}", self.rule),
            _ => write!(f, "{pointer}: {} {}", self.value, self.rule),
        }
    }
}

/// The error for an input that breaks rules of its schema. A call that fails with it has sent
/// nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidationError {
    violations: Vec<Violation>,
}

impl ValidationError {
    /// Returns an error with these violations.
    ///
    /// # Errors
    /// When there are violations.
    pub(crate) fn of(violations: Vec<Violation>) -> Result<(), Self> {
        match violations.is_empty() {
            true => Ok(()),
            false => Err(Self { violations }),
        }
    }

    /// Returns every violation; there is at least one. They are in the order of the input's
    /// fields, or of their pointers if the input is JSON.
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
