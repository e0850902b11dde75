//! What a fetch is asked to do.

use super::Backoff;
use crate::{Error, schemas::Layout};
use fal_codegen::source::EndpointId;
use reqwest::{Url, header::HeaderValue};
use std::{collections::BTreeSet, num::NonZeroUsize, time::Duration};

/// What to fetch, from where, to where, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which endpoints.
    pub selection: Selection,
    /// The platform API, `https://api.fal.ai/v1`.
    pub api_url: Url,
    /// Where single documents are.
    pub openapi_url: Url,
    /// Where documents and lock file lie.
    pub layout: Layout,
    /// How many requests to each of the two servers are under way at once.
    pub jobs: NonZeroUsize,
    /// Whether documents of endpoints that are gone are removed.
    pub prune: bool,
    /// Goes to the platform API alone.
    pub key: Option<Key>,
    /// Attempts and waits.
    pub backoff: Backoff,
    /// How long an answer may bring nothing before it counts as lost.
    pub idle: Duration,
    /// Whether a progress bar is drawn, if standard error is a terminal.
    pub progress: bool,
}

impl Options {
    /// Four requests at once, no pruning, no key, no progress bar.
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
    /// These.
    Ids(BTreeSet<EndpointId>),
    /// Those of one category.
    Category(String),
    /// The whole catalog.
    All,
}

impl Selection {
    /// Checks ids of a command line.
    ///
    /// # Errors
    ///
    /// Names the first that is none.
    pub fn of_ids<S: AsRef<str>>(ids: &[S]) -> Result<Self, Error> {
        let parse = |id: &S| EndpointId::parse(id.as_ref());
        let ids: Result<_, _> = ids.iter().map(parse).collect();
        ids.map(Self::Ids).map_err(|error| {
            Error::new(error.to_string())
                .help("use ids as shown at https://fal.ai/models, such as fal-ai/flux/dev")
        })
    }
}

/// A key of fal, which no output ever shows.
#[derive(Clone)]
pub struct Key(HeaderValue);

impl Key {
    /// The key in `FAL_KEY`, if it is set and not empty.
    ///
    /// # Errors
    ///
    /// If it holds characters that no header may hold.
    pub fn from_env() -> Result<Option<Self>, Error> {
        match std::env::var_os("FAL_KEY") {
            Some(key) if !key.is_empty() => {
                let key = key
                    .to_str()
                    .map_or_else(|| Err(Self::malformed()), Self::new);
                key.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// A key as fal's dashboard shows it.
    ///
    /// # Errors
    ///
    /// If it holds characters that no header may hold.
    pub fn new(key: &str) -> Result<Self, Error> {
        let value = HeaderValue::from_str(&format!("Key {}", key.trim()));
        let mut value = value.map_err(|_| Self::malformed())?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    fn malformed() -> Error {
        Error::new("FAL_KEY holds characters that no key has (it is not shown here)")
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
