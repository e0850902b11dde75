//! Finds what JSON readers ignore or refuse: members that are written twice, numbers that are too large, and halves of
//! surrogate pairs.

use std::borrow::Cow;

use serde_json::Value;

use super::pointer::push;

/// A part of a JSON text other than white space.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'a> {
    /// A string, with its quotes.
    Text(&'a str),
    /// A number.
    Number(&'a str),
    /// Any other character.
    Mark(u8),
}

/// The tokens of a JSON text with their offsets. A text that is not valid JSON has tokens, too.
fn tokens(text: &str) -> impl Iterator<Item = (usize, Token<'_>)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while bytes.get(at)?.is_ascii_whitespace() {
            at += 1;
        }
        let start = at;
        let token = match bytes[at] {
            b'"' => {
                at += text_length(&bytes[at..]);
                Token::Text(text.get(start..at)?)
            }
            b'-' | b'0'..=b'9' => {
                let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
                at += bytes[at..].iter().take_while(is_part).count();
                Token::Number(text.get(start..at)?)
            }
            mark => {
                at += 1;
                Token::Mark(mark)
            }
        };
        Some((start, token))
    })
}

/// The length of the string that begins here, with its quotes.
fn text_length(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// An object or an array around the current token.
enum Frame<'a> {
    Object {
        names: Vec<&'a str>,
        expects_name: bool,
    },
    Array(usize),
}

/// The JSON pointers of members that a valid JSON text writes more than once. Such a text has more names than its value has
/// members, so that most texts need not be searched.
pub(super) fn duplicates(text: &str, value: &Value) -> Vec<String> {
    match count_names(text) == count_members(value) {
        true => Vec::new(),
        false => find_duplicates(text),
    }
}

/// The number of names of members in a valid JSON text, which is the number of colons outside of strings.
fn count_names(text: &str) -> usize {
    let mut count = 0;
    let mut is_inside = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => is_inside = !is_inside,
            b'\\' => _ = bytes.next(),
            b':' if !is_inside => count += 1,
            _ => {}
        }
    }
    count
}

/// The number of members of all objects in a value.
fn count_members(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(count_members).sum(),
        Value::Object(members) => {
            members.len() + members.values().map(count_members).sum::<usize>()
        }
        _ => 0,
    }
}

/// The JSON pointers of members that a text writes more than once, however its value was read.
fn find_duplicates(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut frames: Vec<Frame<'_>> = Vec::new();
    for (_, token) in tokens(text) {
        match (token, frames.last_mut()) {
            (Token::Mark(b'{'), _) => frames.push(Frame::Object {
                names: Vec::new(),
                expects_name: true,
            }),
            (Token::Mark(b'['), _) => frames.push(Frame::Array(0)),
            (Token::Mark(b'}' | b']'), _) => {
                let Some(Frame::Object { names, .. }) = frames.pop() else {
                    continue;
                };
                for name in repeated(&names) {
                    found.push(push(&pointer(&frames), &name));
                }
            }
            (Token::Mark(b','), Some(Frame::Object { expects_name, .. })) => *expects_name = true,
            (Token::Mark(b','), Some(Frame::Array(index))) => *index += 1,
            (
                Token::Text(name),
                Some(Frame::Object {
                    names,
                    expects_name,
                }),
            ) if *expects_name => {
                *expects_name = false;
                names.push(name);
            }
            _ => {}
        }
    }
    found
}

fn pointer(frames: &[Frame<'_>]) -> String {
    frames
        .iter()
        .fold(String::new(), |around, frame| match frame {
            Frame::Object { names, .. } => {
                push(&around, &names.last().map_or_else(Default::default, plain))
            }
            Frame::Array(index) => push(&around, &index.to_string()),
        })
}

/// The names that occur more than once, each once.
fn repeated<'a>(names: &[&'a str]) -> Vec<Cow<'a, str>> {
    let mut names: Vec<Cow<'a, str>> = names.iter().map(plain).collect();
    names.sort_unstable();
    let mut repeated: Vec<Cow<'a, str>> = names
        .windows(2)
        .filter(|pair| pair[0] == pair[1])
        .map(|pair| pair[0].clone())
        .collect();
    repeated.dedup();
    repeated
}

