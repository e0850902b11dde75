//! Compares two sets of documents: what changed in meaning, and which version number that requires.

mod bump;
mod escape;
mod json;
mod markdown;
mod revision;
mod side;
mod text;

pub use bump::Bump;
pub use escape::code;
pub use json::json;
pub use markdown::{changelog, markdown};
pub use side::{Compared, Side, compare, refuse_empty};
pub use text::{changes, text};
