//! Submits a job to the queue. The request is not repeated if it may have been accepted.

use std::future::IntoFuture;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::job::Job;
use super::job_handle::JobHandle;
use super::record::Record;
use super::status::Status;
use crate::calls::call::{Call, Payload, Prepared, call_options, queue_options};
use crate::contract::wire::Decode;
use crate::transport::box_future::BoxFuture;
use crate::transport::endpoint_id::check_request_id;
use crate::transport::error::{Error, Result};
use crate::transport::http::{Host, Operation, Reply, unknown};
use crate::transport::opaque::opaque;
use crate::transport::trace;

/// A call that submits a job when it is awaited, and returns the job without waiting for its
/// output: see [`Client::submit`](crate::Client::submit).
#[must_use = "a job is submitted when it is awaited"]
pub struct Submit<P> {
    pub(crate) call: Call<P>,
}

impl<P: Payload> Submit<P> {
    pub(crate) fn new(call: Call<P>) -> Self {
        Self { call }
    }

    call_options!(call.options);
    queue_options!(call.options);
}

impl<P: Payload> IntoFuture for Submit<P> {
    type Output = Result<Job<P>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let prepared = self.call.prepare().await?;
            let submit = submit(&prepared);
            let (job, _) = trace::call("submit", prepared.endpoint.as_str(), submit).await?;
            Ok(Job::attached(job))
        })
    }
}

/// Submits a job, and reads its ids, URLs and status from the reply.
pub(crate) async fn submit(prepared: &Prepared) -> Result<(JobHandle, Status)> {
    let http = &prepared.http;
    let settings = http.settings();
    let request = prepared
        .request(Operation::Submit, Host::Queue, settings.timeouts.request)
        .limit(settings.limits.reply);
    let outcome = match http.send(&request).await {
        Ok(reply) if reply.status.is_success() => read(prepared, &reply),
        Ok(reply) => Err(refusal(&reply)),
        Err(error) => Err(error),
    };
    let (record, status) = outcome
        .or_else(|error| recover(prepared, error))
        .map_err(|error| error.with_endpoint(prepared.endpoint.shared()))?;
    trace::request_id(&record.request_id);
    let job = JobHandle::new(http.clone(), &record).wrapped(prepared.is_wrapped);
    Ok((job, status))
}

fn read(prepared: &Prepared, reply: &Reply) -> Result<(Record, Status)> {
    let value = reply.json(Operation::Submit).map_err(unknown)?;
    let record = Record::of_reply(prepared.endpoint.clone(), &value).map_err(|source| {
        let what = "the reply to the submit does not identify the job";
        unknown(Error::decode(what, source))
            .with_reply(reply)
            .with_body(reply.body.clone())
    })?;
    Ok((record, status_of_reply(value)))
}

/// Returns the job of a reply that was not read to its end, if the part that was read has the
/// job's id: the submit was accepted.
///
/// # Errors
/// When there is no such id. The error is `error` itself.
fn recover(prepared: &Prepared, error: Error) -> Result<(Record, Status)> {
    // The id in the headers of such a reply identifies the reply, not a job.
    let error = match error.is_outcome_unknown() {
        true => error.with_reply_id_apart(),
        false => error,
    };
    let was_accepted = error.is_outcome_unknown()
        && error
            .status()
            .is_some_and(|status| (200..300).contains(&status));
    let text = error.raw_body().map(String::from_utf8_lossy);
    match text.as_deref().and_then(request_id_in) {
        Some(id) if was_accepted => {
            let record = Record::of_ids(prepared.endpoint.clone(), id);
            Ok((record, status_of_reply(Value::Object(Map::new()))))
        }
        _ => Err(error),
    }
}

/// The value of the first complete `"request_id": "…"` in a text.
fn request_id_in(text: &str) -> Option<Arc<str>> {
    let (_, rest) = text.split_once("\"request_id\"")?;
    let rest = rest.trim_start().strip_prefix(':')?;
    let rest = rest.trim_start().strip_prefix('"')?;
    let (id, _) = rest.split_once('"')?;
    check_request_id(id).ok()
}

/// Reads the reply to a submit as a status, in which members can be missing.
fn status_of_reply(mut value: Value) -> Status {
    if let Some(members) = value.as_object_mut() {
        members
            .entry("status")
            .or_insert_with(|| Value::from("IN_QUEUE"));
    }
    Status::decode(&value).unwrap_or_else(|_| Status {
        state: super::State::InQueue,
        queue_position: None,
        logs: Vec::new(),
        metrics: serde_json::Map::new(),
        error: None,
        error_type: None,
    })
}

/// The error for a reply with an error status to a submit. After a refusal there is no job;
/// after any other status it is not known whether there is one.
fn refusal(reply: &Reply) -> Error {
    let error = reply.error(Operation::Submit);
    let is_refusal = match reply.status.as_u16() {
        408 | 499 => false,
        // A redirect that keeps the method: the request was not accepted here.
        307 | 308 => true,
        status => (400..=499).contains(&status),
    };
    match is_refusal {
        true => error,
        false => unknown(error),
    }
}

opaque! { Submit<P> }

#[cfg(test)]
mod tests {
    use super::request_id_in;

    #[test]
    fn an_id_is_found_in_a_reply_that_broke_off() {
        let found = |text| request_id_in(text).map(|id| id.to_string());
        assert_eq!(
            found(r#"{"status": "IN_QUEUE", "request_id": "ab-1", "resp"#).as_deref(),
            Some("ab-1")
        );
        assert_eq!(found(r#"{"request_id":"ab"#), None);
        assert_eq!(found(r#"{"request_id":"../x""#), None);
        assert_eq!(found(r#"{"request_id": null}"#), None);
        assert_eq!(found(""), None);
    }
}
