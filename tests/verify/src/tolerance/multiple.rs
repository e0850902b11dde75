//! `multipleOf` for floats, as a keyword of its own.
//!
//! A step such as `0.1` has no exact binary form, so a float is a multiple of a step if
//! the quotient lies within `SLACK` of a whole number, relative to its size. The
//! runtime's `Validator::multiple_of` has the same rule for `f64`.

use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};

/// The keyword's name.
pub const KEYWORD: &str = "x-near-multiple-of";

const SLACK: f64 = 1e-9;

struct NearMultiple(f64);

impl<'i> Keyword<'i> for NearMultiple {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) {
            return Ok(());
        }
        let message = format!("is not near a multiple of {}", self.0);
        Err(ValidationError::custom(message))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        let steps = instance.as_f64().map(|number| number / self.0);
        steps.is_none_or(|steps| (steps - steps.round()).abs() <= SLACK * steps.abs().max(1.0))
    }
}

/// Creates the keyword for `jsonschema`.
///
/// # Errors
/// When the step is not a number.
pub fn keyword<'a>(
    _: &'a Map<String, Value>,
    step: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    match step.as_f64() {
        Some(step) => Ok(Box::new(NearMultiple(step))),
        None => Err(ValidationError::schema("the step must be a number")),
    }
}
