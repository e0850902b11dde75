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
];

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
        let amounts = [("at least", low), ("at most", high), ("exactly", exact)];
        let amounts = amounts.into_iter().filter_map(|(word, number)| {
            let number = number?;
            Some(format!("{word} {}", amount(number, unit)))
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

/// A number with its unit. Bytes are written as MiB if they are a whole number of MiB.
fn amount(number: &Number, unit: &str) -> String {
    const MIB: u64 = 1 << 20;
    match number.as_u64() {
        Some(bytes) if unit == "bytes" && bytes > 0 && bytes % MIB == 0 => {
            format!("{} MiB", bytes / MIB)
        }
        Some(1) => format!("1 {}", unit.trim_end_matches('s'))
            .trim_end()
            .to_owned(),
        _ => format!("{number} {unit}").trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::media_limits;
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
             0.4 and at most 2.5, `timeout` `20`. Limits of all files together: file size at most 1000 bytes, duration at most 30 \
             seconds. The server changes files that differ: duration at most 1 second, frame rate exactly 24 frames per second."
        );
        assert_eq!(
            said(json!({"normalization": true})),
            "Limits of a file: `normalization` `true`."
        );
        assert_eq!(said(json!({})), "");
    }
}
