//! The text of real documents with damage: cut, swapped, spliced, repeated, nested, byte by byte.
//!
//! The texts are the fixtures, and where they are at hand the documents of `../shared/corpus`. More of it:
//! `PROPTEST_CASES=100000 cargo test --release -p fal-tests --test robust mutated`.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use fal_codegen::Source;
use fal_tests::fixture;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::huge::MOST_TEXT;
use crate::random::config;
use crate::{fine, run};

/// Real documents larger than this are left out: a debug build spends its time on reading them.
const LARGEST: u64 = 60_000;
/// How often a value is put into itself.
const LEVELS: usize = 12;

static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let cases = fixture::cases().into_iter();
    let fixtures = cases.flat_map(|case| fixture::sources(&case));
    let mut texts: Vec<String> = fixtures.map(|source| source.text).collect();
    let mut files = Vec::new();
    json_files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus"),
        &mut files,
    );
    files.sort();
    let every = (files.len() / 50).max(1);
    let sample = files.iter().step_by(every);
    texts.extend(sample.filter_map(|path| fs::read_to_string(path).ok()));
    texts
});

fn json_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            json_files(&path, files);
        } else if path.extension().is_some_and(|end| end == "json")
            && entry.metadata().is_ok_and(|facts| facts.len() < LARGEST)
        {
            files.push(path);
        }
    }
}

/// A change of a text, its places as parts of its length.
#[derive(Debug, Clone)]
enum Change {
    Cut(Index),
    Remove(Index, usize),
    Swap(Index, Index, usize),
    Repeat(Index, Index),
    Splice(Index, Index, Index, usize),
    Byte(Index, u8),
    Value(Index, &'static str),
    Move(Index, Index),
    Nest(Index),
}

/// What stands in the place of a value.
const VALUES: &[&str] = &[
    "null",
    "true",
    "{}",
    "[]",
    "[[]]",
    "\"\"",
    "-1",
    "1e400",
    "1e-400",
    "18446744073709551616",
    "-9223372036854775809",
    "\"#/components/schemas/Input\"",
    "{\"$ref\":\"#/components/schemas/Input\"}",
    "\"\\ud800\"",
    "\"\\u202e*/`\"",
];

fn change() -> impl Strategy<Value = Change> {
    let place = any::<Index>;
    prop_oneof![
        1 => place().prop_map(Change::Cut),
        2 => (place(), 1..40usize).prop_map(|(at, length)| Change::Remove(at, length)),
        2 => (place(), place(), 1..60usize).prop_map(|(a, b, length)| Change::Swap(a, b, length)),
        2 => (place(), place()).prop_map(|(from, to)| Change::Repeat(from, to)),
        2 => (place(), place(), place(), 1..400usize).prop_map(|(at, text, from, length)| Change::Splice(at, text, from, length)),
        3 => (place(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        6 => (place(), prop::sample::select(VALUES)).prop_map(|(at, value)| Change::Value(at, value)),
        6 => (place(), place()).prop_map(|(from, to)| Change::Move(from, to)),
        4 => place().prop_map(Change::Nest),
    ]
}

fn clamped(start: usize, length: usize, text: &[u8]) -> Range<usize> {
    start..(start + length).min(text.len())
}

/// The values in a text: what stands between a colon, a comma or a bracket and the end that belongs to it.
fn values(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open = Vec::new();
    let mut index = 0;
    while index < text.len() {
        match text[index] {
            b'"' => {
                let end = string_end(text, index);
                found.push(index..end);
                index = end;
                continue;
            }
            b'{' | b'[' => open.push(index),
            b'}' | b']' => found.extend(open.pop().map(|start| start..index + 1)),
            _ => {}
        }
        index += 1;
    }
    found
}

fn string_end(text: &[u8], start: usize) -> usize {
    let mut index = start + 1;
    while index < text.len() {
        match text[index] {
            b'\\' => index += 1,
            b'"' => return index + 1,
            _ => {}
        }
        index += 1;
    }
    text.len()
}

/// The value that a place stands for.
fn pick(text: &[u8], place: &Index) -> Option<Range<usize>> {
    let values = values(text);
    (!values.is_empty()).then(|| values[place.index(values.len())].clone())
}

fn apply(text: &mut Vec<u8>, change: &Change) {
    if text.is_empty() {
        return;
    }
    let length = text.len();
    match change {
        Change::Cut(at) => text.truncate(at.index(length)),
        Change::Remove(at, count) => {
            text.drain(clamped(at.index(length), *count, text));
        }
        Change::Swap(a, b, count) => {
            let (a, b) = (a.index(length), b.index(length));
            for offset in 0..*count {
                if a.max(b) + offset < length {
                    text.swap(a + offset, b + offset);
                }
            }
        }
        Change::Repeat(from, to) => {
            if let Some(value) = pick(text, from) {
                let copy = text[value].to_vec();
                let at = to.index(length);
                text.splice(at..at, copy);
            }
        }
        Change::Splice(at, other, from, count) => {
            let other = TEXTS[other.index(TEXTS.len())].as_bytes();
            let part = clamped(from.index(other.len().max(1)), *count, other);
            let at = at.index(length);
            text.splice(at..at, other[part].to_vec());
        }
        Change::Byte(at, byte) => text[at.index(length)] = *byte,
        Change::Value(at, value) => {
            if let Some(place) = pick(text, at) {
                text.splice(place, value.bytes());
            }
        }
        Change::Move(from, to) => {
            if let (Some(from), Some(to)) = (pick(text, from), pick(text, to)) {
                let copy = text[from].to_vec();
                text.splice(to, copy);
            }
        }
        Change::Nest(at) => nest(text, at),
    }
}

/// Puts an object into its own last member, several times.
fn nest(text: &mut Vec<u8>, at: &Index) {
    let Some(place) = pick(text, at).filter(|place| text[place.start] == b'{') else {
        return;
    };
    let object = text[place.clone()].to_vec();
    let Some(inner) = pick(&object, at) else {
        return;
    };
    let (before, after) = (&object[..inner.start], &object[inner.end..]);
    let mut nested = before.repeat(LEVELS);
    nested.extend_from_slice(&object);
    nested.extend(after.repeat(LEVELS));
    text.splice(place, nested);
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn mutated_documents(text in any::<Index>(), changes in prop::collection::vec(change(), 1..6)) {
        let mut bytes = TEXTS[text.index(TEXTS.len())].clone().into_bytes();
        for change in &changes {
            apply(&mut bytes, change);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let outcome = run(&[Source::new("mutated.json", text), fine()]);
        // The document beside it goes on, unless the mutated one has its id.
        prop_assert!(outcome.summary.generated >= 1);
        let written: usize = outcome.plan.files().map(|(_, text)| text.len()).sum();
        prop_assert!(written < MOST_TEXT, "{written} bytes");
    }
}

#[test]
fn changes_change_what_they_say() {
    let text = br#"{"a":[1,{"b":"c\"d"}],"e":{}}"#;
    let found: Vec<&[u8]> = values(text).into_iter().map(|value| &text[value]).collect();
    let expected: [&[u8]; 8] = [
        br#""a""#,
        br#""b""#,
        br#""c\"d""#,
        br#"{"b":"c\"d"}"#,
        br#"[1,{"b":"c\"d"}]"#,
        br#""e""#,
        b"{}",
        text,
    ];
    assert_eq!(found, expected);
}
