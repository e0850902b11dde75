//! How a job's webhook is delivered.

use serde::{Deserialize, Serialize};

/// Describes how a job's webhook is delivered.
///
/// By default it is signed with the first key, and repeated until a reply with a 2xx status accepts it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct WebhookScript {
    /// The reason why the payload is `null`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload_error: Option<String>,
    /// How often the webhook is delivered, although it was accepted; 1 unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<u64>,
    /// Which of the two keys signs the webhook: 0 or 1.
    pub key: usize,
    /// Whether the signature is that of another body.
    pub bad_signature: bool,
    /// The age of the timestamp in seconds.
    pub age_s: i64,
}
