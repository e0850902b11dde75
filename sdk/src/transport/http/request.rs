//! One request, as the layers above describe it to the transport.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue,
};
use reqwest::{Method, Url};

use super::body::Outgoing;
use super::operation::Operation;
use super::reply::Reply;
use super::retry::RetryPolicy;
use crate::transport::error::{Error, ErrorKind, Result};

/// One request.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) operation: Operation,
    pub(crate) method: Method,
    pub(crate) url: Arc<Url>,
    /// Headers beside those that [`all_headers`](Self::all_headers) adds.
    pub(crate) headers: HeaderMap,
    content_type: Option<HeaderValue>,
    pub(crate) body: Option<Bytes>,
    /// A body that is sent piece by piece, in place of `body`.
    pub(crate) outgoing: Option<Outgoing>,
    /// Whether the key is sent. If the URL is not on a configured host, the request is
    /// then refused.
    pub(crate) with_key: bool,
    /// The largest successful reply, in bytes.
    pub(crate) limit: usize,
    /// The name of an array in the reply's object. If the reply is larger than the limit, only
    /// the last items of the array are kept.
    pub(crate) tail_of: Option<&'static str>,
    /// How long one attempt may take.
    pub(crate) timeout: Duration,
    /// How long the reply may take once a body that is sent piece by piece has been sent.
    /// Default: [`Timeouts::request`](super::limits::Timeouts).
    pub(crate) reply_timeout: Option<Duration>,
    /// When the call as a whole has to be over.
    pub(crate) deadline: Option<Instant>,
    /// The retry policy of this request, in place of the client's.
    pub(crate) retry: Option<RetryPolicy>,
    /// Whether a reply with an error status is a failure of the route, so that another
    /// attempt may help, and not the model's answer.
    pub(crate) is_transient: fn(&Reply) -> bool,
}

impl Request {
    /// A request with the key and without a body.
    pub(crate) fn new(operation: Operation, method: Method, url: impl Into<Arc<Url>>) -> Self {
        Self {
            operation,
            method,
            url: url.into(),
            headers: HeaderMap::new(),
            content_type: None,
            body: None,
            outgoing: None,
            with_key: true,
            limit: 1 << 20,
            tail_of: None,
            timeout: Duration::from_secs(60),
            reply_timeout: None,
            deadline: None,
            retry: None,
            is_transient: Reply::is_transient,
        }
    }

    /// The headers of an attempt without the one that authenticates it, in a map that has room
    /// for that. Most requests have no headers of their own, so that their map is empty.
    pub(super) fn all_headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        // Bodies are not decompressed: a small one could unpack to any size.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(value) = &self.content_type {
            headers.insert(CONTENT_TYPE, value.clone());
        }
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        headers
    }

    /// The URL, to be changed.
    pub(crate) fn url_mut(&mut self) -> &mut Url {
        Arc::make_mut(&mut self.url)
    }

    pub(crate) fn json(mut self, body: Bytes) -> Self {
        self.content_type = Some(HeaderValue::from_static("application/json"));
        self.body = Some(body);
        self
    }

    /// The input of a call, whose reply may take `timeout`. Sending a large input may take
    /// any time, as long as bytes keep moving.
    pub(crate) fn input(mut self, body: Bytes, timeout: Duration) -> Self {
        if body.len() <= Outgoing::PIECE {
            return self.json(body).timeout(timeout);
        }
        self.content_type = Some(HeaderValue::from_static("application/json"));
        self.reply_timeout = Some(timeout);
        self.outgoing(Outgoing::of_bytes(body))
            .timeout(Duration::MAX)
    }

    /// A body of another type than JSON. As with an input, sending it may take any time, as
    /// long as bytes keep moving.
    pub(crate) fn form(mut self, body: Outgoing, content_type: HeaderValue) -> Self {
        self.content_type = Some(content_type);
        self.reply_timeout = Some(self.timeout);
        self.outgoing(body).timeout(Duration::MAX)
    }

    /// A body that is sent piece by piece. Its length is sent with it, since servers that
    /// check signatures do not accept chunked bodies.
    pub(crate) fn outgoing(mut self, body: Outgoing) -> Self {
        self.headers
            .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        self.outgoing = Some(body);
        self
    }

    /// Sends no key, for a signed URL or a file that everybody may read.
    pub(crate) fn without_key(mut self) -> Self {
        self.with_key = false;
        self
    }

    /// Sends a token that was derived from the key, in place of the key. The request is
    /// refused if its URL is neither fal's nor the client's own.
    pub(crate) fn token(mut self, token: HeaderValue) -> Self {
        self.with_key = false;
        self.headers.insert(AUTHORIZATION, token);
        self
    }

    /// Sets a header.
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sets headers, which replace those of the same name.
    pub(crate) fn headers(mut self, headers: HeaderMap) -> Self {
        for (name, value) in headers {
            if let Some(name) = name {
                self.headers.insert(name, value);
            }
        }
        self
    }

    pub(crate) fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Keeps only the last items of this array in the reply, if the reply is larger than the
    /// limit.
    pub(crate) fn tail_of(mut self, array: &'static str) -> Self {
        self.tail_of = Some(array);
        self
    }

    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    pub(crate) fn deadline(mut self, deadline: Option<Instant>) -> Self {
        self.deadline = deadline;
        self
    }

    pub(crate) fn retry(mut self, retry: Option<RetryPolicy>) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the rule that says whether a reply is worth another attempt.
    pub(crate) fn transient(mut self, is_transient: fn(&Reply) -> bool) -> Self {
        self.is_transient = is_transient;
        self
    }

    /// How long an attempt that starts now may take.
    pub(crate) fn time_left(&self) -> Result<Duration> {
        let Some(deadline) = self.deadline else {
            return Ok(self.timeout);
        };
        match deadline.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => Ok(left.min(self.timeout)),
            _ => Err(Error::new(
                ErrorKind::Timeout,
                format!(
                    "the time limit passed before {} was made",
                    self.operation.name()
                ),
            )),
        }
    }
}
