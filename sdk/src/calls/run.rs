//! Direct calls: one request, which is answered when the model has finished.

mod raw;

use std::sync::Arc;

use reqwest::header::{ACCEPT, HeaderValue};

pub use raw::{RawReply, RawRun};

use crate::calls::call::{Call, Payload, Prepared, call_options, explain_wrapper};
use crate::calls::detailed::{Answer, Detailed, WithDetails};
use crate::transport::box_future::into_future;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Host, Operation, Reply, unknown};
use crate::transport::opaque::opaque;
use crate::transport::trace;

/// A direct call of a model, which is made when this is awaited: see
/// [`Client::run`](crate::Client::run).
#[must_use = "a call is made when it is awaited"]
pub struct Run<P> {
    pub(crate) call: Call<P>,
}

impl<P: Payload> Run<P> {
    pub(crate) fn new(call: Call<P>) -> Self {
        Self { call }
    }

    call_options!(call.options);

    /// Returns the output with the request id, billed units and raw JSON.
    pub fn detailed(self) -> WithDetails<Self> {
        WithDetails(self)
    }

    /// Returns the reply as received, for models whose reply is not JSON but, for example,
    /// audio, an image or text.
    pub fn raw(self) -> RawRun<P> {
        RawRun(self)
    }

    /// The reply, as far as `decode` reads it.
    async fn decoded<T>(self, decode: fn(Answer) -> Result<T>) -> Result<T> {
        let (reply, endpoint) = self.send(None).await?;
        Answer::of(reply, Operation::Run)
            .and_then(decode)
            .map_err(|error| error.with_endpoint(endpoint))
    }

    /// The reply in any media type.
    async fn reply(self) -> Result<Reply> {
        Ok(self.send(Some("*/*")).await?.0)
    }

    /// Makes the call, whose reply is JSON unless another type is accepted.
    async fn send(self, accept: Option<&'static str>) -> Result<(Reply, Arc<str>)> {
        let timeout = self.call.options.timeout;
        let prepared = self.call.prepare().await?;
        let endpoint = prepared.endpoint.shared();
        // Boxed, since moving a future of this size is expensive.
        let run = Box::pin(run(&prepared, timeout, accept));
        trace::call("run", &endpoint, run)
            .await
            .map_err(|error| explain_wrapper(error, prepared.is_wrapped))
            .map_err(|error| error.with_endpoint(Arc::clone(&endpoint)))
            .map(|reply| (reply, Arc::clone(&endpoint)))
    }
}

into_future! {
    <P: Payload> Run<P> => P::Output,
    |call| call.decoded(Answer::into_output)
}

into_future! {
    <P: Payload> WithDetails<Run<P>> => Detailed<P::Output>,
    |call| call.0.decoded(Answer::decode)
}

async fn run(
    prepared: &Prepared,
    timeout: Option<std::time::Duration>,
    accept: Option<&'static str>,
) -> Result<Reply> {
    let settings = prepared.http.settings();
    let timeout = timeout.unwrap_or(settings.timeouts.run);
    let mut request = prepared
        .request(Operation::Run, Host::Run, timeout)
        .limit(settings.limits.output);
    if let Some(accept) = accept {
        request = request.header(ACCEPT, HeaderValue::from_static(accept));
    }
    let reply = prepared.http.send(&request).await?;
    trace::request_id_of(|| reply.request_id());
    match reply.status {
        status if status.is_success() => Ok(reply),
        _ => Err(error(&reply, Operation::Run)),
    }
}

/// The error for a reply with an error status: the call was refused, it failed in the model,
/// or, if something in front of fal's servers answered, its outcome is not known.
pub(crate) fn error(reply: &Reply, operation: Operation) -> Error {
    let error = reply.error(operation);
    let is_fals = reply.request_id().is_some() || error.error_type().is_some();
    match reply.status.as_u16() {
        // A redirect that keeps the method: the request was not accepted here.
        307 | 308 => error,
        408 => unknown(error),
        400..=498 => error,
        status if status >= 499 && is_fals => error.with_kind(ErrorKind::JobFailed),
        _ => unknown(error),
    }
}

opaque! { Run<P> }
