//! Documents the keyword `x-fal` of media: the limits of files, and how the server changes files.

use serde_json::{Map, Number, Value};

use crate::json::canonical::to_line;
use crate::json::members;

/// The end of a limit's name, the quantity that it limits, and the unit: `max_duration` limits the duration in seconds.
const QUANTITIES: &[(&str, &str, &str)] = &[
    ("file_size", "file size", "bytes"),
    ("duration", "duration", "seconds"),
    ("width", "width", "pixels"),
    ("height", "height", "pixels"),
    ("area", "area", "pixels"),
    ("aspect_ratio", "aspect ratio (width divided by height)", ""),
    ("fps", "frame rate", "frames per second"),
    ("timeout", "timeout", "seconds"),
];

/// Whether a keyword outside of `x-fal` limits files: `max_file_size`.
pub(super) fn is_limit(keyword: &str) -> bool {
    let quantity = ["min_", "max_"]
        .iter()
        .find_map(|it| keyword.strip_prefix(it));
    quantity.is_some_and(|quantity| QUANTITIES.iter().any(|(end, ..)| *end == quantity))
}

/// Whether a document's own words about limits only repeat the sentences of [`media_limits`]: they have no other number.
pub(super) fn is_said_by(words: &str, sentences: &str) -> bool {
    let said = numbers(sentences);
    let mut own = numbers(words).into_iter().peekable();
    own.peek().is_some() && own.all(|number| said.contains(&number))
}

fn numbers(text: &str) -> Vec<f64> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    let numbers = parts.map(|part| part.trim_matches('.').parse());
    numbers.filter_map(Result::ok).collect()
}

/// Sentences about the limits of a file, about the limits of all files of a list together, and about how the server changes
/// files.
pub(super) fn media_limits(facts: &Map<String, Value>) -> String {
    let part = |name: &str| facts.get(name).and_then(Value::as_object);
    let own = members(facts).filter(|(name, value)| {
        !(value.is_object() && matches!(*name, "combined" | "normalization"))
    });
    let own: Map<String, Value> = own
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    let sentences = [
        ("Limits of a file", Some(&own)),
        ("Limits of all files together", part("combined")),
        (
            "The server changes files that differ",
            part("normalization"),
        ),
    ];
    let sentences = sentences.into_iter().filter_map(|(head, facts)| {
        let listed = listed(facts?);
        (!listed.is_empty()).then(|| format!("{head}: {}.", listed.join(", ")))
    });
    sentences.collect::<Vec<_>>().join(" ")
}

/// Each quantity with its lower and upper limit, then the members that are not in [`QUANTITIES`], as they are written.
fn listed(facts: &Map<String, Value>) -> Vec<String> {
    // Most fields have no limits, and the names of all limits would be made for each of them.
    if facts.is_empty() {
        return Vec::new();
    }
    let mut known: Vec<String> = Vec::new();
    let mut listed = Vec::new();
    for (end, noun, unit) in QUANTITIES {
        let names = [
            format!("min_{end}"),
            format!("max_{end}"),
            (*end).to_owned(),
        ];
        let [low, high, exact] =
            [0, 1, 2].map(|index| facts.get(&names[index]).and_then(Value::as_number));
        // A timeout is not a property that a file has exactly.
        let exactly = if *end == "timeout" { "" } else { "exactly " };
        let amounts = [("at least ", low), ("at most ", high), (exactly, exact)];
        let amounts = amounts.into_iter().filter_map(|(word, number)| {
            let number = number?;
            Some(format!("{word}{}", amount(number, unit)))
        });
        let amounts: Vec<String> = amounts.collect();
        if !amounts.is_empty() {
            listed.push(format!("{noun} {}", amounts.join(" and ")));
            known.extend(
                names
                    .into_iter()
                    .filter(|name| facts.get(name).is_some_and(Value::is_number)),
            );
        }
    }
    let others = members(facts).filter(|(name, _)| !known.iter().any(|known| known == name));
    listed.extend(others.map(|(name, value)| format!("`{name}` `{}`", to_line(value))));
    listed
}

/// A number with its unit. Bytes are written as MiB or MB if they are a whole number of them.
fn amount(number: &Number, unit: &str) -> String {
    const MIB: u64 = 1 << 20;
    const MB: u64 = 1_000_000;
    match number.as_u64() {
        Some(bytes) if unit == "bytes" && bytes > 0 && bytes % MIB == 0 => {
            format!("{} MiB", bytes / MIB)
        }
        Some(bytes) if unit == "bytes" && bytes > 0 && bytes % MB == 0 => {
            format!("{} MB", bytes / MB)
        }
        Some(1) => format!("1 {}", unit.trim_end_matches('s'))
            .trim_end()
            .to_owned(),
        _ => format!("{number} {unit}").trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_limit, is_said_by, media_limits};
    use serde_json::json;

    #[test]
    fn limits_and_what_the_server_does_are_said_apart() {
        let said = |facts: serde_json::Value| media_limits(facts.as_object().expect("an object"));
        assert_eq!(
            said(json!({
                "max_file_size": 10_485_760, "min_width": 300, "max_aspect_ratio": 2.5, "min_aspect_ratio": 0.4, "timeout": 20,
                "combined": {"max_duration": 30, "max_file_size": 1000},
                "normalization": {"max_duration": 1, "fps": 24},
            })),
            "Limits of a file: file size at most 10 MiB, width at least 300 pixels, aspect ratio (width divided by height) at least \
             0.4 and at most 2.5, timeout 20 seconds. Limits of all files together: file size at most 1000 bytes, duration at most 30 \
             seconds. The server changes files that differ: duration at most 1 second, frame rate exactly 24 frames per second."
        );
        assert_eq!(
            said(json!({"normalization": true})),
            "Limits of a file: `normalization` `true`."
        );
        assert_eq!(said(json!({})), "");
        assert_eq!(
            said(json!({"max_file_size": 60_000_000})),
            "Limits of a file: file size at most 60 MB."
        );
    }

    #[test]
    fn limits_in_words_are_left_out_only_if_nothing_is_lost() {
        let limits = "Limits of a file: file size at most 10 MiB, aspect ratio at least 0.4.";
        assert!(is_said_by(
            "Max file size: 10.0MB, Min aspect ratio: 0.40",
            limits
        ));
        assert!(!is_said_by(
            "Max file size: 10.0MB, Max width: 300px",
            limits
        ));
        assert!(!is_said_by("No faces.", limits));
    }

    #[test]
    fn keywords_beside_x_fal_limit_files_too() {
        for keyword in ["max_file_size", "min_width"] {
            assert!(is_limit(keyword), "{keyword}");
        }
        for keyword in ["max", "max_items", "file_size"] {
            assert!(!is_limit(keyword), "{keyword}");
        }
    }
}
