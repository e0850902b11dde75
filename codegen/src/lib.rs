//! Turns fal.ai OpenAPI documents into Rust types for `fal-sdk`.
//!
//! Documents are read, normalised, lowered to a representation of types, named, shared and written as text, each in a
//! stage of its own. Nothing here reads files, the network, the clock or the environment: the outcome depends only on the
//! documents and the [`Options`]. A document that cannot be used is reported as a [`Diagnostic`], and does not stop the others.
//!
//! # In a `build.rs`
//!
//! Endpoints that `fal-sdk` does not have, such as private ones, become modules of your own crate: write
//! [`Outcome::inline`] to a file in `OUT_DIR`, and `include!` it.
//!
//! ```
//! use fal_codegen::{Options, Runtime, Severity, Source, generate};
//!
//! # let document = r#"{
//! #     "info": {"x-fal-metadata": {"endpointId": "studio/portrait"}},
//! #     "paths": {"/studio/portrait": {"post": {"requestBody": {"content": {"application/json": {
//! #         "schema": {"type": "object", "properties": {"prompt": {"type": "string"}}, "required": ["prompt"]}
//! #     }}}}}}
//! # }"#;
//! // In a build script: std::fs::read_to_string("schemas/portrait.json")?
//! let sources = [Source::new("schemas/portrait.json", document)];
//! let options = Options {
//!     runtime: Runtime::Extern("fal_sdk".to_owned()),
//!     ungated: true,
//!     ..Options::default()
//! };
//! let outcome = generate(&sources, &options);
//! for said in &outcome.diagnostics {
//!     let text = said.to_string().replace('\n', " ");
//!     match said.severity {
//!         Severity::Error => println!("cargo::error={text}"), // fails the build
//!         Severity::Warning => println!("cargo::warning={text}"),
//!         Severity::Note => {}
//!     }
//! }
//!
//! // std::fs::write(out_dir.join("endpoints.rs"), outcome.inline())?;
//! assert!(outcome.inline().contains("pub struct PortraitInput"));
//! ```
//!
//! In the crate: `include!(concat!(env!("OUT_DIR"), "/endpoints.rs"));`, and then
//! `endpoints::studio::portrait::PortraitInput` can be called through `fal_sdk::Client` like any other input.
#![deny(missing_docs)]

mod catalog;
mod constraint;
pub mod diagnostic;
pub mod diff;
mod digest;
mod emit;
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
mod plan;
mod render;
mod share;
pub mod source;

pub use catalog::Catalog;
pub use diagnostic::{Code, Diagnostic, Location, Severity};
pub use emit::{EndpointEntry, Runtime};
pub use fixup::{Fixup, Fixups};
pub use generate::{Outcome, Summary, generate};
pub use ledger::Ledger;
pub use options::{Listing, Options};
pub use plan::Plan;
pub use source::Source;
