//! How a job's webhook goes.

use serde::{Deserialize, Serialize};

/// How a job's webhook is delivered.
///
/// Without it: once, signed with the first key, and again until a 2xx reply comes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct WebhookScript {
    /// The payload is null and this is why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload_error: Option<String>,
    /// How often it is delivered though accepted; 1 unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<u64>,
    /// Which of the two keys signs it, 0 or 1.
    pub key: usize,
    /// The signature is of something else.
    pub bad_signature: bool,
    /// The timestamp lies this many seconds in the past.
    pub age_s: i64,
}
