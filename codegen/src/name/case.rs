//! Wire names in Rust's cases.

use super::latin;
use super::reserved::{is_keyword, is_raw_keyword};
use crate::source::is_device;

/// A type's name: `image_size` → `ImageSize`, `v1.1-ultra` → `V1_1Ultra`. A name
/// can start with a digit, or be empty: the caller knows what to put in front.
pub fn type_name(wire: &str) -> String {
    let local = wire
        .rsplit("__")
        .find(|part| !part.is_empty())
        .unwrap_or(wire);
    let mut name = String::new();
    for word in words(local) {
        join(&mut name, &capitalize(&word));
    }
    name
}

/// Adds to a type's name. Between two digits an underscore stays, so that version
/// 1.1 and version 11 differ.
pub fn join(name: &mut String, more: &str) {
    let digit = |character: Option<char>| character.is_some_and(|c| c.is_ascii_digit());
    if digit(name.chars().last()) && digit(more.chars().next()) {
        name.push('_');
    }
    name.push_str(more);
}

/// A field's name: `numFrames` → `num_frames`, `type` → `r#type`, `3d` → `_3d`.
pub fn field_name(wire: &str) -> String {
    identifier(snake(wire))
}

/// A module's name, by the same rule, but never a raw identifier, which would make paths
/// hard to read.
pub fn module_name(segment: &str) -> String {
    let name = snake(segment);
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{name}")
    } else if is_keyword(&name) || is_device(&name) || name == "std" {
        // Beside a module `std`, paths into the standard library lead there.
        format!("{name}_")
    } else {
        name
    }
}

/// A constant's name: `num_frames` → `NUM_FRAMES`.
pub fn constant_name(wire: &str) -> String {
    snake(wire).to_ascii_uppercase()
}

/// The singular of a name: `Loras` → `Lora`.
pub fn singular(name: &str) -> String {
    let plain = |stem: &str| stem.len() > 1 && !stem.ends_with('s');
    if let Some(stem) = name.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    match name.strip_suffix('s') {
        Some(stem) if plain(stem) => stem.to_owned(),
        _ => format!("{name}Item"),
    }
}

fn identifier(name: String) -> String {
    if name.is_empty() {
        "_field".to_owned()
    } else if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{name}")
    } else if is_raw_keyword(&name) {
        format!("r#{name}")
    } else if is_keyword(&name) {
        format!("{name}_")
    } else {
        name
    }
}

fn snake(wire: &str) -> String {
    let words: Vec<String> = words(wire)
        .iter()
        .map(|word| word.to_ascii_lowercase())
        .collect();
    words.join("_")
}

/// The words of a wire name: the parts between other characters and between lower
/// and upper case. Letters of
/// other scripts than the Latin one are written as their code points, so that no
/// name looks like another.
fn words(wire: &str) -> Vec<String> {
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

/// A wire name without marks on its letters. "LoRA" is one word.
fn in_ascii(wire: &str) -> String {
    let mut plain = String::with_capacity(wire.len());
    for character in wire.chars() {
        match latin::plain(character) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(character),
        }
    }
    plain.replace("LoRA", "Lora")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_one_rule_each() {
        for (wire, ty, field, module) in [
            ("image_size", "ImageSize", "image_size", "image_size"),
            ("numFrames", "NumFrames", "num_frames", "num_frames"),
            ("v1.1-ultra", "V1_1Ultra", "v1_1_ultra", "v1_1_ultra"),
            ("type", "Type", "r#type", "type_"),
            ("self", "Self", "self_", "self_"),
            ("3d_model", "3dModel", "_3d_model", "_3d_model"),
            ("LTXVideo", "LtxVideo", "ltx_video", "ltx_video"),
            ("a__b__Image", "Image", "a_b_image", "a_b_image"),
            ("con", "Con", "con", "con_"),
            ("größe", "Grosse", "grosse", "grosse"),
            ("数", "U6570", "u6570", "u6570"),
            ("LoRAWeight", "LoraWeight", "lora_weight", "lora_weight"),
            ("LoRAs", "Loras", "loras", "loras"),
        ] {
            assert_eq!(type_name(wire), ty);
            assert_eq!(field_name(wire), field);
            assert_eq!(module_name(wire), module);
        }
        assert_eq!(singular("Loras"), "Lora");
        assert_eq!(singular("Categories"), "Category");
        assert_eq!(singular("Class"), "ClassItem");
    }
}
