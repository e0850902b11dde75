//! Typed Rust SDK for the generative-media models of [fal.ai](https://fal.ai).
//!
//! Each model has a typed input, and the input determines the endpoint and the type of the
//! output:
//!
//! ```no_run
//! # #[cfg(feature = "wan-22-vace-fun-a14b")]
//! # async fn example() -> fal_sdk::Result<()> {
//! use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::{DepthInput, Resolution};
//! use fal_sdk::{Client, Media};
//!
//! let fal = Client::from_env()?; // FAL_KEY
//! let input = DepthInput::new("A street in the morning", Media::path("walk.mp4"))
//!     .resolution(Resolution::P720)
//!     .num_frames(81);
//! let output = fal
//!     .subscribe(input)
//!     .logs(true)
//!     .on_update(|update| println!("{update}"))
//!     .await?;
//! fal.download(&output.video.url).to_path("depth.mp4").await?;
//! # Ok(())
//! # }
//! ```
//!
//! Models without generated types are called with JSON, or with types of your own
//! ([`Json`]):
//!
//! ```no_run
//! # async fn example(fal: fal_sdk::Client) -> fal_sdk::Result<()> {
//! use serde_json::json;
//!
//! let output = fal.endpoint("fal-ai/flux/dev")?.subscribe(json!({"prompt": "a cat"})).await?;
//! println!("{}", output["images"][0]["url"]);
//! # Ok(())
//! # }
//! ```
//!
//! # Where to start
//!
//! The [`guide`] has a page for each subject: [getting started](guide::start), [the
//! queue](guide::queue), [batches on many machines](guide::many_machines),
//! [errors and retries](guide::errors), [media](guide::media),
//! [webhooks](guide::webhooks), [browsers and apps](guide::browsers), [testing without a
//! key](guide::testing), [TLS and network proxies](guide::network), [the platform
//! API](guide::platform), [tools for language models](guide::tools), [models that
//! change](guide::schemas).
//!
//! * [`Client::subscribe`] submits a job, waits until it finishes and returns its output;
//!   [`Client::submit`] returns a [`Job`] that can be queried, stored or cancelled;
//!   [`Client::run`] calls a model directly, without the queue; [`Client::batch`] runs many
//!   jobs.
//! * A call is a builder: chain its options, then `.await` it. Its future is `Send`
//!   and `'static`, and needs a tokio runtime. In a program without one, use
//!   [`blocking`](https://docs.rs/fal-sdk/latest/fal_sdk/blocking).
//! * Calls fail with an [`Error`]. A call that costs money is sent again only if the server
//!   cannot have accepted it before; [`retry`] lists all cases.
//! * Inputs are checked against the rules of their schema before anything is sent.
//! * The key is sent only to fal's hosts, or to those that the client was given.
//!
//! # Features
//!
//! Only `rustls` is on by default. The [list of endpoints](guide::endpoint_list) names the
//! module of each, and the feature that enables it.
//!
//! | Feature | What it adds |
//! |---|---|
//! | a feature for each group of endpoints, such as `wan-22-vace-fun-a14b` | the types of those endpoints, in [`endpoints`] |
//! | `blocking` | a client for programs without an async runtime |
//! | `jsonschema` | checking inputs without generated types against the model's OpenAPI document |
//! | `tracing` | a span for each call, with its request id and timings |
//! | `realtime` | realtime connections, and direct calls over a websocket |
//! | `schemars` | JSON Schemas of all generated types, for example for the tools of a language model |
//! | `webhook` | verifying and reading webhooks |
//! | `rustls` | TLS with rustls and aws-lc; on by default |
//! | `rustls-ring` | TLS with rustls and ring; to be used with `default-features = false` |
//! | `native-tls` | the operating system's TLS (OpenSSL on Linux); to be used with `default-features = false` |
//! | `chrono` | conversions from the types of the crate `chrono` into [`platform::Timestamp`] |
//! | `jiff` | conversions from the types of the crate `jiff` into [`platform::Timestamp`] |
//! | `time` | conversions from the types of the crate `time` into [`platform::Timestamp`] |
//! | `forward` | passing on requests of other programs with this client's key, as `fal-proxy` does |
//! | `journal-conformance` | a suite of tests that every [journal] of batches has to pass |
#![deny(missing_docs)]
#![warn(missing_debug_implementations)]
#![cfg_attr(docsrs, feature(doc_cfg))]

