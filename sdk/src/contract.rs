//! What generated code uses: types, and how they are written, read and checked. It
//! sends nothing and knows no server.

mod declarations;
pub mod endpoint;
pub mod file;
pub mod media;
#[cfg(feature = "schemars")]
pub mod schema;
pub mod validate;
pub mod wire;
