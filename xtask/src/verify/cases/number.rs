//! Numbers at, inside and beyond their bounds.

use serde_json::{Map, Number, Value};

use super::Case;

/// Whole numbers up to here have an exact `f64`.
const EXACT: i128 = 1 << 53;

/// A whole number as JSON; none beyond 64 bits.
pub fn whole(number: i128) -> Option<Value> {
    i64::try_from(number)
        .map(Value::from)
        .or_else(|_| u64::try_from(number).map(Value::from))
        .ok()
}

/// The least and the greatest whole number that the bounds allow.
pub fn whole_bounds(view: &Map<String, Value>) -> (Option<i128>, Option<i128>) {
    let bound = |keyword| view.get(keyword).and_then(Value::as_number);
    let at_least = bound("minimum").map(ceiling);
    let more_than = bound("exclusiveMinimum").map(|number| floor(number) + 1);
    let at_most = bound("maximum").map(floor);
    let less_than = bound("exclusiveMaximum").map(|number| ceiling(number) - 1);
    (at_least.max(more_than), smaller(at_most, less_than))
}

fn smaller(one: Option<i128>, other: Option<i128>) -> Option<i128> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn floor(number: &Number) -> i128 {
    exact(number).unwrap_or_else(|| number.as_f64().unwrap_or(0.0).floor() as i128)
}

fn ceiling(number: &Number) -> i128 {
    exact(number).unwrap_or_else(|| number.as_f64().unwrap_or(0.0).ceil() as i128)
}

fn exact(number: &Number) -> Option<i128> {
    let signed = number.as_i64().map(i128::from);
    signed.or_else(|| number.as_u64().map(i128::from))
}

/// Cases for an integer.
pub fn integers(view: &Map<String, Value>) -> Vec<Case> {
    let (least, most) = whole_bounds(view);
    let mut cases = Vec::new();
    let mut add = |kind, number: Option<i128>| {
        cases.extend(number.and_then(whole).map(|value| Case::new(kind, value)));
    };
    let inside = least.or(most).unwrap_or(3);
    add("least", least);
    add("below the minimum", least.map(|number| number - 1));
    add("greatest", most);
    add("above the maximum", most.map(|number| number + 1));
    add("an integer", Some(inside));
    add("zero", Some(0));
    add("negative", Some(-3));
    // A seed beyond 2^53 must not pass through a float.
    add("beyond 2^53", most.is_none().then_some(EXACT + 1));
    add(
        "largest i64",
        most.is_none().then_some(i128::from(i64::MAX)),
    );
    add(
        "beyond i64",
        most.is_none().then_some(i128::from(i64::MAX) + 1),
    );
    if let Some(step) = view
        .get("multipleOf")
        .and_then(Value::as_i64)
        .map(i128::from)
    {
        let multiple = next_multiple(inside, step);
        add("a multiple", Some(multiple));
        add("the next multiple", Some(multiple + step));
        add("no multiple", Some(multiple + 1));
    }
    if inside.abs() < EXACT {
        cases.push(Case::new("a float for an integer", inside as f64));
        cases.push(Case::new("a fraction for an integer", inside as f64 + 0.5));
    }
    cases
}

/// The first multiple of `step` that is not less than `number`.
pub fn next_multiple(number: i128, step: i128) -> i128 {
    let step = step.abs().max(1);
    number + (step - number.rem_euclid(step)) % step
}

