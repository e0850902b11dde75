//! The account, and metadata of the platform.

use super::Platform;
use super::call::ApiCall;
use crate::transport::error::Result;
use crate::wire;

/// The name and the balance of an account: see [`Platform::billing`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Billing {
    /// The name of the account.
    pub username: String,
    /// The balance of the account, if the platform returned it.
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
    /// The amount that is left, in `currency`.
    pub current_balance: f64,
    /// The currency (ISO 4217), such as `USD`.
    pub currency: String,
}

wire! {
    Credits {
        current_balance: required,
        currency: required,
    }
}

/// Metadata of the platform: see [`Platform::meta`].
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
    /// Returns the name and the balance of the account. It needs a key with the `ADMIN`
    /// scope.
    ///
    /// # Errors
    /// When the platform refuses the request, for example because the key does not have
    /// that scope.
    pub async fn billing(&self) -> Result<Billing> {
        let call = ApiCall::get(&self.http, "account/billing");
        call.query("expand", "credits").send().await
    }

    /// Returns metadata of the platform, such as the IP addresses that webhooks come from.
    /// It needs no key.
    ///
    /// # Errors
    /// When the platform cannot be reached.
    pub async fn meta(&self) -> Result<Meta> {
        ApiCall::get(&self.http, "meta").send().await
    }
}
