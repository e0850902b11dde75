//! Faults, which simulate failures between a client and fal.

mod canned;
mod injection;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use canned::CannedReply;
pub use injection::Injection;
pub(crate) use injection::Probe;

use crate::protocol::route::Route;

/// A failure that the server simulates, such as a closed connection or an error of a gateway.
///
/// [`on`](Self::on) selects the route whose requests get the fault, and [`inject`](crate::MockServer::inject) injects it:
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use fal_mock::{Fault, MockServer, Route};
///
/// let server = MockServer::builder().app("me/my-model").start().await?;
/// server.inject(Fault::nginx(502).on(Route::Status).times(2));
/// // The job is created, but the client gets no reply.
/// server.inject(Fault::Drop.on(Route::Submit).handled());
/// # Ok::<(), fal_mock::Error>(()) }).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[must_use = "give it to `MockServer::inject`"]
pub enum Fault {
    /// The reply of the route is replaced by this one.
    Reply(CannedReply),
    /// The connection is closed before the request's body is read. On [`Route::Connection`], it is closed as soon as it is
    /// accepted.
    Refuse,
    /// The request is read, then the connection is closed without a reply.
    Drop,
    /// The HTTP/2 stream is refused with `REFUSED_STREAM`, and the request is not processed. Over HTTP/1.1, this is the same as
    /// `Refuse`.
    RefuseStream,
    /// The body ends early and the connection is closed, although `content-length` is that of the whole body.
    Truncate {
        /// The number of bytes that are sent. Default: half of the body.
        #[serde(default)]
        keep: Option<usize>,
    },
    /// The body stops in the middle, and the connection stays open.
    Stall {
        /// The number of bytes that are sent. Default: half of the body.
        #[serde(default)]
        keep: Option<usize>,
    },
    /// The reply is delayed.
    Delay {
        /// The delay in milliseconds.
        ms: u64,
    },
    /// The JSON of the body is cut in the middle, in a reply that is complete according to HTTP.
    MalformedJson,
    /// The reply has another content type than its body.
    ContentType {
        /// The content type, such as `text/html`.
        value: String,
    },
    /// A streamed reply ends early.
    CutStream {
        /// The number of complete chunks that are sent first. In an event stream, a chunk is an event.
        #[serde(default)]
        frames: usize,
        /// The point in the next chunk at which the stream ends.
        #[serde(default)]
        at: CutAt,
        /// Whether the stream ends as if it were complete; otherwise the connection is closed.
        #[serde(default)]
        clean: bool,
    },
    /// The whole body is sent, in small pieces that split lines and characters.
    Dribble {
        /// The size of a piece in bytes.
        bytes: usize,
        /// The pause after each piece, in milliseconds.
        #[serde(default)]
        pause_ms: u64,
    },
    /// In the reply to a submit, `status_url`, `response_url` and `cancel_url` point to another server.
    ForeignUrls {
        /// The base URL that replaces `https://queue.fal.run`.
        base: String,
    },
    /// The connection stays open, and TCP acknowledges what the client sends, but the server answers nothing on it any more: no
    /// request, and no HTTP/2 ping.
    Silence,
    /// The `x-fal-request-id` of the reply differs from the id of the job.
    OtherRequestId,
    /// The reply is an event stream that never ends and has comments only.
    OnlyComments {
        /// The pause before each comment, in milliseconds.
        every_ms: u64,
    },
    /// The reply is an event stream that reports `IN_PROGRESS` forever, even after the job has completed.
    AlwaysInProgress {
        /// The pause after each event, in milliseconds.
        every_ms: u64,
    },
    /// The body has a content coding that the client did not ask for. With `gzip`, the body can be decoded; with any other coding,
    /// it cannot.
    ContentEncoding {
        /// The value of `content-encoding`, such as `gzip`, `br`, or an unknown coding.
        coding: String,
    },
    /// The reply is an error whose text contains the `Authorization` header of the request.
    EchoKey {
        /// The HTTP status.
        status: u16,
    },
    /// The header `Date` of the reply is wrong, as if the server's clock were wrong.
    ClockSkew {
        /// The number of seconds by which the server's clock is ahead; negative if it is behind.
        seconds: i64,
    },
    /// The `ETag` of the reply is new, as if the file had changed since the last request. `If-Range` is ignored.
    NewEtag,
    /// The body never ends.
    Endless,
    /// The body is small, compressed with gzip, and decompresses to a large one.
    GzipBomb {
        /// The decompressed size in bytes.
        bytes: u64,
    },
}

