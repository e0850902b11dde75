//! Handing a job to the queue: once.

use std::future::IntoFuture;

use serde_json::Value;

use super::job::Job;
use super::place::Attached;
use super::record::Record;
use super::status::Status;
use crate::calls::call::{
    Call, HasOptions, Options, Payload, Prepared, call_options, queue_options,
};
use crate::contract::wire::Decode;
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Host, Operation, Reply, unknown};
use crate::transport::opaque::opaque;
use crate::transport::trace;

/// A job that is handed to the queue when it is awaited: see
/// [`Client::submit`](crate::Client::submit).
#[must_use = "a job is submitted when it is awaited"]
pub struct Submit<P> {
    call: Call<P>,
}

impl<P: Payload> Submit<P> {
    pub(crate) fn new(call: Call<P>) -> Self {
        Self { call }
    }

    pub(super) fn call_mut(&mut self) -> &mut Call<P> {
        &mut self.call
    }

    pub(super) fn into_call(self) -> Call<P> {
        self.call
    }

    call_options!();
    queue_options!();
}

impl<P> HasOptions for Submit<P> {
    fn options_mut(&mut self) -> &mut Options {
        &mut self.call.options
    }
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

/// Submits, and reads where the job is to be asked about.
pub(crate) async fn submit(prepared: &Prepared) -> Result<(Attached, Status)> {
    let http = &prepared.http;
    let settings = http.settings();
    let request = prepared
        .request(Operation::Submit, Host::Queue, settings.timeouts.request)
        .limit(settings.limits.reply);
    let named = |error: Error| error.with_endpoint(prepared.endpoint.shared());
    let reply = http.send(&request).await.map_err(named)?;
    if !reply.status.is_success() {
        return Err(named(refusal(&reply)));
    }
    let (record, status) = read(prepared, &reply).map_err(named)?;
    trace::request_id(&record.request_id);
    Ok((Attached::new(http.clone(), &record), status))
}

fn read(prepared: &Prepared, reply: &Reply) -> Result<(Record, Status)> {
    let value = reply.json(Operation::Submit).map_err(unknown)?;
    let record = Record::of_reply(prepared.endpoint.clone(), &value).map_err(|source| {
        let message = format!("the reply to the submit does not identify the job {source}");
        unknown(Error::new(ErrorKind::Decode, message))
            .with_reply(reply)
            .with_body(reply.body.clone())
            .with_decode(source)
    })?;
    Ok((record, first_status(value)))
}

/// The reply to a submit is a status too, or nearly one.
fn first_status(mut value: Value) -> Status {
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

/// What a reply with an error status to a submit means. A refusal says that no
/// job was made; anything else leaves it open.
fn refusal(reply: &Reply) -> Error {
    let error = reply.error(Operation::Submit);
    let is_refusal = match reply.status.as_u16() {
        408 | 499 => false,
        // "Send it there instead": it was not taken here.
        307 | 308 => true,
        status => (400..=499).contains(&status),
    };
    match is_refusal {
        true => error,
        false => unknown(error),
    }
}

opaque! { Submit<P> }
