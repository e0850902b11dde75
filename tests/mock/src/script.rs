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

use crate::protocol::bucket::Bucket;

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
pub struct Script {
    /// The queue positions that the job passes through, in order. Position 0 is the next one to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_positions: Option<Vec<u64>>,
    /// How long the job stays at each position, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_step_ms: Option<u64>,
    /// How long the job runs, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_ms: Option<u64>,
    /// The lines that the job logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logs: Option<Vec<LogLine>>,
    /// The output. Default: built from the document's examples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// An output that is not JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<RawOutput>,
    /// The events of a model stream, in order. Default: the output is the only event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_events: Option<Vec<Value>>,
    /// The time between the events of a model stream, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_step_ms: Option<u64>,
    /// How realtime connections behave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub realtime: Option<RealtimeScript>,
    /// How the webhook is delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookScript>,
    /// Whether files keep the URLs of the document's examples, instead of URLs of this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outputs_verbatim: Option<bool>,
    /// The reply with which the job fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// The metrics in the completed status. Default: `inference_time` with the run time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Map<String, Value>>,
    /// The stage at which the job stops until [`MockServer::release`](crate::MockServer::release) is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// Whether the job continues to run after it was cancelled, as it can on fal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignores_cancel: Option<bool>,
    /// Whether the completed status of a failed job leaves out `error` and `error_type`, as older gateways do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bare_status: Option<bool>,
    /// Whether the result route answers 202 with the status while the job is pending, as legacy applications do, instead of 400.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_202: Option<bool>,
    /// Whether inputs are validated against the document. Default: `true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validate: Option<bool>,
    /// Headers that are added to results and to replies of direct runs and streams, such as `x-fal-billable-units`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
    /// The bucket that the caller has named, to which the URLs of output files point.
    #[serde(skip)]
    pub(crate) bucket: Option<Bucket>,
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
    #[must_use]
    pub fn new(status: u16, body: impl Into<Value>) -> Self {
        Self {
            status,
            body: body.into(),
            headers: BTreeMap::new(),
        }
    }

    /// Creates a failure of the platform, with `detail`, `error_type` and `X-Fal-Error-Type` (fal docs, `request-errors`).
    #[must_use]
    pub fn platform(status: u16, error_type: &str, detail: &str) -> Self {
        let body = serde_json::json!({ "detail": detail, "error_type": error_type });
        Self::new(status, body).header("x-fal-error-type", error_type)
    }

    /// Adds a header to the reply.
    #[must_use]
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

impl Script {
    /// Creates a script that sets no option.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the job in the queue at each of `positions` for `step`.
    #[must_use]
    pub fn queue(mut self, positions: impl IntoIterator<Item = u64>, step: Duration) -> Self {
        self.queue_positions = Some(positions.into_iter().collect());
        self.queue_step_ms = Some(millis(step));
        self
    }

    /// Sets how long the job runs.
    #[must_use]
    pub fn run(mut self, time: Duration) -> Self {
        self.run_ms = Some(millis(time));
        self
    }

    /// Logs a line when the job begins to run.
    #[must_use]
    pub fn log(self, message: impl Into<String>) -> Self {
        self.log_at(Duration::ZERO, "INFO", message)
    }

    /// Logs a line with a level, the time `after` after the job began to run.
    #[must_use]
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

    /// Sets the output of the job.
    #[must_use]
    pub fn output(mut self, output: impl Into<Value>) -> Self {
        self.output = Some(output.into());
        self
    }

    /// Sets an output that is not JSON.
    #[must_use]
    pub fn raw(mut self, output: RawOutput) -> Self {
        self.raw = Some(output);
        self
    }

    /// Sets the events of a model stream, and the time `step` between them.
    #[must_use]
    pub fn stream(mut self, events: impl IntoIterator<Item = Value>, step: Duration) -> Self {
        self.stream_events = Some(events.into_iter().collect());
        self.stream_step_ms = Some(millis(step));
        self
    }

    /// Sets how realtime connections behave.
    #[must_use]
    pub fn realtime(mut self, script: RealtimeScript) -> Self {
        self.realtime = Some(script);
        self
    }

    /// Sets how the webhook is delivered.
    #[must_use]
    pub fn webhook(mut self, script: WebhookScript) -> Self {
        self.webhook = Some(script);
        self
    }

    /// Keeps the URLs of files as they are in the document's examples.
    #[must_use]
    pub fn outputs_verbatim(mut self) -> Self {
        self.outputs_verbatim = Some(true);
        self
    }

    /// Makes the job fail with this reply.
    #[must_use]
    pub fn fail(mut self, failure: Failure) -> Self {
        self.failure = Some(failure);
        self
    }

    /// Sets one of the metrics in the completed status.
    #[must_use]
    pub fn metric(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.metrics
            .get_or_insert_default()
            .insert(name.to_owned(), value.into());
        self
    }

    /// Stops the job at a stage until it is released, so that a test does not depend on timing.
    #[must_use]
    pub fn hold(mut self, hold: Hold) -> Self {
        self.hold = Some(hold);
        self
    }

    /// Makes the job continue to run after it was cancelled.
    #[must_use]
    pub fn ignores_cancel(mut self) -> Self {
        self.ignores_cancel = Some(true);
        self
    }

    /// Leaves `error` and `error_type` out of the status of a failed job.
    #[must_use]
    pub fn bare_status(mut self) -> Self {
        self.bare_status = Some(true);
        self
    }

    /// Makes the result route answer 202 instead of 400 while the job is pending.
    #[must_use]
    pub fn pending_202(mut self) -> Self {
        self.pending_202 = Some(true);
        self
    }

    /// Accepts any input, without validation.
    #[must_use]
    pub fn no_validation(mut self) -> Self {
        self.validate = Some(false);
        self
    }

    /// Adds a header to results, and to replies of direct runs and streams.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers
            .get_or_insert_default()
            .insert(name.to_owned(), value.to_owned());
        self
    }

    /// This script, with the options that it leaves out taken from `base`.
    pub(crate) fn over(self, base: Self) -> Self {
        Self {
            queue_positions: self.queue_positions.or(base.queue_positions),
            queue_step_ms: self.queue_step_ms.or(base.queue_step_ms),
            run_ms: self.run_ms.or(base.run_ms),
            logs: self.logs.or(base.logs),
            output: self.output.or(base.output),
            raw: self.raw.or(base.raw),
            stream_events: self.stream_events.or(base.stream_events),
            stream_step_ms: self.stream_step_ms.or(base.stream_step_ms),
            realtime: self.realtime.or(base.realtime),
            webhook: self.webhook.or(base.webhook),
            outputs_verbatim: self.outputs_verbatim.or(base.outputs_verbatim),
            failure: self.failure.or(base.failure),
            metrics: self.metrics.or(base.metrics),
            hold: self.hold.or(base.hold),
            ignores_cancel: self.ignores_cancel.or(base.ignores_cancel),
            bare_status: self.bare_status.or(base.bare_status),
            pending_202: self.pending_202.or(base.pending_202),
            validate: self.validate.or(base.validate),
            headers: self.headers.or(base.headers),
            bucket: self.bucket.or(base.bucket),
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
