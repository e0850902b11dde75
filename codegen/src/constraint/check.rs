//! Constraints as calls of methods of the runtime's `Validator`.

use serde_json::Number;

use super::{Bound, Constraint, Constraints, Measure};
use crate::json::Type;

/// A call of a method of `Validator` that checks a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Check<'a> {
    /// The method of `Validator`.
    pub method: &'static str,
    /// The argument of the method besides the value.
    pub argument: Argument<'a>,
}

/// The argument of a check besides the value.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument<'a> {
    /// The method takes no argument besides the value.
    None,
    /// A number of the value's own type.
    Number(&'a Number),
    /// A range of numbers of the value's own type, or of counts, with both ends included.
    Range(Option<&'a Number>, Option<&'a Number>),
    /// A string, such as a regular expression.
    Text(&'a str),
}

impl Constraints {
    /// The calls that check a value of a type. A constraint that generated code cannot check has none.
    pub fn checks(&self, ty: Type) -> Vec<Check<'_>> {
        let mut checks = Vec::new();
        let mut call = |method, argument| checks.push(Check { method, argument });
        for constraint in self.iter().filter(|one| one.unchecked_reason(ty).is_none()) {
            match constraint {
                Constraint::Lower(measure, low) => {
                    for (method, argument) in ranges(*measure, Some(low), self.upper(*measure)) {
                        call(method, argument);
                    }
                }
                Constraint::Upper(measure, _) if self.lower(*measure).is_some() => {}
                Constraint::Upper(measure, high) => {
                    for (method, argument) in ranges(*measure, None, Some(high)) {
                        call(method, argument);
                    }
                }
                Constraint::MultipleOf(step) => call("multiple_of", Argument::Number(step)),
                Constraint::Pattern(pattern) => call("pattern", Argument::Text(pattern)),
                Constraint::UniqueItems => call("unique", Argument::None),
            }
        }
        checks
    }
}

/// The calls that check a lower and an upper bound: one call with a range for inclusive bounds, and a call for each exclusive
/// bound. Clippy refuses an empty range, so that two bounds that exclude each other become two calls.
fn ranges<'a>(
    measure: Measure,
    low: Option<&'a Bound>,
    high: Option<&'a Bound>,
) -> Vec<(&'static str, Argument<'a>)> {
    let inclusive = |bound: Option<&'a Bound>| Some(&bound.filter(|bound| !bound.exclusive)?.value);
    let exclusive = |bound: Option<&'a Bound>| Some(&bound.filter(|bound| bound.exclusive)?.value);
    let is_empty = low.zip(high).is_some_and(|(low, high)| low.excludes(high));
    let ranges = match (inclusive(low), inclusive(high)) {
        (None, None) => vec![],
        (low @ Some(_), high @ Some(_)) if is_empty => vec![(low, None), (None, high)],
        range => vec![range],
    };
    let ranges = ranges
        .into_iter()
        .map(|(low, high)| (measure.method(), Argument::Range(low, high)));
    let above = exclusive(low).map(|low| ("above", Argument::Number(low)));
    let below = exclusive(high).map(|high| ("below", Argument::Number(high)));
    ranges.chain(above).chain(below).collect()
}
