//! How a realtime connection goes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a realtime connection goes: what is sent besides the answers, and how it ends.
///
/// Without it, every message is answered once, with the scripted output, else the document's, else the message itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RealtimeScript {
    /// Sent as soon as the connection stands.
    pub greeting: Vec<Value>,
    /// Sent before every answer, such as `{"type": "x-fal-message", "action": "timings", "timing": 12.5}`.
    pub before: Vec<Value>,
    /// How many answers a message gets; 1 unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<u64>,
    /// Without a message for this long, in milliseconds, the error `TIMEOUT` is sent and the connection closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_ms: Option<u64>,
    /// Instead of the first answer, an error with this code is sent and the connection closed with 1011.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Closes after this many messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_after: Option<u64>,
    /// The code of that close; 1000 unless set. 1006 breaks the connection without a close frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_code: Option<u16>,
}
