//! Converts wire names to the cases of Rust: `CamelCase`, `snake_case` and `UPPER_CASE`.

use super::reserved::{is_keyword, is_raw_keyword};
use super::words::{capitalize, digits_behind, is_telling, is_word, words};
use crate::source::is_device;

/// A type's name: `image_size` → `ImageSize`, `v1.1-ultra` → `V1_1Ultra`. The module in front of a pydantic class is left out:
/// `app__models__Image` → `Image`. The result can start with a digit, or be empty; the caller has to correct that.
pub fn type_name(wire: &str) -> String {
    let parts = wire.rsplit("__").find(|part| !part.is_empty());
    // `Page[dict[str, Image]]` is written as `Page_dict_str__Image__`: what follows `__` is an argument.
    let local = parts.filter(|_| !wire.ends_with('_')).unwrap_or(wire);
    let mut name = String::new();
    for word in words(local) {
        join(&mut name, &capitalize(&word));
    }
    name
}

/// Appends to a type's name. An underscore is added between two digits, so that version 1.1 and version 11 differ.
pub fn join(name: &mut String, more: &str) {
    let digit = |character: Option<char>| character.is_some_and(|c| c.is_ascii_digit());
    if digit(name.chars().last()) && digit(more.chars().next()) {
        name.push('_');
    }
    name.push_str(more);
}

/// Joins the names of two types. Words with which the first ends and the second begins are not repeated: `WanTrainer` and
/// `TrainerOutput` → `WanTrainerOutput`.
pub fn joined(first: &str, second: &str) -> String {
    let (before, after) = (words(first), words(second));
    let longest = before.len().min(after.len());
    let overlap = (1..=longest)
        .rev()
        .find(|count| {
            before[before.len() - count..] == after[..*count] && is_telling(&after[..*count])
        })
        .unwrap_or(0);
    let mut name = first.to_owned();
    for word in &after[overlap..] {
        join(&mut name, &capitalize(word));
    }
    name
}

/// A type's name without one or two words that repeat those before them: `LoraLora` → `Lora`.
pub fn without_repeats(name: &str) -> String {
    let all = words(name);
    let mut kept: Vec<&String> = Vec::new();
    for word in &all {
        kept.push(word);
        let ends_twice = (1..=(kept.len() / 2).min(2)).rev().find(|count| {
            let (before, last) = kept.split_at(kept.len() - count);
            before.ends_with(last) && last.iter().any(|word| is_word(word))
        });
        kept.truncate(kept.len() - ends_twice.unwrap_or(0));
    }
    if kept.len() == all.len() {
        return name.to_owned();
    }
    let mut short = String::new();
    for word in kept {
        join(&mut short, &capitalize(word));
    }
    short
}

/// A type's name without the segments of an id that it begins with, if it begins with two segments or more:
/// `FalAiFlux2LoraInput` → `LoraInput`.
pub fn without_path<'a>(name: &str, segments: impl Iterator<Item = &'a str>) -> String {
    let all = words(name);
    let (mut path, mut best) = (String::new(), 0);
    for (index, segment) in segments.enumerate() {
        path.push_str(&words(segment).concat().to_ascii_lowercase());
        let begins =
            (1..all.len()).find(|count| all[..*count].concat().to_ascii_lowercase() == path);
        best = match begins {
            Some(count) if index > 0 => count,
            _ => best,
        };
    }
    let mut rest = String::new();
    for word in &all[best..] {
        join(&mut rest, &capitalize(word));
    }
    match best {
        0 => name.to_owned(),
        _ => rest,
    }
}

/// The words that the names of two types end with, without numbers at their ends; else the words that both begin with, if only
/// single letters or numbers follow (`VoiceA`, `VoiceB`). `None` if they have no such words in common.
pub fn common_words(one: &str, other: &str) -> Option<String> {
    let number = |word: &String| word.bytes().all(|byte| byte.is_ascii_digit());
    let without_number = |name: &str| {
        let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
        words(name)
    };
    let (one, other) = (without_number(one), without_number(other));
    let pairs = one.iter().rev().zip(other.iter().rev());
    let ending = pairs.take_while(|(one, other)| one == other).count();
    let pairs = one.iter().zip(&other);
    let beginning = pairs.take_while(|(one, other)| one == other).count();
    let is_counted = !is_telling(&one[beginning..]) && !is_telling(&other[beginning..]);
    let common = match ending {
        0 if is_counted => &one[..beginning],
        0 => return None,
        _ => &one[one.len() - ending..],
    };
    let is_name = common
        .first()
        .is_some_and(|word| !number(word) && is_word(word));
    let mut name = String::new();
    for word in common {
        join(&mut name, &capitalize(word));
    }
    is_name.then_some(name)
}