/// The point at which [`Fault::CutStream`] ends a stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CutAt {
    /// The stream ends between two chunks.
    #[default]
    Frame,
    /// The stream ends in the middle of a line.
    Line,
    /// The stream ends in the middle of a character that has two bytes.
    Char,
}

impl Fault {
    /// Replaces the reply by one with this status, an empty body and no request id.
    pub fn status(status: u16) -> Self {
        Self::Reply(CannedReply::new(status))
    }

    /// Replaces the reply by one with this status, a JSON body and a request id.
    pub fn json(status: u16, body: impl Into<Value>) -> Self {
        Self::Reply(CannedReply::json(status, &body.into()))
    }

    /// Replaces the reply by an error of nginx, which is fal's ingress: HTML, without a request id.
    pub fn nginx(status: u16) -> Self {
        Self::Reply(CannedReply::nginx(status))
    }

    /// Replaces the reply by an error of the platform, with `detail`, `error_type` and a request id (fal docs,
    /// `request-errors`).
    pub fn platform(status: u16, error_type: &str, detail: &str) -> Self {
        Self::Reply(CannedReply::platform(status, error_type, detail))
    }

    /// Replaces the reply by one with status 429, as the queue and direct runs have it, and with `Retry-After` if it is given.
    pub fn too_many_requests(retry_after: Option<Duration>) -> Self {
        let words = "Too many concurrent requests";
        let reply = CannedReply::platform(429, "concurrent_requests_limit", words);
        let reply = reply.header("x-fal-needs-retry", "1");
        Self::Reply(match retry_after {
            Some(time) => reply.header("retry-after", &time.as_secs().to_string()),
            None => reply,
        })
    }

    /// Replaces the reply by one with status 429, as the platform API has it, and with `x-ratelimit-reset` if it is given.
    pub fn rate_limited(reset: Option<Duration>) -> Self {
        let error = serde_json::json!({ "type": "rate_limited", "message": "Too many requests" });
        let reply = CannedReply::json(429, &serde_json::json!({ "error": error }));
        Self::Reply(match reset {
            Some(time) => reply.header("x-ratelimit-reset", &time.as_secs().to_string()),
            None => reply,
        })
    }

    /// Replaces the reply by one with status 504, which says that the start timeout that the caller set has expired.
    pub fn start_timeout() -> Self {
        let reply = CannedReply::platform(504, "request_timeout", "Request timed out");
        Self::Reply(reply.header("x-fal-request-timeout-type", "user"))
    }

    /// Replaces the reply by one with status 401, which says that the key is not valid.
    pub fn unauthorized() -> Self {
        Self::json(
            401,
            serde_json::json!({ "detail": "invalid key credentials" }),
        )
    }

    /// Replaces the reply by one with status 403, which says that the account is locked because its balance is exhausted.
    pub fn locked() -> Self {
        let words = "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.";
        Self::json(403, serde_json::json!({ "detail": words }))
    }

    /// Replaces the reply by one with status 404, as for a result that has expired.
    pub fn expired() -> Self {
        Self::json(404, serde_json::json!({ "status": "NOT_FOUND" }))
    }

    /// Replaces the reply by one with status 200 and an HTML page.
    pub fn html() -> Self {
        let page = "<!doctype html><title>Maintenance</title><p>We will be back soon.";
        Self::Reply(
            CannedReply::new(200)
                .header("content-type", "text/html")
                .body(page),
        )
    }

    /// Replaces the reply by a redirect to another URL.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::Reply(CannedReply::new(status).header("location", location))
    }

    /// Limits the fault to requests of a route. It happens once, unless the [`Injection`] is changed.
    pub fn on(self, route: Route) -> Injection {
        Injection::from(self).on(route)
    }
}
