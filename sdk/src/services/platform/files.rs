//! Access to stored files, and the account's defaults for new ones.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::Platform;
use super::call::Call;
use crate::transport::error::{Error, Result};
use crate::transport::lifecycle::Acl;
use crate::wire;

/// A URL that opens a file for a while, to whomever has it: a secret of sorts.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedUrl {
    /// The URL.
    pub signed_url: String,
}

wire! {
    SignedUrl {
        signed_url: required,
    }
}

impl std::fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedUrl").finish_non_exhaustive()
    }
}

/// What applies to new files unless they say otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct StorageSettings {
    /// After how many seconds they are deleted; never, if absent.
    pub expiration_duration_seconds: Option<u64>,
    /// Who may read them; everybody who knows the URL, if absent.
    pub initial_acl: Option<Acl>,
}

wire! {
    StorageSettings {
        expiration_duration_seconds: optional,
        initial_acl: optional,
    }
}

impl Platform {
    /// Who may read a file of the account, given its URL.
    ///
    /// # Errors
    /// When it is none of the account's files.
    pub async fn file_acl(&self, url: impl AsRef<str>) -> Result<Acl> {
        let call = Call::get(&self.http, "storage/files/acl");
        call.query("url", url.as_ref()).send().await
    }

    /// Says who may read a file, and returns what applies now.
    ///
    /// # Errors
    /// When it is none of the account's files.
    pub async fn set_file_acl(&self, url: impl AsRef<str>, acl: &Acl) -> Result<Acl> {
        let call = Call::new(&self.http, Method::PUT, "storage/files/acl");
        let body = acl.to_json().unwrap_or_else(|| json!({}));
        call.query("url", url.as_ref()).json(&body).send().await
    }

    /// A URL that opens a file for a time, from 1 s to 7 days, whatever its access
    /// rules say.
    ///
    /// # Errors
    /// When it is none of the account's files, and when the time is longer.
    pub async fn sign_file(&self, url: impl AsRef<str>, time: Duration) -> Result<SignedUrl> {
        let seconds = time.as_secs();
        if !(1..=604_800).contains(&seconds) {
            return Err(Error::configuration(
                "a signed URL is valid for 1 s to 7 days",
            ));
        }
        let call = Call::new(&self.http, Method::POST, "storage/files/sign");
        let body = json!({"expiration_seconds": seconds});
        call.query("url", url.as_ref()).json(&body).send().await
    }

    /// What applies to the account's new files.
    ///
    /// # Errors
    /// When it cannot be had.
    pub async fn storage_settings(&self) -> Result<StorageSettings> {
        Call::get(&self.http, "storage/settings").send().await
    }

    /// Says what applies to the account's new files, and returns what applies now.
    ///
    /// # Errors
    /// When the platform refuses it.
    pub async fn set_storage_settings(
        &self,
        settings: &StorageSettings,
    ) -> Result<StorageSettings> {
        let acl = settings.initial_acl.as_ref().and_then(Acl::to_json);
        let body = json!({
            "expiration_duration_seconds": settings.expiration_duration_seconds,
            "initial_acl": acl.unwrap_or(Value::Null),
        });
        let call = Call::new(&self.http, Method::PUT, "storage/settings");
        call.json(&body).send().await
    }
}

impl StorageSettings {
    /// Files that are deleted after a number of seconds.
    #[must_use]
    pub fn expires_after(mut self, seconds: u64) -> Self {
        self.expiration_duration_seconds = Some(seconds.max(1));
        self
    }

    /// Files that only some may read.
    #[must_use]
    pub fn acl(mut self, acl: Acl) -> Self {
        self.initial_acl = Some(acl);
        self
    }
}
