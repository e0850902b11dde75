//! Webhooks: a job's end, signed, delivered until it is accepted (fal docs, `inference/webhooks`).
//!
//! fal drops private and loopback targets; a mock that did would be of no use, so this one delivers to them. It speaks plain
//! HTTP only: receivers under test listen on the loopback interface.

mod policy;
mod send;
mod sign;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};

pub use policy::WebhookPolicy;
pub(crate) use sign::jwks;

use crate::{
    job::{Job, Outcome},
    script::WebhookScript,
    state::Shared,
};

/// One attempt to deliver a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
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
pub(crate) struct Deliveries(Mutex<Vec<Delivery>>);

impl Deliveries {
    pub(crate) fn all(&self) -> Vec<Delivery> {
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

    fn add(&self, delivery: Delivery) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(delivery);
    }
}

/// Delivers the end of a job that asked for it, beside everything else.
pub(crate) fn deliver(shared: &Arc<Shared>, job: &Arc<Job>) {
    let (Some(url), Some(outcome)) = (job.webhook.clone(), job.outcome()) else {
        return;
    };
    let script = job.script.webhook.clone().unwrap_or_default();
    let body = body(&job.id, outcome, &script).to_string();
    let (shared, id) = (Arc::clone(shared), job.id.clone());
    Arc::clone(&shared).spawn(async move {
        for _ in 0..script.copies.unwrap_or(1) {
            until_accepted(&shared, &id, &url, &body, &script).await;
        }
    });
}

fn body(id: &str, outcome: &Outcome, script: &WebhookScript) -> Value {
    let payload = serde_json::from_slice(&outcome.body);
    let unserializable = payload
        .is_err()
        .then(|| "Response payload is not JSON serializable".to_owned());
    let payload_error = script.payload_error.clone().or(unserializable);
    let payload: Value = if payload_error.is_some() {
        Value::Null
    } else {
        payload.unwrap_or_default()
    };
    let mut body = json!({
        "request_id": id,
        "gateway_request_id": id,
        "status": if outcome.is_success() { "OK" } else { "ERROR" },
        "error": outcome.error,
        "payload": payload,
    });
    if let Some(error) = payload_error {
        body["payload_error"] = error.into();
    }
    body
}

/// A 2xx accepts, a 3xx ends it, anything else is tried again.
async fn until_accepted(shared: &Shared, id: &str, url: &str, body: &str, script: &WebhookScript) {
    let policy = &shared.config.webhooks;
    for attempt in 1..=policy.retries.saturating_add(1) {
        let headers = sign::headers(policy, id, body.as_bytes(), script);
        let answer =
            match tokio::time::timeout(policy.timeout(attempt), send::post(url, &headers, body))
                .await
            {
                Ok(answer) => answer,
                Err(_) => Err("no reply in time".to_owned()),
            };
        let (status, error) = (answer.as_ref().ok().copied(), answer.err());
        shared.deliveries.add(Delivery {
            request_id: id.to_owned(),
            url: url.to_owned(),
            attempt,
            status,
            error,
            headers,
            body: body.to_owned().into(),
        });
        if status.is_some_and(|status| (200..400).contains(&status)) {
            return;
        }
        tokio::time::sleep(policy.pause(attempt)).await;
    }
}

impl WebhookPolicy {
    fn timeout(&self, attempt: u64) -> Duration {
        if attempt == 1 {
            self.first_timeout
        } else {
            self.later_timeout
        }
    }
}
