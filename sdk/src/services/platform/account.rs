//! The account, the queues of its apps, and metadata of the platform.

use reqwest::Method;

use super::Platform;
use super::call::ApiCall;
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::Result;
use crate::wire;

/// The account's billing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Billing {
    /// The name of the account.
    pub username: String,
    /// The balance of the account.
    pub credits: Option<Credits>,
}

wire! {
    Billing {
        username: required,
        credits: optional,
    }
}

/// The balance of an account.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Credits {
    /// The amount that is left.
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
    /// The number of requests that wait.
    pub queue_size: i64,
}

wire! {
    AppQueue {
        queue_size: required,
    }
}

/// Metadata of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meta {
    /// The ranges of IP addresses that webhooks are sent from, such as `192.0.2.0/24`.
    pub webhook_ip_ranges: Vec<String>,
}

wire! {
    Meta {
        webhook_ip_ranges: required,
    }
}

impl Platform {
    /// Returns the account's billing and balance. It needs a key with the `ADMIN` scope.
    ///
    /// # Errors
    /// When the key does not have that scope.
    pub async fn billing(&self) -> Result<Billing> {
        let call = ApiCall::get(&self.http, "account/billing");
        call.query("expand", "credits").send().await
    }

    /// Returns how many requests wait for an app of the account, given the id of one of its
    /// endpoints.
    ///
    /// # Errors
    /// When the text is not an endpoint id, or the app is not the account's.
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
    /// When the text is not an endpoint id, or the app is not the account's.
    pub async fn flush_queue(&self, endpoint_id: impl AsRef<str>) -> Result<()> {
        let call = self.queue(Method::DELETE, endpoint_id.as_ref())?;
        call.idempotent().send_discarding_output().await
    }

    fn queue(&self, method: Method, endpoint_id: &str) -> Result<ApiCall> {
        let id = EndpointId::parse(endpoint_id)?;
        let call = ApiCall::new(&self.http, method, "serverless/apps");
        call.path_segments(&[id.owner(), id.alias(), "queue"])
    }

    /// Returns metadata of the platform. It needs no key.
    ///
    /// # Errors
    /// When the platform cannot be reached.
    pub async fn meta(&self) -> Result<Meta> {
        ApiCall::get(&self.http, "meta").send().await
    }
}
