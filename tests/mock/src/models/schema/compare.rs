//! Comparison of numbers and values as JSON Schema defines it: `1` and `1.0` are equal.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// Compares two numbers: exactly if both are integers, else as floats.
pub(super) fn order(one: &Number, two: &Number) -> Option<Ordering> {
    match (integer(one), integer(two)) {
        (Some(one), Some(two)) => Some(one.cmp(&two)),
        _ => one.as_f64()?.partial_cmp(&two.as_f64()?),
    }
}

/// Whether the number is whole, `5.0` included.
pub(super) fn is_whole(number: &Number) -> bool {
    integer(number).is_some() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
}

/// Whether `number` is a multiple of `step`. Rounding errors of floats are tolerated.
pub(super) fn is_multiple(number: &Number, step: &Number) -> bool {
    if let (Some(number), Some(step)) = (integer(number), integer(step)) {
        return step == 0 || number % step == 0;
    }
    let (Some(number), Some(step)) = (number.as_f64(), step.as_f64()) else {
        return true;
    };
    let ratio = number / step;
    step == 0.0 || (ratio - ratio.round()).abs() <= 1e-9 * ratio.abs().max(1.0)
}

/// Whether two values are equal as JSON Schema defines it.
pub(super) fn same(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => order(one, two) == Some(Ordering::Equal),
        (Value::Array(one), Value::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        (Value::Object(one), Value::Object(two)) => {
            one.len() == two.len()
                && one
                    .iter()
                    .all(|(key, one)| two.get(key).is_some_and(|two| same(one, two)))
        }
        _ => one == two,
    }
}

fn integer(number: &Number) -> Option<i128> {
    number
        .as_i64()
        .map(i128::from)
        .or_else(|| number.as_u64().map(i128::from))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn multiple(number: &Value, step: &Value) -> bool {
        is_multiple(number.as_number().unwrap(), step.as_number().unwrap())
    }

    #[test]
    fn numbers() {
        assert!(same(&json!({"a": [1, 2.0]}), &json!({"a": [1.0, 2]})));
        assert!(!same(&json!(u64::MAX), &json!(u64::MAX - 1)));
        assert!(multiple(&json!(0.3), &json!(0.1)) && multiple(&json!(16), &json!(8)));
        assert!(!multiple(&json!(0.35), &json!(0.1)) && !multiple(&json!(17), &json!(8)));
        assert!(
            is_whole(json!(5.0).as_number().unwrap()) && !is_whole(json!(5.5).as_number().unwrap())
        );
    }
}
