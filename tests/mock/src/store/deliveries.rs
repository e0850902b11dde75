//! The records of delivered webhooks.

use std::sync::Mutex;

use serde::Serialize;

use super::json;
use crate::sync::lock;

/// One attempt to deliver a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WebhookDelivery {
    /// The request id of the job.
    pub request_id: String,
    /// The URL of the receiver.
    pub url: String,
    /// The number of the attempt, from 1.
    pub attempt: u64,
    /// The HTTP status of the receiver's reply; `None` if there was none.
    pub status: Option<u16>,
    /// The reason why there was no reply.
    pub error: Option<String>,
    /// The headers of the signature, with names in lower case.
    #[serde(serialize_with = "json::pairs")]
    pub headers: Vec<(String, String)>,
    /// The body that was sent.
    #[serde(flatten, serialize_with = "json::content")]
    pub body: bytes::Bytes,
}

/// Every attempt to deliver a webhook, in order.
#[derive(Debug, Default)]
pub(crate) struct Deliveries(Mutex<Vec<WebhookDelivery>>);

impl Deliveries {
    pub(crate) fn all(&self) -> Vec<WebhookDelivery> {
        lock(&self.0).clone()
    }

    pub(crate) fn reset(&self) {
        lock(&self.0).clear();
    }

    pub(crate) fn add(&self, delivery: WebhookDelivery) {
        lock(&self.0).push(delivery);
    }
}
