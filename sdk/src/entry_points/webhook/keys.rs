//! The public keys of webhooks: fetched, kept for a day, and fetched again when they have
//! changed.
//!
//! No lock is held while keys are fetched. A fetch runs on a task of its own, and all
//! deliveries that need it wait for the same fetch. Deliveries that match the known keys do
//! not wait.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::Value;
use tokio::sync::watch;

use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Host, Http, Operation, Request};
use crate::transport::lock::lock;
use crate::transport::runtime;

/// A public key of Ed25519.
pub(super) type Key = [u8; 32];

type KeySet = Arc<[Key]>;

/// How long keys are kept.
const MAX_AGE: Duration = Duration::from_secs(24 * 3_600);

/// How long no fetch is made after one has failed.
const PAUSE: Duration = Duration::from_secs(2);

/// The most keys that are kept, which bounds the work for a signature. It is more than any
/// service uses at once.
const MAX_KEYS: usize = 16;

/// The source of the keys.
pub(super) enum Keys {
    Fixed(KeySet),
    Fetched(FetchedKeys),
}

/// Keys that are fetched when they are needed.
pub(super) struct FetchedKeys {
    http: Http,
    cache: Arc<Mutex<Cache>>,
}

#[derive(Default)]
struct Cache {
    keys: Option<CachedKeys>,
    /// When the last fetch began.
    last_fetch: Option<Instant>,
    /// The error of the last fetch, if it failed, and when that was.
    failure: Option<(Error, Instant)>,
    /// Closes when the fetch that is under way has ended.
    under_way: Option<watch::Receiver<()>>,
}

struct CachedKeys {
    keys: KeySet,
    since: Instant,
}

impl Keys {
    pub(super) fn fetched(http: Http) -> Self {
        Self::Fetched(FetchedKeys {
            http,
            cache: Arc::default(),
        })
    }

    /// Returns the keys, and fetches them if there are none from the last 24 hours.
    pub(super) async fn current(&self) -> Result<KeySet> {
        let fetched = match self {
            Self::Fixed(keys) => return Ok(Arc::clone(keys)),
            Self::Fetched(fetched) => fetched,
        };
        let ended = {
            let mut cache = lock(&fetched.cache);
            match &cache.keys {
                Some(cached) if cached.since.elapsed() < MAX_AGE => {
                    return Ok(Arc::clone(&cached.keys));
                }
                _ if cache.failed_within(PAUSE) => return Err(cache.error()),
                _ => fetched.fetch(&mut cache)?,
            }
        };
        wait(ended).await;
        let cache = lock(&fetched.cache);
        match &cache.keys {
            Some(cached) if cached.since.elapsed() < MAX_AGE => Ok(Arc::clone(&cached.keys)),
            _ => Err(cache.error()),
        }
    }

    /// Returns newer keys than those that did not match. They are fetched unless the last
    /// fetch began less than `pause` ago, so that forged deliveries cannot make this program
    /// flood the server.
    pub(super) async fn newer(&self, than: &KeySet, pause: Duration) -> Option<KeySet> {
        let Self::Fetched(fetched) = self else {
            return None;
        };
        let ended = {
            let mut cache = lock(&fetched.cache);
            if let Some(keys) = cache.other_than(than) {
                return Some(keys);
            }
            let is_soon = cache
                .last_fetch
                .is_some_and(|begun| begun.elapsed() < pause);
            if cache.under_way.is_none() && is_soon {
                return None;
            }
            // The present keys stay valid if newer ones cannot be fetched.
            fetched.fetch(&mut cache).ok()?
        };
        wait(ended).await;
        lock(&fetched.cache).other_than(than)
    }
}

impl FetchedKeys {
    /// Starts a fetch, unless one is under way, and returns a receiver that closes when it
    /// ends.
    ///
    /// # Errors
    /// When it is called outside any tokio runtime.
    fn fetch(&self, cache: &mut Cache) -> Result<watch::Receiver<()>> {
        if let Some(under_way) = &cache.under_way
            // If the runtime of the fetch was shut down, the receiver is closed already.
            && under_way.has_changed().is_ok()
        {
            return Ok(under_way.clone());
        }
        runtime::current()?;
        let (end, ended) = watch::channel(());
        cache.last_fetch = Some(Instant::now());
        cache.under_way = Some(ended.clone());
        let (http, shared) = (self.http.clone(), Arc::clone(&self.cache));
        tokio::spawn(async move {
            let outcome = fetch(&http).await;
            lock(&shared).end(outcome);
            drop(end);
        });
        Ok(ended)
    }
}

impl Cache {
    fn end(&mut self, outcome: Result<KeySet>) {
        self.under_way = None;
        match outcome {
            Ok(keys) => {
                let since = Instant::now();
                self.keys = Some(CachedKeys { keys, since });
                self.failure = None;
            }
            Err(error) => self.failure = Some((error, Instant::now())),
        }
    }

    fn failed_within(&self, time: Duration) -> bool {
        let failed_at = self.failure.as_ref().map(|(_, at)| at);
        self.under_way.is_none() && failed_at.is_some_and(|at| at.elapsed() < time)
    }

    /// The error that says why there are no keys.
    fn error(&self) -> Error {
        match &self.failure {
            Some((error, _)) => error.clone_without_source(),
            None => Error::new(
                ErrorKind::Connection,
                "the request for the webhook keys was stopped",
            ),
        }
    }

    fn other_than(&self, known: &KeySet) -> Option<KeySet> {
        let cached = self.keys.as_ref()?;
        (!Arc::ptr_eq(&cached.keys, known)).then(|| Arc::clone(&cached.keys))
    }
}

/// Waits until the fetch drops the sender at its end.
async fn wait(mut ended: watch::Receiver<()>) {
    while ended.changed().await.is_ok() {}
}

async fn fetch(http: &Http) -> Result<KeySet> {
    let url = http.url(Host::Rest, ".well-known/jwks.json");
    let request = Request::new(Operation::WebhookKeys, Method::GET, url)
        .without_key()
        .timeout(http.settings().timeouts.request)
        .limit(64 << 10);
    let reply = http.send(&request).await?;
    if !reply.status.is_success() {
        return Err(reply.error(Operation::WebhookKeys));
    }
    parse(&reply.json(Operation::WebhookKeys)?)
}

/// Reads the Ed25519 keys of a key set (RFC 7517, RFC 8037). Other keys are skipped.
///
/// # Errors
/// When the key set has no Ed25519 key.
pub(super) fn parse(jwks: &Value) -> Result<KeySet> {
    let listed = jwks.get("keys").and_then(Value::as_array);
    let keys: KeySet = listed
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(key)
        .take(MAX_KEYS)
        .collect();
    match keys.is_empty() {
        false => Ok(keys),
        true => Err(Error::new(
            ErrorKind::Decode,
            "the key set has no Ed25519 key",
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
