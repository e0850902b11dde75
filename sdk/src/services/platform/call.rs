//! One call of the platform API.

use bytes::Bytes;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;

use super::Platform;
use super::form::EncodedForm;
use crate::contract::wire::{Decode, DecodeError, Fields};
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::retry::RetryPolicy;
use crate::transport::http::{Host, Http, Operation, Reply, Request};
use crate::transport::trace;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A call of the platform API under construction.
pub(super) struct ApiCall {
    http: Http,
    request: Request,
}

impl ApiCall {
    /// Creates a call. `path` is below `/v1`; its variable parts are added by
    /// [`path_segments`](Self::path_segments), which encodes them.
    pub(super) fn new(http: &Http, method: Method, path: &str) -> Self {
        let settings = http.settings();
        let request = Request::new(Operation::Platform, method, http.url(Host::Platform, path))
            .timeout(settings.timeouts.request)
            .limit(settings.limits.output);
        Self {
            http: http.clone(),
            request,
        }
    }

    pub(super) fn get(http: &Http, path: &str) -> Self {
        Self::new(http, Method::GET, path)
    }

    /// Adds segments to the path and encodes them.
    ///
    /// # Errors
    /// When a segment is empty, `.` or `..`, and so would lead to another path.
    pub(super) fn path_segments(mut self, segments: &[&str]) -> Result<Self> {
        if let Some(bad) = segments
            .iter()
            .find(|part| matches!(**part, "" | "." | ".."))
        {
            return Err(Error::configuration(format!("{bad:?} is not a valid id")));
        }
        let extended = extend(self.request.url_mut(), segments);
        extended
            .ok_or_else(|| Error::configuration("the platform's address cannot have a path"))?;
        Ok(self)
    }

    pub(super) fn query(mut self, name: &str, value: &str) -> Self {
        self.request
            .url_mut()
            .query_pairs_mut()
            .append_pair(name, value);
        self
    }

    pub(super) fn json(mut self, body: &Value) -> Self {
        self.request = self.request.json(Bytes::from(body.to_string()));
        self
    }

    pub(super) fn form(mut self, form: EncodedForm) -> Self {
        self.request = self.request.form(form.body, form.content_type);
        self
    }

    /// Adds an idempotency key, which makes the call safe to repeat: a repeated call gets the
    /// reply that the server has stored under the key.
    pub(super) fn idempotent(mut self) -> Self {
        let key = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        if let Ok(key) = HeaderValue::try_from(key) {
            self.request = self.request.header(IDEMPOTENCY_KEY, key);
        }
        self
    }

    /// Never repeats the call.
    pub(super) fn without_retries(mut self) -> Self {
        self.request = self.request.retry(Some(RetryPolicy::none()));
        self
    }

    /// Sends the call and decodes the reply.
    pub(super) async fn send<T: Decode>(self) -> Result<T> {
        decode(&self.reply().await?, T::decode)
    }

    /// Sends the call and decodes one member of the reply. The other members are ignored.
    pub(super) async fn send_member<T: Decode>(self, name: &'static str) -> Result<T> {
        decode(&self.reply().await?, |value| {
            Fields::of(value)?.required(name)
        })
    }

    /// Sends the call, and returns the reply as text.
    pub(super) async fn text(self) -> Result<String> {
        let reply = self.reply().await?;
        String::from_utf8(reply.body.to_vec()).map_err(|source| {
            let message = "the reply of the platform is not text";
            Error::new(ErrorKind::Decode, message)
                .with_reply(&reply)
                .with_source(source)
        })
    }

    /// Sends the call and ignores the body of the reply.
    pub(super) async fn send_discarding_output(self) -> Result<()> {
        self.reply().await.map(|_| ())
    }

    /// Sends the call and returns the reply, which can contain a secret.
    pub(super) async fn reply(self) -> Result<Reply> {
        let sending = async {
            let reply = self.http.send(&self.request).await?;
            match reply.status.is_success() {
                true => Ok(reply),
                false => Err(reply.error(Operation::Platform)),
            }
        };
        trace::call("platform", "", sending).await
    }
}

impl Platform {
    /// Creates a call of a path below `/v1` and further segments, which are encoded. Unless it
    /// only reads, it is [idempotent](ApiCall::idempotent).
    pub(super) fn call(&self, method: Method, path: &str, segments: &[&str]) -> Result<ApiCall> {
        let is_safe = method.is_safe();
        let call = ApiCall::new(&self.http, method, path).path_segments(segments)?;
        Ok(match is_safe {
            true => call,
            false => call.idempotent(),
        })
    }
}

/// Decodes a reply.
///
/// # Errors
/// When it is not JSON, or does not have the expected shape.
pub(super) fn decode<T>(
    reply: &Reply,
    read: impl FnOnce(&Value) -> std::result::Result<T, DecodeError>,
) -> Result<T> {
    let value = reply.json(Operation::Platform)?;
    read(&value).map_err(|source| {
        let what = "the reply of the platform does not have the expected shape";
        let error = Error::decode(what, source).with_reply(reply);
        error.with_body(reply.body.clone())
    })
}

fn extend(url: &mut Url, segments: &[&str]) -> Option<()> {
    url.path_segments_mut().ok()?.extend(segments);
    Some(())
}
