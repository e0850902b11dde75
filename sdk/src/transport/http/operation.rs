//! The purpose of a request, and what follows from it for retries and slots.

/// The purpose of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Calling a model directly, without the queue.
    Run,
    /// Submitting a job to the queue.
    Submit,
    /// Requesting a job's status.
    Status,
    /// Opening a stream of a job's status.
    StatusStream,
    /// Fetching a job's result.
    Result,
    /// Cancelling a job.
    Cancel,
    /// Uploading a file.
    Upload,
    /// Fetching a short-lived token, for uploads or a realtime connection.
    Token,
    /// Fetching the public keys with which webhooks are verified.
    WebhookKeys,
    /// Opening a model's stream.
    Stream,
    /// Opening a realtime connection.
    Realtime,
    /// Calling the platform API.
    Platform,
    /// Downloading a file.
    Download,
}

impl Operation {
    /// The name of the operation as the subject of an error message.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Run => "the run request",
            Self::Submit => "the submit request",
            Self::Status => "the status request",
            Self::StatusStream => "the status stream",
            Self::Result => "the result request",
            Self::Cancel => "the cancel request",
            Self::Upload => "the upload",
            Self::Token => "the token request",
            Self::WebhookKeys => "the request for the webhook keys",
            Self::Stream => "the stream",
            Self::Realtime => "the realtime connection",
            Self::Platform => "the platform request",
            Self::Download => "the download",
        }
    }

    /// Whether the request is about a job that was submitted.
    pub(crate) fn is_about_a_job(self) -> bool {
        matches!(
            self,
            Self::Status | Self::StatusStream | Self::Result | Self::Cancel
        )
    }

    /// Whether sending the request twice can cost twice.
    pub(crate) fn is_billable(self) -> bool {
        matches!(self, Self::Run | Self::Submit | Self::Stream)
    }

    /// Whether the request takes one of the slots for calls
    /// ([`Limits::calls`](super::limits::Limits)).
    pub(crate) fn uses_call_slot(self) -> bool {
        matches!(
            self,
            Self::Submit | Self::Status | Self::Result | Self::Cancel
        )
    }
}
