//! Bodies of status replies (fal docs, `inference/queue`).

use std::{ops::Range, time::Duration};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    models::outcome::Outcome,
    protocol::host::Origin,
    script::LogLine,
    store::job::{Job, Phase, State},
};

#[derive(Serialize)]
struct Status<'j> {
    status: &'static str,
    request_id: &'j str,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue_position: Option<u64>,
    /// The logs; `null` once the job runs, unless logs were requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    logs: Option<Option<Vec<Log<'j>>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'j str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'j str>,
    response_url: String,
    status_url: String,
    cancel_url: String,
}

#[derive(Serialize)]
struct Log<'j> {
    message: &'j str,
    timestamp: String,
    level: &'j str,
    source: &'j str,
}

/// The body of a status reply. `logs` are the lines to show; `None` if logs were not requested.
pub(super) fn status_body(
    job: &Job,
    state: State,
    origin: &Origin,
    logs: Option<Range<usize>>,
) -> Vec<u8> {
    let url = job.url(origin);
    let done = state.phase == Phase::Done;
    let failed = job
        .outcome()
        .filter(|_| done && job.script.bare_status != Some(true));
    let logs = logs.map(|range| lines(job, range));
    let status = Status {
        status: state.phase.name(),
        request_id: &job.id,
        queue_position: position(state.phase),
        logs: (!matches!(state.phase, Phase::Queued(_))).then_some(logs),
        metrics: done.then(|| metrics(job)),
        error: failed.and_then(|outcome| outcome.error.as_deref()),
        error_type: failed.and_then(|outcome| outcome.error_type.as_deref()),
        status_url: format!("{url}/status"),
        cancel_url: format!("{url}/cancel"),
        response_url: url,
    };
    // This cannot fail: the status has only string keys and finite numbers.
    serde_json::to_vec(&status).unwrap_or_default()
}

fn lines(job: &Job, range: Range<usize>) -> Vec<Log<'_>> {
    let lines = job.logs().get(range).unwrap_or_default();
    lines.iter().map(|line| log(job, line)).collect()
}

fn log<'j>(job: &Job, line: &'j LogLine) -> Log<'j> {
    Log {
        message: &line.message,
        timestamp: timestamp(job.queue_time() + Duration::from_millis(line.at_ms)),
        level: &line.level,
        source: &line.source,
    }
}

fn metrics(job: &Job) -> Map<String, Value> {
    let mut metrics = job.script.metrics.clone().unwrap_or_default();
    let succeeded = job.outcome().is_some_and(Outcome::is_success);
    if succeeded && !metrics.contains_key("inference_time") {
        let time = json!(job.run_time().as_secs_f64());
        metrics.insert("inference_time".to_owned(), time);
    }
    metrics
}

fn position(phase: Phase) -> Option<u64> {
    match phase {
        Phase::Queued(position) => Some(position),
        Phase::Running | Phase::Done => None,
    }
}

/// The timestamp of a log line. Every job is submitted at the beginning of 2026, so that timestamps do not depend on a clock.
fn timestamp(since: Duration) -> String {
    let (seconds, millis) = (since.as_secs(), since.subsec_millis());
    let (days, time) = (seconds / 86_400, seconds % 86_400);
    let (hours, minutes, seconds) = (time / 3600, time / 60 % 60, time % 60);
    // Jobs are shorter than a month.
    let day = days % 31 + 1;
    format!("2026-01-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{millis:03}Z")
}
