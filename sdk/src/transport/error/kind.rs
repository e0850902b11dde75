//! The kinds of errors, and the predicates on errors.

use super::Error;

/// The kind of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client or an option is configured wrongly (key, host, id, header);
    /// nothing was sent.
    Configuration,
    /// The input breaks a rule of its schema; nothing was sent.
    Validation,
    /// The input cannot be written as JSON, in which there is no infinity and no
    /// NaN; nothing was sent.
    Encode,
    /// No connection could be made; nothing was sent.
    Connection,
    /// The connection or the reply broke off in a call that only reads.
    Transport,
    /// A time limit passed. If a job was submitted, it continues unless it was
    /// cancelled, and the error has its request id.
    Timeout,
    /// The server refused the request.
    Api,
    /// The job ran and failed, or was cancelled.
    JobFailed,
    /// The request is over and its result is no longer kept: results expire. Whether
    /// the job succeeded cannot be learned any more.
    Expired,
    /// The request may have been accepted, but its reply did not arrive: a job may
    /// be running. It was not sent again, because it could be charged twice.
    OutcomeUnknown,
    /// The reply does not match its type; the raw body is kept.
    Decode,
    /// The server redirected the request. Redirects are not followed, because they
    /// could carry the key or the input elsewhere.
    Redirect,
    /// The reply is larger than the client's limit.
    TooLarge,
    /// A realtime connection was closed or lost.
    Closed,
    /// A local file could not be read or written.
    Io,
    /// The call cannot be made from here: outside any tokio runtime, with the blocking
    /// client inside one, or for a job that is not attached to a client.
    Usage,
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

    /// Whether the input breaks a rule, found before sending or reported by the model
    /// (HTTP 422). Refused content does not count: see
    /// [`is_content_policy`](Self::is_content_policy).
    pub fn is_validation(&self) -> bool {
        let refused = self.status() == Some(422)
            && !self.is_content_policy()
            && !self.has_type("no_media_generated");
        self.kind() == ErrorKind::Validation || refused
    }

    /// Whether the account is locked or its balance is used up. fal reports it as
    /// a 403 whose text says so, or as a 409 of the type `BILLING_ERROR`.
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

    /// Whether the content was refused (`content_policy_violation`).
    pub fn is_content_policy(&self) -> bool {
        self.has_type("content_policy_violation")
    }

    /// Whether there were too many requests (HTTP 429).
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// Whether a time limit passed: one of the client's, or the start timeout or
    /// another limit of the platform's.
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

    /// Whether a job may have been started without a reply arriving. The request
    /// was not sent again.
    pub fn is_outcome_unknown(&self) -> bool {
        self.kind() == ErrorKind::OutcomeUnknown
    }

    /// Whether the job itself failed, as opposed to a call about it.
    pub fn is_job_failed(&self) -> bool {
        self.kind() == ErrorKind::JobFailed
    }

    /// Whether the job failed because it was cancelled.
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

/// Whether the status of a request that only reads says that trying again may help.
/// 520 to 524 come from a network in front of the server that got no answer from it.
pub(crate) fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502..=504 | 520..=524)
}
