//! Scripts: how a job goes.

mod raw;
mod realtime;
mod webhook;

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use raw::RawOutput;
pub use realtime::RealtimeScript;
pub use webhook::WebhookScript;

/// How jobs go: how long they queue and run, what they log, what comes out.
///
/// Given for an endpoint through [`script`](crate::MockServerBuilder::script), or for one request as JSON in the header
/// `x-mock-script` or the input field `__mock`. What a request's script leaves out is taken from the endpoint's, what that
/// leaves out from the server's default: no waiting, no logs, the output that the document describes.
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
    /// The queue positions that the job passes through, in order; 0 is next in line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_positions: Option<Vec<u64>>,
    /// How long it stays at each position, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_step_ms: Option<u64>,
    /// How long it runs, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_ms: Option<u64>,
    /// What it logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logs: Option<Vec<LogLine>>,
    /// The output, instead of the document's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// The output when it is not JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<RawOutput>,
    /// The events of a model's stream, in order; the output alone unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_events: Option<Vec<Value>>,
    /// The time between them, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_step_ms: Option<u64>,
    /// How realtime connections go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub realtime: Option<RealtimeScript>,
    /// How the webhook goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookScript>,
    /// Files of the document's examples keep their own URLs instead of pointing at the mock's CDN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outputs_verbatim: Option<bool>,
    /// It fails with this reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// The metrics of the completed status; `inference_time` from the run time unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Map<String, Value>>,
    /// Where it stops until [`release`](crate::MockServer::release) is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// It goes on running after a cancel request, as runners may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignores_cancel: Option<bool>,
    /// The completed status of a failed job leaves out `error` and `error_type`, as older gateways do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bare_status: Option<bool>,
    /// The result route answers 202 with the status while the job is pending, as legacy apps do, instead of 400.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_202: Option<bool>,
    /// Whether inputs are checked against the document; on unless switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validate: Option<bool>,
    /// Headers added to the result and to direct replies, such as `x-fal-billable-units`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
}

/// A line of a job's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LogLine {
    /// The text.
    pub message: String,
    /// When it is written, in milliseconds after the job began to run.
    #[serde(default)]
    pub at_ms: u64,
    /// `STDERR`, `STDOUT`, `ERROR`, `INFO`, `WARN` or `DEBUG`; `INFO` unless given.
    #[serde(default = "info")]
    pub level: String,
    /// Where it comes from; `USER` unless given.
    #[serde(default = "user")]
    pub source: String,
}

fn info() -> String {
    "INFO".to_owned()
}

fn user() -> String {
    "USER".to_owned()
}

/// What a failed job's result route answers with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Failure {
    /// The HTTP status, such as 500.
    pub status: u16,
    /// The body, usually with a `detail`.
    #[serde(default)]
    pub body: Value,
    /// Further headers, such as `x-fal-error-type`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

impl Failure {
    /// A failure of the app itself: it answered with this status and body.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Value>) -> Self {
        Self {
            status,
            body: body.into(),
            headers: BTreeMap::new(),
        }
    }

    /// A failure of the platform: `{"detail", "error_type"}` and `X-Fal-Error-Type` (fal docs, `request-errors`).
    #[must_use]
    pub fn platform(status: u16, error_type: &str, detail: &str) -> Self {
        let body = serde_json::json!({ "detail": detail, "error_type": error_type });
        Self::new(status, body).header("x-fal-error-type", error_type)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }
}

/// Where a job stops until it is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Hold {
    /// In the queue, at its last position.
    Queued,
    /// Running, with all its logs written.
    Running,
}

impl Script {
    /// A script that leaves everything at its default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Queues at each of `positions` for `step`.
    #[must_use]
    pub fn queue(mut self, positions: impl IntoIterator<Item = u64>, step: Duration) -> Self {
        self.queue_positions = Some(positions.into_iter().collect());
        self.queue_step_ms = Some(millis(step));
        self
    }

    /// Runs for `time`.
    #[must_use]
    pub fn run(mut self, time: Duration) -> Self {
        self.run_ms = Some(millis(time));
        self
    }

    /// Logs a line as the run begins.
    #[must_use]
    pub fn log(self, message: impl Into<String>) -> Self {
        self.log_at(Duration::ZERO, "INFO", message)
    }

    /// Logs a line with a level, `after` the run began.
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

    /// Answers with this output instead of the document's.
    #[must_use]
    pub fn output(mut self, output: impl Into<Value>) -> Self {
        self.output = Some(output.into());
        self
    }

    /// Answers with something that is not JSON.
    #[must_use]
    pub fn raw(mut self, output: RawOutput) -> Self {
        self.raw = Some(output);
        self
    }

    /// Streams these events, with `step` between them.
    #[must_use]
    pub fn stream(mut self, events: impl IntoIterator<Item = Value>, step: Duration) -> Self {
        self.stream_events = Some(events.into_iter().collect());
        self.stream_step_ms = Some(millis(step));
        self
    }

    /// Sets how realtime connections go.
    #[must_use]
    pub fn realtime(mut self, script: RealtimeScript) -> Self {
        self.realtime = Some(script);
        self
    }

    /// Sets how the webhook goes.
    #[must_use]
    pub fn webhook(mut self, script: WebhookScript) -> Self {
        self.webhook = Some(script);
        self
    }

    /// Keeps the URLs of the document's examples.
    #[must_use]
    pub fn outputs_verbatim(mut self) -> Self {
        self.outputs_verbatim = Some(true);
        self
    }

    /// Fails.
    #[must_use]
    pub fn fail(mut self, failure: Failure) -> Self {
        self.failure = Some(failure);
        self
    }

    /// Sets one of the completed status's metrics.
    #[must_use]
    pub fn metric(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.metrics
            .get_or_insert_default()
            .insert(name.to_owned(), value.into());
        self
    }

    /// Stops until released, so that a test need not race the clock.
    #[must_use]
    pub fn hold(mut self, hold: Hold) -> Self {
        self.hold = Some(hold);
        self
    }

    /// Goes on running after a cancel request.
    #[must_use]
    pub fn ignores_cancel(mut self) -> Self {
        self.ignores_cancel = Some(true);
        self
    }

    /// Leaves `error` and `error_type` out of a failed job's status.
    #[must_use]
    pub fn bare_status(mut self) -> Self {
        self.bare_status = Some(true);
        self
    }

    /// Answers 202 on the result route while pending.
    #[must_use]
    pub fn pending_202(mut self) -> Self {
        self.pending_202 = Some(true);
        self
    }

    /// Takes any input.
    #[must_use]
    pub fn no_validation(mut self) -> Self {
        self.validate = Some(false);
        self
    }

    /// Adds a header to results and direct replies.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers
            .get_or_insert_default()
            .insert(name.to_owned(), value.to_owned());
        self
    }

    /// This script where it says something, `base` elsewhere.
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
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
