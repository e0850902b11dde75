//! A request and its reply, as one file of a recording holds them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::body::RecordedBody;

/// A request and its reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Exchange {
    pub(super) request: RecordedRequest,
    pub(super) reply: RecordedReply,
}

/// A request, without secrets and with fal's own address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct RecordedRequest {
    pub(super) method: String,
    pub(super) url: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<RecordedBody>,
}

/// A reply, without secrets and with fal's own addresses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct RecordedReply {
    pub(super) status: u16,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<RecordedBody>,
}

impl RecordedRequest {
    /// Whether replay answers both requests alike. Headers are for readers: what differs in them between two runs, such as
    /// the version of a client, does not matter.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.method == other.method && self.url == other.url && self.body == other.body
    }

    /// Whether the request only reads.
    pub(super) fn only_reads(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD")
    }
}
