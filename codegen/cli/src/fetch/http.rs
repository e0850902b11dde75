//! Sends requests with limited concurrency and with retries. The key is sent to one host only.

use super::{Backoff, Options, backoff, document};
use crate::{Error, output::printable};
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{AUTHORIZATION, HeaderValue},
    redirect,
};
use serde_json::Value;
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, SystemTime},
};
use tokio::{
    sync::{Mutex, Semaphore},
    time::Instant,
};

/// The largest reply that is read, in bytes. A reply with 50 documents has about 3 MB.
const MAX_BODY: usize = 32 << 20;

/// Sends the requests to one server.
#[derive(Debug)]
pub(super) struct Http {
    client: Client,
    key: Option<HeaderValue>,
    backoff: Backoff,
    permits: Semaphore,
    /// The time before which no further requests are sent, because the server asked for a delay.
    not_before: Mutex<Instant>,
    /// Whether the server could not be reached in any attempt. No further requests are sent then.
    unreachable: AtomicBool,
}

/// The reason why a request has no usable reply.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub status: Option<StatusCode>,
    pub reason: String,
}

impl Failure {
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            status: None,
            reason: reason.into(),
        }
    }

    /// Whether the server refuses this caller.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self.status,
            Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        )
    }

    pub fn is_missing(&self) -> bool {
        matches!(self.status, Some(StatusCode::NOT_FOUND | StatusCode::GONE))
    }
}

enum Attempt {
    Done(Value),
    Failed(Failure),
    Again(Retry),
}

/// A failure after which the request is sent again.
struct Retry {
    failure: Failure,
    /// The delay that the server requests.
    asked: Option<Duration>,
    connected: bool,
}

impl Http {
    /// Creates the requests to the platform API, which carry the key.
    pub fn platform(options: &Options) -> Result<Self, Error> {
        let key = options.key.as_ref().map(super::Key::header);
        if key.is_some() && options.api_url.scheme() != "https" && !is_loopback(&options.api_url) {
            let what = format!("FAL_KEY would be sent unencrypted to {}", options.api_url);
            return Err(Error::new(what).help("use an https --api-url, or unset FAL_KEY"));
        }
        Self::new(options, &options.api_url, key)
    }

    /// Creates the requests for single documents, which carry no key.
    pub fn documents(options: &Options) -> Result<Self, Error> {
        Self::new(options, &options.openapi_url, None)
    }

    fn new(options: &Options, url: &Url, key: Option<HeaderValue>) -> Result<Self, Error> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(
                Error::new(format!("{url} is not an http URL")).help("start it with https://")
            );
        }
        let mut builder = Client::builder()
            .user_agent(concat!("cargo-fal/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(options.idle)
            .timeout(Duration::from_secs(300))
            .redirect(same_origin());
        if is_loopback(url) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| {
            Error::new(format!("cannot start the HTTP client: {}", chain(&error)))
        })?;
        Ok(Self {
            client,
            key,
            backoff: options.backoff,
            permits: Semaphore::new(options.jobs.get()),
            not_before: Mutex::new(Instant::now()),
            unreachable: AtomicBool::new(false),
        })
    }

    /// Gets a JSON value with a status of success. If the body is not JSON, such as an HTML page during maintenance, the request is
    /// repeated, as after a 503.
    pub async fn get(&self, url: Url) -> Result<Value, Failure> {
        let mut failures = 0;
        loop {
            if self.unreachable.load(Ordering::Relaxed) {
                return Err(Failure::new("the server cannot be reached"));
            }
            let retry = match self.attempt(url.clone()).await {
                Attempt::Done(value) => return Ok(value),
                Attempt::Failed(failure) => return Err(failure),
                Attempt::Again(retry) => retry,
            };
            failures += 1;
            if failures >= self.backoff.attempts {
                let Retry {
                    failure, connected, ..
                } = retry;
                self.unreachable.fetch_or(!connected, Ordering::Relaxed);
                let reason = format!("{} ({failures} attempts)", failure.reason);
                return Err(Failure { reason, ..failure });
            }
            self.pause(failures - 1, retry.asked).await;
        }
    }

    /// Waits before the next attempt. A delay that the server requests applies to all requests, because its limits apply to all
    /// of them together.
    async fn pause(&self, failure: u32, asked: Option<Duration>) {
        let wait = self.backoff.wait(failure, asked);
        if asked.is_some() {
            let mut not_before = self.not_before.lock().await;
            *not_before = (*not_before).max(Instant::now() + wait);
        }
        tokio::time::sleep(wait).await;
    }

    async fn attempt(&self, url: Url) -> Attempt {
        // The semaphore is never closed.
        let _permit = self.permits.acquire().await.ok();
        let not_before = *self.not_before.lock().await;
        tokio::time::sleep_until(not_before).await;
        let mut request = self.client.get(url);
        if let Some(key) = &self.key {
            request = request.header(AUTHORIZATION, key.clone());
        }
        match request.send().await {
            Ok(response) => read(response).await,
            Err(error) if error.is_builder() || error.is_redirect() => {
                Attempt::Failed(Failure::new(chain(&error.without_url())))
            }
            Err(error) => Attempt::Again(Retry {
                connected: !error.is_connect(),
                failure: Failure::new(chain(&error.without_url())),
                asked: None,
            }),
        }
    }
}

