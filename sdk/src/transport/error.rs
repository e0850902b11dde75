//! Errors: what went wrong with a call, and what is known about it.

mod billing;
mod body;
mod close_code;
mod display;
mod kind;
mod serialize;

use std::error::Error as StdError;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

pub(crate) use body::ApiBody;
pub use body::FieldError;
pub use kind::ErrorKind;
pub(crate) use kind::is_transient;

use crate::contract::validate::ValidationError;
use crate::contract::wire::{DecodeError, NotFinite};
use crate::transport::redact::Secrets;

/// The error that every call of this crate can return.
///
/// Its `Display` starts with the server's own message and ends with the request id;
/// [`kind`](Self::kind) and the predicates (`is_…`) tell what to do about it. `{:?}`
/// shows the same text, `{:#?}` lists the fields. Neither text contains the URL that was
/// called or the key, even if the server repeats it; control characters in the server's
/// texts are escaped.
///
/// ```
/// # fn after(error: &fal_sdk::Error) {
/// if error.is_outcome_unknown() {
///     // The job may be running: look for it before calling, and paying, again.
/// } else if error.is_retryable() {
///     // Trying again is safe and may help.
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

pub(crate) struct Inner {
    kind: ErrorKind,
    message: String,
    hint: Option<&'static str>,
    endpoint: Option<Arc<str>>,
    request_id: Option<Arc<str>>,
    reply_request_id: Option<Arc<str>>,
    /// Whether `reply_request_id` is not the id of the call's own request.
    is_reply_id_apart: bool,
    status: Option<u16>,
    error_type: Option<String>,
    field_errors: Vec<FieldError>,
    raw_body: Option<Bytes>,
    raw_body_encoding: Option<String>,
    decode: Option<DecodeError>,
    validation: Option<ValidationError>,
    retry_after: Option<Duration>,
    needs_retry: Option<bool>,
    billable_units: Option<f64>,
    timed_out: bool,
    accepted: bool,
    close_code: Option<u16>,
    source: Option<BoxError>,
    /// The secrets that are removed from the server's texts.
    secrets: Secrets,
}

