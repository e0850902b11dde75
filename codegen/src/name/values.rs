//! Names for the values of an enum.

use std::collections::HashSet;

use serde_json::Value;

use super::case::{capitalize, join};
use super::distinct::distinct;
use super::latin;

/// The variant for what is not listed, and a keyword that cannot be raw.
const TAKEN: &[&str] = &["Other", "Self"];

/// A name for each value, all different, none of them `Other`. A value that
/// starts with a digit takes the initial of its type's name: `R720p`.
pub fn variant_names(values: &[Value], type_name: &str) -> Vec<String> {
    let initial = type_name.chars().next().unwrap_or('V');
    let mut names: Vec<String> = Vec::with_capacity(values.len());
    let mut taken: HashSet<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
    for value in values {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let attempts = [plain(&text, initial), spelled(&text, initial)];
        let free = |name: &&String| !taken.contains(name.as_str());
        let name = match attempts.iter().find(free) {
            Some(name) => name.clone(),
            None => {
                let free = |name: &str| !taken.contains(name);
                distinct(format!("{}Value", attempts[1]), "Value", &text, free)
            }
        };
        taken.insert(name.clone());
        names.push(name);
    }
    names
}

/// The variant name from letters, digits and signs with a meaning. An apostrophe does not separate words.
fn plain(text: &str, initial: char) -> String {
    let text = text.replace(['\'', '’'], "");
    build(&text, initial, |sign| match sign {
        '+' => Some("Plus"),
        '%' => Some("Percent"),
        '&' => Some("And"),
        _ => None,
    })
}

/// The variant name with each sign spelled out, for values that differ in signs only.
fn spelled(text: &str, initial: char) -> String {
    build(text, initial, |sign| {
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
            _ => "Sign",
        })
    })
}

fn build(text: &str, initial: char, sign: impl Fn(char) -> Option<&'static str>) -> String {
    let mut name = String::new();
    let mut word = String::new();
    let negative = text.starts_with('-') && text[1..].starts_with(|c: char| c.is_ascii_digit());
    if negative {
        name.push_str("Minus");
    }
    for character in text.chars().skip(usize::from(negative)) {
        if character.is_ascii_alphanumeric() {
            word.push(character);
            continue;
        }
        if let Some(letters) = latin::plain(character) {
            word.push_str(letters);
            continue;
        }
        append(&mut name, &mut word);
        if character.is_alphanumeric() {
            name.push_str(&format!("U{:x}", character as u32));
        } else if let Some(spelling) = sign(character) {
            name.push_str(spelling);
        }
    }
    append(&mut name, &mut word);
    match name.chars().next() {
        None => "Empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{initial}{name}"),
        Some(_) => name,
    }
}

/// Appends a word to a name.
fn append(name: &mut String, word: &mut String) {
    let all_caps = word.len() > 1 && !word.bytes().any(|b| b.is_ascii_lowercase());
    if all_caps {
        join(name, &capitalize(word));
    } else if let Some(first) = word.chars().next() {
        join(
            name,
            &format!("{}{}", first.to_ascii_uppercase(), &word[1..]),
        );
    }
    word.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(values: &[&str]) -> Vec<String> {
        let values: Vec<_> = values.iter().map(|v| Value::from(*v)).collect();
        variant_names(&values, "Resolution")
    }

    #[test]
    fn values_read_as_names_and_never_collide() {
        assert_eq!(names(&["720p", "16:9", "auto"]), ["R720p", "R16_9", "Auto"]);
        assert_eq!(
            names(&["dpm++", "", "other"]),
            ["DpmPlusPlus", "Empty", "OtherValue"]
        );
        assert_eq!(names(&["Hope", "Hope "]), ["Hope", "HopeSpace"]);
        assert_eq!(names(&["Self", "self"]), ["SelfValue", "SelfValueValue"]);
        assert_eq!(
            names(&["low", "LOW", "Low"]),
            ["Low", "LowValue", "LowValueValue"]
        );
        assert_eq!(
            names(&["中文", "PNG", "-1"]),
            ["U4e2dU6587", "Png", "Minus1"]
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
        let numbers = [Value::from(5), Value::from(-5)];
        assert_eq!(variant_names(&numbers, "Duration"), ["D5", "Minus5"]);
    }
}
