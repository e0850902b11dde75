//! Texts.

use serde_json::{Map, Value};

use super::Case;

/// Longer texts are not made: a document that allows a megabyte is believed.
const LONGEST: u64 = 200_000;

/// A text of so many characters (not bytes) that starts like the name of its
/// place.
pub fn of_length(name: &str, length: u64) -> String {
    let length = usize::try_from(length.min(LONGEST)).unwrap_or(0);
    name.chars()
        .chain(std::iter::repeat('é'))
        .take(length)
        .collect()
}

/// The least and the greatest length, if the schema gives them.
pub fn bounds(view: &Map<String, Value>) -> (Option<u64>, Option<u64>) {
    let bound = |keyword| view.get(keyword).and_then(Value::as_u64);
    (bound("minLength"), bound("maxLength"))
}

/// Texts of every length that matters, and some for a pattern.
pub fn cases(name: &str, view: &Map<String, Value>) -> Vec<Case> {
    let mut cases = vec![
        Case::new("a text", name),
        Case::new("empty text", ""),
        Case::new("odd text", " \"quoted\"\t\\ 日本語 🎬 "),
    ];
    let (least, most) = bounds(view);
    if let Some(least) = least {
        cases.push(Case::new("shortest", of_length(name, least)));
        if least > 0 {
            cases.push(Case::new("too short", of_length(name, least - 1)));
        }
    }
    if let Some(most) = most.filter(|most| *most < LONGEST) {
        cases.push(Case::new("longest", of_length(name, most)));
        cases.push(Case::new("too long", of_length(name, most + 1)));
    }
    if view.contains_key("pattern") {
        let tries = [
            "abc",
            "Abc_1",
            "123",
            "a b",
            "a-b",
            "é",
            "#ff00ff",
            "1:2",
            "a\n",
            "2024-01-31",
        ];
        cases.extend(tries.map(|text| Case::new("for the pattern", text)));
    }
    cases
}
