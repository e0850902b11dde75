//! Webhooks: signed messages about completed jobs, which are delivered until they are accepted (fal docs,
//! `inference/webhooks`).
//!
//! fal does not deliver to private and loopback addresses. This server does, because receivers under test listen there. It
//! delivers over plain HTTP only.

mod policy;
mod send;
mod sign;

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

pub use policy::WebhookPolicy;
pub(crate) use sign::jwks;

use super::tasks::Tasks;
use crate::{
    models::outcome::Outcome,
    script::WebhookScript,
    store::{
        deliveries::{Deliveries, WebhookDelivery},
        job::Job,
    },
};

/// Delivers the webhooks of a server.
#[derive(Clone)]
pub(crate) struct Webhooks {
    policy: Arc<WebhookPolicy>,
    deliveries: Arc<Deliveries>,
    tasks: Tasks,
}

impl Webhooks {
    pub(crate) fn new(policy: WebhookPolicy, deliveries: Arc<Deliveries>, tasks: Tasks) -> Self {
        Self {
            policy: Arc::new(policy),
            deliveries,
            tasks,
        }
    }

    /// Starts a task that delivers the webhook of a completed job, if the job has one.
    pub(crate) fn deliver(&self, job: &Job) {
        let (Some(url), Some(outcome)) = (job.webhook.clone(), job.outcome()) else {
            return;
        };
        let script = job.script.webhook.clone().unwrap_or_default();
        let body = body(&job.id, outcome, &script).to_string();
        let (webhooks, id) = (self.clone(), job.id.clone());
        self.tasks.spawn(async move {
            for _ in 0..script.copies.unwrap_or(1) {
                webhooks
                    .post_until_accepted(&id, &url, &body, &script)
                    .await;
            }
        });
    }

    /// Posts a webhook until a reply with a 2xx status accepts it. A reply with a 3xx status ends the delivery, too; after any other
    /// outcome, the delivery is repeated.
    async fn post_until_accepted(&self, id: &str, url: &str, body: &str, script: &WebhookScript) {
        for attempt in 1..=self.policy.retries.saturating_add(1) {
            let headers = sign::headers(&self.policy, id, body.as_bytes(), script);
            let post = send::post(url, &headers, body);
            let reply = tokio::time::timeout(self.policy.timeout(attempt), post).await;
            let reply = reply.unwrap_or_else(|_| Err("no reply in time".to_owned()));
            let (status, error) = (reply.as_ref().ok().copied(), reply.err());
            self.deliveries.add(WebhookDelivery {
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
            tokio::time::sleep(self.policy.pause(attempt)).await;
        }
    }
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

impl WebhookPolicy {
    fn timeout(&self, attempt: u64) -> Duration {
        if attempt == 1 {
            self.first_timeout
        } else {
            self.later_timeout
        }
    }
}
