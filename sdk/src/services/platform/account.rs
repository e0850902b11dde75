//! The account, its apps' queues, and facts about the platform.

use reqwest::Method;

use super::Platform;
use super::call::Call;
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::Result;
use crate::wire;

/// The account's billing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Billing {
    /// The account.
    pub username: String,
    /// What is left.
    pub credits: Option<Credits>,
}

wire! {
    Billing {
        username: required,
        credits: optional,
    }
}

/// What is left to spend.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Credits {
    /// How much.
    pub current_balance: f64,
    /// The currency (ISO 4217).
    pub currency: String,
}

wire! {
    Credits {
        current_balance: required,
        currency: required,
    }
}

/// The queue of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppQueue {
    /// How many requests wait.
    pub queue_size: i64,
}

wire! {
    AppQueue {
        queue_size: required,
    }
}

/// Facts about the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meta {
    /// Where webhooks come from, as ranges of addresses (`192.0.2.0/24`).
    pub webhook_ip_ranges: Vec<String>,
}

wire! {
    Meta {
        webhook_ip_ranges: required,
    }
}

impl Platform {
    /// The account's billing and balance. It needs a key with the `ADMIN` scope.
    ///
    /// # Errors
    /// When the key may not see it.
    pub async fn billing(&self) -> Result<Billing> {
        let call = Call::get(&self.http, "account/billing");
        call.query("expand", "credits").send().await
    }

    /// How many requests wait for an app of the account, given the id of one of its
    /// endpoints.
    ///
    /// # Errors
    /// When the id is none, or the app is not the account's.
    pub async fn queue_size(&self, endpoint_id: impl AsRef<str>) -> Result<i64> {
        let queue: AppQueue = self
            .queue(Method::GET, endpoint_id.as_ref())?
            .send()
            .await?;
        Ok(queue.queue_size)
    }

    /// Removes all requests that wait for an app of the account.
    ///
    /// # Errors
    /// When the id is none, or the app is not the account's.
    pub async fn flush_queue(&self, endpoint_id: impl AsRef<str>) -> Result<()> {
        let call = self.queue(Method::DELETE, endpoint_id.as_ref())?;
        call.idempotent().done().await
    }

    fn queue(&self, method: Method, endpoint_id: &str) -> Result<Call> {
        let id = EndpointId::parse(endpoint_id)?;
        let call = Call::new(&self.http, method, "serverless/apps");
        call.below(&[id.owner(), id.alias(), "queue"])
    }

    /// Facts about the platform; it needs no key.
    ///
    /// # Errors
    /// When they cannot be had.
    pub async fn meta(&self) -> Result<Meta> {
        Call::get(&self.http, "meta").send().await
    }
}
