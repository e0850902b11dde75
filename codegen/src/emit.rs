//! Writes the intermediate representation as Rust files. Nothing here depends on documents.

mod block;
mod call_example;
mod constructor;
mod default;
mod doc;
mod doc_sentences;
mod enumeration;
mod example;
mod exports;
mod field_names;
mod file_header;
mod imports;
mod index;
mod input;
mod items;
mod media;
mod module;
mod rules;
mod schemas;
mod scope;
mod setters;
mod signature;
mod structure;
mod style;
mod tree;
mod ty;
mod union;

pub(crate) use example::{InputExample, input_example};
pub use index::{EndpointEntry, index};
pub use module::{Emitted, emit};
pub(crate) use signature::{Signature, Signatures};
pub use style::{Runtime, Style};