/// Cases for a number.
pub fn numbers(view: &Map<String, Value>) -> Vec<Case> {
    let bound = |keyword| view.get(keyword).and_then(Value::as_f64);
    let mut cases = vec![
        Case::new("a number", inside(view)),
        Case::new("a whole number", inside(view).round()),
        Case::new("an integer for a number", inside(view).round() as i64),
        Case::new("zero", 0),
        Case::new("negative", -0.75),
    ];
    for (keyword, at, below, above) in [
        ("minimum", "least", "below the minimum", "above the minimum"),
        (
            "exclusiveMinimum",
            "the excluded minimum",
            "below it",
            "above it",
        ),
        (
            "maximum",
            "greatest",
            "below the maximum",
            "above the maximum",
        ),
        (
            "exclusiveMaximum",
            "the excluded maximum",
            "below it",
            "above it",
        ),
    ] {
        if let Some(limit) = bound(keyword) {
            cases.push(Case::new(at, limit));
            cases.push(Case::new(below, limit.next_down()));
            cases.push(Case::new(above, limit.next_up()));
            cases.push(Case::new("far below", limit - 100.0));
            cases.push(Case::new("far above", limit + 100.0));
        }
    }
    if let Some(step) = bound("multipleOf") {
        let multiple = decimal((inside(view) / step).ceil() * step);
        cases.push(Case::new("a multiple", multiple));
        cases.push(Case::new("the next multiple", decimal(multiple + step)));
        cases.push(Case::new("no multiple", decimal(multiple + step / 2.0)));
    }
    if bound("maximum").or(bound("exclusiveMaximum")).is_none() {
        cases.push(Case::new("huge", 1e300));
        cases.push(Case::new("tiny", 1e-300));
    }
    cases
}

/// A number between the bounds.
pub fn inside(view: &Map<String, Value>) -> f64 {
    let bound = |keyword| view.get(keyword).and_then(Value::as_f64);
    let least = bound("minimum").or(bound("exclusiveMinimum"));
    let most = bound("maximum").or(bound("exclusiveMaximum"));
    let number = match (least, most) {
        (Some(least), Some(most)) => least.midpoint(most),
        (Some(least), None) => least + 0.5,
        (None, Some(most)) => most - 0.5,
        (None, None) => 1.5,
    };
    match bound("multipleOf").filter(|step| *step > 0.0) {
        Some(step) => decimal(
            (number / step)
                .floor()
                .max((least.unwrap_or(f64::MIN) / step).ceil())
                * step,
        ),
        None => number,
    }
}

/// The number as somebody would write it: `0.3`, not `0.30000000000000004`.
fn decimal(number: f64) -> f64 {
    format!("{number:.6}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{inside, integers, next_multiple, numbers, whole_bounds};

    fn view(schema: Value) -> serde_json::Map<String, Value> {
        schema.as_object().cloned().unwrap()
    }

    #[test]
    fn bounds_of_integers_are_whole() {
        let bounds = |schema| whole_bounds(&view(schema));
        assert_eq!(
            bounds(json!({ "minimum": 0.5, "exclusiveMaximum": 4 })),
            (Some(1), Some(3))
        );
        assert_eq!(
            bounds(json!({ "exclusiveMinimum": -1.5 })),
            (Some(-1), None)
        );
        let wide = json!({ "maximum": 18_446_744_073_709_551_615_u64 });
        assert_eq!(bounds(wide), (None, Some(i128::from(u64::MAX))));
    }

    #[test]
    fn both_sides_of_a_bound_are_tried() {
        let values: Vec<_> = integers(&view(json!({ "minimum": 17, "maximum": 241 })))
            .into_iter()
            .map(|case| case.value)
            .collect();
        for expected in [16, 17, 241, 242] {
            assert!(
                values.contains(&json!(expected)),
                "{expected} of {values:?}"
            );
        }
        assert!(values.contains(&json!(17.0)) && values.contains(&json!(17.5)));
    }

    #[test]
    fn an_excluded_bound_is_tried_itself() {
        let cases = numbers(&view(json!({ "exclusiveMinimum": 0, "maximum": 1 })));
        let find = |kind| {
            cases
                .iter()
                .find(|case| case.kind == kind)
                .map(|case| &case.value)
        };
        assert_eq!(find("the excluded minimum"), Some(&json!(0.0)));
        assert_eq!(find("above it"), Some(&json!(5e-324)));
    }

    #[test]
    fn steps_are_kept() {
        assert_eq!(next_multiple(17, 16), 32);
        assert_eq!(next_multiple(-17, 16), -16);
        assert!(
            (inside(&view(
                json!({ "minimum": 0, "maximum": 1, "multipleOf": 0.1 })
            )) - 0.5)
                .abs()
                < 1e-12
        );
    }
}
