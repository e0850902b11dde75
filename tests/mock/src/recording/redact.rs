//! Removes secrets from recordings: keys, tokens, passwords, the signatures of URLs.

use std::{
    collections::BTreeSet,
    sync::{LazyLock, Mutex},
};

use regex_lite::Regex;
use serde_json::Value;

use super::address;
use crate::{protocol::host::Host, sync::lock};

/// The text that replaces a secret.
pub(super) const REDACTED: &str = "redacted";

/// The text that replaces the expiry of a token, so that the token does not expire in a replay.
const NEVER: &str = "9999-12-31T23:59:59Z";

/// The shortest secret that is searched in texts. Shorter ones would be found by chance.
const SHORTEST: usize = 8;

/// A token of three parts in Base64, of which the first two are JSON.
static JWT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"eyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]*").ok());

/// A URL with a query, inside a text.
static URL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"https?://[^\s"'<>?]+\?[^\s"'<>]+"#).ok());

/// The query parameters of servers other than fal's API that are known not to be secrets.
const HARMLESS: [&str; 6] = [
    "content_type",
    "file_name",
    "part_number",
    "partNumber",
    "storage_type",
    "uploads",
];

/// Remembers the secrets that were sent or received, and removes them from texts.
#[derive(Debug, Default)]
pub(super) struct Redactor(Mutex<BTreeSet<String>>);

impl Redactor {
    /// Remembers the credentials in an `Authorization` header.
    pub(super) fn learn_authorization(&self, value: &str) {
        let credentials = value.split_once(' ').map_or(value, |(_, rest)| rest).trim();
        self.learn(credentials);
        if let Some((_, secret)) = credentials.split_once(':') {
            self.learn(secret);
        }
    }

    fn learn(&self, secret: &str) {
        if secret.len() >= SHORTEST && secret != REDACTED {
            let mut known = lock(&self.0);
            known.insert(secret.to_owned());
        }
    }

    /// Removes the secrets from the value of a body that was exchanged with `url`.
    pub(super) fn value(&self, value: &mut Value, url: &str) {
        let is_token =
            address::host(url) == Some(Host::Rest) && address::path(url).starts_with("/tokens");
        match value {
            Value::String(text) if is_token => self.replace(text),
            value => self.walk(value, url),
        }
    }

    fn walk(&self, value: &mut Value, url: &str) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item, url)),
            Value::Object(members) => {
                let has_token = members.keys().any(|name| is_secret(name));
                for (name, member) in members {
                    match member {
                        Value::String(text) if is_secret(name) || is_key_of(name, url) => {
                            self.replace(text);
                        }
                        Value::String(text) if has_token && name.starts_with("expire") => {
                            NEVER.clone_into(text);
                        }
                        member => self.walk(member, url),
                    }
                }
            }
            _ => {}
        }
    }

    fn replace(&self, text: &mut String) {
        self.learn(text);
        REDACTED.clone_into(text);
    }

    /// Removes the secrets from a text, also those in URLs.
    pub(super) fn text(&self, text: &str) -> String {
        let mut text = match address::is_url(text) {
            true => self.url(text),
            false => match &*URL {
                Some(pattern) => pattern
                    .replace_all(text, |found: &regex_lite::Captures<'_>| self.url(&found[0]))
                    .into_owned(),
                None => text.to_owned(),
            },
        };
        if let Some(pattern) = &*JWT {
            text = pattern.replace_all(&text, REDACTED).into_owned();
        }
        let known = lock(&self.0);
        // The longest first, because one secret can be part of another.
        let mut known: Vec<&String> = known.iter().collect();
        known.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        for secret in known {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), REDACTED);
            }
        }
        text
    }

    /// Removes the secrets from a URL: the user, the password, and the values of its query. In URLs of fal's API, only those values
    /// are removed whose names say that they are secret.
    pub(super) fn url(&self, url: &str) -> String {
        let (address, query) = match url.split_once('?') {
            Some((address, query)) => (address, Some(query)),
            None => (url, None),
        };
        let address = without_user(address);
        let Some(query) = query else {
            return address;
        };
        let is_api = matches!(
            address::host(&address),
            Some(Host::Run | Host::Queue | Host::Platform | Host::Fal)
        );
        let pairs = form_urlencoded::parse(query.as_bytes()).map(|(name, value)| {
            let value = match value.as_ref() {
                "" => String::new(),
                value if address::is_url(value) => self.url(value),
                _ if is_secret(&name) => REDACTED.to_owned(),
                value if is_api || HARMLESS.contains(&name.as_ref()) => value.to_owned(),
                _ => REDACTED.to_owned(),
            };
            (name.into_owned(), value)
        });
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        format!("{address}?{query}")
    }
}

