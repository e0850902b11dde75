//! A proxy for [fal.ai](https://fal.ai)'s browser clients, which keeps the key on the server.
//!
//! fal's clients for browsers and apps have a setting `proxyUrl`. If it is set, they send each
//! call there, with the real URL in the header `x-fal-target-url` and without a key.
//! [`ProxyService`] answers these calls. It is a `tower` service, which axum and other
//! frameworks accept as a route, and passes on the calls that you allow, with the key.
//!
//! ```no_run
//! use axum::Router;
//! use fal_proxy::{ProxyCall, ProxyService, Refusal};
//! use fal_sdk::Client;
//!
//! /// The application's own rule.
//! async fn authorize(call: ProxyCall) -> Result<(), Refusal> {
//!     match call.headers.get("x-session") {
//!         Some(session) if session == "known" => Ok(()),
//!         _ => Err(Refusal::unauthorized("log in first")),
//!     }
//! }
//!
//! # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! let proxy = ProxyService::builder(Client::from_env()?) // FAL_KEY
//!     .allow(["fal-ai/flux/dev", "fal-ai/flux-pro/*"])
//!     .uploads(true)
//!     .authorize(authorize)
//!     .build()?;
//! let app: Router = Router::new().route_service("/api/fal/proxy", proxy);
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//! axum::serve(listener, app).await?;
//! # Ok(())
//! # }
//! ```
//!
//! In the browser: `fal.config({ proxyUrl: "/api/fal/proxy" })`.
//!
//! # What is passed on
//!
//! | Call | Allowed if |
//! |---|---|
//! | `POST fal.run/{id}`, `…/stream` | the endpoint is on the list |
//! | `POST queue.fal.run/{id}` | the endpoint is on the list; with `fal_webhook`, if [`webhooks`](ProxyServiceBuilder::webhooks) are allowed |
//! | status, status stream, result, cancellation of a job | an endpoint of the same app (`owner/name`) is on the list |
//! | `POST rest.fal.ai/storage/upload/initiate`, `…/initiate-multipart` | [`uploads`](ProxyServiceBuilder::uploads) are allowed |
//! | anything else | never |
//!
//! The URL has to be in its normal form, encrypted, and on exactly these hosts at their usual
//! port. It is not used as given: the request is sent to the address that the
//! [`Client`](fal_sdk::Client) has for the service.
//!
//! Of the browser's headers, only `accept` and the known options of calls, such as
//! `x-fal-queue-priority`, are passed on; of the reply's headers, those of the content and
//! those of fal that clients read. Replies are marked as not to be cached, since all calls
//! have the same URL.
//!
//! Request bodies, up to a [limit](ProxyServiceBuilder::body_limit), and replies are passed on
//! piece by piece as they arrive, so that streams work. A call is passed on once. If it can
//! cost money and its outcome is unknown, the status is 500, which fal's clients do not
//! retry; they retry 502, 503 and 504, even if that pays twice.
//!
//! # Refusals
//!
//! The reply to a call that is not passed on has an error status and JSON:
//! `{"reason": "endpoint_not_allowed", "message": "…", "detail": "…"}`. [`Refusal`] lists
//! the reasons.
//!
//! # Jobs of other users
//!
//! Anyone who knows the id of a request can fetch its result through the proxy, if the
//! endpoint is allowed. Ids cannot be guessed. To let users fetch only the results of their
//! own jobs, record the ids of submitted jobs in [`on_reply`](ProxyServiceBuilder::on_reply),
//! and compare them in [`authorize`](ProxyServiceBuilder::authorize).
#![deny(missing_docs)]
#![warn(missing_debug_implementations)]

mod allow_list;
mod builder;
mod call;
mod headers;
mod refusal;
mod reply_body;
mod request_body;
mod route;
mod service;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub use builder::{BuildError, ProxyServiceBuilder};
pub use call::{Action, ProxyCall, ProxyReply};
pub use refusal::Refusal;
pub use reply_body::ReplyBody;
pub use service::ProxyService;