/// Whether a type's name consists of at most one word.
pub fn is_single_word(name: &str) -> bool {
    words(name).len() < 2
}

/// A type's name, changed so that it begins with a letter: `3dModel` → `Model3d`.
pub fn begin_with_letter(name: &str) -> String {
    if !name.starts_with(|first: char| first.is_ascii_digit()) {
        return name.to_owned();
    }
    let mut letters_first = String::new();
    for word in digits_behind(words(name)) {
        join(&mut letters_first, &capitalize(&word));
    }
    letters_first
}

/// A field's name: `numFrames` → `num_frames`, `type` → `r#type`, `3d` → `_3d`.
pub fn field_name(wire: &str) -> String {
    identifier(snake(wire))
}

/// A module's name, by the same rule as a field's name, but never a raw identifier, which would make paths hard to read:
/// `type` → `type_`.
pub fn module_name(segment: &str) -> String {
    let name = snake(segment);
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{name}")
    } else if is_keyword(&name) || is_device(&name) || name == "std" {
        // A module `std` would shadow the standard library.
        format!("{name}_")
    } else {
        name
    }
}

/// A constant's name: `num_frames` → `NUM_FRAMES`.
pub fn constant_name(wire: &str) -> String {
    words(wire).join("_").to_ascii_uppercase()
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
    let mut name = words(wire).join("_");
    name.make_ascii_lowercase();
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_stands_twice_where_names_meet() {
        for (first, second, name) in [
            ("WanTrainer", "WanTrainerOutput", "WanTrainerOutput"),
            ("ErnieImage", "ImageSizePreset", "ErnieImageSizePreset"),
            ("TextToVideo", "VideoSize", "TextToVideoSize"),
            ("Speech2_5", "Voice", "Speech2_5Voice"),
            ("Flux2", "2Format", "Flux2_2Format"),
            ("V", "VMode", "VVMode"),
            ("Edit", "OutputFormat", "EditOutputFormat"),
        ] {
            assert_eq!(joined(first, second), name);
        }
        for (name, short) in [
            ("FalAiFlux2KleinLoraInput", "LoraInput"),
            ("FalAiFlux2Klein", "Klein"),
            ("FalAiImage", "FalAiImage"),
            ("Flux2Lora", "Flux2Lora"),
            ("Image", "Image"),
        ] {
            let id = ["fal-ai", "flux-2", "klein", "4b"];
            assert_eq!(without_path(name, id.into_iter()), short);
        }
        for (name, short) in [
            ("LoraLora", "Lora"),
            ("WanTrainerWanTrainerOutput", "WanTrainerOutput"),
            ("ImageToImage", "ImageToImage"),
            ("BBoxPromptBase", "BBoxPromptBase"),
            ("V2VValidation", "V2VValidation"),
            ("Ratio16_16", "Ratio16_16"),
        ] {
            assert_eq!(without_repeats(name), short);
        }
    }

    #[test]
    fn names_have_the_words_in_common_that_they_end_or_begin_with() {
        for (one, other, common) in [
            ("Voice1", "Voice2", Some("Voice")),
            ("Resolution", "ValidationResolution", Some("Resolution")),
            (
                "FirstReferenceTask",
                "SecondReferenceTask",
                Some("ReferenceTask"),
            ),
            ("FontColor", "HighlightColor", Some("Color")),
            ("VoiceA", "VoiceB", Some("Voice")),
            ("Speaker1Voice", "Speaker2Voice", Some("Voice")),
            ("Quality", "Strength", None),
            ("Map", "MapType", None),
            ("Fps1", "N1", None),
        ] {
            assert_eq!(common_words(one, other).as_deref(), common);
        }
    }

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
            (
                "Page_dict_str__Image__",
                "PageDictStrImage",
                "page_dict_str_image",
                "page_dict_str_image",
            ),
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
        for (name, begun) in [
            ("3dModel", "Model3d"),
            ("3d", "D3"),
            ("1_1Ultra", "Ultra1_1"),
            ("2", "N2"),
            ("Model3d", "Model3d"),
        ] {
            assert_eq!(begin_with_letter(name), begun);
        }
        assert_eq!(singular("Loras"), "Lora");
        assert_eq!(singular("Categories"), "Category");
        assert_eq!(singular("Class"), "ClassItem");
    }
}
