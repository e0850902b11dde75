//! The purpose of a request, and what follows from it for retries and slots.

use crate::transport::named_enum::named_enum;

// The names are the subjects of error messages.
named_enum! {
    /// The purpose of a request.
    pub enum Operation {
        /// Calling a model directly, without the queue.
        Run = "the run request",
        /// Submitting a job to the queue.
        Submit = "the submit request",
        /// Requesting a job's status.
        Status = "the status request",
        /// Opening a stream of a job's status.
        StatusStream = "the status stream",
        /// Fetching a job's result.
        Result = "the result request",
        /// Cancelling a job.
        Cancel = "the cancel request",
        /// Uploading a file.
        Upload = "the upload",
        /// Fetching a short-lived token, for uploads or a realtime connection.
        Token = "the token request",
        /// Fetching the public keys with which webhooks are verified.
        WebhookKeys = "the request for the webhook keys",
        /// Opening a model's stream.
        Stream = "the stream",
        /// Opening a realtime connection.
        Realtime = "the realtime connection",
        /// Calling the platform API.
        Platform = "the platform request",
        /// Downloading a file.
        Download = "the download",
    }
}

impl Operation {
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