// Layers: entry_points → calls → services → transport → contract. Each imports only from the
// layers to the right of it; a test checks the imports.
mod calls;
mod contract;
mod entry_points;
mod services;
mod transport;

#[cfg(test)]
mod conformance;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(test)]
mod mutation;
#[rustfmt::skip]
pub mod endpoints;
#[cfg(doc)]
pub mod guide;

#[cfg(feature = "forward")]
pub use calls::forward;
pub use calls::queue::journal;
#[cfg(feature = "realtime")]
pub use calls::realtime;
pub use calls::stream;
#[cfg(feature = "schemars")]
pub use contract::schema;
pub use contract::{endpoint, file, media, validate, wire};
#[cfg(feature = "blocking")]
pub use entry_points::blocking;
pub use entry_points::client;
#[cfg(feature = "webhook")]
pub use entry_points::webhook;
pub use services::{download, platform, storage};
pub use transport::{endpoint_id, error, lifecycle};

// The types that programs use most. They have their pages in the crate's root.
pub use calls::call::{JsonInput, Payload, Priority};
pub use calls::detailed::{Detailed, WithDetails};
pub use calls::queue::{
    Batch, CancelOutcome, Job, Log, LogLevel, ResultRequest, State, Status, StatusRequest, Submit,
    Subscribe, Update, Updates,
};
pub use calls::run::{RawReply, RawRun, Run};
#[doc(inline)]
pub use calls::stream::{OutputStream, RawStream, RawStreaming, Streaming};
#[doc(inline)]
pub use contract::endpoint::{Input, Output};
#[doc(inline)]
pub use contract::file::{Audio, File, Image, Video};
#[doc(inline)]
#[cfg(feature = "jsonschema")]
pub use contract::input_schema::{InputSchema, SchemaError};
#[doc(inline)]
pub use contract::media::Media;
#[doc(inline)]
pub use contract::validate::{Validate, ValidationError, Violation};
#[doc(inline)]
pub use contract::wire::{Decode, DecodeError, Json, Nullable};
#[doc(inline)]
pub use entry_points::client::{Client, ClientBuilder};
pub use entry_points::untyped::Endpoint;
#[doc(inline)]
#[cfg(feature = "jsonschema")]
pub use entry_points::untyped::{CheckOutcome, SchemaStatus};
#[doc(inline)]
pub use services::download::Download;
#[doc(inline)]
pub use services::platform::Platform;
#[doc(inline)]
pub use services::storage::{
    Progress, Repository, ResumableUpload, Storage, Upload, UploadSettings,
};
pub use transport::box_future::BoxFuture;
#[doc(inline)]
pub use transport::endpoint_id::EndpointId;
#[doc(inline)]
pub use transport::error::{Error, ErrorKind, FieldError, Result};
pub use transport::http::credentials::Credentials;
pub use transport::http::hosts::Host;
pub use transport::http::limits::{Limits, Timeouts};
pub use transport::http::proxy::Proxy;
pub use transport::http::{Operation, PollInterval, StatusMode};
#[doc(inline)]
pub use transport::lifecycle::Lifecycle;
pub use transport::upload_policy::UploadPolicy;

/// The HTTP library, re-exported because its types are part of this crate's public interface.
pub use reqwest;

