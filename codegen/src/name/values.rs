//! Names for the values of an enum.
//!
//! A name follows from the value alone, so that one value has one name in all types:
//!
//! - The words of the value, each with a capital: `line_art` → `LineArt`, `PNG` → `Png`.
//! - The names of a ratio and a size begin with these words: `16:9` → `Ratio16_9`, `1024x1024` → `Size1024x1024`.
//! - Words that begin with a digit are moved (see [`digits_behind`]), so that no name does: `720p` → `P720`,
//!   `80s Illustration` → `Illustration80s`, `5` → `N5`.
//!
//! A value that is already a variant name is used as it is. If other values would have the same name, the first one has it, and
//! the next ones are distinguished by their punctuation, by their case, or by a suffix.

use std::collections::HashSet;

use serde_json::Value;

use super::case::join;
use super::distinct::distinct;
use super::latin;
use super::words::{capitalize, digits_behind};

/// The variant for unlisted values, and a keyword that cannot be a raw identifier.
const TAKEN: &[&str] = &["Other", "Self"];

/// A name for each value, all different, none of them `Other`.
pub fn variant_names(values: &[Value]) -> Vec<String> {
    let texts: Vec<String> = values.iter().map(text_of).collect();
    let plain_names: Vec<String> = texts.iter().map(|text| plain(text)).collect();
    let wanted: HashSet<&str> = plain_names.iter().map(String::as_str).collect();
    let mut taken: HashSet<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
    let spell_a_name: Vec<bool> = texts
        .iter()
        .map(|text| wanted.contains(text.as_str()) && taken.insert(text.clone()))
        .collect();
    let mut names = Vec::with_capacity(texts.len());
    for ((text, plain), spells_a_name) in texts.into_iter().zip(plain_names).zip(spell_a_name) {
        names.push(match spells_a_name {
            true => text,
            false => free_name(&text, plain, &mut taken),
        });
    }
    names
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The plain name if it is free, else a name that distinguishes the text from others.
fn free_name(text: &str, plain: String, taken: &mut HashSet<String>) -> String {
    let name = match taken.contains(&plain) {
        true => distinguished(text, taken),
        false => plain,
    };
    taken.insert(name.clone());
    name
}

/// A free name with the text's punctuation spelled out, or else with its case, or with a suffix.
fn distinguished(text: &str, taken: &HashSet<String>) -> String {
    let spelled = spelled(text);
    let case = match TAKEN.contains(&spelled.as_str()) {
        true => "Value",
        false => letter_case(text),
    };
    let attempts = [spelled.clone(), format!("{spelled}{case}")];
    let free = attempts.into_iter().find(|name| !taken.contains(name));
    free.unwrap_or_else(|| {
        distinct(format!("{spelled}Value"), "Value", text, |name| {
            !taken.contains(name)
        })
    })
}

/// The case of a text's letters, if all have the same.
fn letter_case(text: &str) -> &'static str {
    let lower = text.contains(char::is_lowercase);
    let upper = text.contains(char::is_uppercase);
    match (lower, upper) {
        (true, false) => "Lowercase",
        (false, true) => "Uppercase",
        _ => "Value",
    }
}

/// The variant name of a text, made of its letters, its digits and punctuation that has a meaning, such as `+`. An apostrophe does
/// not separate words.
fn plain(text: &str) -> String {
    if let Some(name) = ratio(text).or_else(|| size(text)) {
        return name;
    }
    let letters = text.replace(['\'', '’'], "");
    let name = build(&letters, |sign| match sign {
        '+' => Some("Plus"),
        '%' => Some("Percent"),
        '&' => Some("And"),
        _ => None,
    });
    match name.as_str() {
        "" if text.trim().is_empty() => "Empty".to_owned(),
        // A value without letters and digits.
        "" => spelled(text),
        _ => name,
    }
}

/// `16:9` → `Ratio16_9`.
fn ratio(text: &str) -> Option<String> {
    let (width, height) = text.split_once(':')?;
    let part = |part: &str| {
        let mut digits = part.split('.').map(is_number);
        (digits.next()? && digits.next().unwrap_or(true) && digits.next().is_none())
            .then(|| part.replace('.', "_"))
    };
    Some(format!("Ratio{}_{}", part(width)?, part(height)?))
}

