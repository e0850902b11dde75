//! A request without a complete reply: whether it was sent, and what that means.

use std::sync::Arc;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::operation::Operation;
use super::reply;
use super::walk::causes;
use crate::transport::error::{Error, ErrorKind};
use crate::transport::redact::Secrets;

/// The reason that there is no whole reply.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    /// Whether the server may have got the request.
    pub(crate) sent: bool,
}

impl Failure {
    /// A failure on this machine: nothing was sent, and trying again would fail the same way.
    pub(crate) fn local(error: Error) -> Self {
        Self { error, sent: false }
    }

    /// A failure to send the request, to fal or to the user's proxy that adds the key.
    pub(crate) fn sending(operation: Operation, source: reqwest::Error, to_proxy: bool) -> Self {
        let to = source.url().map_or_else(|| "the host".to_owned(), host);
        let source = source.without_url();
        let to = match (is_of_proxy(&source), to_proxy) {
            (true, _) => format!("the network proxy that leads to {to}"),
            (false, true) => format!("the proxy {to}"),
            (false, false) => to,
        };
        let sent = !source.is_builder() && !source.is_connect() && !was_refused(&source);
        let kind = match sent {
            false => ErrorKind::Connection,
            true => ErrorKind::Transport,
        };
        let message = match (source.is_dns(), sent, source.is_timeout()) {
            (true, ..) => format!("the address of {to} could not be found"),
            (_, false, true) => format!("could not connect to {to} in time"),
            (_, false, _) => format!("could not connect to {to}"),
            (_, true, true) => format!("no reply from {to} in time"),
            (_, true, false) => format!("the connection to {to} broke before a reply arrived"),
        };
        let message = format!("{message} for {}{}", operation.name(), cause(&source));
        let timed_out = source.is_timeout();
        let error = Error::new(kind, message).with_source(source);
        Self {
            error: if timed_out {
                error.with_timed_out()
            } else {
                error
            },
            sent,
        }
    }

    /// A failure because the time limit passed after the attempt had begun.
    pub(crate) fn timeout(operation: Operation) -> Self {
        let message = format!("{} got no reply in time", operation.name());
        Self {
            error: Error::new(ErrorKind::Timeout, message),
            sent: true,
        }
    }

    /// A failure to read the body of a reply whose head arrived.
    pub(crate) fn body(head: &Head, operation: Operation, what: BodyFailure, got: Bytes) -> Self {
        let name = operation.name();
        let error = match what {
            BodyFailure::Broke(source) => {
                let message = format!("the reply to {name} broke off{}", cause(&source));
                Error::new(ErrorKind::Transport, message).with_source(source.without_url())
            }
            BodyFailure::Stalled => Error::new(
                ErrorKind::Timeout,
                format!("the reply to {name} stalled after {} bytes", got.len()),
            ),
            BodyFailure::TooLarge(limit) => Error::new(
                ErrorKind::TooLarge,
                format!("the reply to {name} is larger than {limit} bytes"),
            )
            .with_hint("the limit is set with `ClientBuilder::limits`"),
            BodyFailure::Encoded(coding) => Error::new(
                ErrorKind::Decode,
                format!("the reply to {name} is compressed ({coding}), which was not requested"),
            )
            .with_hint("the reply is not lost: it is in `raw_body()`, in the coding that `raw_body_encoding()` names"),
        };
        Self {
            error: error
                .with_secrets(&head.secrets)
                .with_status(head.status.as_u16())
                .with_reply_request_id(reply::request_id(&head.headers).map(Arc::from))
                .with_body_encoding(reply::encoding(&head.headers))
                .with_body(got),
            sent: true,
        }
    }

    /// The error for the caller. If the call can cost money and may have been accepted,
    /// the error says that its outcome is unknown.
    pub(crate) fn into_error(self, operation: Operation) -> Error {
        let is_open = self.sent && operation.is_billable();
        match self.error.kind() {
            // The reply arrived, but this client cannot or may not read it.
            ErrorKind::TooLarge | ErrorKind::Decode if operation == Operation::Run => self.error,
            _ if is_open => unknown(self.error),
            _ => self.error,
        }
    }
}

/// Turns an error into one that says that a job may be running.
pub(crate) fn unknown(error: Error) -> Error {
    error.with_kind(ErrorKind::OutcomeUnknown).with_hint(
        "the request may have been accepted, so it was not sent again: you could be charged twice",
    )
}

/// The status and the headers of a reply.
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) secrets: Secrets,
}

/// Why a body was not read to its end.
pub(crate) enum BodyFailure {
    Broke(reqwest::Error),
    Stalled,
    TooLarge(usize),
    /// The body is in a coding that is not decoded here.
    Encoded(String),
}

/// The host and the port of a URL. The rest is left out, since it can contain a token.
fn host(url: &reqwest::Url) -> String {
    let host = url.host_str().unwrap_or("nowhere");
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// The innermost cause, which is the most specific: "connection refused", "invalid peer
/// certificate: UnknownIssuer".
fn cause(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map_or_else(String::new, |cause| format!(": {cause}"))
}

/// Whether the connection failed at a network proxy (`HTTPS_PROXY`, or one that was
/// set in the HTTP library) and not at the host behind it. The library reports it
/// in its message only.
fn is_of_proxy(error: &reqwest::Error) -> bool {
    error.is_connect()
        && causes(error).any(|cause| {
            let words = cause.to_string().to_ascii_lowercase();
            words.contains("tunnel") || words.contains("proxy") || words.contains("socks")
        })
}

/// Whether the server refused the HTTP/2 stream before it looked at the request:
/// `REFUSED_STREAM`, or a `GOAWAY` that leaves the stream out.
/// Source: RFC 9113, 8.7.
fn was_refused(error: &reqwest::Error) -> bool {
    causes(error)
        .find_map(|cause| cause.downcast_ref::<h2::Error>())
        .is_some_and(|error| {
            let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
            let gone = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
            error.is_remote() && (refused || gone)
        })
}
