//! `multipleOf` for steps without an exact binary form, as a keyword of its own.

use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};

/// The keyword's name.
pub const KEYWORD: &str = "x-near-multiple-of";

/// A number may be this part of a step away from a multiple.
const SLACK: f64 = 1e-9;

struct NearMultiple(f64);

impl<'i> Keyword<'i> for NearMultiple {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) {
            return Ok(());
        }
        Err(ValidationError::custom(format!(
            "is not near a multiple of {}",
            self.0
        )))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        let steps = instance.as_f64().map(|number| number / self.0);
        steps.is_none_or(|steps| (steps - steps.round()).abs() <= SLACK * steps.abs().max(1.0))
    }
}

/// Makes the keyword for `jsonschema`.
///
/// # Errors
/// When the step is no number.
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

#[cfg(test)]
mod tests {
    use jsonschema::Keyword as _;
    use serde_json::json;

    use super::NearMultiple;

    #[test]
    fn what_is_a_hair_away_is_a_multiple() {
        let step = NearMultiple(0.1);
        assert!(step.is_valid(&json!(0.1 + 0.2)));
        assert!(step.is_valid(&json!("no number")));
        assert!(!step.is_valid(&json!(0.35)));
    }
}
