//! Typed Rust SDK for the generative-media models of fal.ai.
//!
//! ```no_run
//! # async fn example() -> fal_sdk::Result<()> {
//! use fal_sdk::Client;
//! use serde_json::json;
//!
//! let fal = Client::from_env()?; // FAL_KEY
//! let output = fal
//!     .endpoint("fal-ai/flux/dev")?
//!     .subscribe(json!({"prompt": "a cat"}))
//!     .logs(true)
//!     .on_update(|update| println!("{update}"))
//!     .await?;
//! println!("{}", output["images"][0]["url"]);
//! # Ok(())
//! # }
//! ```
//!
//! * [`Client::subscribe`] submits a job, waits and returns its output;
//!   [`Client::submit`] returns a [`Job`] to be asked about, kept or cancelled;
//!   [`Client::run`] calls a model directly; [`Client::batch`] runs many jobs.
//!   Typed inputs know their endpoint and output; [`Client::endpoint`] takes JSON.
//! * Every call is a builder: options are chained, `.await` makes the call. Its
//!   future is `Send` and `'static`, and needs a tokio runtime; without one, there
//!   is [`blocking`](https://docs.rs/fal-sdk/latest/fal_sdk/blocking).
//! * Every error is an [`Error`]: what happens in which case, and what is repeated,
//!   says [`retry`].
//! * The key goes to fal's hosts, or those that the client was given, and nowhere
//!   else.
//!
//! The [`guide`] takes one subject at a time. Which endpoints there are, and what
//! feature switches each on, says `ENDPOINTS.md`.
//!
//! | Feature (none is on by default) | What it switches on |
//! |---|---|
//! | one per group of endpoints | the types of those endpoints, in [`endpoints`] |
//! | `blocking` | a client for programs without an async runtime |
//! | `tracing` | a span per call with request id and timings |
//! | `realtime` | realtime connections, and calls over a websocket |
//! | `schemars` | JSON Schemas of all types, for tool calls |
//! | `webhook` | verifying and reading webhooks |
#![deny(missing_docs)]
#![warn(missing_debug_implementations)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
pub mod client;
#[cfg(test)]
mod conformance;
mod detailed;
pub mod download;
pub mod endpoint;
pub mod endpoint_id;
#[rustfmt::skip]
pub mod endpoints;
pub mod error;
pub mod file;
#[cfg(doc)]
pub mod guide;
mod http;
pub mod lifecycle;
pub mod media;
mod opaque;
pub mod platform;
mod queue;
mod raw;
#[cfg(feature = "realtime")]
pub mod realtime;
mod run;
#[cfg(feature = "schemars")]
pub mod schema;
pub mod storage;
pub mod stream;
mod timestamp;
mod trace;
mod untyped;
pub mod validate;
#[cfg(feature = "webhook")]
pub mod webhook;
pub mod wire;

pub use call::{Payload, Priority};
pub use client::{Client, ClientBuilder};
pub use detailed::{Detailed, Detailing};
pub use download::Download;
pub use endpoint::{Input, Output};
pub use endpoint_id::EndpointId;
pub use error::{Error, ErrorKind, FieldError, Result};
pub use file::{Audio, File, Image, Video};
pub use http::credentials::Credentials;
pub use http::hosts::Host;
pub use http::limits::{Limits, Timeouts};
pub use http::proxy::Proxy;
pub use http::{Operation, Pace, StatusMode};
pub use lifecycle::Lifecycle;
pub use media::Media;
pub use platform::Platform;
pub use queue::{
    Batch, CancelOutcome, Job, JobResult, JobStatus, Log, LogLevel, State, Status, Submit,
    Subscribe, Update, Updates,
};
pub use raw::{RawReply, RawRun};
pub use run::Run;
pub use storage::{Progress, Repository, ResumableUpload, Storage, Upload, Uploads};
pub use stream::{OutputStream, RawStream, RawStreaming, Streaming};
pub use untyped::Endpoint;
pub use validate::{Validate, ValidationError, Violation};
pub use wire::{Decode, DecodeError, Nullable};

/// When failed calls are made again, and what a caller learns.
///
/// A call that costs money is sent a second time only when the server cannot have
/// accepted the first: a job that runs twice is paid for twice. What was sent and
/// not answered is therefore an error of its own,
/// [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown): look for the job (fal's
/// dashboard shows it), or call again knowing the risk. Calls that only read are
/// repeated freely.
///
/// | What happens | `submit`, `run` | status, result, cancel |
/// |---|---|---|
/// | no connection could be made (address, refused, TLS, in time) | repeated, then `Connection` | repeated, then `Connection` |
/// | the HTTP/2 stream was refused (`REFUSED_STREAM`, `GOAWAY`) | repeated | repeated |
/// | 429 | repeated, after `Retry-After` if it is short enough, then `Api` | the same |
/// | 400, 401, 403, 404, 422 … | `Api` | `Api`; of a result, what the model answered: `JobFailed` |
/// | 408, 5xx of something in front of fal (no request id) | `OutcomeUnknown` | repeated, then `Api` |
/// | 5xx of fal or the model | `OutcomeUnknown`; of `run`, `JobFailed` | of a result, `JobFailed`; else repeated, then `Api` |
/// | the connection broke, or no reply came in time | `OutcomeUnknown` | repeated, then `Transport` or `Timeout` |
/// | the reply broke off or stalled | `OutcomeUnknown` | repeated, then `Transport` or `Timeout` |
/// | 200 that is no JSON | `OutcomeUnknown`; of `run`, `Decode` with the body | `Decode` with the body |
/// | an output of another shape | `Decode` with the body and the JSON pointer | the same |
/// | a redirect | `Redirect`, or `OutcomeUnknown` but for 307 and 308; not followed | `Redirect` |
///
/// While a job is watched, a status that cannot be learned ends nothing: the
/// stream is opened again, the status is polled, for as long as
/// [`Timeouts::unreachable`](crate::Timeouts) says and whatever the policy here. A
/// result that cannot be fetched is an error with the request id: by it,
/// [`Client::job`](crate::Client::job) fetches the result later.
///
/// # Where other clients differ
///
/// | | this one | fal's Python client | fal's JavaScript client |
/// |---|---|---|---|
/// | `submit` after 502, 503, 504 of the ingress or a lost reply | not repeated, since it could pay twice | repeated up to 10 times | repeated up to 3 times |
/// | `Retry-After` | kept, up to 60 s | ignored | ignored |
/// | attempts; first wait; longest | 5; 0.25 s; 20 s; jittered by half | 10; 0.1 s; 30 s | 4; 0.5 or 1 s; 15 to 60 s |
/// | status while waiting | streamed, polled where that fails | polled every 0.1 s | polled every 0.5 s |
/// | start timeout | under the older and the newer header name, as `30` | older name, `30.0` | older name, `30` |
/// | total timeout | cancels the job, error with its id; the start timeout is left alone | sets the start timeout too | cancels |
/// | priority | sent if chosen | sent if chosen | always sent |
/// | words of an error | the server's | the server's | the status line's |
pub mod retry {
    pub use crate::http::retry::{Attempt, Decision, RetryPolicy};
}

/// A boxed future that can be sent between threads: what awaiting a call runs.
pub type BoxFuture<T> = std::pin::Pin<Box<dyn Future<Output = T> + Send>>;