/// `1024x1024` → `Size1024x1024`.
fn size(text: &str) -> Option<String> {
    let (width, height) = text.split_once(['x', 'X', '×', '*'])?;
    let (width, height) = (width.trim_end(), height.trim_start());
    (is_number(width) && is_number(height)).then(|| format!("Size{width}x{height}"))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The variant name with each punctuation character spelled out, for values that differ only in punctuation.
fn spelled(text: &str) -> String {
    if text.is_empty() {
        return "Empty".to_owned();
    }
    build(text, |sign| {
        Some(match sign {
            ' ' => "Space",
            '-' => "Dash",
            '_' => "Underscore",
            '.' => "Dot",
            ':' => "Colon",
            '/' => "Slash",
            '+' => "Plus",
            '%' => "Percent",
            '&' => "And",
            '#' => "Hash",
            '*' => "Star",
            '(' => "Open",
            ')' => "Close",
            ',' => "Comma",
            '<' => "Less",
            '>' => "Greater",
            '=' => "Equals",
            '!' => "Not",
            '?' => "Question",
            '|' => "Pipe",
            '~' => "Tilde",
            '@' => "At",
            '$' => "Dollar",
            _ => "Sign",
        })
    })
}

fn build(text: &str, sign: impl Fn(char) -> Option<&'static str>) -> String {
    let mut words = Vec::new();
    let mut word = String::new();
    let negative = text.starts_with('-') && text[1..].starts_with(|c: char| c.is_ascii_digit());
    if negative {
        words.push("Minus".to_owned());
    }
    let mut characters = text.chars().skip(usize::from(negative)).peekable();
    while let Some(character) = characters.next() {
        if character.is_ascii_alphanumeric() {
            word.push(character);
            continue;
        }
        if let Some(letters) = latin::plain(character) {
            word.push_str(letters);
            continue;
        }
        let is_digit = |next: Option<char>| next.is_some_and(|next| next.is_ascii_digit());
        let spelling = sign(character);
        if character == '.'
            && spelling.is_none()
            && is_digit(word.chars().last())
            && is_digit(characters.peek().copied())
        {
            word.push('_');
            continue;
        }
        push(&mut words, &mut word);
        if character.is_alphanumeric() {
            words.push(format!("U{:x}", character as u32));
        } else if let Some(spelling) = spelling {
            attach(&mut words, spelling);
        }
    }
    push(&mut words, &mut word);
    let mut name = String::new();
    for word in digits_behind(words) {
        join(&mut name, &word);
    }
    name
}

/// Appends the word for a punctuation character to the number before it: `100% Cotton` → `Cotton100Percent`.
fn attach(words: &mut Vec<String>, sign: &str) {
    let number = words
        .last_mut()
        .filter(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    match number {
        Some(word) => word.push_str(sign),
        None => words.push(sign.to_owned()),
    }
}

/// Ends a word, and capitalises it.
fn push(words: &mut Vec<String>, word: &mut String) {
    let all_caps = word.len() > 1 && !word.bytes().any(|byte| byte.is_ascii_lowercase());
    if all_caps {
        words.push(capitalize(word));
    } else if let Some(first) = word.chars().next() {
        words.push(format!("{}{}", first.to_ascii_uppercase(), &word[1..]));
    }
    word.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(values: &[&str]) -> Vec<String> {
        let values: Vec<_> = values.iter().map(|v| Value::from(*v)).collect();
        variant_names(&values)
    }

    #[test]
    fn a_value_has_one_name_whatever_its_type() {
        for (value, name) in [
            ("line_art", "LineArt"),
            ("dpm++", "DpmPlusPlus"),
            ("", "Empty"),
            (" ", "Empty"),
            ("<=", "LessEquals"),
            ("🎨", "Sign"),
            ("other", "OtherValue"),
            ("中文", "U4e2dU6587"),
            ("PNG", "Png"),
            ("-1", "Minus1"),
            ("16:9", "Ratio16_9"),
            ("2.35:1", "Ratio2_35_1"),
            ("19.5:9", "Ratio19_5_9"),
            ("1024x1024", "Size1024x1024"),
            ("1024 × 768", "Size1024x768"),
            ("720p", "P720"),
            ("512P", "P512"),
            ("4K", "K4"),
            ("0.5K", "K0_5"),
            ("30fps", "Fps30"),
            ("24 kHz", "KHz24"),
            ("5", "N5"),
            ("1.5", "N1_5"),
            ("1:2:3", "N1_2_3"),
            ("2025-10-06", "N2025_10_06"),
            ("18+", "N18Plus"),
            ("100% Cotton", "Cotton100Percent"),
            ("80s Illustration", "Illustration80s"),
            ("3D Cartoon 1 Pro", "Cartoon3d1Pro"),
            ("3d_animation", "Animation3d"),
            ("1080p 60fps", "P1080_60fps"),
            ("720p (landscape)", "Landscape720p"),
            ("21m00Tcm4", "N21m00Tcm4"),
            ("landscape_16_9", "Landscape16_9"),
            ("v1.5", "V1_5"),
            ("lipsync-1.9.0-beta", "Lipsync1_9_0Beta"),
            ("luminance (Rec.601)", "LuminanceRec601"),
        ] {
            assert_eq!(names(&[value]), [name], "{value}");
        }
        let numbers = [Value::from(5), Value::from(-5)];
        assert_eq!(variant_names(&numbers), ["N5", "Minus5"]);
    }

    #[test]
    fn values_never_collide_and_one_that_is_a_name_has_it() {
        for order in [["Hope", "Hope "], ["Hope ", "Hope"]] {
            let expected = order.map(|value| value.replace(' ', "Space"));
            assert_eq!(names(&order), expected);
        }
        assert_eq!(names(&["Self", "self"]), ["SelfValue", "SelfValueValue"]);
        assert_eq!(names(&["", "Empty"]), ["EmptyValue", "Empty"]);
        assert_eq!(names(&["<", ">", ""]), ["Less", "Greater", "Empty"]);
        assert_eq!(
            names(&["low", "LOW", "Low"]),
            ["LowLowercase", "LowUppercase", "Low"]
        );
        assert_eq!(
            names(&["H O P E", "HOPE", "Hope"]),
            ["HSpaceOSpacePSpaceE", "HOPE", "Hope"]
        );
        assert_eq!(names(&["512p", "512P"]), ["P512", "P512Uppercase"]);
        assert_eq!(
            names(&["a b", "a-b", "a b ", "a.b"]),
            ["AB", "ADashB", "ASpaceBSpace", "ADotB"]
        );
        assert_eq!(
            names(&["It's", "Who’s", "Hélène (fr)", "Étienne", "Helene (fr)"]),
            [
                "Its",
                "Whos",
                "HeleneFr",
                "Etienne",
                "HeleneSpaceOpenFrClose"
            ]
        );
    }
}