/// A [`Result`](std::result::Result) whose error is an [`Error`] by default.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            hint: None,
            endpoint: None,
            request_id: None,
            reply_request_id: None,
            is_reply_id_apart: false,
            status: None,
            error_type: None,
            field_errors: Vec::new(),
            raw_body: None,
            raw_body_encoding: None,
            decode: None,
            validation: None,
            retry_after: None,
            needs_retry: None,
            billable_units: None,
            timed_out: kind == ErrorKind::Timeout,
            accepted: false,
            close_code: None,
            source: None,
            secrets: Secrets::default(),
        }))
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// The error for JSON that does not have the expected shape: `what` is wrong with it, and
    /// `source` says where.
    pub(crate) fn decode(what: &str, source: DecodeError) -> Self {
        Self::new(ErrorKind::Decode, format!("{what} {source}")).with_decode(source)
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Sets what the caller can do about the error, which is shown after the message.
    pub(crate) fn with_hint(mut self, hint: &'static str) -> Self {
        self.0.hint = Some(hint);
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_body(mut self, body: Bytes) -> Self {
        self.0.raw_body = Some(body);
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    pub(crate) fn with_needs_retry(mut self, needs_retry: Option<bool>) -> Self {
        self.0.needs_retry = needs_retry;
        self
    }

    pub(crate) fn with_timed_out(mut self) -> Self {
        self.0.timed_out = true;
        self
    }

    /// Records that the job of the failed call was accepted, so that repeating the call
    /// would start another job.
    pub(crate) fn with_accepted_job(mut self) -> Self {
        self.0.accepted = true;
        self
    }

    /// Removes the secrets of the request, which the server may have repeated, from this
    /// error's texts and from those that are set later.
    pub(crate) fn with_secrets(mut self, secrets: &Secrets) -> Self {
        if secrets.is_empty() {
            return self;
        }
        self.0.secrets = secrets.clone();
        let inner = &mut self.0;
        inner.message = secrets.redact(mem::take(&mut inner.message));
        inner.error_type = inner.error_type.take().map(|text| secrets.redact(text));
        for field_error in &mut inner.field_errors {
            field_error.redact(secrets);
        }
        inner.decode = inner
            .decode
            .take()
            .map(|decode| decode.map_message(|text| secrets.redact(text)));
        self
    }

    pub(crate) fn with_error_type(mut self, error_type: Option<String>) -> Self {
        self.0.error_type = error_type.map(|text| self.0.secrets.redact(text));
        self
    }

    /// Replaces the message. When the result of a job cannot be fetched, the message of
    /// the status route says more than the reply of the result route.
    pub(crate) fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = self.0.secrets.redact(message.into());
        self
    }

    pub(crate) fn with_field_errors(mut self, mut field_errors: Vec<FieldError>) -> Self {
        for field_error in &mut field_errors {
            field_error.redact(&self.0.secrets);
        }
        self.0.field_errors = field_errors;
        self
    }

    pub(crate) fn with_decode(mut self, decode: DecodeError) -> Self {
        self.0.decode = Some(decode.map_message(|text| self.0.secrets.redact(text)));
        self
    }

    /// Sets the id of the request, if one is given. For a job, it is the id of the job.
    pub(crate) fn with_request_id(mut self, request_id: Option<Arc<str>>) -> Self {
        self.0.request_id = request_id.or(self.0.request_id);
        self
    }

    /// Sets the id that the reply itself carries, unless one is set already.
    pub(crate) fn with_reply_request_id(mut self, id: Option<Arc<str>>) -> Self {
        self.0.reply_request_id = self.0.reply_request_id.or(id);
        self
    }

    /// Records that the id of the reply is not that of the job, whose id is unknown.
    pub(crate) fn with_reply_id_apart(mut self) -> Self {
        self.0.is_reply_id_apart = true;
        self
    }

    /// Sets the content coding of the body that is kept.
    pub(crate) fn with_body_encoding(mut self, encoding: Option<String>) -> Self {
        self.0.raw_body_encoding = encoding.map(|text| self.0.secrets.redact(text));
        self
    }

    pub(crate) fn with_endpoint(mut self, endpoint: Arc<str>) -> Self {
        self.0.endpoint = Some(endpoint);
        self
    }

    /// Returns the kind of the error, to match on.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the message, which is the server's own if it sent one, without the
    /// details that `Display` adds. Control characters are not escaped here.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the id of the request, if it is known. Once a job was accepted, this is
    /// always the id of the job: [`Client::job`](crate::Client::job) takes it to follow
    /// the job, and fal's support finds the request with it. See also
    /// [`reply_request_id`](Self::reply_request_id).
    pub fn request_id(&self) -> Option<&str> {
        let of_reply = || match self.0.is_reply_id_apart {
            true => None,
            false => self.reply_request_id(),
        };
        self.0.request_id.as_deref().or_else(of_reply)
    }

    /// Returns the id that the failed reply itself carries (`x-fal-request-id`), if there
    /// is one. A reply about a job can have an id other than that of the job. fal's support
    /// finds that one reply with it; it does not identify a job.
    pub fn reply_request_id(&self) -> Option<&str> {
        self.0.reply_request_id.as_deref()
    }

    /// Returns the id of the endpoint that was called; `None` for a call that is not to an
    /// endpoint, such as an upload.
    pub fn endpoint(&self) -> Option<&str> {
        self.0.endpoint.as_deref()
    }

    /// Returns the HTTP status of the reply, if there was one. For a failed job, it is the
    /// status of the model's answer.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns the server's machine-readable type of the error, such as
    /// `runner_disconnected` or `image_too_small`: from the body, otherwise from the
    /// `X-Fal-Error-Type` header, otherwise from the first of the [field
    /// errors](Self::field_errors).
    /// Source: <https://docs.fal.ai/errors>.
    pub fn error_type(&self) -> Option<&str> {
        self.0
            .error_type
            .as_deref()
            .or_else(|| self.0.field_errors.first().map(FieldError::error_type))
    }

    /// Returns the errors that the server reported for fields of the input; empty if it
    /// reported none.
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.field_errors
    }

    /// Returns the violations of the input's schema, if they were found before anything
    /// was sent ([`ErrorKind::Validation`]).
    pub fn validation_error(&self) -> Option<&ValidationError> {
        self.0.validation.as_ref()
    }

    /// Returns where and how the reply did not match its type ([`ErrorKind::Decode`]). The
    /// reply itself is in [`raw_body`](Self::raw_body), so a result that was paid for is
    /// not lost.
    pub fn decode_error(&self) -> Option<&DecodeError> {
        self.0.decode.as_ref()
    }

    /// Returns the body of the reply as received, if there was one. The body of a reply with
    /// an error status is cut at [`Limits::reply`](crate::Limits). If the body is
    /// compressed, [`raw_body_encoding`](Self::raw_body_encoding) says how.
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.raw_body.as_deref()
    }

    /// Returns the content coding of [`raw_body`](Self::raw_body), such as `gzip`, if the
    /// server compressed it although that was not requested. Decompress the body before
    /// reading it.
    pub fn raw_body_encoding(&self) -> Option<&str> {
        self.0.raw_body_encoding.as_deref()
    }

    /// Returns how long to wait before the next request, if the reply says so: in
    /// `Retry-After` or, with 429, in `x-ratelimit-reset`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    pub(crate) fn needs_retry(&self) -> Option<bool> {
        self.0.needs_retry
    }

    /// A copy for a retry policy, without the source, which cannot be copied.
    pub(crate) fn clone_without_source(&self) -> Self {
        let inner = &self.0;
        let mut copy = Self::new(inner.kind, inner.message.clone());
        copy.0.hint = inner.hint;
        copy.0.request_id.clone_from(&inner.request_id);
        copy.0.reply_request_id.clone_from(&inner.reply_request_id);
        copy.0.status = inner.status;
        copy.0.retry_after = inner.retry_after;
        copy.0.timed_out = inner.timed_out;
        copy
    }

    pub(crate) fn accepted(&self) -> bool {
        self.0.accepted
    }

    pub(crate) fn timed_out(&self) -> bool {
        self.0.timed_out
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// Creates the error for an input that breaks a rule of its schema; nothing was sent.
impl From<ValidationError> for Error {
    fn from(validation: ValidationError) -> Self {
        let mut error = Self::new(ErrorKind::Validation, validation.to_string())
            .with_hint("nothing was sent; `.validate(false)` sends it anyway");
        error.0.validation = Some(validation);
        error
    }
}

/// Creates the error for an input with a number that JSON cannot represent: an infinity or
/// NaN. Nothing was sent.
impl From<NotFinite> for Error {
    fn from(found: NotFinite) -> Self {
        Self::new(ErrorKind::Encode, found.to_string()).with_hint(
            "nothing was sent; give a finite number, or leave the option out for its default",
        )
    }
}
