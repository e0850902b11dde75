//! The public keys: fetched, kept for a day, fetched anew when they have changed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::Value;
use tokio::sync::Mutex;

use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Host, Http, Operation, Request};

/// A public key of Ed25519.
pub(super) type Key = [u8; 32];

/// How long keys are kept.
const MOST_AGE: Duration = Duration::from_secs(24 * 3_600);

/// How long nothing is asked for after the keys could not be had.
const PAUSE: Duration = Duration::from_secs(2);

/// More keys than any service uses at once; a bound on the work for a signature.
const MOST_KEYS: usize = 16;

/// Where the keys come from.
pub(super) enum Keys {
    Fixed(Arc<[Key]>),
    Fetched { http: Http, kept: Mutex<Kept> },
}

/// The keys that were fetched last, and when they last were asked for.
#[derive(Default)]
pub(super) struct Kept {
    keys: Option<(Arc<[Key]>, Instant)>,
    asked: Option<Instant>,
}

impl Keys {
    pub(super) fn fetched(http: Http) -> Self {
        Self::Fetched {
            http,
            kept: Mutex::new(Kept::default()),
        }
    }

    /// The keys, fetched if there are none of the last 24 hours.
    pub(super) async fn current(&self) -> Result<Arc<[Key]>> {
        let (http, kept) = match self {
            Self::Fixed(keys) => return Ok(Arc::clone(keys)),
            Self::Fetched { http, kept } => (http, kept),
        };
        let mut kept = kept.lock().await;
        match &kept.keys {
            Some((keys, since)) if since.elapsed() < MOST_AGE => Ok(Arc::clone(keys)),
            _ if kept.failed_within(PAUSE) => Err(Error::new(
                ErrorKind::Connection,
                "the webhook keys could not be fetched a moment ago",
            )),
            _ => kept.fetch(http).await,
        }
    }

    /// Newer keys than those that did not fit, if there may be any: if none were
    /// asked for within `pause`. Forged deliveries must not make this a client that
    /// floods the server.
    pub(super) async fn newer(&self, than: &Arc<[Key]>, pause: Duration) -> Option<Arc<[Key]>> {
        let Self::Fetched { http, kept } = self else {
            return None;
        };
        let mut kept = kept.lock().await;
        if let Some((keys, _)) = &kept.keys
            && !Arc::ptr_eq(keys, than)
        {
            return Some(Arc::clone(keys));
        }
        if kept.asked.is_some_and(|asked| asked.elapsed() < pause) {
            return None;
        }
        // The keys that are there stay good if no newer ones are to be had.
        kept.fetch(http).await.ok()
    }
}

impl Kept {
    /// Whether the last question is no older, and brought nothing.
    fn failed_within(&self, time: Duration) -> bool {
        let answered = self.keys.as_ref().map(|(_, since)| *since);
        self.asked
            .is_some_and(|asked| asked.elapsed() < time && answered.is_none_or(|at| at < asked))
    }

    async fn fetch(&mut self, http: &Http) -> Result<Arc<[Key]>> {
        self.asked = Some(Instant::now());
        let url = http.url(Host::Rest, ".well-known/jwks.json");
        let request = Request::new(Operation::Keys, Method::GET, url)
            .without_key()
            .timeout(http.settings().timeouts.request)
            .limit(64 << 10);
        let reply = http.send(&request).await?;
        if !reply.status.is_success() {
            return Err(reply.error(Operation::Keys));
        }
        let keys = parse(&reply.json(Operation::Keys)?)?;
        self.keys = Some((Arc::clone(&keys), Instant::now()));
        Ok(keys)
    }
}

/// The Ed25519 keys of a key set (RFC 7517, RFC 8037); others are passed over.
///
/// # Errors
/// When there is none.
pub(super) fn parse(jwks: &Value) -> Result<Arc<[Key]>> {
    let listed = jwks.get("keys").and_then(Value::as_array);
    let keys: Arc<[Key]> = listed
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(key)
        .take(MOST_KEYS)
        .collect();
    match keys.is_empty() {
        false => Ok(keys),
        true => Err(Error::new(
            ErrorKind::Decode,
            "the key set holds no Ed25519 key",
        )),
    }
}

fn key(jwk: &Value) -> Option<Key> {
    let is = |name: &str, wanted: &str| jwk.get(name).and_then(Value::as_str) == Some(wanted);
    if !is("kty", "OKP") || !is("crv", "Ed25519") {
        return None;
    }
    let x = jwk.get("x")?.as_str()?.trim_end_matches('=');
    BASE64_URL_SAFE_NO_PAD.decode(x).ok()?.try_into().ok()
}
