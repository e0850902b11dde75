//! How a job's webhook is delivered.

use serde::{Deserialize, Serialize};

/// Describes how a job's webhook is delivered.
///
/// By default, it is signed with the first key, and repeated until a reply with a 2xx status accepts it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct WebhookScript {
    /// The text of `payload_error`, which says why the payload is `null`. Default: none, with the job's payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload_error: Option<String>,
    /// How often the webhook is delivered even if it was accepted. Default: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<u64>,
    /// The index of the key that signs the webhook: 0 or 1. Default: 0.
    pub key: usize,
    /// Whether the signature is wrong: that of another body. Default: `false`.
    pub bad_signature: bool,
    /// The age of the timestamp in seconds. Default: 0.
    pub age_s: i64,
}
