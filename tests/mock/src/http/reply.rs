//! Replies before they are sent, so that faults can change them.

use std::{
    fmt,
    pin::Pin,
    sync::LazyLock,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream::BoxStream};
use hyper::{
    HeaderMap, Response, StatusCode,
    body::{Body, Frame, SizeHint},
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde::Serialize;
use serde_json::json;

/// The header with the id of a request. Replies of fal's ingress do not have it (fal docs, `common-parameters`).
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-fal-request-id");

/// What the server closes or silences instead of replying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The whole connection is closed.
    Connection,
    /// One HTTP/2 stream is refused, and its request is not processed.
    RefusedStream,
    /// The connection stays open, but nothing more is sent on it.
    Silence,
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the mock server closed the connection")
    }
}

/// The HTTP/2 error with which a stream is refused.
static REFUSED: LazyLock<h2::Error> = LazyLock::new(|| h2::Reason::REFUSED_STREAM.into());

impl std::error::Error for Cut {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Connection | Self::Silence => None,
            Self::RefusedStream => Some(&*REFUSED),
        }
    }
}

/// The chunks of a streamed body.
pub(crate) type Chunks = BoxStream<'static, Result<Bytes, Cut>>;

/// A body, whole or streamed.
pub(crate) enum ReplyBody {
    Full(Bytes),
    Stream(Chunks),
}

impl ReplyBody {
    /// Converts the body into chunks.
    pub(crate) fn into_chunks(self) -> Chunks {
        match self {
            Self::Full(bytes) => futures_util::stream::iter([Ok(bytes)]).boxed(),
            Self::Stream(chunks) => chunks,
        }
    }
}

impl fmt::Debug for ReplyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(bytes) => write!(f, "Full({} bytes)", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        match &mut *self {
            Self::Full(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Full(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::Stream(chunks) => {
                let next = Pin::new(chunks).poll_next(cx);
                next.map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Full(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Stream(_) => SizeHint::default(),
        }
    }
}

/// The result of a handler. An error is also a reply, which ends the handling early.
pub(crate) type Answer = Result<Reply, Box<Reply>>;

/// A reply with status, headers and body.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: ReplyBody,
}

impl Reply {
    /// Creates a reply without a body or content type.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: ReplyBody::Full(Bytes::new()),
        }
    }

    /// Creates a reply with a JSON body.
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(text) => Self::json_text(status, text),
            Err(error) => Self::detail(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
        }
    }

    /// Creates a reply with a JSON body that is given as text.
    pub(crate) fn json_text(status: StatusCode, text: impl Into<Bytes>) -> Self {
        let mut reply = Self::empty(status);
        reply
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        reply.body = ReplyBody::Full(text.into());
        reply
    }

    /// Creates an error in fal's usual form, `{"detail": "…"}`.
    pub(crate) fn detail(status: StatusCode, detail: &str) -> Self {
        Self::json(status, &json!({ "detail": detail }))
    }

    /// Creates a reply with a streamed body.
    pub(crate) fn streamed(chunks: Chunks) -> Self {
        let mut reply = Self::empty(StatusCode::OK);
        reply.body = ReplyBody::Stream(chunks);
        reply
    }

    /// Creates a reply with a stream of server-sent events.
    pub(crate) fn events(chunks: Chunks) -> Self {
        Self::streamed(chunks)
            .with("content-type", "text/event-stream; charset=utf-8")
            .with("cache-control", "no-cache")
    }

    /// Adds or replaces a header. A header that is not valid in HTTP is left out.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Adds the header `x-fal-request-id`.
    pub(crate) fn request_id(self, id: &str) -> Self {
        self.with(REQUEST_ID.as_str(), id)
    }

    pub(crate) fn into_response(self) -> Response<ReplyBody> {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// Answers with success and a JSON body.
pub(crate) fn ok(body: &impl Serialize) -> Answer {
    Ok(Reply::json(StatusCode::OK, body))
}

/// A refusal in fal's usual form, `{"detail": "…"}`.
pub(crate) fn refusal(status: StatusCode, detail: &str) -> Box<Reply> {
    Reply::detail(status, detail).into()
}

/// A refusal in the form of the platform API.
pub(crate) fn platform_refusal(status: StatusCode, kind: &str, message: &str) -> Box<Reply> {
    let error = json!({ "type": kind, "message": message });
    Reply::json(status, &json!({ "error": error })).into()
}

/// A server-sent event whose data is one line of JSON.
pub(crate) fn event(data: &[u8]) -> Bytes {
    [b"data: ", data, b"\n\n"].concat().into()
}

/// The 422 reply to a body that lacks a field.
pub(crate) fn missing(field: &str) -> Box<Reply> {
    let item =
        json!({ "loc": ["body", field], "msg": "Field required", "type": "missing", "input": {} });
    let body = json!({ "detail": [item] });
    Reply::json(StatusCode::UNPROCESSABLE_ENTITY, &body).into()
}
