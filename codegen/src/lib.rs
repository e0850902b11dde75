//! Turns fal.ai OpenAPI documents into Rust types for `fal-sdk`.
//!
//! Documents are read, normalised, lowered to a representation of types, named, shared and written as text, each in a
//! stage of its own. The pipeline does not use files, the network, the clock or the environment: its outcome depends only
//! on the documents and the [`Options`]. A document that cannot be used is reported as a [`Diagnostic`], and does not stop
//! the others.
//!
//! # In a `build.rs`
//!
//! Put the documents of the models that your crate calls into a folder of the crate, and generate their types when the
//! crate is built. `cargo fal add` does all of this for you.
//!
//! ```no_run
//! // in `main` of build.rs
//! fal_codegen::build("schemas");
//! ```
//!
//! The crate includes the types with `include!(concat!(env!("OUT_DIR"), "/endpoints.rs"));`. With the document of
//! `studio/portrait`, for example, `fal_sdk::Client` can then be called with `endpoints::studio::portrait::PortraitInput`.
//!
//! # Anywhere else
//!
//! ```
//! use fal_codegen::{Options, Runtime, Source, generate};
//!
//! # let document = r#"{
//! #     "info": {"x-fal-metadata": {"endpointId": "studio/portrait"}},
//! #     "paths": {"/studio/portrait": {"post": {"requestBody": {"content": {"application/json": {
//! #         "schema": {"type": "object", "properties": {"prompt": {"type": "string"}}, "required": ["prompt"]}
//! #     }}}, "responses": {"200": {"content": {"application/json": {"schema": {"type": "string"}}}}}}}}
//! # }"#;
//! let options = Options {
//!     runtime: Runtime::Extern("fal_sdk".to_owned()),
//!     ungated: true, // without a cargo feature for each group of endpoints
//!     ..Options::default()
//! };
//! let outcome = generate(&[Source::new("schemas/portrait.json", document)], &options);
//! assert!(outcome.diagnostics.is_empty());
//! assert!(outcome.inline().contains("pub struct PortraitInput"));
//! ```
#![deny(missing_docs)]

pub mod build;
mod catalog;
mod constraint;
mod dedupe;
pub mod diagnostic;
pub mod diff;
mod digest;
mod emit;
mod example;
pub mod fixup;
mod generate;
mod group;
pub mod ir;
pub mod json;
mod ledger;
mod lower;
mod name;
mod normalize;
mod options;
pub mod page;
mod parallel;
mod plan;
mod prose;
mod released;
mod render;
mod share;
pub mod source;
pub mod text;

pub use build::{Build, build};
pub use catalog::{Catalog, GeneratedType};
pub use diagnostic::{Code, Diagnostic, Location, Severity};
pub use emit::{EndpointEntry, Runtime};
pub use fixup::{Fixup, Fixups};
pub use generate::{Outcome, Summary, generate};
pub use ledger::{Ledger, SharedName};
pub use options::{Listing, Options};
pub use plan::Plan;
pub use released::IS_RELEASED;
pub use source::Source;
