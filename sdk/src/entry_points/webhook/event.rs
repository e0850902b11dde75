//! The content of a webhook delivery.

use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::calls::call::Payload;
use crate::calls::queue::Job;
use crate::contract::wire::{Decode, DecodeError};
use crate::entry_points::client::Client;
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::{ApiBody, Error, ErrorKind, Result};

/// The content of a webhook delivery, which reports how a job ended: see
/// [`Verifier::event`](super::Verifier::event).
#[derive(Debug)]
#[non_exhaustive]
pub struct WebhookEvent<P: Payload> {
    /// The request id of the job, which is the same in all deliveries about it.
    pub request_id: String,
    /// The id of the last attempt to run the job. It differs from `request_id` if the
    /// platform tried more than once.
    pub gateway_request_id: Option<String>,
    /// The id of the account that submitted the job, if the delivery was verified.
    pub user_id: Option<String>,
    /// How the job ended.
    pub outcome: Outcome<P::Output>,
    /// The output or the model's error as JSON, as it was received; `null` if the delivery
    /// does not contain it.
    pub payload: Value,
    input: PhantomData<fn() -> P>,
}

/// How a job ended, as a webhook reports it: [`WebhookEvent::outcome`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome<O> {
    /// The job succeeded, and this is its output.
    Output(O),
    /// The job failed ([`ErrorKind::JobFailed`]), or its output does not match its type
    /// ([`ErrorKind::Decode`]). In the second case the output is not lost: it is in
    /// [`WebhookEvent::payload`].
    Failed(Error),
    /// The job succeeded, but the delivery does not contain the output, for the given
    /// reason. The output can be fetched for about an hour with [`WebhookEvent::job`].
    NotSent(String),
}

impl<P: Payload> WebhookEvent<P> {
    /// Reads the body of a delivery without checking who sent it. Use it only for
    /// deliveries that were [verified](super::Verifier::verify) before.
    ///
    /// # Errors
    /// When the body is not JSON of the shape that webhooks have ([`ErrorKind::Decode`]).
    pub fn read(body: &[u8]) -> Result<Self> {
        let malformed = |source: DecodeError| {
            Error::decode("not a webhook body", source).with_body(Bytes::copy_from_slice(body))
        };
        let value: Value = serde_json::from_slice(body)
            .map_err(|source| malformed(DecodeError::new(format!("not JSON: {source}"))))?;
        let mut members = Map::decode(&value).map_err(malformed)?;
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        let request_id = text("request_id")
            .filter(|id| !id.is_empty())
            .ok_or_else(|| malformed(DecodeError::new("required, but missing").at("request_id")))?;
        let (error, not_sent) = (text("error"), text("payload_error"));
        let gateway_request_id = text("gateway_request_id");
        let status = text("status").unwrap_or_default();
        let payload = members.remove("payload").unwrap_or_default();
        let failed = status == "ERROR" || (status != "OK" && error.is_some());
        let outcome = match (failed, not_sent) {
            (true, _) => Outcome::Failed(failure(error, &payload)),
            (false, Some(why)) => Outcome::NotSent(why),
            (false, None) => output(&payload),
        };
        Ok(Self {
            outcome: outcome.of_request(&request_id),
            request_id,
            gateway_request_id,
            user_id: None,
            payload,
            input: PhantomData,
        })
    }

    /// Returns the job, attached to a client, for example to fetch an output that the
    /// delivery does not contain.
    ///
    /// # Errors
    /// When the request id is malformed, and when the event's type is [`Value`], which does
    /// not name the endpoint: use [`Endpoint::job`](crate::Endpoint::job) then.
    pub fn job(&self, client: &Client) -> Result<Job<P>> {
        let Some(endpoint) = P::ENDPOINT else {
            let message = "a JSON value does not say which endpoint it is for; use `Endpoint::job`";
            return Err(Error::configuration(message));
        };
        let endpoint = EndpointId::parse(endpoint)?;
        Job::of_ids(client.http.clone(), endpoint, &self.request_id)
    }
}

fn output<O: Decode>(payload: &Value) -> Outcome<O> {
    match O::decode(payload) {
        Ok(output) => Outcome::Output(output),
        Err(source) => Outcome::Failed(
            Error::decode("the output does not match its type", source)
                .with_hint("the result is not lost: it is in `payload`")
                .with_body(Bytes::from(payload.to_string())),
        ),
    }
}

/// The error of a failed job, with the message of the model or, if there is none, of the
/// platform (`Invalid status code: 422`).
fn failure(error: Option<String>, payload: &Value) -> Error {
    let body = match payload {
        Value::Null => ApiBody::default(),
        payload => ApiBody::parse(payload.to_string().as_bytes()),
    };
    let status = error.as_deref().and_then(|words| {
        words
            .strip_prefix("Invalid status code: ")?
            .trim()
            .parse()
            .ok()
    });
    let message = match (body.recognised, error) {
        (true, _) => body.message,
        (false, Some(words)) => words,
        (false, None) => "the job failed".to_owned(),
    };
    let error = Error::new(ErrorKind::JobFailed, message)
        .with_error_type(body.error_type)
        .with_field_errors(body.field_errors)
        .with_body(Bytes::from(payload.to_string()));
    match status {
        Some(status) => error.with_status(status),
        None => error,
    }
}

impl<O> Outcome<O> {
    fn of_request(self, id: &str) -> Self {
        match self {
            Self::Failed(error) => Self::Failed(error.with_request_id(Some(Arc::from(id)))),
            other => other,
        }
    }

    /// Returns the output of the job.
    ///
    /// # Errors
    /// When the job failed, when the output does not match its type, and when the delivery
    /// does not contain the output.
    pub fn into_result(self) -> Result<O> {
        match self {
            Self::Output(output) => Ok(output),
            Self::Failed(error) => Err(error),
            Self::NotSent(why) => Err(Error::new(
                ErrorKind::Decode,
                format!("the webhook arrived without the output: {why}"),
            )
            .with_hint("fetch it with `WebhookEvent::job`")),
        }
    }
}
