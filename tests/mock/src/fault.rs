//! Faults: what can go wrong between a client and fal.

mod canned;
mod injection;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use canned::CannedReply;
pub use injection::Injection;
pub(crate) use injection::Probe;

use crate::protocol::route::Route;

/// A fault that a request meets.
///
/// [`on`](Self::on) says which requests meet it, and [`inject`](crate::MockServer::inject) hands it to the server:
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
pub enum Fault {
    /// The route's reply is replaced by this one.
    Reply(CannedReply),
    /// The connection is closed before the request's body is read. On [`Route::Connection`], it is closed as soon as it is
    /// accepted.
    Refuse,
    /// The request is read, then the connection is closed without a reply.
    Drop,
    /// The HTTP/2 stream is refused with `REFUSED_STREAM`, unprocessed. Over HTTP/1 this is the same as `Refuse`.
    RefuseStream,
    /// The body breaks off and the connection is closed, although `content-length` announces the whole body.
    Truncate {
        /// The number of bytes that are sent; half of the body unless given.
        #[serde(default)]
        keep: Option<usize>,
    },
    /// The body stops in the middle, and the connection stays open.
    Stall {
        /// The number of bytes that are sent; half of the body unless given.
        #[serde(default)]
        keep: Option<usize>,
    },
    /// The reply is delayed.
    Delay {
        /// The delay in milliseconds.
        ms: u64,
    },
    /// The body is cut in the middle of its JSON, in a reply that is complete as far as HTTP is concerned.
    MalformedJson,
    /// The reply has another content type than its body.
    ContentType {
        /// The content type, such as `text/html`.
        value: String,
    },
    /// A streamed reply ends early.
    CutStream {
        /// The number of whole chunks (frames, in event streams) that are sent first.
        #[serde(default)]
        frames: usize,
        /// Where in the next chunk the stream ends.
        #[serde(default)]
        at: CutAt,
        /// Whether the stream ends as if it were complete; otherwise the connection is closed.
        #[serde(default)]
        clean: bool,
    },
    /// The body is sent in small pieces that split lines and characters. Nothing is lost.
    Dribble {
        /// The size of a piece in bytes.
        bytes: usize,
        /// The pause after each, in milliseconds.
        #[serde(default)]
        pause_ms: u64,
    },
    /// The `status_url`, `response_url` and `cancel_url` in the reply to a submit point to another server.
    ForeignUrls {
        /// The base URL that replaces `https://queue.fal.run`.
        base: String,
    },
    /// The connection goes silent. It stays open, and what the client sends is acknowledged by TCP, but no request on it is
    /// answered any more, and neither is an HTTP/2 ping.
    Silence,
    /// The `x-fal-request-id` of the reply differs from the id of the job.
    OtherRequestId,
    /// The reply is an event stream of comments that never ends and has no events.
    OnlyComments {
        /// The pause before each, in milliseconds.
        every_ms: u64,
    },
    /// The reply is an event stream that reports `IN_PROGRESS` forever, even after the job has completed.
    AlwaysInProgress {
        /// The pause after each, in milliseconds.
        every_ms: u64,
    },
    /// The body has a content coding that the client did not ask for. `gzip` bodies are valid; those of any other coding cannot
    /// be decoded.
    ContentEncoding {
        /// The value of `content-encoding`, such as `gzip`, `br`, or an unknown coding.
        coding: String,
    },
    /// The reply is an error whose text contains the `Authorization` header of the request.
    EchoKey {
        /// The HTTP status.
        status: u16,
    },
    /// The `Date` of the reply is wrong, as that of a server with a wrong clock.
    ClockSkew {
        /// The number of seconds by which the server's clock is ahead; negative when it is behind.
        seconds: i64,
    },
    /// The `ETag` of the reply is new, as if the file had changed since the last request. `If-Range` is ignored.
    NewEtag,
    /// The body never ends.
    Endless,
    /// The body is small, coded with gzip, and decodes to a large one.
    GzipBomb {
        /// The decoded size in bytes.
        bytes: u64,
    },
}

/// The place at which [`Fault::CutStream`] ends a stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CutAt {
    /// The stream ends between two frames.
    #[default]
    Frame,
    /// The stream ends in the middle of a line.
    Line,
    /// The stream ends in the middle of a character of two bytes.
    Char,
}

impl Fault {
    /// A reply with this status, an empty body and no request id.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Reply(CannedReply::new(status))
    }

    /// A reply with this status, a JSON body and a request id.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Value>) -> Self {
        Self::Reply(CannedReply::json(status, &body.into()))
    }

    /// An error of fal's ingress: the HTML of nginx, without a request id.
    #[must_use]
    pub fn nginx(status: u16) -> Self {
        Self::Reply(CannedReply::nginx(status))
    }

    /// An error of the platform, with `detail`, `error_type` and a request id (fal docs, `request-errors`).
    #[must_use]
    pub fn platform(status: u16, error_type: &str, detail: &str) -> Self {
        Self::Reply(CannedReply::platform(status, error_type, detail))
    }

    /// A reply with status 429 of the queue or of a direct run, and with `Retry-After` if given.
    #[must_use]
    pub fn too_many_requests(retry_after: Option<Duration>) -> Self {
        let words = "Too many concurrent requests";
        let reply = CannedReply::platform(429, "concurrent_requests_limit", words);
        let reply = reply.header("x-fal-needs-retry", "1");
        Self::Reply(match retry_after {
            Some(time) => reply.header("retry-after", &time.as_secs().to_string()),
            None => reply,
        })
    }

    /// A reply with status 429 of the platform API, and with `x-ratelimit-reset` if given.
    #[must_use]
    pub fn rate_limited(reset: Option<Duration>) -> Self {
        let error = serde_json::json!({ "type": "rate_limited", "message": "Too many requests" });
        let reply = CannedReply::json(429, &serde_json::json!({ "error": error }));
        Self::Reply(match reset {
            Some(time) => reply.header("x-ratelimit-reset", &time.as_secs().to_string()),
            None => reply,
        })
    }

    /// A reply with status 504, which says that the caller's own start timeout expired.
    #[must_use]
    pub fn start_timeout() -> Self {
        let reply = CannedReply::platform(504, "request_timeout", "Request timed out");
        Self::Reply(reply.header("x-fal-request-timeout-type", "user"))
    }

    /// A reply with status 401, which says that the key is not valid.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::json(
            401,
            serde_json::json!({ "detail": "invalid key credentials" }),
        )
    }

    /// A reply with status 403, which says that the account is locked because its balance is exhausted.
    #[must_use]
    pub fn locked() -> Self {
        let words = "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.";
        Self::json(403, serde_json::json!({ "detail": words }))
    }

    /// A reply with status 404, as for a result that has expired.
    #[must_use]
    pub fn expired() -> Self {
        Self::json(404, serde_json::json!({ "status": "NOT_FOUND" }))
    }

    /// A reply with status 200 and a page of HTML.
    #[must_use]
    pub fn html() -> Self {
        let page = "<!doctype html><title>Maintenance</title><p>We will be back soon.";
        Self::Reply(
            CannedReply::new(200)
                .header("content-type", "text/html")
                .body(page),
        )
    }

    /// A redirect to another URL.
    #[must_use]
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::Reply(CannedReply::new(status).header("location", location))
    }

    /// Aims the fault at a route. It happens once, unless the [`Injection`] says otherwise.
    pub fn on(self, route: Route) -> Injection {
        Injection::from(self).on(route)
    }
}
