//! The account, and metadata of the platform.

use super::Platform;
use super::call::ApiCall;
use crate::object;
use crate::transport::error::Result;

object! {
    /// The name and the balance of an account: see [`Platform::billing`].
    pub struct Billing {
        /// The name of the account.
        pub username: required String;
        /// The balance of the account, if the platform returned it.
        pub credits: optional Credits;
    }
}

object! {
    /// The balance of an account.
    pub struct Credits {
        /// The amount that is left, in `currency`.
        pub current_balance: required f64;
        /// The currency (ISO 4217), such as `USD`.
        pub currency: required String;
    }
}

object! {
    /// Metadata of the platform: see [`Platform::meta`].
    #[derive(Eq)]
    pub struct Meta {
        /// The ranges of IP addresses that webhooks are sent from, such as `192.0.2.0/24`.
        pub webhook_ip_ranges: required Vec<String>;
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
