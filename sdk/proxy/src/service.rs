//! The service, which turns a browser's request into a call and fal's reply into a response.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use fal_sdk::forward::Forwarded;
use fal_sdk::{BoxFuture, Client, Error, ErrorKind};
use http::request::Parts;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use crate::call::{Action, ProxyCall, ProxyReply};
use crate::headers;
use crate::refusal::Refusal;
use crate::reply_body::ReplyBody;
use crate::request_body::{self, BoxError, RequestBody};
use crate::route::{self, Policy, Route};

pub(crate) type Authorize = Arc<dyn Fn(ProxyCall) -> BoxFuture<Result<(), Refusal>> + Send + Sync>;
pub(crate) type OnReply = Arc<dyn Fn(&ProxyCall, &ProxyReply<'_>) + Send + Sync>;

/// The longest time between two pieces of a body without a length.
const BODY_IDLE: Duration = Duration::from_secs(30);

/// The proxy as a `tower` service: see the [crate's page](crate). Cloning it is cheap. axum
/// accepts it as a route: `Router::new().route_service("/api/fal/proxy", proxy)`.
#[derive(Clone)]
pub struct ProxyService(Arc<Settings>);

pub(crate) struct Settings {
    pub(crate) client: Client,
    pub(crate) policy: Policy,
    pub(crate) body_limit: u64,
    pub(crate) authorize: Option<Authorize>,
    pub(crate) on_reply: Option<OnReply>,
}

impl ProxyService {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }

    async fn answer<B>(&self, request: Request<B>) -> Response<ReplyBody>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let (parts, body) = request.into_parts();
        let passed = self.0.pass_on(parts, body).await;
        passed.unwrap_or_else(Refusal::into_response)
    }
}

impl Settings {
    async fn pass_on<B>(&self, parts: Parts, body: B) -> Result<Response<ReplyBody>, Refusal>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let target = route::target(&self.client, &parts.headers)?;
        let route = route::route(&self.policy, &parts.method, &target)?;
        let call = call(&route, parts, &body);
        if let Some(authorize) = &self.authorize {
            authorize(call.clone()).await?;
        }
        let mut forward = self
            .client
            .forward(route.operation(), route.method(), &target)
            .headers(headers::of_request(&call.headers, route.has_body()));
        if route.has_body() {
            let body = RequestBody::of(body, self.body_limit, BODY_IDLE).await?;
            forward = forward.body(body.length, body.pieces);
        }
        match forward.await {
            Ok(reply) => {
                self.report(&call, &of_forwarded(&reply));
                Ok(response(reply))
            }
            Err(error) => {
                let refusal = of_error(&error, call.action);
                self.report(&call, &of_failure(&refusal, &error));
                Err(refusal)
            }
        }
    }

    fn report(&self, call: &ProxyCall, reply: &ProxyReply<'_>) {
        if let Some(on_reply) = &self.on_reply {
            on_reply(call, reply);
        }
    }
}

fn call(route: &Route, parts: Parts, body: &impl Body) -> ProxyCall {
    ProxyCall {
        action: route.action,
        endpoint: route.endpoint.clone(),
        request_id: route.request_id.clone(),
        body_size: body.size_hint().exact(),
        headers: parts.headers,
        extensions: parts.extensions,
    }
}

fn response(reply: Forwarded) -> Response<ReplyBody> {
    let (status, headers) = (reply.status(), headers::of_reply(reply.headers()));
    let mut response = Response::new(ReplyBody::of_stream(reply.into_stream()));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn of_forwarded(reply: &Forwarded) -> ProxyReply<'_> {
    let units = text(reply.headers(), &headers::BILLABLE_UNITS);
    ProxyReply {
        status: reply.status(),
        request_id: text(reply.headers(), &headers::REQUEST_ID),
        billable_units: units.and_then(|units| units.trim().parse().ok()),
        error: None,
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &http::HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn of_failure<'e>(refusal: &Refusal, error: &'e Error) -> ProxyReply<'e> {
    ProxyReply {
        status: refusal.status(),
        request_id: error.request_id(),
        billable_units: None,
        error: Some(error),
    }
}

/// The reply to the browser for an error. The error's own message can name hosts of the server's
/// network, so only [`ProxyReply::error`] has it.
fn of_error(error: &Error, action: Action) -> Refusal {
    // fal's clients send a call again after 502, 503 and 504.
    let (status, reason, message) = match error.kind() {
        ErrorKind::Io => return request_body::broken(),
        ErrorKind::Configuration | ErrorKind::Usage => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "no_credentials",
            "the proxy has no key for this call",
        ),
        ErrorKind::Redirect => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "redirected",
            "fal answered with a redirect, which is not followed",
        ),
        ErrorKind::Connection => (
            StatusCode::BAD_GATEWAY,
            "unreachable",
            "fal cannot be reached",
        ),
        _ if action.is_billable() => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "outcome_unknown",
            "fal did not reply; the call may have been accepted and charged",
        ),
        ErrorKind::Timeout => (
            StatusCode::GATEWAY_TIMEOUT,
            "timeout",
            "fal did not reply in time",
        ),
        _ => (
            StatusCode::BAD_GATEWAY,
            "unreachable",
            "the connection to fal broke",
        ),
    };
    Refusal::new(status, reason, message)
}

impl<B> Service<Request<B>> for ProxyService
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<ReplyBody>;
    type Error = Infallible;
    type Future = BoxFuture<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.answer(request).await) })
    }
}

impl fmt::Debug for ProxyService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyService")
            .field("client", &self.0.client)
            .field("policy", &self.0.policy)
            .field("body_limit", &self.0.body_limit)
            .finish_non_exhaustive()
    }
}
