//! Fetches the result of a job.
//!
//! The queue's route for results returns what the model answered, including its error status,
//! but the route itself can fail as well. The two must not be confused: a temporary failure of
//! the route would otherwise be taken for the failure of a job whose result is paid for.

use std::time::{Duration, Instant};

use reqwest::Method;

use super::job_handle::JobHandle;
use super::poll_wait::PollWait;
use super::status::Status;
use crate::calls::detailed::Answer;
use crate::transport::error::{ApiBody, Error, ErrorKind, Result};
use crate::transport::http::limits::moment_after;
use crate::transport::http::{Operation, Reply, Request};

/// The first wait when the job's status says that it has finished and the route for results
/// says that it has not. The wait doubles with each such reply.
const DISAGREEMENT: Duration = Duration::from_millis(100);
/// How many replies that the result is not known are tolerated for a job that has finished:
/// the route can learn of a result later than the queue.
const DENIALS: u32 = 4;

/// The meaning of a reply to a request for a result, or of the lack of a reply.
enum Outcome {
    Ready(Box<Answer>),
    /// The job has not finished.
    Pending,
    /// The route does not know the result.
    Denied(Error),
    /// The reply is an HTTP 500, which may come from the model or from the route.
    Failed(Error),
    /// The route failed; the result can be fetched later.
    Unreachable(Error),
}

/// Fetches the result of a job whose `completed` status says that it has finished. Temporary
/// failures are retried until `until`.
///
/// # Errors
/// When the job failed, or its result cannot be fetched.
pub(super) async fn fetch(job: &JobHandle, completed: &Status, until: Instant) -> Result<Answer> {
    let settings = job.http.settings();
    let mut wait = PollWait::new(settings.poll_interval.clone());
    let mut unreachable_until = None;
    let mut disagreement = DISAGREEMENT;
    let (mut denials, mut failures) = (0, 0);
    loop {
        let (pause, give_up, error) = match attempt(job, completed, until).await? {
            Outcome::Ready(answer) => return Ok(*answer),
            Outcome::Pending => {
                let pause = disagreement;
                disagreement = (pause * 2).min(Duration::from_secs(5));
                (pause, until, still_pending())
            }
            Outcome::Denied(error) => {
                denials += 1;
                if denials > DENIALS {
                    return Err(expired(error));
                }
                wait.failed(None);
                (wait.next(None), until, expired(error))
            }
            Outcome::Failed(error) => {
                failures += 1;
                if failures > 1 {
                    return Err(error);
                }
                (settings.poll_interval.first, until, error)
            }
            Outcome::Unreachable(error) => {
                let limit = *unreachable_until
                    .get_or_insert_with(|| moment_after(settings.timeouts.unreachable));
                wait.failed(error.retry_after());
                (wait.next(None), limit.min(until), error)
            }
        };
        if moment_after(pause) >= give_up {
            return Err(error);
        }
        tokio::time::sleep(pause).await;
    }
}

/// Requests the result, with the retries that the client's policy allows.
async fn attempt(job: &JobHandle, completed: &Status, until: Instant) -> Result<Outcome> {
    let settings = job.http.settings();
    let request = Request::new(Operation::Result, Method::GET, job.urls.result.clone())
        .timeout(settings.timeouts.result)
        .limit(settings.limits.output)
        .deadline(Some(until))
        .transient(is_route_failure);
    let reply = match job.http.send(&request).await {
        Ok(reply) => reply,
        Err(error) => return unreachable(error, completed),
    };
    if is_pending(&reply) {
        return Ok(Outcome::Pending);
    }
    if !reply.status.is_success() {
        return failure(&reply, completed);
    }
    let mut answer = Answer::of(reply, Operation::Result)?;
    answer.metrics.clone_from(&completed.metrics);
    Ok(Outcome::Ready(Box::new(answer)))
}

/// The meaning of a request that got no complete reply.
fn unreachable(error: Error, completed: &Status) -> Result<Outcome> {
    let may_pass = matches!(
        error.kind(),
        ErrorKind::Connection | ErrorKind::Transport | ErrorKind::Timeout
    );
    match may_pass && completed.error.is_none() {
        true => Ok(Outcome::Unreachable(error)),
        false => Err(known_failure(error, completed)),
    }
}

/// The meaning of a reply with an error status.
fn failure(reply: &Reply, completed: &Status) -> Result<Outcome> {
    let error = reply.error(Operation::Result);
    if reply.status.is_redirection() {
        return Err(error);
    }
    let is_known = completed.error.is_some();
    if is_answer(reply) {
        let error = error.with_kind(ErrorKind::JobFailed);
        return match reply.status.as_u16() == 500 && !is_known {
            true => Ok(Outcome::Failed(error)),
            false => Err(error),
        };
    }
    match reply.status.as_u16() {
        _ if is_known => Err(known_failure(error, completed)),
        404 => Ok(Outcome::Denied(error)),
        _ if reply.is_transient() => Ok(Outcome::Unreachable(error)),
        _ => Err(error),
    }
}

fn expired(error: Error) -> Error {
    error.with_kind(ErrorKind::Expired).with_hint(
        "the job has finished, but its result is not there (any more): results are kept for a \
         limited time",
    )
}

fn still_pending() -> Error {
    Error::new(
        ErrorKind::Timeout,
        "the job has finished, but its result did not arrive within the time limit",
    )
}

/// Whether the reply says that the job has not finished yet.
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

/// Whether an error status is the answer of the job, not a failure to fetch it.
///
/// The answer of a model has field errors, that of the platform has an error type, and a 500 of
/// an app's own has a request id and a message in JSON. Errors about limits, keys and the
/// address (405: the id is not one of the queue) belong to the route. So do the refusals of
/// something in front of fal's servers, which have neither a request id nor a message in JSON.
fn is_answer(reply: &Reply) -> bool {
    let body = || ApiBody::parse(&reply.body);
    match reply.status.as_u16() {
        401 | 408 | 425 | 429 => false,
        403..=405 | 410 => !body().field_errors.is_empty(),
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

/// Whether the reply is a temporary failure of the route, after which a retry may help.
fn is_route_failure(reply: &Reply) -> bool {
    reply.is_transient() && !is_answer(reply)
}

/// Returns the failure that the status has already reported, with the message of the status,
/// when the whole answer cannot be fetched.
fn known_failure(error: Error, completed: &Status) -> Error {
    let Some(words) = completed.error.as_ref() else {
        return error;
    };
    if error.status() == Some(401) {
        return error;
    }
    error
        .with_kind(ErrorKind::JobFailed)
        .with_message(words)
        .with_error_type(completed.error_type.clone())
}
