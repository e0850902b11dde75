//! Typed Rust SDK for the generative-media models of fal.ai.
#![deny(missing_docs)]

pub mod client;
#[cfg(test)]
mod conformance;
pub mod endpoint;
pub mod endpoint_id;
pub mod error;
pub mod file;
mod http;
pub mod media;
pub mod validate;
pub mod wire;

pub use client::{Client, ClientBuilder};
pub use endpoint::{Input, Output};
pub use endpoint_id::EndpointId;
pub use error::{Error, ErrorKind, FieldError, Result};
pub use file::{Audio, File, Image, Video};
pub use http::credentials::Credentials;
pub use http::hosts::Host;
pub use http::limits::{Limits, Timeouts};
pub use http::{Operation, Pace, StatusMode};
pub use media::Media;
pub use validate::{Validate, ValidationError, Violation};
pub use wire::{Decode, DecodeError, Nullable};

/// When failed calls are made again.
pub mod retry {
    pub use crate::http::retry::{Attempt, Decision, RetryPolicy};
}
