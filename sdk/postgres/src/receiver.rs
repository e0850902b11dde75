//! The receiver of webhooks.

use std::fmt;
use std::time::Duration;

use fal_sdk::webhook::{Outcome as Event, Verifier, WebhookEvent, WebhookHeaders};
use serde_json::{Map, Value};

use crate::error::Result;
use crate::settle::{Failure, ItemKey, Outcome, Settler};
use crate::store::Store;
use crate::worker::wait_for_schema;

/// How long a delivery waits for the database before the reply asks fal to deliver it again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Records the outcomes of jobs that fal posts to a webhook. It works with any web framework, in
/// any number of processes.
///
/// Deliveries may arrive twice, late, and in any order, even before the request id is recorded;
/// an outcome counts only once. A delivery gets the status 200 only when its outcome is
/// committed, so that fal repeats all others.
#[derive(Clone)]
pub struct Receiver {
    verifier: Verifier,
    settler: Settler,
    user_id: Option<String>,
}

impl Receiver {
    /// Creates a receiver for the deliveries that the verifier accepts.
    ///
    /// # Errors
    /// When the schema is of another version of this crate, or a permission is missing. While
    /// the database is not available, this waits.
    pub async fn new(verifier: Verifier, store: Store) -> Result<Self> {
        wait_for_schema(&store).await?;
        Ok(Self {
            verifier,
            settler: Settler::new(store),
            user_id: None,
        })
    }

    /// Accepts only deliveries for the account with this id (`X-Fal-Webhook-User-Id`). fal signs
    /// the deliveries of all accounts with the same keys. Without the account, only the secret
    /// part of the URL, which workers add, shows which deliveries are yours.
    #[must_use]
    pub fn user_id(mut self, id: impl Into<String>) -> Self {
        self.user_id = Some(id.into());
        self
    }

    /// Records the outcome in a delivery, given the query of its URL, its headers, and the bytes
    /// of its body exactly as they were received. Returns the HTTP status for the reply:
    ///
    /// | Status | Meaning |
    /// |---|---|
    /// | 200 | the outcome is recorded, now or before |
    /// | 400 | the body does not have the shape that webhooks have |
    /// | 401 | fal did not send the delivery, or sent it for another account |
    /// | 404 | no item has this job |
    /// | 503 | the database or fal's public keys cannot be reached; fal delivers it again |
    pub async fn receive(
        &self,
        query: &str,
        headers: &(impl WebhookHeaders + ?Sized),
        body: &[u8],
    ) -> u16 {
        let event = match self.verifier.event::<Value>(headers, body).await {
            Ok(event) => event,
            Err(error) => return error.status(),
        };
        if self.user_id.is_some() && self.user_id != event.user_id {
            return 401;
        }
        let mut key = item_of(query);
        key.request_id = Some(event.request_id.clone());
        let settled = self.settler.settle(key, outcome_of(event));
        match tokio::time::timeout(PATIENCE, settled).await {
            Ok(Ok(true)) => 200,
            Ok(Ok(false)) => 404,
            Ok(Err(_)) | Err(_) => 503,
        }
    }
}

fn outcome_of(event: WebhookEvent<Value>) -> Outcome {
    match event.outcome {
        Event::Output(output) => Outcome::Done {
            output,
            metrics: Map::new(),
            units: None,
        },
        Event::Failed(error) => Outcome::Failed(Failure::of(&error)),
        // For example, the output was too large to be sent.
        _ => Outcome::Fetch,
    }
}

/// The id and the token that the worker added to the URL.
fn item_of(query: &str) -> ItemKey {
    let pairs = query.trim_start_matches('?').split('&');
    let item = pairs
        .filter_map(|pair| pair.strip_prefix("fal_item="))
        .find_map(|value| {
            let (id, token) = value.split_once('.')?;
            let is_token = token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit());
            Some((id.parse().ok()?, is_token.then(|| token.to_owned())?))
        });
    let (id, token) = item.unzip();
    ItemKey {
        id,
        token,
        ..ItemKey::default()
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("verifier", &self.verifier)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::item_of;

    #[test]
    fn the_item_is_read_from_the_query() {
        let token = "0123456789abcdef0123456789abcdef";
        let found = |query: &str| {
            let key = item_of(query);
            key.id.zip(key.token)
        };
        assert_eq!(
            found(&format!("a=b&fal_item=12.{token}")),
            Some((12, token.to_owned()))
        );
        for query in [
            "",
            "fal_item=12",
            "fal_item=x.y",
            "fal_item=1.0'",
            "fal_item=..",
        ] {
            assert_eq!(found(query), None, "{query}");
        }
    }
}
