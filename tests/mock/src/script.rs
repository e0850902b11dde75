//! Scripts: how a job proceeds and what it returns.

mod raw;
mod realtime;
mod webhook;

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use raw::RawOutput;
pub use realtime::RealtimeScript;
pub use webhook::WebhookScript;

use crate::{protocol::bucket::Bucket, setters::setters};

/// Declares the options of a script, each of which can be left out, and how one script completes another.
macro_rules! script {
    ($(#[$meta:meta])* pub struct Script {
        $($(#[$docs:meta])* pub $option:ident: $type:ty,)*
    }) => {
        $(#[$meta])*
        pub struct Script {
            $(
                $(#[$docs])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $option: Option<$type>,
            )*
            /// The bucket that the caller has named, to which the URLs of output files point.
            #[serde(skip)]
            pub(crate) bucket: Option<Bucket>,
        }

        impl Script {
            /// This script, with the options that it leaves out taken from `base`.
            pub(crate) fn over(self, base: Self) -> Self {
                Self {
                    $($option: self.$option.or(base.$option),)*
                    bucket: self.bucket.or(base.bucket),
                }
            }
        }
    };
}

script! {
    /// Describes how jobs proceed: how long they wait and run, what they log, and what they return.
    ///
    /// A script is set for an endpoint by [`MockServerBuilder::script`](crate::MockServerBuilder::script), or for one request as JSON
    /// in the header `x-mock-script` or in the input field `__mock`. Options that a request's script leaves out are taken from the
    /// endpoint's script, and then from the server's default script. Without any script a job completes at once, logs nothing,
    /// and returns the output that the document describes.
    ///
    /// ```
    /// use std::time::Duration;
    /// use fal_mock::Script;
    ///
    /// let script = Script::new()
    ///     .queue([1, 0], Duration::from_millis(20))
    ///     .run(Duration::from_millis(50))
    ///     .log("loading the model");
    /// ```
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    #[non_exhaustive]
    #[must_use = "give it to `MockServerBuilder::script` or `MockServer::script`"]
    pub struct Script {
        /// The queue positions that the job passes through, in order. Position 0 is the next one to run.
        pub queue_positions: Vec<u64>,
        /// How long the job stays at each position, in milliseconds.
        pub queue_step_ms: u64,
        /// How long the job runs, in milliseconds.
        pub run_ms: u64,
        /// The lines that the job logs.
        pub logs: Vec<LogLine>,
        /// The output. Default: built from the document's examples.
        pub output: Value,
        /// An output that is not JSON.
        pub raw: RawOutput,
        /// The events of a model stream, in order. Default: the output is the only event.
        pub stream_events: Vec<Value>,
        /// The time between the events of a model stream, in milliseconds.
        pub stream_step_ms: u64,
        /// How realtime connections behave.
        pub realtime: RealtimeScript,
        /// How the webhook is delivered.
        pub webhook: WebhookScript,
        /// Whether files keep the URLs of the document's examples, instead of URLs of this server.
        pub outputs_verbatim: bool,
        /// The reply with which the job fails.
        pub failure: Failure,
        /// The metrics in the completed status. Default: `inference_time` with the run time.
        pub metrics: Map<String, Value>,
        /// The stage at which the job stops until [`MockServer::release`](crate::MockServer::release) is called.
        pub hold: Hold,
        /// Whether the job continues to run after it was cancelled, as it can on fal.
        pub ignores_cancel: bool,
        /// Whether the completed status of a failed job leaves out `error` and `error_type`, as older gateways do.
        pub bare_status: bool,
        /// Whether the result route answers 202 with the status while the job is pending, as legacy applications do, instead of 400.
        pub pending_202: bool,
        /// Whether inputs are validated against the document. Default: `true`.
        pub validate: bool,
        /// Headers that are added to results and to replies of direct runs and streams, such as `x-fal-billable-units`.
        pub headers: BTreeMap<String, String>,
    }
}

/// A line in the log of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LogLine {
    /// The text of the line.
    pub message: String,
    /// The time at which the line is written, in milliseconds after the job began to run.
    #[serde(default)]
    pub at_ms: u64,
    /// The level: `STDERR`, `STDOUT`, `ERROR`, `INFO`, `WARN` or `DEBUG`. Default: `INFO`.
    #[serde(default = "info")]
    pub level: String,
    /// The source of the line. Default: `USER`.
    #[serde(default = "user")]
    pub source: String,
}

fn info() -> String {
    "INFO".to_owned()
}

fn user() -> String {
    "USER".to_owned()
}

/// The reply of the result route for a failed job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use = "give it to `Script::fail`"]
pub struct Failure {
    /// The HTTP status code, such as 500.
    pub status: u16,
    /// The body, usually an object with `detail`.
    #[serde(default)]
    pub body: Value,
    /// Further headers, such as `x-fal-error-type`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

impl Failure {
    /// Creates a failure of the application itself, with this status and body.
    pub fn new(status: u16, body: impl Into<Value>) -> Self {
        Self {
            status,
            body: body.into(),
            headers: BTreeMap::new(),
        }
    }

    /// Creates a failure of the platform, with `detail`, `error_type` and `X-Fal-Error-Type` (fal docs, `request-errors`).
    pub fn platform(status: u16, error_type: &str, detail: &str) -> Self {
        let body = serde_json::json!({ "detail": detail, "error_type": error_type });
        Self::new(status, body).header("x-fal-error-type", error_type)
    }

    /// Adds a header to the reply.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }
}

/// The stage at which a job stops until it is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Hold {
    /// The job stops in the queue, at its last position.
    Queued,
    /// The job stops while it runs, after it has written all its logs.
    Running,
}

setters!(Script {
    /// Sets how long the job runs.
    run(time: Duration) => run_ms = Some(millis(time));
    /// Sets the output of the job.
    output(output: impl Into<Value>) => output = Some(output.into());
    /// Sets an output that is not JSON.
    raw(output: RawOutput) => raw = Some(output);
    /// Sets how realtime connections behave.
    realtime(script: RealtimeScript) => realtime = Some(script);
    /// Sets how the webhook is delivered.
    webhook(script: WebhookScript) => webhook = Some(script);
    /// Keeps the URLs of files as they are in the document's examples.
    outputs_verbatim() => outputs_verbatim = Some(true);
    /// Makes the job fail with this reply.
    fail(failure: Failure) => failure = Some(failure);
    /// Stops the job at a stage until it is released, so that a test does not depend on timing.
    hold(hold: Hold) => hold = Some(hold);
    /// Makes the job continue to run after it was cancelled.
    ignores_cancel() => ignores_cancel = Some(true);
    /// Leaves `error` and `error_type` out of the status of a failed job.
    bare_status() => bare_status = Some(true);
    /// Makes the result route answer 202 instead of 400 while the job is pending.
    pending_202() => pending_202 = Some(true);
    /// Accepts any input, without validation.
    no_validation() => validate = Some(false);
});

impl Script {
    /// Creates a script that sets no option.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the job in the queue at each of `positions` for `step`.
    pub fn queue(mut self, positions: impl IntoIterator<Item = u64>, step: Duration) -> Self {
        self.queue_positions = Some(positions.into_iter().collect());
        self.queue_step_ms = Some(millis(step));
        self
    }

    /// Logs a line when the job begins to run.
    pub fn log(self, message: impl Into<String>) -> Self {
        self.log_at(Duration::ZERO, "INFO", message)
    }

    /// Logs a line with a level, the time `after` after the job began to run.
    pub fn log_at(mut self, after: Duration, level: &str, message: impl Into<String>) -> Self {
        let line = LogLine {
            message: message.into(),
            at_ms: millis(after),
            level: level.to_owned(),
            source: user(),
        };
        self.logs.get_or_insert_default().push(line);
        self
    }

    /// Sets the events of a model stream, and the time `step` between them.
    pub fn stream(mut self, events: impl IntoIterator<Item = Value>, step: Duration) -> Self {
        self.stream_events = Some(events.into_iter().collect());
        self.stream_step_ms = Some(millis(step));
        self
    }

    /// Sets one of the metrics in the completed status.
    pub fn metric(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.metrics
            .get_or_insert_default()
            .insert(name.to_owned(), value.into());
        self
    }

    /// Adds a header to results, and to replies of direct runs and streams.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers
            .get_or_insert_default()
            .insert(name.to_owned(), value.to_owned());
        self
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