/// Which failed calls are retried, and which error the caller gets.
///
/// A call that costs money is retried only if the server cannot have accepted it, because a
/// job that runs twice is paid for twice. A call that was sent but got no reply therefore
/// fails with [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown): look for the job in fal's
/// dashboard, or accept the risk and call again. Calls that only read are retried freely.
///
/// | What happens | `submit`, `run` | status, result, cancel |
/// |---|---|---|
/// | no connection could be made (name not resolved, refused, TLS failed, too slow) | repeated, then `Connection` | repeated, then `Connection` |
/// | the HTTP/2 stream was refused (`REFUSED_STREAM`, `GOAWAY`) | repeated | repeated |
/// | 429 | repeated, after `Retry-After` if it is short enough, then `Api` | the same |
/// | 400, 401, 403, 404, 422 … | `Api` | `Api`; for a result, `JobFailed` if that is the model's answer |
/// | 404 of a result although the job has finished | – | repeated, then `Expired` |
/// | 410 | `Api` | `Expired` |
/// | 408, 5xx from a proxy in front of fal (no request id), 520 to 524 | `OutcomeUnknown` | repeated, then `Api` |
/// | 425 | `Api` | repeated, then `Api` |
/// | 500 from the model | `OutcomeUnknown`; for `run`, `JobFailed` | for a result, repeated once, then `JobFailed`; otherwise repeated, then `Api` |
/// | another 5xx from fal or the model | `OutcomeUnknown`; for `run`, `JobFailed` | for a result, `JobFailed`; otherwise repeated, then `Api` |
/// | the connection broke, or no reply arrived in time | `OutcomeUnknown` | repeated, then `Transport` or `Timeout` |
/// | the reply broke off or stalled | `OutcomeUnknown`; `submit` returns the job if the request id had arrived | repeated, then `Transport` or `Timeout` |
/// | 200 that is not JSON | `OutcomeUnknown`; `submit` returns the job if the reply has its request id; for `run`, `Decode` with the body | `Decode` with the body; a status with logs is requested again without them |
/// | a reply in a coding that was not requested, such as gzip | `OutcomeUnknown`; for `run`, `Decode` with the body and its coding | `Decode` with the body and its coding |
/// | an output that does not match its type | `Decode` with the body and the JSON pointer | the same |
/// | a redirect | `Redirect` for 307 and 308, otherwise `OutcomeUnknown`; not followed | `Redirect` |
///
/// While a job is being followed, a status or a result that cannot be fetched does not end
/// the call: the stream is reopened, the status is polled, or the result is requested again,
/// for as long as [`Timeouts::unreachable`](crate::Timeouts) allows, whatever the retry policy
/// is. If that is not long enough, the error has the request id, with which
/// [`Client::job`](crate::Client::job) fetches the result later.
///
/// An HTTP/2 connection that does not answer pings
/// ([`Timeouts::keep_alive`](crate::Timeouts)), and any connection over which a request
/// timed out, is not used for further requests. Sending the input of a `submit` may take
/// longer than [`Timeouts::request`](crate::Timeouts) as long as bytes keep moving; the
/// limit then counts from the end of the input. A date in `Retry-After` counts from the
/// `Date` of the reply, so the clocks of this machine and the server need not agree.
///
/// # Where other clients differ
///
/// | | `fal-sdk` | fal's Python client | fal's JavaScript client |
/// |---|---|---|---|
/// | `submit` after 502, 503 or 504 from the ingress, or a lost reply | not repeated, since the job could be paid for twice | repeated up to 10 times | repeated up to 3 times |
/// | `Retry-After` | honoured, up to 60 s | ignored | ignored |
/// | number of attempts; first wait; longest wait | 5; 0.25 s; 20 s; half of each wait is random | 10; 0.1 s; 30 s | 4; 0.5 or 1 s; 15 to 60 s |
/// | status while waiting | streamed; polled if the stream fails | polled every 0.1 s | polled every 0.5 s |
/// | start timeout | under the older and the newer header name, as `30` | older name, `30.0` | older name, `30` |
/// | total timeout | cancels the job, and the error has its id; the start timeout is not changed | sets the start timeout too | cancels |
/// | priority | sent if chosen | sent if chosen | always sent |
/// | message of an error | the server's message | the server's message | the status line |
pub mod retry {
    pub use crate::transport::http::retry::{Attempt, Decision, RetryPolicy};
}
