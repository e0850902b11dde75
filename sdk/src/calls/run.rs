//! Direct calls: one request, which is answered when the model has finished.

mod raw;

use std::future::IntoFuture;
use std::sync::Arc;

use reqwest::header::{ACCEPT, HeaderValue};

pub use raw::{RawReply, RawRun};

use crate::calls::call::{
    Call, HasOptions, Options, Payload, Prepared, call_options, explain_wrapper,
};
use crate::calls::detailed::{Answer, Detailed, WithDetails};
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Host, Operation, Reply, unknown};
use crate::transport::opaque::opaque;
use crate::transport::trace;

/// A direct call of a model, which is made when this is awaited: see
/// [`Client::run`](crate::Client::run).
#[must_use = "a call is made when it is awaited"]
pub struct Run<P> {
    call: Call<P>,
}

impl<P: Payload> Run<P> {
    pub(crate) fn new(call: Call<P>) -> Self {
        Self { call }
    }

    call_options!();

    /// Returns the output with the request id, billed units and raw JSON.
    pub fn detailed(self) -> WithDetails<Self> {
        WithDetails(self)
    }

    /// Returns the reply as received, for models whose reply is not JSON but, for example,
    /// audio, an image or text.
    pub fn raw(self) -> RawRun<P> {
        RawRun(self)
    }

    async fn detailed_output(self) -> Result<Detailed<P::Output>> {
        let (reply, endpoint) = self.send(ACCEPT_JSON).await?;
        Answer::of(reply, Operation::Run)
            .and_then(Answer::decode)
            .map_err(|error| error.with_endpoint(endpoint))
    }

    pub(crate) async fn reply(self, accept: &'static str) -> Result<Reply> {
        Ok(self.send(accept).await?.0)
    }

    async fn send(self, accept: &'static str) -> Result<(Reply, Arc<str>)> {
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

impl<P> HasOptions for Run<P> {
    fn options_mut(&mut self) -> &mut Options {
        &mut self.call.options
    }
}

impl<P: Payload> IntoFuture for Run<P> {
    type Output = Result<P::Output>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.detailed_output().await?.output) })
    }
}

impl<P: Payload> IntoFuture for WithDetails<Run<P>> {
    type Output = Result<Detailed<P::Output>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.0.detailed_output())
    }
}

const ACCEPT_JSON: &str = "application/json";

async fn run(
    prepared: &Prepared,
    timeout: Option<std::time::Duration>,
    accept: &'static str,
) -> Result<Reply> {
    let settings = prepared.http.settings();
    let request = prepared
        .request(
            Operation::Run,
            Host::Run,
            timeout.unwrap_or(settings.timeouts.run),
        )
        .header(ACCEPT, HeaderValue::from_static(accept))
        .limit(settings.limits.output);
    let reply = prepared.http.send(&request).await?;
    if let Some(id) = reply.request_id() {
        trace::request_id(id);
    }
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
