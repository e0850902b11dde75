//! Fetching what a job made.
//!
//! The route replays what the model answered, its error status included, and can
//! fail by itself on top. The two must not be confused: a paid result would be
//! thrown away for a passing failure of the route.

use std::time::Instant;

use reqwest::Method;

use super::place::Attached;
use super::status::Status;
use crate::calls::detailed::Answer;
use crate::transport::error::{ApiBody, Error, ErrorKind, Result};
use crate::transport::http::{Operation, Reply, Request};

/// What came of asking for a result.
pub(super) enum Fetched {
    Ready(Answer),
    /// The job is not over.
    Pending,
}

/// Asks for the result. `completed` is the status that said that the job is over,
/// if it was seen.
///
/// # Errors
/// A failed job as such; anything else that keeps the result away.
pub(super) async fn fetch(
    job: &Attached,
    completed: Option<&Status>,
    deadline: Option<Instant>,
) -> Result<Fetched> {
    let settings = job.http.settings();
    let request = Request::new(Operation::Result, Method::GET, job.place.result.clone())
        .timeout(settings.timeouts.result)
        .limit(settings.limits.output)
        .deadline(deadline)
        .transient(is_route_failure);
    let reply = match job.http.send(&request).await {
        Ok(reply) => reply,
        Err(error) => return Err(known_failure(error, completed)),
    };
    if is_pending(&reply) {
        return Ok(Fetched::Pending);
    }
    if !reply.status.is_success() {
        return Err(failure(&reply, completed));
    }
    let mut answer = Answer::of(reply, Operation::Result)?;
    if let Some(status) = completed {
        answer.metrics.clone_from(&status.metrics);
    }
    Ok(Fetched::Ready(answer))
}

/// Whether the reply says that the job is not over yet.
fn is_pending(reply: &Reply) -> bool {
    match reply.status.as_u16() {
        202 => true,
        400 => ApiBody::parse(&reply.body)
            .message
            .to_ascii_lowercase()
            .contains("still in progress"),
        _ => false,
    }
}

/// Whether the reply is what the job answered, rather than a failure to fetch it.
/// A model's answer has field errors; the platform's has a type; an app's own 500
/// came through fal, with words in JSON. Limits, keys and the address (405: the id
/// is not the queue's) are matters of the route, and so is what something in front
/// of fal's servers refuses: that has neither a request id nor words in JSON.
fn is_answer(reply: &Reply) -> bool {
    let body = || ApiBody::parse(&reply.body);
    match reply.status.as_u16() {
        401 | 408 | 429 => false,
        403..=405 => !body().field_errors.is_empty(),
        400..=499 => {
            reply.request_id().is_some() || reply.error_type().is_some() || body().recognised
        }
        500 if reply.request_id().is_some() && body().recognised => true,
        _ => {
            let is_typed = reply.error_type().is_some()
                || reply.header("x-fal-request-timeout-type").is_some();
            let body = body();
            is_typed || body.error_type.is_some() || !body.field_errors.is_empty()
        }
    }
}

/// Whether asking again may help.
fn is_route_failure(reply: &Reply) -> bool {
    reply.is_transient() && !is_answer(reply)
}

/// The error of a reply with an error status.
fn failure(reply: &Reply, completed: Option<&Status>) -> Error {
    let error = reply.error(Operation::Result);
    match reply.status.is_redirection() {
        true => error,
        false if is_answer(reply) => error.with_kind(ErrorKind::JobFailed),
        false => known_failure(error, completed),
    }
}

/// Where the status said already that the job failed, that is what the caller
/// learns, in the status' words, though its whole answer cannot be fetched.
fn known_failure(error: Error, completed: Option<&Status>) -> Error {
    let Some((words, status)) = completed.and_then(|status| Some((status.error.as_ref()?, status)))
    else {
        return error;
    };
    if error.status() == Some(401) {
        return error;
    }
    let error_type = status.error_type.clone();
    error
        .with_kind(ErrorKind::JobFailed)
        .with_message(words)
        .with_error_type(error_type)
}
