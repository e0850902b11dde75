//! What can go wrong between a client and fal, and when it does.

mod canned;
mod injection;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use canned::CannedReply;
pub use injection::Injection;
pub(crate) use injection::Probe;

use crate::protocol::route::Route;

/// Something that goes wrong with a request.
///
/// A fault is aimed with [`on`](Self::on) and given to [`inject`](crate::MockServer::inject):
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use fal_mock::{Fault, MockServer, Route};
///
/// let server = MockServer::builder().app("me/my-model").start().await?;
/// server.inject(Fault::nginx(502).on(Route::Status).times(2));
/// // The job is accepted, but its submitter never learns of it.
/// server.inject(Fault::Drop.on(Route::Submit).handled());
/// # Ok::<(), fal_mock::Error>(()) }).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// This reply instead of the route's own.
    Reply(CannedReply),
    /// The connection is closed before the request's body is read. On [`Route::Connection`], as soon as it is accepted.
    Refuse,
    /// The request is read, then the connection is closed without a reply.
    Drop,
    /// HTTP/2 only: the stream is refused unprocessed (`REFUSED_STREAM`). Over HTTP/1 it is as `Refuse`.
    RefuseStream,
    /// The body breaks off, the connection with it; `content-length` tells of the whole.
    Truncate {
        /// How many bytes come through; half of them unless given.
        #[serde(default)]
        keep: Option<usize>,
    },
    /// The body stops coming, the connection stays open.
    Stall {
        /// How many bytes come through; half of them unless given.
        #[serde(default)]
        keep: Option<usize>,
    },
    /// The reply's head comes late.
    Delay {
        /// How late, in milliseconds.
        ms: u64,
    },
    /// A body that ends in the middle of its JSON, though the reply is whole as HTTP sees it.
    MalformedJson,
    /// The route's own reply under another content type.
    ContentType {
        /// The type, such as `text/html`.
        value: String,
    },
    /// A streamed reply ends early.
    CutStream {
        /// How many whole chunks (frames, in event streams) come first.
        #[serde(default)]
        frames: usize,
        /// Where in the next one it ends.
        #[serde(default)]
        at: CutAt,
        /// Whether the end looks like a proper one; otherwise the connection breaks.
        #[serde(default)]
        clean: bool,
    },
    /// The body comes in small pieces that split lines and characters; nothing is lost.
    Dribble {
        /// The size of a piece.
        bytes: usize,
        /// The pause after each, in milliseconds.
        #[serde(default)]
        pause_ms: u64,
    },
    /// The submit reply's `status_url`, `response_url` and `cancel_url` lead elsewhere.
    ForeignUrls {
        /// What stands for `https://queue.fal.run`.
        base: String,
    },
    /// The connection falls silent: it stays open and takes what is sent, but nothing comes back, to no request on it, and
    /// no HTTP/2 ping is acknowledged.
    Silence,
    /// The reply's `x-fal-request-id` is another one than the job's.
    OtherRequestId,
    /// An event stream that sends comments for ever, and no event.
    OnlyComments {
        /// The pause before each, in milliseconds.
        every_ms: u64,
    },
    /// An event stream that says `IN_PROGRESS` for ever, whatever becomes of the job.
    AlwaysInProgress {
        /// The pause after each, in milliseconds.
        every_ms: u64,
    },
    /// The body in a coding that was not asked for. `gzip` is applied; the bytes of any other coding cannot be read.
    ContentEncoding {
        /// The coding, such as `gzip`, `br`, or a name that nobody knows.
        coding: String,
    },
    /// An error that shows the `Authorization` header of the request.
    EchoKey {
        /// The HTTP status.
        status: u16,
    },
    /// The reply's `Date` is wrong, as of a server with a bad clock.
    ClockSkew {
        /// How many seconds the server's clock is ahead; negative when it is behind.
        seconds: i64,
    },
    /// The reply's `ETag` is a new one, and `If-Range` is ignored: the file has changed between two requests for its ranges.
    NewEtag,
    /// A body that never ends.
    Endless,
    /// A small gzip body that unpacks to a large one.
    GzipBomb {
        /// The unpacked size in bytes.
        bytes: u64,
    },
}

/// Where a stream is cut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CutAt {
    /// Between two frames.
    #[default]
    Frame,
    /// In the middle of a line.
    Line,
    /// In the middle of a character of two bytes.
    Char,
}

impl Fault {
    /// This status with an empty body and no request id.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Reply(CannedReply::new(status))
    }

    /// This status with a JSON body and a request id.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Value>) -> Self {
        Self::Reply(CannedReply::json(status, &body.into()))
    }

    /// An error of the ingress: nginx's HTML, no request id.
    #[must_use]
    pub fn nginx(status: u16) -> Self {
        Self::Reply(CannedReply::nginx(status))
    }

    /// An error of the platform: `detail`, `error_type`, request id (fal docs, `request-errors`).
    #[must_use]
    pub fn platform(status: u16, error_type: &str, detail: &str) -> Self {
        Self::Reply(CannedReply::platform(status, error_type, detail))
    }

    /// 429, with a `Retry-After` if given.
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

    /// 429 of the platform API, with `x-ratelimit-reset` if given.
    #[must_use]
    pub fn rate_limited(reset: Option<Duration>) -> Self {
        let error = serde_json::json!({ "type": "rate_limited", "message": "Too many requests" });
        let reply = CannedReply::json(429, &serde_json::json!({ "error": error }));
        Self::Reply(match reset {
            Some(time) => reply.header("x-ratelimit-reset", &time.as_secs().to_string()),
            None => reply,
        })
    }

    /// 504 because the caller's own start timeout passed.
    #[must_use]
    pub fn start_timeout() -> Self {
        let reply = CannedReply::platform(504, "request_timeout", "Request timed out");
        Self::Reply(reply.header("x-fal-request-timeout-type", "user"))
    }

    /// 401: the key is not, or no longer, taken.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::json(
            401,
            serde_json::json!({ "detail": "invalid key credentials" }),
        )
    }

    /// 403: the balance is exhausted.
    #[must_use]
    pub fn locked() -> Self {
        let words = "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.";
        Self::json(403, serde_json::json!({ "detail": words }))
    }

    /// 404, as for a result that has expired.
    #[must_use]
    pub fn expired() -> Self {
        Self::json(404, serde_json::json!({ "status": "NOT_FOUND" }))
    }

    /// 200 with a page of HTML.
    #[must_use]
    pub fn html() -> Self {
        let page = "<!doctype html><title>Maintenance</title><p>We will be back soon.";
        Self::Reply(
            CannedReply::new(200)
                .header("content-type", "text/html")
                .body(page),
        )
    }

    /// A redirect to another place.
    #[must_use]
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::Reply(CannedReply::new(status).header("location", location))
    }

    /// Aims the fault at a route. It happens once unless told otherwise.
    pub fn on(self, route: Route) -> Injection {
        Injection::from(self).on(route)
    }
}