async fn read(response: Response) -> Attempt {
    let status = response.status();
    let asked = backoff::asked(response.headers(), SystemTime::now());
    let again = |failure| {
        Attempt::Again(Retry {
            failure,
            asked,
            connected: true,
        })
    };
    let body = match read_body(response).await {
        Ok(body) if body.len() > MAX_BODY => {
            return Attempt::Failed(Failure::new("the reply does not end"));
        }
        Ok(body) => body,
        Err(failure) => return again(failure),
    };
    if status.is_success() {
        return match document::parse(&body) {
            Ok(value) => Attempt::Done(value),
            Err(problem) => again(Failure::new(format!("the reply {problem}"))),
        };
    }
    let reason = match document::parse(&body) {
        Ok(value) if value["error"].is_object() => {
            format!("{status}: {}", document::error_text(&value["error"]))
        }
        _ => status.to_string(),
    };
    let failure = Failure {
        status: Some(status),
        reason,
    };
    if matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504) {
        again(failure)
    } else {
        Attempt::Failed(failure)
    }
}

/// Reads the body, but not much more than [`MAX_BODY`] of it.
async fn read_body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while body.len() <= MAX_BODY {
        match response.chunk().await {
            Ok(None) => return Ok(body),
            Ok(Some(bytes)) => body.extend_from_slice(&bytes),
            Err(error) => {
                let reason = chain(&error.without_url());
                return Err(Failure::new(format!("the reply is incomplete: {reason}")));
            }
        }
    }
    Ok(body)
}

/// Follows redirects to the same server only, so that neither requests nor the key are sent to another host.
fn same_origin() -> redirect::Policy {
    redirect::Policy::custom(|attempt| {
        let first = attempt.previous().first().map(Url::origin);
        if attempt.previous().len() > 5 || first != Some(attempt.url().origin()) {
            attempt.stop()
        } else {
            attempt.follow()
        }
    })
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

/// The text of an error and of its sources.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !text.ends_with(&words) {
            text = format!("{text}: {words}");
        }
        cause = error.source();
    }
    printable(&text, 300)
}

#[cfg(test)]
mod tests {
    use super::{Http, is_loopback};
    use crate::{
        fetch::{Key, Options, Selection},
        schemas::Layout,
    };
    use reqwest::Url;

    fn options(api_url: &str) -> Options {
        let url: Url = api_url.parse().unwrap();
        let options = Options::new(Selection::All, url.clone(), url, Layout::of("x"));
        Options {
            key: Some(Key::new("a:b").unwrap()),
            ..options
        }
    }

    #[test]
    fn the_key_travels_encrypted_or_stays_on_the_machine() {
        for good in [
            "https://api.fal.ai/v1",
            "http://127.0.0.1:1/v1",
            "http://[::1]:1/",
            "http://localhost/",
        ] {
            assert!(Http::platform(&options(good)).is_ok(), "{good}");
        }
        for bad in [
            "http://api.fal.ai/v1",
            "http://127.0.0.1.example.com/",
            "ftp://api.fal.ai/",
        ] {
            assert!(Http::platform(&options(bad)).is_err(), "{bad}");
        }
        assert!(
            Http::documents(&options("http://example.com/")).is_ok(),
            "no key goes there"
        );
    }

    #[test]
    fn loopback_is_told_from_names_that_look_like_it() {
        for (url, expected) in [("http://127.9.9.9/", true), ("http://10.0.0.1/", false)] {
            assert_eq!(is_loopback(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
