//! The types and traits that generated code uses, and the encoding, decoding and validation of
//! values. Nothing here sends a request.

mod declarations;
pub mod endpoint;
pub mod file;
#[cfg(feature = "jsonschema")]
pub mod input_schema;
pub mod media;
#[cfg(feature = "schemars")]
pub mod schema;
pub mod validate;
pub mod wire;
