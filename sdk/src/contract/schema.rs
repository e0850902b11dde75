//! JSON Schemas of inputs and outputs, for tools that language models call.
//!
//! With the feature `schemars` every generated type implements
//! [`schemars::JsonSchema`]. The schema is the one in the model's OpenAPI document,
//! normalised: types, bounds, lengths, patterns, defaults, listed values, descriptions,
//! examples, what is required and what may be `null`. The schemas of the types inside it
//! are in `$defs`.
//!
//! The Rust types accept more than the schema allows: an enum also accepts values that it
//! does not list, and unknown members of objects are ignored.
//!
//! ```
//! # #[cfg(feature = "wan-22-vace-fun-a14b")]
//! # {
//! use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;
//! use fal_sdk::schema::schemars::schema_for;
//!
//! let schema = schema_for!(DepthInput);
//! assert_eq!(schema.pointer("/properties/num_frames/maximum"), Some(&241.into()));
//! # }
//! ```

mod declaration;
mod definitions;
mod files;

pub use definitions::{Definitions, Reference};
pub use schemars;