/// The text of a JSON string.
fn plain<'a>(quoted: &&'a str) -> Cow<'a, str> {
    let inner = quoted
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    match inner.filter(|text| !text.contains('\\')) {
        Some(text) => text.into(),
        None => serde_json::from_str(quoted).map_or((*quoted).into(), Cow::Owned),
    }
}

/// What was replaced in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replaced {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) before: String,
    pub(super) after: String,
}

/// The text with each number that is too large replaced by a string, and each half of a surrogate pair by the replacement
/// character U+FFFD.
pub(super) fn readable(text: &str) -> (String, Vec<Replaced>) {
    let mut readable = String::with_capacity(text.len());
    let mut replaced = Vec::new();
    let mut written = 0;
    let mut replace = |at: usize, before: &str, after: String| {
        let line = text[..at].matches('\n').count() + 1;
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let column = text[start..at].chars().count() + 1;
        readable.push_str(&text[written..at]);
        readable.push_str(&after);
        written = at + before.len();
        replaced.push(Replaced {
            line,
            column,
            before: before.to_owned(),
            after,
        });
    };
    for (start, token) in tokens(text) {
        match token {
            Token::Number(number) if is_too_large(number) => {
                replace(start, number, format!("\"{number}\""));
            }
            Token::Text(quoted) => {
                for (offset, half) in lone_surrogates(quoted) {
                    replace(start + offset, half, "\\ufffd".to_owned());
                }
            }
            _ => {}
        }
    }
    readable.push_str(&text[written..]);
    (readable, replaced)
}

fn is_too_large(number: &str) -> bool {
    number.parse::<f64>().is_ok_and(f64::is_infinite)
}

/// The escapes of a string that are one half of a surrogate pair, with their offsets.
fn lone_surrogates(quoted: &str) -> Vec<(usize, &str)> {
    let escape = |at: usize| {
        let escape = quoted.get(at..at + 6)?;
        let unit = u16::from_str_radix(escape.strip_prefix("\\u")?, 16).ok()?;
        Some((escape, unit))
    };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = quoted[at..].find('\\') {
        at += offset;
        match (escape(at), escape(at + 6)) {
            (Some((_, 0xD800..=0xDBFF)), Some((_, 0xDC00..=0xDFFF))) => at += 12,
            (Some((half, 0xD800..=0xDFFF)), _) => {
                found.push((at, half));
                at += 6;
            }
            (Some(_), _) => at += 6,
            // An escaped backslash or quote.
            (None, _) => at += 1 + quoted[at + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{duplicates, find_duplicates, readable};

    fn duplicates_in(text: &str) -> Vec<String> {
        let value: Value = serde_json::from_str(text).expect("valid JSON");
        let found = duplicates(text, &value);
        assert_eq!(found, find_duplicates(text));
        found
    }

    #[test]
    fn members_that_are_written_twice_are_found_where_they_stand() {
        let text =
            r#"{"a": [{"b/c": 1, "x": {"y": 1}, "b\u002fc": "b"}], "a": {"a": 1}, "n": -1.5e3}"#;
        assert_eq!(duplicates_in(text), ["/a/0/b~1c", "/a"]);
        for text in [
            r#"{"a": "a", "b": ["a", "a"]}"#,
            r#"{"a\\" : "\": \\\": ", "\"a\"":":", "b\\\":": {"\\": [":"]}}"#,
            r#"":""#,
        ] {
            assert_eq!(duplicates_in(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_no_reader_holds_is_replaced() {
        let (text, replaced) =
            readable("{\"max\": 1e400,\n \"é\": \"\\ud83d\\ude00 \\ud800 \\\\ud800\"}");
        assert_eq!(
            text,
            "{\"max\": \"1e400\",\n \"é\": \"\\ud83d\\ude00 \\ufffd \\\\ud800\"}"
        );
        let places: Vec<_> = replaced.iter().map(|one| (one.line, one.column)).collect();
        assert_eq!(places, [(1, 9), (2, 21)]);
        assert_eq!(replaced[1].before, "\\ud800");
    }

    #[test]
    fn nothing_that_is_not_json_stops_the_scan() {
        for text in [
            "",
            "\"",
            "\"\\",
            "\"\\u",
            "\"\\ud8\"",
            "{",
            "}]",
            "[1e400",
            "é\"é\\é",
            "-",
            "{\"a\"\"a\"}",
        ] {
            let _ = find_duplicates(text);
            let _ = readable(text);
        }
    }
}
