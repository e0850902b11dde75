//! Instances of numbers: at, inside and beyond their bounds.

use serde_json::{Number, Value};

use super::Instance;
use crate::keywords::Keywords;

/// Whole numbers up to this one have an exact `f64`.
const EXACT: i128 = 1 << 53;

/// A whole number as JSON; `None` beyond 64 bits.
pub fn whole(number: i128) -> Option<Value> {
    let signed = i64::try_from(number).map(Value::from);
    signed
        .or_else(|_| u64::try_from(number).map(Value::from))
        .ok()
}

/// The least and the greatest whole number that the bounds allow.
pub fn whole_bounds(keywords: &Keywords) -> (Option<i128>, Option<i128>) {
    let bound = |keyword| keywords.get(keyword).and_then(Value::as_number);
    let floor = |number: &Number| exact(number, f64::floor);
    let ceiling = |number: &Number| exact(number, f64::ceil);
    let at_least = bound("minimum").map(ceiling);
    let more_than = bound("exclusiveMinimum").map(|number| floor(number) + 1);
    let at_most = bound("maximum").map(floor);
    let less_than = bound("exclusiveMaximum").map(|number| ceiling(number) - 1);
    let most = [at_most, less_than].into_iter().flatten().min();
    (at_least.max(more_than), most)
}

fn exact(number: &Number, round: fn(f64) -> f64) -> i128 {
    let rounded = || round(number.as_f64().unwrap_or(0.0)) as i128;
    number.as_i128().unwrap_or_else(rounded)
}

/// The first multiple of `step` that is not less than `number`.
pub fn next_multiple(number: i128, step: i128) -> i128 {
    let step = step.abs().max(1);
    number + (step - number.rem_euclid(step)) % step
}

/// The instances of an integer.
pub fn integers(keywords: &Keywords) -> Vec<Instance> {
    let (least, most) = whole_bounds(keywords);
    let inside = least.or(most).unwrap_or(3);
    let is_open = most.is_none();
    let step = keywords.get("multipleOf").and_then(Value::as_i64);
    let step = step.map(i128::from);
    let multiple = step.map(|step| next_multiple(inside, step));
    let numbers = [
        ("least", least),
        ("below the minimum", least.map(|number| number - 1)),
        ("greatest", most),
        ("above the maximum", most.map(|number| number + 1)),
        ("an integer", Some(inside)),
        ("zero", Some(0)),
        ("negative", Some(-3)),
        // A seed beyond 2^53 must not pass through a float.
        ("beyond 2^53", is_open.then_some(EXACT + 1)),
        ("largest i64", is_open.then_some(i64::MAX.into())),
        ("beyond i64", is_open.then_some(i128::from(i64::MAX) + 1)),
        ("a multiple", multiple),
        (
            "the next multiple",
            multiple.zip(step).map(|(at, step)| at + step),
        ),
        ("not a multiple", multiple.map(|multiple| multiple + 1)),
    ];
    let mut instances: Vec<Instance> = numbers
        .into_iter()
        .filter_map(|(purpose, number)| Some(Instance::new(purpose, whole(number?)?)))
        .collect();
    if inside.abs() < EXACT {
        let float = inside as f64;
        instances.push(Instance::new("a float for an integer", float));
        instances.push(Instance::new("a fraction for an integer", float + 0.5));
    }
    instances
}

/// The instances of a float.
pub fn floats(keywords: &Keywords) -> Vec<Instance> {
    let bound = |keyword| keywords.get(keyword).and_then(Value::as_f64);
    let whole = inside(keywords).round();
    let mut instances = vec![
        Instance::new("a number", inside(keywords)),
        Instance::new("a whole number", whole),
        Instance::new("an integer for a number", whole as i64),
        Instance::new("zero", 0),
        Instance::new("negative", -0.75),
    ];
    for (keyword, at) in [
        ("minimum", "least"),
        ("exclusiveMinimum", "the excluded minimum"),
        ("maximum", "greatest"),
        ("exclusiveMaximum", "the excluded maximum"),
    ] {
        let Some(limit) = bound(keyword) else {
            continue;
        };
        instances.extend([
            Instance::new(at, limit),
            Instance::new("just below a bound", limit.next_down()),
            Instance::new("just above a bound", limit.next_up()),
            Instance::new("far below a bound", limit - 100.0),
            Instance::new("far above a bound", limit + 100.0),
        ]);
    }
    if let Some(step) = bound("multipleOf") {
        let multiple = decimal((inside(keywords) / step).ceil() * step);
        instances.extend([
            Instance::new("a multiple", multiple),
            Instance::new("the next multiple", decimal(multiple + step)),
            Instance::new("next to a multiple", multiple.next_up()),
            Instance::new("not a multiple", decimal(multiple + step / 2.0)),
        ]);
    }
    if bound("maximum").or(bound("exclusiveMaximum")).is_none() {
        instances.push(Instance::new("huge", 1e300));
        instances.push(Instance::new("tiny", 1e-300));
    }
    instances
}

/// A number between the bounds.
pub fn inside(keywords: &Keywords) -> f64 {
    let bound = |keyword| keywords.get(keyword).and_then(Value::as_f64);
    let least = bound("minimum").or(bound("exclusiveMinimum"));
    let most = bound("maximum").or(bound("exclusiveMaximum"));
    let number = match (least, most) {
        (Some(least), Some(most)) => least.midpoint(most),
        (Some(least), None) => least + 0.5,
        (None, Some(most)) => most - 0.5,
        (None, None) => 1.5,
    };
    let Some(step) = bound("multipleOf").filter(|step| *step > 0.0) else {
        return number;
    };
    let first = (least.unwrap_or(f64::MIN) / step).ceil();
    decimal((number / step).floor().max(first) * step)
}

/// The number in its short form: `0.3`, not `0.30000000000000004`.
fn decimal(number: f64) -> f64 {
    format!("{number:.6}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{floats, inside, integers, next_multiple, whole_bounds};
    use crate::keywords::Keywords;

    fn keywords(schema: Value) -> Keywords {
        schema.as_object().cloned().unwrap()
    }

    #[test]
    fn bounds_of_integers_are_whole() {
        let bounds = |schema| whole_bounds(&keywords(schema));
        let both = bounds(json!({ "minimum": 0.5, "exclusiveMaximum": 4 }));
        assert_eq!(both, (Some(1), Some(3)));
        let one = bounds(json!({ "exclusiveMinimum": -1.5 }));
        assert_eq!(one, (Some(-1), None));
        let wide = bounds(json!({ "maximum": u64::MAX }));
        assert_eq!(wide, (None, Some(i128::from(u64::MAX))));
    }

    #[test]
    fn both_sides_of_a_bound_are_tried() {
        let whole = integers(&keywords(json!({ "minimum": 17, "maximum": 241 })));
        let any = floats(&keywords(json!({ "exclusiveMinimum": 0, "maximum": 1 })));
        let values: Vec<Value> = whole.into_iter().chain(any).map(|it| it.value).collect();
        for expected in [16, 17, 241, 242].map(Value::from) {
            assert!(values.contains(&expected), "{expected} of {values:?}");
        }
        for expected in [17.0, 17.5, 0.0, 5e-324].map(Value::from) {
            assert!(values.contains(&expected), "{expected} of {values:?}");
        }
    }

    #[test]
    fn steps_are_kept() {
        assert_eq!(next_multiple(17, 16), 32);
        assert_eq!(next_multiple(-17, 16), -16);
        let tenths = json!({ "minimum": 0, "maximum": 1, "multipleOf": 0.1 });
        assert!((inside(&keywords(tenths)) - 0.5).abs() < 1e-12);
    }
}
