//! Requests to fal's servers, and the errors, ids and settings that all of them share.

pub(crate) mod box_future;
pub(crate) mod chaining_setters;
pub mod endpoint_id;
pub mod error;
pub(crate) mod escape;
pub(crate) mod http;
pub mod lifecycle;
pub(crate) mod lock;
pub(crate) mod named_enum;
pub(crate) mod opaque;
pub(crate) mod redact;
pub(crate) mod runtime;
pub(crate) mod timestamp;
pub(crate) mod trace;
pub(crate) mod upload_policy;
pub(crate) mod upload_settings;
