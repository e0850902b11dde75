//! The status of a job. Missing and unknown members are tolerated: waiting for a job does not
//! fail because a log line has an unknown form.

use std::fmt;

use serde_json::{Map, Value};

use crate::contract::wire::{Decode, DecodeError};
use crate::open_enum;
use crate::transport::escape::Escaped;

open_enum! {
    /// The state of a job. A failed job is `Completed` too: only its
    /// [result](crate::Job::result) shows reliably whether it failed.
    pub enum State: String {
        InQueue = "IN_QUEUE",
        InProgress = "IN_PROGRESS",
        Completed = "COMPLETED",
    }
}

open_enum! {
    /// The severity of a log line.
    pub enum LogLevel: String {
        Stderr = "STDERR",
        Stdout = "STDOUT",
        Error = "ERROR",
        Warn = "WARN",
        Info = "INFO",
        Debug = "DEBUG",
    }
}

/// The status of a job.
///
/// Source: <https://fal.ai/docs/documentation/model-apis/inference/queue>.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Status {
    /// The state of the job.
    pub state: State,
    /// How many jobs are ahead of this one, while it is in the queue.
    pub queue_position: Option<i64>,
    /// The lines that the model logged, if logs were requested.
    /// [`Job::status`](crate::Job::status) returns all lines so far; an
    /// [`Update`] has only the new ones.
    pub logs: Vec<Log>,
    /// The measurements of the platform, such as `inference_time` in seconds.
    pub metrics: Map<String, Value>,
    /// The reason why the job failed, if the server reports it in the status.
    pub error: Option<String>,
    /// The machine-readable type of [`error`](Self::error), such as `runner_server_error`.
    pub error_type: Option<String>,
}

impl Status {
    /// Returns whether the job has ended, successfully or not.
    pub fn is_completed(&self) -> bool {
        self.state == State::Completed
    }
}

impl Decode for Status {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        let members = Map::decode(value)?;
        let state = members
            .get("status")
            .and_then(Value::as_str)
            .ok_or_else(|| {
                DecodeError::new("required, but missing or not a string").at("status")
            })?;
        let logs = members.get("logs").and_then(Value::as_array);
        Ok(Self {
            state: State::from(state),
            queue_position: members.get("queue_position").and_then(Value::as_i64),
            logs: logs.into_iter().flatten().map(Log::of).collect(),
            metrics: members
                .get("metrics")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
            error: text(&members, "error"),
            error_type: text(&members, "error_type"),
        })
    }
}

fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    match members.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.state, self.queue_position) {
            (State::InQueue, Some(0)) => f.write_str("in queue, next"),
            (State::InQueue, Some(position)) => write!(f, "in queue, {position} ahead"),
            (State::InQueue, None) => f.write_str("in queue"),
            (State::InProgress, _) => f.write_str("in progress"),
            (State::Completed, _) => f.write_str("completed"),
            (State::Other(other), _) => write!(f, "{}", Escaped(other)),
        }?;
        if let Some(error) = &self.error {
            write!(f, ": {}", Escaped(error))?;
        }
        self.logs.iter().try_for_each(|log| write!(f, "\n  {log}"))
    }
}

/// A line of a job's log.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Log {
    /// The text of the line.
    pub message: String,
    /// When the line was written, as the server sent it (RFC 3339).
    pub timestamp: Option<String>,
    /// The severity of the line.
    pub level: Option<LogLevel>,
    /// The origin of the line, `USER` for the model's own code.
    pub source: Option<String>,
}

impl Log {
    /// Creates a line that this client adds to a log.
    pub(super) fn note(message: String) -> Self {
        Self {
            message,
            timestamp: None,
            level: None,
            source: None,
        }
    }

    fn of(value: &Value) -> Self {
        let member = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let label = || value.pointer("/labels/level").and_then(Value::as_str);
        Self {
            message: member("message")
                .or_else(|| value.as_str().map(str::to_owned))
                .unwrap_or_else(|| value.to_string()),
            timestamp: member("timestamp"),
            level: member("level")
                .or_else(|| label().map(str::to_owned))
                .map(LogLevel::from),
            source: member("source"),
        }
    }
}

/// Writes the text of the line. Control characters are escaped, except for line breaks and
/// tabs.
impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Escaped(&self.message))
    }
}

/// A change in a job's status.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Update {
    /// The id of the request. Every update has it, from the first one on.
    pub request_id: String,
    /// The status, with only the new log lines.
    pub status: Status,
}

impl fmt::Display for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.status.fmt(f)
    }
}
