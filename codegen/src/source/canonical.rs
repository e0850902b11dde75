//! The one spelling in which documents are stored, so that a re-fetch without a change of meaning changes no byte.
//!
//! Keys sorted by code point, two spaces of indent, LF, a newline at the end. Numbers keep their kind: `1` stays `1`
//! and `1.0` stays `1.0`. Arrays keep their order, which can carry meaning.

use serde_json::Value;

/// The canonical text of a document, with the newline at its end.
///
/// Keys are sorted here, whatever order the map holds: some dependency may switch `serde_json/preserve_order` on for
/// the whole build.
#[must_use]
pub fn to_string(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, 0);
    text.push('\n');
    text
}

fn write(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let lines = items.iter().map(|item| (None, item));
            write_block(text, ['[', ']'], lines, depth);
        }
        Value::Object(map) if !map.is_empty() => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| key.as_str());
            let lines = entries
                .into_iter()
                .map(|(key, item)| (Some(key.as_str()), item));
            write_block(text, ['{', '}'], lines, depth);
        }
        // `Display` is compact JSON: scalars, and the empty `[]` and `{}`.
        other => text.push_str(&other.to_string()),
    }
}

fn write_block<'a>(
    text: &mut String,
    [open, close]: [char; 2],
    lines: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    depth: usize,
) {
    text.push(open);
    for (index, (key, item)) in lines.enumerate() {
        if index > 0 {
            text.push(',');
        }
        start_line(text, depth + 1);
        if let Some(key) = key {
            text.push_str(&Value::from(key).to_string());
            text.push_str(": ");
        }
        write(text, item, depth + 1);
    }
    start_line(text, depth);
    text.push(close);
}

fn start_line(text: &mut String, depth: usize) {
    text.push('\n');
    for _ in 0..depth {
        text.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::to_string;
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
    fn what_is_canonical_stays_as_it_is() {
        let text = to_string(&json!({"paths": {"/b": {"post": [1, {"x": "y"}]}, "/a": 0.1}}));
        let again: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(to_string(&again), text);
    }
}
