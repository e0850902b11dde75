//! The stage that assigns Rust names.
//!
//! Each kind of wire name has one rule by which it becomes a Rust name. Collisions are resolved by rules that depend on the
//! document alone, so that a name never depends on another endpoint.

mod case;
mod distinct;
mod latin;
mod local;
mod modules;
mod reserved;
mod values;
mod words;

pub use case::{
    begin_with_letter, common_words, constant_name, is_single_word, joined, singular, type_name,
};
pub use local::{
    LocalNames, additional_properties_name, assign, endpoint_name, field_names, union_variant_name,
};
pub use modules::{Modules, SHARED};
pub use reserved::method_name;
pub use values::variant_names;
