//! Model streams: partial outputs as the model makes them.
//!
//! Source: <https://fal.ai/docs/documentation/model-apis/inference/streaming>.

mod events;
mod raw;

use std::future::IntoFuture;
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderValue};

pub use events::OutputStream;
pub use raw::{RawStream, RawStreaming};

use crate::BoxFuture;
use crate::call::{Call, HasOptions, Options, Payload, Prepared, call_options};
use crate::error::{Error, Result};
use crate::http::{Host, Incoming, Operation};
use crate::run;

/// A model's stream, opened when this is awaited: see
/// [`Client::stream`](crate::Client::stream).
#[must_use = "a stream is opened when this is awaited"]
pub struct Streaming<P> {
    call: Call<P>,
    idle: Option<Duration>,
    path: Option<String>,
}

impl<P: Payload> Streaming<P> {
    pub(crate) fn new(call: Call<P>) -> Self {
        Self {
            call,
            idle: None,
            path: None,
        }
    }

    call_options!();

    /// How long the model may be silent between two outputs. Default: the
    /// client's [`Timeouts::model_stream`](crate::Timeouts).
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle = Some(timeout);
        self
    }

    /// The path below the endpoint that streams. Default: `stream`, unless the
    /// endpoint's id ends with it.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Returns the bytes of the reply as they come, whatever their type, in place
    /// of outputs.
    pub fn raw(self) -> RawStreaming<P> {
        RawStreaming(self)
    }

    /// Opens the reply. What is wrong with the call is said here; from then on it
    /// is under way and paid for.
    async fn open(self, accept: &'static str) -> Result<Open> {
        let timeout = self.call.options.timeout;
        let (idle, path) = (self.idle, self.path);
        let prepared = self.call.prepare().await?;
        let endpoint = prepared.endpoint.shared();
        open(&prepared, path.as_deref(), timeout, accept)
            .await
            .map(|incoming| Open {
                idle: idle.unwrap_or(prepared.http.settings().timeouts.model_stream),
                incoming,
                prepared,
            })
            .map_err(|error| error.with_endpoint(endpoint))
    }
}

impl<P> HasOptions for Streaming<P> {
    fn options_mut(&mut self) -> &mut Options {
        &mut self.call.options
    }
}

impl<P: Payload> IntoFuture for Streaming<P> {
    type Output = Result<OutputStream<P::Output>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let open = self
                .open("text/event-stream, application/json;q=0.9")
                .await?;
            OutputStream::of(open).await
        })
    }
}

/// A reply that has begun.
struct Open {
    incoming: Incoming,
    prepared: Prepared,
    idle: Duration,
}

async fn open(
    prepared: &Prepared,
    path: Option<&str>,
    timeout: Option<Duration>,
    accept: &'static str,
) -> Result<Incoming> {
    let http = &prepared.http;
    let timeout = timeout.unwrap_or(http.settings().timeouts.run);
    let mut request = prepared
        .request(Operation::Stream, Host::Run, timeout)
        .header(ACCEPT, HeaderValue::from_static(accept));
    let full = below(request.url.path(), path)?;
    request.url.set_path(&full);
    match http.open_as_allowed(&request).await? {
        Ok(incoming) => Ok(incoming),
        Err(reply) => Err(run::error(&reply, Operation::Stream)),
    }
}

/// The endpoint's path with the one that streams.
fn below(endpoint: &str, path: Option<&str>) -> Result<String> {
    let Some(path) = path else {
        return Ok(match endpoint.ends_with("/stream") {
            true => endpoint.to_owned(),
            false => format!("{endpoint}/stream"),
        });
    };
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let fits = |part: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        !matches!(*part, "." | "..") && part.bytes().all(plain)
    };
    match segments.iter().all(fits) {
        true => Ok([&[endpoint], &segments[..]].concat().join("/")),
        false => Err(Error::configuration(format!(
            "{path:?} is not a valid path below an endpoint"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let path = |endpoint, path| below(endpoint, path).ok();
        assert_eq!(path("/a/b", None).as_deref(), Some("/a/b/stream"));
        assert_eq!(path("/a/b/stream", None).as_deref(), Some("/a/b/stream"));
        assert_eq!(path("/a/b", Some("/x/y")).as_deref(), Some("/a/b/x/y"));
        assert_eq!(path("/a/b", Some("")).as_deref(), Some("/a/b"));
        for bad in ["../../c/d", "a?b", "a%2fb", "a b"] {
            assert_eq!(path("/a/b", Some(bad)), None, "{bad}");
        }
    }
}
