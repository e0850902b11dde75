//! The options of a fetch.

use super::Backoff;
use crate::{Error, schemas::Layout};
use fal_codegen::source::EndpointId;
use reqwest::{Url, header::HeaderValue};
use std::{collections::BTreeSet, num::NonZeroUsize, time::Duration};

/// The options of a fetch: which documents are fetched, from which servers, and where they are stored.
#[derive(Debug, Clone)]
pub struct Options {
    /// The endpoints whose documents are fetched.
    pub selection: Selection,
    /// The URL of the platform API, such as `https://api.fal.ai/v1`.
    pub api_url: Url,
    /// The URL that serves single documents.
    pub openapi_url: Url,
    /// The paths at which the documents and the lock file are stored.
    pub layout: Layout,
    /// The most requests to each of the two servers at the same time.
    pub jobs: NonZeroUsize,
    /// Whether documents of endpoints that fal no longer has are removed.
    pub prune: bool,
    /// The key, which is sent only to the platform API.
    pub key: Option<Key>,
    /// The number of attempts and the delays between them.
    pub backoff: Backoff,
    /// The longest time without data from the server before the request counts as failed.
    pub idle: Duration,
    /// Whether a progress bar is shown if standard error is a terminal.
    pub progress: bool,
}

impl Options {
    /// Creates options with four requests at the same time, and without pruning, key or progress bar.
    #[must_use]
    pub fn new(selection: Selection, api_url: Url, openapi_url: Url, layout: Layout) -> Self {
        Self {
            selection,
            api_url,
            openapi_url,
            layout,
            jobs: NonZeroUsize::MIN.saturating_add(3),
            prune: false,
            key: None,
            backoff: Backoff::default(),
            idle: Duration::from_secs(60),
            progress: false,
        }
    }
}

/// Which endpoints a fetch brings up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// The endpoints with these ids.
    Ids(BTreeSet<EndpointId>),
    /// The endpoints of one category.
    Category(String),
    /// The whole catalog.
    All,
}

impl Selection {
    /// Checks ids that were given on a command line.
    ///
    /// # Errors
    ///
    /// The error names the first text that is not an id.
    pub fn of_ids<S: AsRef<str>>(ids: &[S]) -> Result<Self, Error> {
        let parse = |id: &S| EndpointId::parse(id.as_ref());
        let ids: Result<_, _> = ids.iter().map(parse).collect();
        ids.map(Self::Ids).map_err(|error| {
            Error::new(error.to_string())
                .help("use ids as shown at https://fal.ai/models, such as fal-ai/flux/dev")
        })
    }
}

/// A key for fal's servers. Its `Debug` output does not show it.
#[derive(Clone)]
pub struct Key(HeaderValue);

impl Key {
    /// Reads the key from the environment variable `FAL_KEY`. Returns `None` if it is not set or empty.
    ///
    /// # Errors
    ///
    /// If the key contains characters that are not valid in a header.
    pub fn from_env() -> Result<Option<Self>, Error> {
        let key = std::env::var_os("FAL_KEY").filter(|key| !key.is_empty());
        key.map(|key| Self::new(key.to_str().ok_or_else(Self::malformed)?))
            .transpose()
    }

    /// Creates a key from its text, as fal's dashboard shows it.
    ///
    /// # Errors
    ///
    /// If the key contains characters that are not valid in a header.
    pub fn new(key: &str) -> Result<Self, Error> {
        let value = HeaderValue::from_str(&format!("Key {}", key.trim()));
        let mut value = value.map_err(|_| Self::malformed())?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    fn malformed() -> Error {
        Error::new("FAL_KEY has characters that no key has (the key is not shown here)")
            .help("copy the key again from https://fal.ai/dashboard/keys, or unset FAL_KEY")
    }

    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Selection};

    #[test]
    fn a_key_is_never_shown() {
        let key = Key::new("id:secret\n").unwrap();
        assert_eq!(format!("{key:?} {:?}", key.header()), "Key(…) Sensitive");
        let error = Key::new("id:sec\nret").unwrap_err().to_string();
        assert!(
            !error.contains("sec\nret") && error.contains("FAL_KEY"),
            "{error}"
        );
    }

    #[test]
    fn ids_are_checked_before_anything_is_asked() {
        assert!(Selection::of_ids(&["a/b", "c/d"]).is_ok());
        let error = Selection::of_ids(&["a/b", "../c"]).unwrap_err().to_string();
        assert!(error.contains("\"../c\""), "{error}");
    }
}
