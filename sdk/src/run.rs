//! Direct calls: one request, which is answered when the model is done.

use std::future::IntoFuture;
use std::sync::Arc;

use crate::BoxFuture;
use crate::call::{Call, HasOptions, Options, Payload, Prepared, call_options};
use crate::detailed::{Answer, Detailed, Detailing};
use crate::error::{Error, ErrorKind, Result};
use crate::http::{Host, Operation, Reply, unknown};
use crate::trace;

/// A direct call, made when it is awaited: see [`Client::run`](crate::Client::run).
#[must_use = "a call is made when it is awaited"]
pub struct Run<P> {
    call: Call<P>,
}

impl<P: Payload> Run<P> {
    pub(crate) fn new(call: Call<P>) -> Self {
        Self { call }
    }

    call_options!();

    /// Returns the output with the request id, the billed units and the raw JSON.
    pub fn detailed(self) -> Detailing<Self> {
        Detailing(self)
    }

    async fn answer(self) -> Result<Answer> {
        let timeout = self.call.options.timeout;
        let prepared = self.call.prepare().await?;
        let endpoint = prepared.endpoint.shared();
        let run = run(&prepared, timeout);
        trace::call("run", &endpoint, run)
            .await
            .map_err(|error| error.with_endpoint(Arc::clone(&endpoint)))
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
        Box::pin(async move { Ok(self.answer().await?.decode::<P::Output>()?.output) })
    }
}

impl<P: Payload> IntoFuture for Detailing<Run<P>> {
    type Output = Result<Detailed<P::Output>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.0.answer().await?.decode() })
    }
}

async fn run(prepared: &Prepared, timeout: Option<std::time::Duration>) -> Result<Answer> {
    let settings = prepared.http.settings();
    let request = prepared
        .request(
            Operation::Run,
            Host::Run,
            timeout.unwrap_or(settings.timeouts.run),
        )
        .limit(settings.limits.output);
    let reply = prepared.http.send(&request).await?;
    if let Some(id) = reply.request_id() {
        trace::request_id(&id);
    }
    match reply.status {
        status if status.is_success() => Answer::of(reply, Operation::Run),
        _ => Err(error(&reply)),
    }
}

/// What a reply with an error status means: refused, failed in the model, or,
/// where something in front of fal's servers answered, not known.
fn error(reply: &Reply) -> Error {
    let error = reply.error(Operation::Run);
    let is_fals = reply.request_id().is_some() || error.error_type().is_some();
    match reply.status.as_u16() {
        // "Send it there instead": it was not taken here.
        307 | 308 => error,
        408 => unknown(error),
        400..=498 => error,
        status if status >= 499 && is_fals => error.with_kind(ErrorKind::JobFailed),
        _ => unknown(error),
    }
}
