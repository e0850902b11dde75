//! The key, and where it is read from.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::header::HeaderValue;

use crate::transport::error::{BoxError, Error, ErrorKind, Result};
#[cfg(feature = "realtime")]
use crate::transport::redact::Secrets;

/// The key or the token with which calls authenticate.
///
/// A key is one opaque text, commonly `<key id>:<key secret>`, and is sent as
/// `Authorization: Key <key>`. The access token of a login is sent as
/// `Authorization: Bearer <token>`. Neither is shown by `Debug` or in errors.
#[derive(Clone)]
pub struct Credentials(Source);

type Provided = Pin<Box<dyn Future<Output = Result<String, BoxError>> + Send>>;

#[derive(Clone)]
enum Source {
    Fixed(HeaderValue),
    Provider(Scheme, Arc<dyn Fn() -> Provided + Send + Sync>),
    Anonymous,
}

/// The scheme of the `Authorization` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Key,
    Bearer,
}

impl Scheme {
    /// The name of the scheme as it is sent, and the word for its secret in messages.
    fn name_and_secret(self) -> (&'static str, &'static str) {
        match self {
            Self::Key => ("Key", "key"),
            Self::Bearer => ("Bearer", "token"),
        }
    }
}

impl Credentials {
    /// Creates credentials from a key, which you create at
    /// <https://fal.ai/dashboard/keys>.
    ///
    /// # Errors
    /// When the key is empty or contains a character that keys do not have, such as the
    /// line break at the end of a file. The error does not show the key.
    pub fn key(key: impl Into<String>) -> Result<Self> {
        authorization_value(Scheme::Key, &key.into()).map(|value| Self(Source::Fixed(value)))
    }

    /// Creates credentials from the access token of a login, which fal's Python
    /// client obtains with `fal auth login`. It expires after a while;
    /// [`bearer_provider`](Self::bearer_provider) takes a function that renews it.
    ///
    /// # Errors
    /// When the token is empty or contains a character that tokens do not have. The error
    /// does not show the token.
    pub fn bearer(token: impl Into<String>) -> Result<Self> {
        authorization_value(Scheme::Bearer, &token.into()).map(|value| Self(Source::Fixed(value)))
    }

    /// Creates credentials from a key in two parts: its id and its secret.
    ///
    /// # Errors
    /// As for [`key`](Self::key).
    pub fn pair(id: impl AsRef<str>, secret: impl AsRef<str>) -> Result<Self> {
        Self::key(format!("{}:{}", id.as_ref(), secret.as_ref()))
    }

    /// Creates credentials from a function that returns the key. It is called for every
    /// request, for keys that are rotated or kept in a vault. If it fails, the request is
    /// not sent, and the call fails with
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration).
    pub fn provider<F, Fut, E>(provider: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self::from_provider(Scheme::Key, provider)
    }

    /// Creates credentials from a function that returns the access token of a login, and
    /// renews it when that is due. It is called for every request, as that of
    /// [`provider`](Self::provider) is.
    pub fn bearer_provider<F, Fut, E>(provider: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self::from_provider(Scheme::Bearer, provider)
    }

    fn from_provider<F, Fut, E>(scheme: Scheme, provider: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let provider = move || -> Provided {
            let secret = provider();
            Box::pin(async move { secret.await.map_err(Into::into) })
        };
        Self(Source::Provider(scheme, Arc::new(provider)))
    }

    /// Creates credentials without a key. A few public models answer anonymous calls,
    /// at low limits.
    pub fn anonymous() -> Self {
        Self(Source::Anonymous)
    }

    /// Reads the key from the environment as fal's other clients do: from `FAL_KEY`,
    /// otherwise from `FAL_KEY_ID` and `FAL_KEY_SECRET` together.
    ///
    /// # Errors
    /// When `FAL_KEY` is not set and at least one of the two others is not, and when the
    /// key is malformed.
    pub fn from_env() -> Result<Self> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Reads the key as [`from_env`](Self::from_env) does, with a function that returns the
    /// value of a variable by its name.
    ///
    /// # Errors
    /// As for [`from_env`](Self::from_env).
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let variable = |name| lookup(name).filter(|value| !value.is_empty());
        if let Some(key) = variable("FAL_KEY") {
            return Self::key(key).map_err(|error| error.with_hint("correct it in FAL_KEY"));
        }
        match (variable("FAL_KEY_ID"), variable("FAL_KEY_SECRET")) {
            (Some(id), Some(secret)) => Self::pair(id, secret)
                .map_err(|error| error.with_hint("correct it in FAL_KEY_ID and FAL_KEY_SECRET")),
            (Some(_), None) => Err(missing(
                "half a key: FAL_KEY_ID is set, but FAL_KEY_SECRET is not",
            )),
            (None, Some(_)) => Err(missing(
                "half a key: FAL_KEY_SECRET is set, but FAL_KEY_ID is not",
            )),
            (None, None) if variable("FAL_API_KEY").is_some() => Err(missing(
                "no key: FAL_API_KEY is set, but fal's clients read FAL_KEY",
            )),
            (None, None) => Err(missing("no key: FAL_KEY is not set")),
        }
    }

    /// The value of the `Authorization` header.
    pub(crate) async fn authorization(&self) -> Result<Option<HeaderValue>> {
        match &self.0 {
            Source::Fixed(value) => Ok(Some(value.clone())),
            Source::Provider(scheme, provider) => {
                let key = provider().await.map_err(|source| {
                    Error::configuration(format!("the credentials provider failed: {source}"))
                        .with_source(source)
                })?;
                authorization_value(*scheme, &key).map(Some)
            }
            Source::Anonymous => Ok(None),
        }
    }
}

impl Credentials {
    /// The values that must not be shown. Those of a provider are unknown until it is
    /// called, and are left out.
    #[cfg(feature = "realtime")]
    pub(crate) fn secrets(&self) -> Secrets {
        match &self.0 {
            Source::Fixed(value) => Secrets::of_values([value]),
            Source::Provider(..) | Source::Anonymous => Secrets::default(),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Source::Fixed(_) => "Credentials(key ***)",
            Source::Provider(..) => "Credentials(provider)",
            Source::Anonymous => "Credentials(anonymous)",
        })
    }
}

fn missing(what: &str) -> Error {
    Error::new(ErrorKind::Configuration, what).with_hint(
        "set FAL_KEY to a key from https://fal.ai/dashboard/keys, or pass one to \
         Client::builder().key(…)",
    )
}

/// Returns the value of the `Authorization` header. The secret is checked here, so that the
/// error says what is wrong with it and does not show it.
fn authorization_value(scheme: Scheme, secret: &str) -> Result<HeaderValue> {
    let (word, what) = scheme.name_and_secret();
    if secret.is_empty() {
        return Err(Error::configuration(format!("the {what} is empty")));
    }
    if let Some(place) = secret.bytes().position(|byte| !byte.is_ascii_graphic()) {
        return Err(Error::configuration(format!(
            "the {what} is malformed: its character {} of {} is {}",
            place + 1,
            secret.len(),
            describe(secret.as_bytes()[place]),
        )));
    }
    let mut value = HeaderValue::try_from(format!("{word} {secret}"))
        .map_err(|_| Error::configuration(format!("the {what} cannot be sent in a header")))?;
    value.set_sensitive(true);
    Ok(value)
}

fn describe(byte: u8) -> &'static str {
    match byte {
        b'\n' | b'\r' => "a line break, such as the one at the end of a file",
        b' ' | b'\t' => "whitespace (the word `Key` is not part of the key)",
        _ => "not printable ASCII",
    }
}
