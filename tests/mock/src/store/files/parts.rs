//! Uploads in parts.

use std::{collections::HashMap, fmt};

use serde_json::Value;

use crate::http::body::ReceivedBody;

/// A part of an upload.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) etag: String,
    received: ReceivedBody,
}

impl Part {
    pub(super) fn new(received: ReceivedBody) -> Self {
        Self {
            etag: received.etag(),
            received,
        }
    }
}

/// The reason why an upload cannot be completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PartsError {
    NoUpload,
    /// The body is not `{"parts": [{"partNumber", "etag"}, …]}`, or names no parts.
    Malformed,
    OutOfOrder(u32),
    Missing(u32),
    WrongTag(u32),
}

impl fmt::Display for PartsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoUpload => f.write_str("No such upload"),
            Self::Malformed => f.write_str(
                "The body has to be {\"parts\": [{\"partNumber\": 1, \"etag\": \"…\"}, …]}",
            ),
            Self::OutOfOrder(number) => write!(f, "Part {number} is out of order"),
            Self::Missing(number) => write!(f, "Part {number} is missing"),
            Self::WrongTag(number) => write!(f, "The etag of part {number} is wrong"),
        }
    }
}

/// Joins the parts, if `listed` names all of them, in order and with their entity tags.
pub(super) fn join(parts: &HashMap<u32, Part>, listed: &Value) -> Result<ReceivedBody, PartsError> {
    let listed = listed
        .get("parts")
        .and_then(Value::as_array)
        .ok_or(PartsError::Malformed)?;
    let mut whole = ReceivedBody::default();
    let mut last = 0;
    for entry in listed {
        let (number, etag) = read(entry).ok_or(PartsError::Malformed)?;
        if number <= last {
            return Err(PartsError::OutOfOrder(number));
        }
        last = number;
        let part = parts.get(&number).ok_or(PartsError::Missing(number))?;
        if part.etag.trim_matches('"') != etag {
            return Err(PartsError::WrongTag(number));
        }
        whole.append(&part.received);
    }
    let unlisted = parts.keys().filter(|number| !names(listed, **number)).min();
    match unlisted {
        Some(number) => Err(PartsError::Missing(*number)),
        None if listed.is_empty() => Err(PartsError::Malformed),
        None => gap(listed.len(), last).map_or(Ok(whole), Err),
    }
}

/// The error if the numbers of the parts, which count from 1, have a gap.
fn gap(count: usize, last: u32) -> Option<PartsError> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    (count < last).then_some(PartsError::Missing(count))
}

fn names(listed: &[Value], number: u32) -> bool {
    listed
        .iter()
        .filter_map(read)
        .any(|(listed, _)| listed == number)
}

/// Reads `partNumber`, or `part_number` as the protocol of the storage bucket spells it, and the entity tag without its quotes.
fn read(entry: &Value) -> Option<(u32, &str)> {
    let number = entry
        .get("partNumber")
        .or_else(|| entry.get("part_number"))?
        .as_u64()?;
    let etag = entry.get("etag")?.as_str()?;
    Some((u32::try_from(number).ok()?, etag.trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn part(text: &'static str) -> Part {
        Part::new(ReceivedBody::from_static(text.as_bytes()))
    }

    #[test]
    fn parts_have_to_be_complete_ordered_and_tagged() {
        let parts = HashMap::from([(1, part("ab")), (2, part("c"))]);
        let (one, two) = (&parts[&1].etag, &parts[&2].etag);
        let entry = |number: u32, etag: &str| json!({ "partNumber": number, "etag": etag });
        let good = json!({ "parts": [entry(1, one), entry(2, two.trim_matches('"'))] });
        let joined = join(&parts, &good).unwrap();
        assert_eq!(
            (joined.length, joined.etag()),
            (3, ReceivedBody::from_static(b"abc").etag())
        );
        let cases = [
            (
                json!({ "parts": [entry(2, two), entry(1, one)] }),
                PartsError::OutOfOrder(1),
            ),
            (json!({ "parts": [entry(1, one)] }), PartsError::Missing(2)),
            (
                json!({ "parts": [entry(1, one), entry(2, two), entry(3, "x")] }),
                PartsError::Missing(3),
            ),
            (
                json!({ "parts": [entry(1, one), entry(2, one)] }),
                PartsError::WrongTag(2),
            ),
            (
                json!({ "parts": [{ "partNumber": "1" }] }),
                PartsError::Malformed,
            ),
            (json!({ "parts": [] }), PartsError::Missing(1)),
            (json!([]), PartsError::Malformed),
        ];
        for (listed, error) in cases {
            assert_eq!(join(&parts, &listed).unwrap_err(), error, "{listed}");
        }
        let holes = HashMap::from([(1, part("a")), (3, part("b"))]);
        let listed = json!({ "parts": [entry(1, &holes[&1].etag), entry(3, &holes[&3].etag)] });
        assert_eq!(join(&holes, &listed).unwrap_err(), PartsError::Missing(2));
    }
}
