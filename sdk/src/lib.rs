//! Typed Rust SDK for the generative-media models of fal.ai.
#![deny(missing_docs)]

mod call;
pub mod client;
#[cfg(test)]
mod conformance;
mod detailed;
pub mod download;
pub mod endpoint;
pub mod endpoint_id;
pub mod error;
pub mod file;
mod http;
pub mod lifecycle;
pub mod media;
mod queue;
mod run;
pub mod storage;
mod timestamp;
mod untyped;
pub mod validate;
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
pub use queue::{
    Batch, CancelOutcome, Job, JobResult, JobStatus, Log, LogLevel, State, Status, Submit,
    Subscribe, Update, Updates,
};
pub use run::Run;
pub use storage::{Progress, Repository, Storage, Upload, Uploads};
pub use untyped::Endpoint;
pub use validate::{Validate, ValidationError, Violation};
pub use wire::{Decode, DecodeError, Nullable};

/// When failed calls are made again.
pub mod retry {
    pub use crate::http::retry::{Attempt, Decision, RetryPolicy};
}

/// A boxed future that can be sent between threads: what awaiting a call runs.
pub type BoxFuture<T> = std::pin::Pin<Box<dyn Future<Output = T> + Send>>;
