//! Who may read stored files, and the account's settings for new files.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::Platform;
use super::call::ApiCall;
use crate::transport::error::{Error, Result};
use crate::transport::lifecycle::Acl;
use crate::transport::opaque::opaque;
use crate::wire;

/// A URL with which anybody can read a file for a limited time. Treat it as a secret.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedUrl {
    /// The URL with its signature.
    pub signed_url: String,
}

wire! {
    SignedUrl {
        signed_url: required,
    }
}

opaque! { SignedUrl }

/// The account's settings for new files, which hold unless an upload has its own
/// [`Lifecycle`](crate::Lifecycle).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct StorageSettings {
    /// The number of seconds after which new files are deleted. If absent, they are not
    /// deleted.
    pub expiration_duration_seconds: Option<u64>,
    /// Who may read new files. If absent, everybody who knows the URL.
    pub initial_acl: Option<Acl>,
}

wire! {
    StorageSettings {
        expiration_duration_seconds: optional,
        initial_acl: optional,
    }
}

impl Platform {
    /// Returns who may read a file of the account, given its URL.
    ///
    /// # Errors
    /// When the file does not belong to the account.
    pub async fn file_acl(&self, url: impl AsRef<str>) -> Result<Acl> {
        let call = ApiCall::get(&self.http, "storage/files/acl");
        call.query("url", url.as_ref()).send().await
    }

    /// Sets who may read a file of the account, given its URL, and returns the access that
    /// applies from now on.
    ///
    /// # Errors
    /// When the file does not belong to the account.
    pub async fn set_file_acl(&self, url: impl AsRef<str>, acl: &Acl) -> Result<Acl> {
        let call = ApiCall::new(&self.http, Method::PUT, "storage/files/acl");
        let body = acl.to_json().unwrap_or_else(|| json!({}));
        call.query("url", url.as_ref()).json(&body).send().await
    }

    /// Returns a URL with which anybody can read a file of the account for a time, whatever
    /// the access rules of the file are. The time is 1 s to 7 days, rounded down to whole
    /// seconds.
    ///
    /// # Errors
    /// When the file does not belong to the account, or the time is out of range.
    pub async fn sign_file(&self, url: impl AsRef<str>, time: Duration) -> Result<SignedUrl> {
        let seconds = time.as_secs();
        if !(1..=604_800).contains(&seconds) {
            return Err(Error::configuration(
                "a signed URL is valid for 1 s to 7 days",
            ));
        }
        let call = ApiCall::new(&self.http, Method::POST, "storage/files/sign");
        let body = json!({"expiration_seconds": seconds});
        call.query("url", url.as_ref()).json(&body).send().await
    }

    /// Returns the account's settings for new files.
    ///
    /// # Errors
    /// When the platform cannot be reached, or refuses the request.
    pub async fn storage_settings(&self) -> Result<StorageSettings> {
        ApiCall::get(&self.http, "storage/settings").send().await
    }

    /// Replaces the account's settings for new files, and returns those that apply from now
    /// on.
    ///
    /// # Errors
    /// When the platform refuses the settings.
    pub async fn set_storage_settings(
        &self,
        settings: &StorageSettings,
    ) -> Result<StorageSettings> {
        let acl = settings.initial_acl.as_ref().and_then(Acl::to_json);
        let body = json!({
            "expiration_duration_seconds": settings.expiration_duration_seconds,
            "initial_acl": acl.unwrap_or(Value::Null),
        });
        let call = ApiCall::new(&self.http, Method::PUT, "storage/settings");
        call.json(&body).send().await
    }
}

impl StorageSettings {
    /// Sets the number of seconds after which new files are deleted; 0 counts as 1.
    #[must_use]
    pub fn expires_after(mut self, seconds: u64) -> Self {
        self.expiration_duration_seconds = Some(seconds.max(1));
        self
    }

    /// Sets who may read new files.
    #[must_use]
    pub fn acl(mut self, acl: Acl) -> Self {
        self.initial_acl = Some(acl);
        self
    }
}
