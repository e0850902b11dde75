//! The kinds of errors, and the predicates on errors.

use super::Error;
use crate::transport::named_enum::named_enum;

named_enum! {
    /// The kind of an [`Error`].
    pub enum ErrorKind {
        /// The client or an option is configured wrongly (key, host, id, header);
        /// nothing was sent.
        Configuration = "configuration",
        /// The input breaks a rule of its schema; nothing was sent.
        Validation = "validation",
        /// The input cannot be encoded, for example because it contains an infinity or NaN,
        /// which JSON cannot represent; nothing was sent.
        Encode = "encode",
        /// No connection could be made; nothing was sent.
        Connection = "connection",
        /// The connection or the reply broke off in a call that only reads.
        Transport = "transport",
        /// A time limit passed. If a job was submitted, it continues unless it was
        /// cancelled, and the error has its request id.
        Timeout = "timeout",
        /// The server answered with an error status, and none of the other kinds applies.
        Api = "api",
        /// The job ran and failed, or was cancelled.
        JobFailed = "job_failed",
        /// The job has finished, but its result has expired and is no longer kept. Whether the
        /// job succeeded can no longer be found out.
        Expired = "expired",
        /// The request may have been accepted, but no usable reply arrived: a job may be
        /// running. The request was not sent again, because it could be charged twice.
        OutcomeUnknown = "outcome_unknown",
        /// The reply does not match its type; [`Error::raw_body`] has it as it was received.
        Decode = "decode",
        /// The server redirected the request. Redirects are not followed, because they
        /// could carry the key or the input elsewhere.
        Redirect = "redirect",
        /// The reply is larger than the client's limit.
        TooLarge = "too_large",
        /// A realtime connection was closed or lost.
        Closed = "closed",
        /// A local file could not be read or written.
        Io = "io",
        /// The program used the library in a way that cannot work: it awaited a call outside
        /// any tokio runtime, used the blocking client inside one, used a job that is not
        /// attached to a client, or gave a call a reader that was read before.
        Usage = "usage",
    }
}

impl Error {
    /// Whether the same call may succeed later and can be repeated without being
    /// charged twice. That is so for connection failures, rate limits, failures of
    /// calls that only read, and failed jobs if the platform says that a retry may
    /// help (`X-Fal-Needs-Retry`). Once `subscribe` has started a job, calling it
    /// again would start another: fetch the job's result by its [request
    /// id](Self::request_id) instead.
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::JobFailed => self.needs_retry() == Some(true),
            _ if self.accepted() => false,
            ErrorKind::Connection | ErrorKind::Transport | ErrorKind::Timeout => true,
            ErrorKind::Api => {
                self.needs_retry() == Some(true) || self.status().is_some_and(is_transient)
            }
            _ => false,
        }
    }

    /// Whether the input breaks a rule of its schema, found before sending or reported by
    /// the model (HTTP 422). Content that the model refused does not count: see
    /// [`is_content_policy`](Self::is_content_policy).
    pub fn is_validation(&self) -> bool {
        let refused = self.status() == Some(422)
            && !self.is_content_policy()
            && !self.has_type("no_media_generated");
        self.kind() == ErrorKind::Validation || refused
    }

    /// Whether the account is locked or its balance is used up: HTTP 402, or a 403 or 409
    /// that has the type `BILLING_ERROR` or says so in its message.
    pub fn is_balance(&self) -> bool {
        const WORDS: [&str; 3] = ["exhausted balance", "top up", "top_up"];
        let text = self.message().to_ascii_lowercase();
        match self.status() {
            Some(402) => true,
            Some(403 | 409) if self.has_type("BILLING_ERROR") => true,
            Some(403 | 409) => WORDS.iter().any(|word| text.contains(word)),
            _ => false,
        }
    }

    /// Whether content was refused because it violates a content policy
    /// (`content_policy_violation`).
    pub fn is_content_policy(&self) -> bool {
        self.has_type("content_policy_violation")
    }

    /// Whether there were too many requests (HTTP 429).
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// Whether a time limit passed: one of the client's, or one of the platform's, such as
    /// the start timeout.
    pub fn is_timeout(&self) -> bool {
        const TYPES: [&str; 3] = ["request_timeout", "startup_timeout", "generation_timeout"];
        self.timed_out() || TYPES.iter().any(|timeout| self.has_type(timeout))
    }

    /// Whether the endpoint or the request is not known (HTTP 404). A request that
    /// expired can have the same error: see [`is_expired`](Self::is_expired).
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Whether the request has finished and its result is no longer kept: the server
    /// says so (HTTP 410), or the queue says that the job is completed although its
    /// result is not found (HTTP 404).
    pub fn is_expired(&self) -> bool {
        self.kind() == ErrorKind::Expired
    }

    /// Whether the key is missing, wrong or lacks permission (HTTP 401, or 403 for
    /// a reason other than the balance).
    pub fn is_auth(&self) -> bool {
        match self.status() {
            Some(401) => true,
            Some(403) => !self.is_balance(),
            _ => false,
        }
    }

    /// Whether a job may have been started although no usable reply arrived
    /// ([`ErrorKind::OutcomeUnknown`]). The request was not sent again.
    pub fn is_outcome_unknown(&self) -> bool {
        self.kind() == ErrorKind::OutcomeUnknown
    }

    /// Whether the job itself failed, as opposed to a request about it.
    pub fn is_job_failed(&self) -> bool {
        self.kind() == ErrorKind::JobFailed
    }

    /// Whether the job ended because it was cancelled, or because its caller disconnected.
    pub fn is_cancelled(&self) -> bool {
        self.is_job_failed()
            && (self.has_type("client_cancelled") || self.has_type("client_disconnected"))
    }

    /// Whether no connection could be made.
    pub fn is_connection(&self) -> bool {
        self.kind() == ErrorKind::Connection
    }

    /// Whether the reply did not match its type.
    pub fn is_decode(&self) -> bool {
        self.kind() == ErrorKind::Decode
    }

    fn has_type(&self, wanted: &str) -> bool {
        self.error_type() == Some(wanted)
            || self
                .field_errors()
                .iter()
                .any(|field| field.error_type() == wanted)
    }
}

/// Whether a request that only reads and got this status may succeed if it is sent again.
/// 520 to 524 come from a network in front of the server, which got no answer from it.
pub(crate) fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502..=504 | 520..=524)
}
