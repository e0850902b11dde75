//! The headers of a webhook delivery, in the forms that web frameworks use.

use std::collections::{BTreeMap, HashMap};

use reqwest::header::HeaderMap;

/// The headers of a webhook delivery, which can be looked up by name, ignoring case.
///
/// It is implemented for `http::HeaderMap`, which most web frameworks use, for lists of
/// pairs and for maps.
pub trait WebhookHeaders {
    /// Returns the value of a header, given its name in lower case; `None` if the header is
    /// missing or not text.
    fn value(&self, name: &str) -> Option<&str>;
}

impl WebhookHeaders for HeaderMap {
    fn value(&self, name: &str) -> Option<&str> {
        self.get(name)?.to_str().ok()
    }
}

impl<K: AsRef<str>, V: AsRef<str>> WebhookHeaders for [(K, V)] {
    fn value(&self, name: &str) -> Option<&str> {
        let mut pairs = self.iter();
        let (_, value) = pairs.find(|(known, _)| known.as_ref().eq_ignore_ascii_case(name))?;
        Some(value.as_ref())
    }
}

impl<K: AsRef<str>, V: AsRef<str>, const N: usize> WebhookHeaders for [(K, V); N] {
    fn value(&self, name: &str) -> Option<&str> {
        self.as_slice().value(name)
    }
}

impl<K: AsRef<str>, V: AsRef<str>> WebhookHeaders for Vec<(K, V)> {
    fn value(&self, name: &str) -> Option<&str> {
        self.as_slice().value(name)
    }
}

impl<K: AsRef<str>, V: AsRef<str>> WebhookHeaders for BTreeMap<K, V> {
    fn value(&self, name: &str) -> Option<&str> {
        let mut pairs = self.iter();
        let (_, value) = pairs.find(|(known, _)| known.as_ref().eq_ignore_ascii_case(name))?;
        Some(value.as_ref())
    }
}

impl<K: AsRef<str>, V: AsRef<str>, S> WebhookHeaders for HashMap<K, V, S> {
    fn value(&self, name: &str) -> Option<&str> {
        let mut pairs = self.iter();
        let (_, value) = pairs.find(|(known, _)| known.as_ref().eq_ignore_ascii_case(name))?;
        Some(value.as_ref())
    }
}

impl<T: WebhookHeaders + ?Sized> WebhookHeaders for &T {
    fn value(&self, name: &str) -> Option<&str> {
        (**self).value(name)
    }
}
