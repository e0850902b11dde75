//! Splits wire names into words.

use std::borrow::Cow;

use super::latin;

/// The words of a wire name. It is split at characters that are not letters or digits, and between lower and upper case. Letters
/// of scripts other than Latin are replaced by their code points, so that no two names look the same.
pub(super) fn words(wire: &str) -> Vec<String> {
    let wire = in_ascii(wire);
    let mut words = Vec::new();
    let mut start = 0;
    let mut previous = ' ';
    let mut rest = wire.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        if !character.is_ascii_alphanumeric() {
            push(&mut words, &wire[start..at]);
            if character.is_alphanumeric() {
                words.push(format!("u{:x}", character as u32));
            }
            start = at + character.len_utf8();
        } else if is_hump(previous, character, rest.peek().map(|(_, next)| *next)) {
            push(&mut words, &wire[start..at]);
            start = at;
        }
        previous = character;
    }
    push(&mut words, &wire[start..]);
    words
}

/// Whether a word begins at `character`: an upper case letter behind another character, unless it is in the middle of capitals.
fn is_hump(previous: char, character: char, next: Option<char>) -> bool {
    character.is_ascii_uppercase()
        && (previous.is_ascii_lowercase()
            || previous.is_ascii_digit()
            || previous.is_ascii_uppercase() && next.is_some_and(|next| next.is_ascii_lowercase()))
}

/// A wire name without diacritics, and with "LoRA" as one word.
fn in_ascii(wire: &str) -> Cow<'_, str> {
    if wire.is_ascii() && !wire.contains("LoRA") {
        return wire.into();
    }
    let mut plain = String::with_capacity(wire.len());
    for character in wire.chars() {
        match latin::plain(character) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(character),
        }
    }
    plain.replace("LoRA", "Lora").into()
}

fn push(words: &mut Vec<String>, word: &str) {
    if !word.is_empty() {
        words.push(word.to_owned());
    }
}

pub(super) fn capitalize(word: &str) -> String {
    let mut capitalized = word.to_ascii_lowercase();
    if let Some(first) = capitalized.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    capitalized
}

/// Whether at least one of the words is more than a single letter or a number.
pub(super) fn is_telling(words: &[String]) -> bool {
    words.iter().any(|word| is_word(word))
}

/// Whether a word is more than a single letter or a number.
pub(super) fn is_word(word: &str) -> bool {
    word.len() > 1 && word.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// Orders words so that the first does not begin with a digit. Leading words that do are moved behind the following ones, up to
/// the next that begins with a digit (`3d`, `Cartoon`, `1`, `Pro` → `Cartoon`, `3d`, `1`, `Pro`). If there are no others, the
/// letters of the first word are put before its number (`720p` → `P720`), and a number alone gets an `N` (`5` → `N5`).
pub(super) fn digits_behind(mut words: Vec<String>) -> Vec<String> {
    let begins_with_digit = |word: &String| word.starts_with(|first: char| first.is_ascii_digit());
    let digits = words
        .iter()
        .take_while(|word| begins_with_digit(word))
        .count();
    let letters = words[digits..]
        .iter()
        .take_while(|word| !begins_with_digit(word))
        .count();
    if digits == 0 {
        return words;
    }
    if letters > 0 {
        words[..digits + letters].rotate_left(digits);
        return words;
    }
    let first = &words[0];
    let number = first.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = &first[number.len()..];
    let is_number = number
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'_');
    let is_unit = is_number && !unit.is_empty() && !unit.starts_with(|c: char| c.is_uppercase());
    words[0] = match is_unit {
        true => format!("{}{}{number}", unit[..1].to_ascii_uppercase(), &unit[1..]),
        false => format!("N{first}"),
    };
    words
}
