//! Documents as they are written: their text, their parts, and every schema with its JSON pointer. Nothing here depends on
//! Rust types.

mod document;
mod endpoint_id;
mod malformed;
mod pointer;
mod read;
mod reference;
mod routes;
mod scan;
mod schema;

pub use document::{Document, MAX_BYTES, read_json};
pub use endpoint_id::{EndpointId, InvalidEndpointId};
pub(crate) use endpoint_id::{family, is_device};
pub use malformed::Malformed;
pub use pointer::{last as last_segment, push as push_pointer};
pub use read::read_schema;
pub use reference::component;
pub use schema::{Additional, Annotations, ListRules, ObjectRules, Schema};

pub use crate::json::{Type, canonical};

/// A document to generate from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path that diagnostics and the header of generated files show, for
    /// example `schemas/openapi/fal-ai/flux/dev.json`.
    pub path: String,
    /// The OpenAPI document, as JSON text.
    pub text: String,
}

impl Source {
    /// Creates a source from the document's path and its text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }
}
