//! Turns fal.ai OpenAPI documents into Rust types for `fal-sdk`.
#![deny(missing_docs)]

mod catalog;
pub mod diagnostic;
pub mod diff;
mod emit;
pub mod fixup;
mod generate;
mod group;
pub mod ir;
mod ledger;
mod lower;
mod name;
mod normalize;
pub mod page;
mod plan;
mod render;
mod share;
pub mod source;

pub use catalog::Catalog;
pub use diagnostic::{Code, Diagnostic, Location, Severity};
pub use emit::{EndpointEntry, Runtime};
pub use fixup::{Fixup, Fixups};
pub use generate::{Listing, Options, Outcome, Summary, generate};
pub use ledger::Ledger;
pub use plan::Plan;
pub use source::Source;
