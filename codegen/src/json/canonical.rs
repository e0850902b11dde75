//! Canonical JSON: the same value always has the same text.
//!
//! Documents are stored in this form, so that fetching a document again changes no byte unless its meaning has changed. Keys
//! are sorted by code point, the indent is two spaces, lines end with LF, and there is a newline at the end. Numbers keep
//! their form: `1` stays `1` and `1.0` stays `1.0`. Arrays keep their order, because it can have a meaning.

use serde_json::Value;

use super::members;

/// The canonical text of a value, with a newline at its end.
#[must_use]
pub fn to_string(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, Some(0));
    text.push('\n');
    text
}

/// The value as JSON on one line, with a space after each comma and colon, for documentation and messages. All control
/// characters in strings are escaped, even those that JSON allows.
#[must_use]
pub fn to_line(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, None);
    escape(&text, char::is_control)
}

/// The JSON text with those characters of its strings escaped for which `hidden` returns true.
#[must_use]
pub fn escape(json: &str, hidden: impl Fn(char) -> bool) -> String {
    if !json.contains(&hidden) {
        return json.to_owned();
    }
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        match hidden(character) {
            true => {
                let units = &mut [0; 2];
                for unit in character.encode_utf16(units) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
            false => text.push(character),
        }
    }
    text
}

/// Writes a value. `depth` is the indent of its lines, and `None` if everything is on one line.
fn write(text: &mut String, value: &Value, depth: Option<usize>) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let items = items.iter().map(|item| (None, item));
            write_all(text, ['[', ']'], items, depth);
        }
        Value::Object(map) if !map.is_empty() => {
            let members = members(map).map(|(name, member)| (Some(name), member));
            write_all(text, ['{', '}'], members, depth);
        }
        // `Display` is compact JSON: scalars, and the empty `[]` and `{}`.
        other => text.push_str(&other.to_string()),
    }
}

fn write_all<'a>(
    text: &mut String,
    [open, close]: [char; 2],
    values: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    depth: Option<usize>,
) {
    text.push(open);
    let inner = depth.map(|depth| depth + 1);
    for (index, (name, value)) in values.enumerate() {
        if index > 0 {
            text.push_str(if depth.is_some() { "," } else { ", " });
        }
        start_line(text, inner);
        if let Some(name) = name {
            text.push_str(&Value::from(name).to_string());
            text.push_str(": ");
        }
        write(text, value, inner);
    }
    start_line(text, depth);
    text.push(close);
}

fn start_line(text: &mut String, depth: Option<usize>) {
    if let Some(depth) = depth {
        text.push('\n');
        text.push_str(&"  ".repeat(depth));
    }
}

#[cfg(test)]
mod tests {
    use super::{to_line, to_string};
    use serde_json::{Value, json};

    #[test]
    fn keys_are_sorted_and_lists_are_not() {
        let text = to_string(&json!({"b": [3, 1, 2], "a": {"ä": 1, "z": 2, "Z": 3}}));
        let expected = "{\n  \"a\": {\n    \"Z\": 3,\n    \"z\": 2,\n    \"ä\": 1\n  },\n  \"b\": [\n    3,\n    1,\n    2\n  ]\n}\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn numbers_keep_their_kind() {
        let source = "[1,1.0,-0.5,1e-7,9223372036854776000,18446744073709551615]";
        let value: Value = serde_json::from_str(source).unwrap();
        let expected = "[\n  1,\n  1.0,\n  -0.5,\n  1e-7,\n  9223372036854776000,\n  18446744073709551615\n]\n";
        assert_eq!(to_string(&value), expected);
    }

    #[test]
    fn empty_and_scalar_values_take_one_line() {
        let value = json!({"a": {}, "b": [], "c": null, "d": "é\n\"\u{1}"});
        let expected =
            "{\n  \"a\": {},\n  \"b\": [],\n  \"c\": null,\n  \"d\": \"é\\n\\\"\\u0001\"\n}\n";
        assert_eq!(to_string(&value), expected);
    }

    #[test]
    fn a_line_has_spaces_and_no_control_character() {
        let value = json!({"b": [1, "a\u{85}\n"], "a": {}, "c": {"d": null}});
        let expected = "{\"a\": {}, \"b\": [1, \"a\\u0085\\n\"], \"c\": {\"d\": null}}";
        assert_eq!(to_line(&value), expected);
    }

    #[test]
    fn what_is_canonical_stays_as_it_is() {
        let text = to_string(&json!({"paths": {"/b": {"post": [1, {"x": "y"}]}, "/a": 0.1}}));
        let again: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(to_string(&again), text);
    }
}
