//! What all calls of models have in common: an input for an endpoint, and options.

mod extra;
mod options;
mod payload;
mod setters;
mod tags;
mod wrapper;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Method, Url};
use serde::Serialize;
use serde_json::Value;

pub(crate) use options::Options;
pub use options::Priority;
pub(crate) use payload::local_media;
pub use payload::{JsonInput, Payload};
pub(crate) use setters::{call_options, queue_options};
pub(crate) use wrapper::explain_wrapper;

use crate::contract::wire::{check_finite, to_finite_vec};
use crate::services::input_media::upload_media;
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::limits::moment_after;
use crate::transport::http::retry::RetryPolicy;
use crate::transport::http::{Host, Http, Operation, Request};
use crate::transport::runtime;

/// A call that has not been made yet. The payload and the options are boxed, because they are
/// large and are moved from the builder through all steps of the call.
pub(crate) struct Call<P> {
    pub(crate) http: Http,
    pub(crate) endpoint: Result<EndpointId>,
    pub(crate) payload: Box<P>,
    pub(crate) options: Box<Options>,
}

impl<P: Payload> Call<P> {
    /// A call of the endpoint that the input's type names.
    pub(crate) fn typed(http: Http, payload: P) -> Self {
        let app_length = const { EndpointId::known_app_length(P::ENDPOINT) };
        let endpoint = match (P::ENDPOINT, app_length) {
            (Some(id), Some(length)) => Ok(EndpointId::known(id, length)),
            (Some(id), None) => EndpointId::parse(id),
            (None, _) => Err(Error::configuration(
                "a JSON value does not determine the endpoint; call it with `Client::endpoint`",
            )),
        };
        Self {
            http,
            endpoint,
            payload: Box::new(payload),
            options: Box::default(),
        }
    }

    /// A call of any endpoint. If the input cannot be written as JSON, the call fails when it
    /// is made.
    pub(crate) fn untyped(http: Http, endpoint: EndpointId, input: &impl Serialize) -> Self
    where
        P: From<Value>,
    {
        let mut options = Box::<Options>::default();
        let value = to_json(input).unwrap_or_else(|error| {
            options.error = Some(error);
            Value::Null
        });
        Self {
            http,
            endpoint: Ok(endpoint),
            payload: Box::new(P::from(value)),
            options,
        }
    }

    /// Sets whether the input is checked against the model's document.
    #[cfg(feature = "jsonschema")]
    pub(crate) fn by_document(mut self, by_document: bool) -> Self {
        self.options.by_document = by_document;
        self
    }

    /// Checks the input and the options, uploads media and encodes the body. If this fails,
    /// the call itself has not been sent.
    pub(crate) async fn prepare(self) -> Result<Prepared> {
        let Self {
            http,
            endpoint,
            mut payload,
            options,
        } = self;
        runtime::current()?;
        let endpoint = endpoint?;
        let deadline = options.timeout.map(moment_after);
        if let Some(error) = options.error {
            return Err(error.with_endpoint(endpoint.shared()));
        }
        let named = |error: Error| error.with_endpoint(endpoint.shared());
        let validate = options.validate.unwrap_or(http.settings().validate);
        if validate {
            payload.check().map_err(|error| named(error.into()))?;
        }
        let is_uploaded_first = !local_media(&mut *payload).is_empty();
        let mut body = match is_uploaded_first {
            true => {
                check_finite(&*payload).map_err(|error| named(error.into()))?;
                Bytes::new()
            }
            false => encode(&*payload, &options.extras).map_err(named)?,
        };
        #[cfg(feature = "jsonschema")]
        if validate && options.by_document {
            let check = check_by_document(&http, &endpoint, &*payload, &options.extras);
            within(deadline, Box::pin(check)).await.map_err(named)?;
        }
        if is_uploaded_first {
            let upload = Box::pin(upload_media(&http, local_media(&mut *payload)));
            within(deadline, upload).await.map_err(named)?;
            body = encode(&*payload, &options.extras).map_err(named)?;
        }
        Ok(Prepared {
            is_wrapped: P::ENDPOINT.is_none() && wrapper::is_wrapped(&body),
            http,
            endpoint,
            body,
            headers: options.headers.into_map(),
            query: options.query,
            deadline,
            retry: options.retry,
        })
    }
}

/// Runs `step`, which comes before the call is sent, until the deadline.
async fn within<T>(deadline: Option<Instant>, step: impl Future<Output = Result<T>>) -> Result<T> {
    let Some(deadline) = deadline else {
        return step.await;
    };
    tokio::time::timeout_at(deadline.into(), step)
        .await
        .unwrap_or_else(|_| {
            let message = "the time limit passed before the input was checked and uploaded";
            Err(Error::new(ErrorKind::Timeout, message))
        })
}

/// Checks what is to be sent against the model's document, if the document is available.
#[cfg(feature = "jsonschema")]
async fn check_by_document<P: Payload>(
    http: &Http,
    endpoint: &EndpointId,
    payload: &P,
    extras: &[(String, Value)],
) -> Result<()> {
    let input = with_extras(payload, extras)?;
    crate::services::input_check::check(http, endpoint, &input)
        .await?
        .ok();
    Ok(())
}

/// The body of the call. Numbers that JSON does not have are refused.
fn encode<P: Payload>(payload: &P, extras: &[(String, Value)]) -> Result<Bytes> {
    let text = match extras.is_empty() {
        true => to_finite_vec(payload)?,
        false => {
            check_finite(payload)?;
            serde_json::to_vec(&with_extras(payload, extras)?)
        }
    };
    text.map(Bytes::from).map_err(unwritable)
}

fn with_extras<P: Payload>(payload: &P, extras: &[(String, Value)]) -> Result<Value> {
    let mut value = serde_json::to_value(payload).map_err(unwritable)?;
    for (pointer, extra) in extras {
        extra::set(&mut value, pointer, extra.clone())?;
    }
    Ok(value)
}

/// An input of any type as JSON. Infinite numbers and NaN are refused here, since a JSON value
/// would have `null` in their place.
pub(crate) fn to_json(input: &impl Serialize) -> Result<Value> {
    check_finite(input)?;
    serde_json::to_value(input).map_err(unwritable)
}

/// The error for an input that cannot be written as JSON.
pub(crate) fn unwritable(source: serde_json::Error) -> Error {
    let message = format!("the input cannot be written as JSON: {source}");
    Error::new(ErrorKind::Encode, message)
}

/// A call that is ready to be sent.
pub(crate) struct Prepared {
    pub(crate) http: Http,
    pub(crate) endpoint: EndpointId,
    pub(crate) body: Bytes,
    headers: HeaderMap,
    query: Vec<(&'static str, String)>,
    /// The time at which the call has to be over, if the caller set a limit.
    pub(crate) deadline: Option<Instant>,
    retry: Option<RetryPolicy>,
    /// Whether the input is an object whose only member is `input`.
    pub(crate) is_wrapped: bool,
}

impl Prepared {
    /// The request that sends the call to a host. Its reply may take `timeout`.
    pub(crate) fn request(&self, operation: Operation, host: Host, timeout: Duration) -> Request {
        let url = self.url(host);
        Request::new(operation, Method::POST, url)
            .input(self.body.clone(), timeout)
            .headers(self.headers.clone())
            .deadline(self.deadline)
            .retry(self.retry.clone())
    }

    fn url(&self, host: Host) -> Arc<Url> {
        let mut url = self.http.endpoint_url(host, &self.endpoint);
        if !self.query.is_empty() {
            let mut query = Arc::make_mut(&mut url).query_pairs_mut();
            query.extend_pairs(&self.query);
        }
        url
    }
}
