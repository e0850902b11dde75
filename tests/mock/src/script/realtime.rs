//! How a realtime connection behaves.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Describes how a realtime connection behaves: what is sent besides the answers, and how the connection ends.
///
/// By default, every message gets one answer: the output of the script, else the output that the document describes, else the
/// message itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RealtimeScript {
    /// Messages that are sent when the connection opens.
    pub greeting: Vec<Value>,
    /// Messages that are sent before every answer, such as `{"type": "x-fal-message", "action": "timings", "timing": 12.5}`.
    pub before: Vec<Value>,
    /// The number of answers to each message. Default: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<u64>,
    /// The idle timeout in milliseconds, after which the error `TIMEOUT` is sent and the connection is closed. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_ms: Option<u64>,
    /// The code of an error that replaces the first answer, after which the connection is closed with 1011.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The number of messages after which the connection is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_after: Option<u64>,
    /// The code with which `close_after` closes the connection. 1006 drops it without a close frame. Default: 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_code: Option<u16>,
}
