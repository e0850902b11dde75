//! The intermediate representation: an endpoint with its types, as plain data. It depends neither on tokens nor on documents.
//!
//! A type's [`Shape`] has everything that decides the Rust type; all other information of the document is in [`Docs`]. So
//! two shapes are equal if they give the same Rust type, and their equality can be derived.

mod accepts;
mod docs;
mod shape;
mod store;

pub use docs::Docs;
pub use shape::{
    ConstrainedType, Enum, EnumKind, Field, FileKind, Presence, Shape, Struct, TypeId, TypeRef,
    Union, Variant,
};
pub use store::{FieldOrder, FieldsOf, NameHint, TypeDef, TypeStore, Usage};

use crate::source::EndpointId;

/// An endpoint and the types that belong to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// The endpoint's id.
    pub id: EndpointId,
    /// The path of the endpoint's document.
    pub document: String,
    /// The model's display name.
    pub title: Option<String>,
    /// The category of the model, for example `text-to-image`.
    pub category: Option<String>,
    /// The description of the model.
    pub about: Option<String>,
    /// The document's `info.description`, if it describes the model.
    pub description: Option<String>,
    /// Links to further documentation, as (label, URL).
    pub links: Vec<(&'static str, String)>,
    /// The price of a call, in words.
    pub price: Option<String>,
    /// The type of the input, which is always in the store.
    pub input: TypeId,
    /// The type of the output.
    pub output: TypeRef,
    /// The store of all types. A type is after the types that it contains.
    pub types: TypeStore,
    /// The number of fields in the endpoint's schemas.
    pub fields: usize,
}