fn without_user(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let authority = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    format!("{scheme}://{authority}{path}")
}

/// Whether the name of a member, a parameter or a header says that its value is a secret.
pub(super) fn is_secret(name: &str) -> bool {
    const ENDINGS: [&str; 11] = [
        "apikey",
        "authorization",
        "cookie",
        "credential",
        "credentials",
        "jwt",
        "password",
        "policy",
        "secret",
        "signature",
        "token",
    ];
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    ENDINGS.iter().any(|ending| plain.ends_with(ending))
}

/// Whether a member is a key that the platform has created.
fn is_key_of(name: &str, url: &str) -> bool {
    name == "key" && address::path(url).starts_with("/v1/keys")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Redactor;

    fn redacted(mut value: Value, url: &str) -> Value {
        let redactor = Redactor::default();
        redactor.learn_authorization("Key 1234-abcd:c0ffee-c0ffee");
        redactor.value(&mut value, url);
        value
    }

    #[test]
    fn secrets_are_removed_by_their_names() {
        let written = json!({
            "token": "t", "hf_token": "t", "key_secret": "t", "X-Amz-Signature": "t", "password": "t",
            "max_tokens": 5, "prompt": "a token", "expires_at": "2026-01-01T00:00:00Z",
        });
        let expected = json!({
            "token": "redacted", "hf_token": "redacted", "key_secret": "redacted",
            "X-Amz-Signature": "redacted", "password": "redacted",
            "max_tokens": 5, "prompt": "a token", "expires_at": "9999-12-31T23:59:59Z",
        });
        assert_eq!(
            redacted(written, "https://rest.fal.ai/storage/auth/token"),
            expected
        );
        let tokens = "https://rest.fal.ai/tokens/";
        assert_eq!(redacted(json!("abc"), tokens), json!("redacted"));
        let keys = "https://api.fal.ai/v1/keys";
        assert_eq!(
            redacted(json!({"key": "a:b"}), keys),
            json!({"key": "redacted"})
        );
    }

    #[test]
    fn secrets_are_removed_wherever_they_stand() {
        let cases = [
            ("the key 1234-abcd:c0ffee-c0ffee", "the key redacted"),
            ("c0ffee-c0ffee!", "redacted!"),
            ("as eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.sig-n", "as redacted"),
            (
                "https://store.example/x.png?X-Goog-Signature=abc&partNumber=2",
                "https://store.example/x.png?X-Goog-Signature=redacted&partNumber=2",
            ),
            (
                "PUT https://store.example/x?sig=abc failed",
                "PUT https://store.example/x?sig=redacted failed",
            ),
            ("https://me:pass@store.example/x", "https://store.example/x"),
            (
                "https://queue.fal.run/a/b?fal_webhook=https%3A%2F%2Fme.example%2Fh%3Fauth%3D1&logs=1",
                "https://queue.fal.run/a/b?fal_webhook=https%3A%2F%2Fme.example%2Fh%3Fauth%3Dredacted&logs=1",
            ),
            (
                "https://fal.run/a/b/realtime?fal_jwt_token=abc",
                "https://fal.run/a/b/realtime?fal_jwt_token=redacted",
            ),
        ];
        for (written, expected) in cases {
            let value = redacted(json!([written]), "https://fal.run/a/b");
            assert_eq!(value, json!([expected]));
        }
    }

    #[test]
    fn a_token_that_was_met_is_removed_from_later_texts() {
        let redactor = Redactor::default();
        let url = "https://rest.fal.ai/storage/auth/token";
        redactor.value(&mut json!({"token": "0123456789"}), url);
        assert_eq!(redactor.text("with 0123456789."), "with redacted.");
    }
}
