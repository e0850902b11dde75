//! Values that must not be shown.

use std::fmt;

use reqwest::header::{HeaderMap, HeaderValue};

/// What a request carried that must not be shown, so that it can be removed from the
/// server's messages about that request.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<HeaderValue>);

impl Secrets {
    /// Shorter texts are not searched for: they occur in ordinary words.
    const SHORTEST: usize = 8;

    /// The values of a request's sensitive headers: the key, a token, the headers for a
    /// proxy.
    pub(crate) fn of_headers(headers: &HeaderMap) -> Self {
        Self::of_values(headers.values().filter(|value| value.is_sensitive()))
    }

    /// The given header values.
    pub(crate) fn of_values<'a>(values: impl IntoIterator<Item = &'a HeaderValue>) -> Self {
        Self(values.into_iter().cloned().collect())
    }

    /// The text with three asterisks in place of every secret.
    pub(crate) fn redact(&self, text: String) -> String {
        self.texts()
            .iter()
            .fold(text, |text, part| match text.contains(part) {
                true => text.replace(part, "***"),
                false => text,
            })
    }

    /// The texts that must not be shown.
    pub(crate) fn texts(&self) -> Vec<String> {
        let mut parts: Vec<String> = self.0.iter().flat_map(parts).collect();
        parts.retain(|part| part.len() >= Self::SHORTEST);
        // The longest first: if a part of a secret were replaced first, the rest of that
        // secret would stay readable.
        parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
        parts
    }

    /// Whether there is nothing to cut out.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What to search for: the credentials without their scheme and, if they are
/// `id:secret`, also the secret alone.
fn parts(value: &HeaderValue) -> Vec<String> {
    let text = String::from_utf8_lossy(value.as_bytes());
    let bare = text.split_once(' ').map_or(&*text, |(_, bare)| bare);
    let secret = bare.split_once(':').map(|(_, secret)| secret);
    std::iter::once(bare)
        .chain(secret)
        .map(str::to_owned)
        .collect()
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_cut_out_whole_and_in_part() {
        let mut key = HeaderValue::from_static("Key an-id:a-long-secret");
        key.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert("authorization", key);
        headers.insert("accept", HeaderValue::from_static("application/json"));
        let secrets = Secrets::of_headers(&headers);
        let redact = |text: &str| secrets.redact(text.to_owned());
        assert_eq!(redact("bad key an-id:a-long-secret!"), "bad key ***!");
        assert_eq!(
            redact("a-long-secret, application/json"),
            "***, application/json"
        );
        assert_eq!(redact("an-id is unknown"), "an-id is unknown");
        assert!(Secrets::of_headers(&HeaderMap::new()).is_empty());
    }
}
