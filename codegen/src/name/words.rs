//! Splits wire names into words.

use std::borrow::Cow;

use super::latin;

/// The words of a wire name. It is split at characters that are not letters or digits, and between lower and upper case. Letters
/// of scripts other than Latin are replaced by their code points, so that no two names look the same.
pub(super) fn words(wire: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut previous = ' ';
    let wire = in_ascii(wire);
    let mut rest = wire.chars().peekable();
    while let Some(character) = rest.next() {
        if character.is_ascii_alphanumeric() {
            let hump = character.is_ascii_uppercase()
                && (previous.is_ascii_lowercase()
                    || previous.is_ascii_digit()
                    || previous.is_ascii_uppercase()
                        && rest.peek().is_some_and(char::is_ascii_lowercase));
            if hump {
                push(&mut words, &mut word);
            }
            word.push(character);
        } else {
            push(&mut words, &mut word);
            if character.is_alphanumeric() {
                words.push(format!("u{:x}", character as u32));
            }
        }
        previous = character;
    }
    push(&mut words, &mut word);
    words
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

fn push(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

pub(super) fn capitalize(word: &str) -> String {
    let mut characters = word.chars();
    match characters.next() {
        Some(first) => {
            let rest = characters.as_str().to_ascii_lowercase();
            format!("{}{rest}", first.to_ascii_uppercase())
        }
        None => String::new(),
    }
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
