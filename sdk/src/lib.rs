//! Typed Rust SDK for the generative-media models of fal.ai.
#![deny(missing_docs)]

pub mod endpoint;
pub mod file;
pub mod media;
pub mod validate;
pub mod wire;

pub use endpoint::{Input, Output};
pub use file::{Audio, File, Image, Video};
pub use media::Media;
pub use validate::{Validate, ValidationError, Violation};
pub use wire::{Decode, DecodeError, Nullable};
