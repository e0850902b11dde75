//! Bodies of requests and replies in a recording.

use std::fmt::Write as _;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::redact::Redactor;

/// A body in a form that people can read, if there is one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RecordedBody {
    /// The body is JSON.
    Json(Value),
    /// The body is another text.
    Text(String),
    /// The body is a stream of events. Each event has the empty line that ends it.
    Events(Vec<String>),
    /// The body is the bytes of a reply, in a file with this name beside the recording.
    File(String),
    /// The body is the bytes of a request, of which only digest and length are recorded.
    Bytes {
        /// The SHA-256 digest, in hexadecimal.
        sha256: String,
        /// The number of bytes.
        length: usize,
    },
}

impl RecordedBody {
    /// The body of a request that is sent to `url`. `json` is its value if it is JSON.
    pub(super) fn of_request(
        body: &Bytes,
        json: Option<Value>,
        redactor: &Redactor,
        url: &str,
    ) -> Option<Self> {
        if body.is_empty() {
            return None;
        }
        if let Some(mut value) = json {
            redactor.value(&mut value, url);
            return Some(Self::Json(value));
        }
        let mut sha256 = String::new();
        for byte in Sha256::digest(body) {
            let _ = write!(sha256, "{byte:02x}");
        }
        Some(Self::Bytes {
            sha256,
            length: body.len(),
        })
    }
}

/// The kind of a reply's body, which decides how it is passed on and recorded.
#[cfg(feature = "record")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Json,
    Text,
    Events,
    Bytes,
}

#[cfg(feature = "record")]
impl Kind {
    /// The kind of a body with this media type.
    pub(super) fn of(content_type: &str) -> Self {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        match media_type {
            "text/event-stream" => Self::Events,
            "application/json" => Self::Json,
            _ if media_type.ends_with("+json") => Self::Json,
            _ if media_type.starts_with("text/") => Self::Text,
            _ => Self::Bytes,
        }
    }
}

/// The JSON in the data of an event.
pub(super) fn data(frame: &str) -> Option<Value> {
    let data: Vec<&str> = frame
        .lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .collect();
    serde_json::from_str(&data.join("\n")).ok()
}

/// The event with other data.
pub(super) fn with_data(frame: &str, data: &Value) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in frame.trim_end().lines() {
        match line.starts_with("data:") {
            true if lines.iter().any(|line| line.starts_with("data:")) => {}
            true => lines.push(format!("data: {data}")),
            false => lines.push(line.to_owned()),
        }
    }
    lines.join("\n") + "\n\n"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[cfg(feature = "record")]
    use super::Kind;
    use super::{data, with_data};

    #[test]
    fn the_data_of_a_frame_is_replaced() {
        let frame = "event: x\ndata: {\"a\":\ndata: 1}\nid: 5\n\n";
        assert_eq!(data(frame), Some(json!({"a": 1})));
        assert_eq!(
            with_data(frame, &json!({"a": 2})),
            "event: x\ndata: {\"a\":2}\nid: 5\n\n"
        );
        assert_eq!(data(": comment\n\n"), None);
    }

    #[cfg(feature = "record")]
    #[test]
    fn media_types_have_their_kinds() {
        for (media_type, kind) in [
            ("application/json; charset=utf-8", Kind::Json),
            ("application/problem+json", Kind::Json),
            ("text/event-stream; charset=utf-8", Kind::Events),
            ("text/html", Kind::Text),
            ("image/png", Kind::Bytes),
            ("", Kind::Bytes),
        ] {
            assert_eq!(Kind::of(media_type), kind, "{media_type}");
        }
    }
}
