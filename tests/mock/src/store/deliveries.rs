//! The webhooks that were delivered.

use std::sync::{Mutex, PoisonError};

/// One attempt to deliver a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookDelivery {
    /// The job's request id.
    pub request_id: String,
    /// Where it went.
    pub url: String,
    /// Which attempt it was, from 1.
    pub attempt: u64,
    /// The receiver's HTTP status; `None` when none came.
    pub status: Option<u16>,
    /// Why no status came.
    pub error: Option<String>,
    /// The signed headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: bytes::Bytes,
}

/// The attempts so far.
#[derive(Debug, Default)]
pub(crate) struct Deliveries(Mutex<Vec<WebhookDelivery>>);

impl Deliveries {
    pub(crate) fn all(&self) -> Vec<WebhookDelivery> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn reset(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    pub(crate) fn add(&self, delivery: WebhookDelivery) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(delivery);
    }
}
