//! Instances of strings.

use serde_json::Value;

use super::Instance;
use crate::keywords::Keywords;

/// The longest string that is made: trying a bound of a megabyte is not worth its memory.
const LONGEST: u64 = 200_000;

/// Strings to try with any pattern.
const FOR_A_PATTERN: &[&str] = &[
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

/// A string of a number of characters (not bytes) that starts with the name of its position.
pub fn of_length(name: &str, length: u64) -> String {
    let length = usize::try_from(length.min(LONGEST)).unwrap_or(0);
    let letters = name.chars().chain(std::iter::repeat('é'));
    letters.take(length).collect()
}

/// The least and the greatest length, if the schema gives them.
pub fn bounds(keywords: &Keywords) -> (Option<u64>, Option<u64>) {
    let bound = |keyword| keywords.get(keyword).and_then(Value::as_u64);
    (bound("minLength"), bound("maxLength"))
}

/// Strings of every length that matters, and some for a pattern.
pub fn variants(name: &str, keywords: &Keywords) -> Vec<Instance> {
    let mut strings = vec![
        Instance::new("a string", name),
        Instance::new("empty string", ""),
        Instance::new("odd string", " \"quoted\"\t\\ 日本語 🎬 "),
    ];
    let (least, most) = bounds(keywords);
    let most = most.filter(|most| *most < LONGEST);
    for (purpose, length) in [
        ("shortest", least),
        ("too short", least.and_then(|least| least.checked_sub(1))),
        ("longest", most),
        ("too long", most.map(|most| most + 1)),
    ] {
        strings.extend(length.map(|length| Instance::new(purpose, of_length(name, length))));
    }
    if keywords.contains_key("pattern") {
        let tries = FOR_A_PATTERN.iter();
        strings.extend(tries.map(|text| Instance::new("for the pattern", *text)));
    }
    strings
}
