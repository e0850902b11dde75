//! Turns fal.ai OpenAPI documents into Rust types for `fal-sdk`.
#![deny(missing_docs)]

pub mod page;
pub mod source;
