//! The intermediate representation: what an endpoint means, as plain data. It knows neither tokens nor documents.
//!
//! A type's [`Shape`] holds everything that makes the Rust type what it is, and nothing that is only said about it, so
//! that equality of shapes is derived; what the document says besides stands in [`Docs`].

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
    /// The path of its document.
    pub document: String,
    /// The model's name for people.
    pub title: Option<String>,
    /// The category of the model, for example `text-to-image`.
    pub category: Option<String>,
    /// The description of the model.
    pub about: Option<String>,
    /// What the document says about itself, if that is about the model.
    pub description: Option<String>,
    /// Links to further documentation, as (label, URL).
    pub links: Vec<(&'static str, String)>,
    /// The price of a call, in words.
    pub price: Option<String>,
    /// The type of the input; always a type of the store.
    pub input: TypeId,
    /// The type of the output.
    pub output: TypeRef,
    /// Every type, those that are contained before those that contain them.
    pub types: TypeStore,
    /// The number of fields in its schemas.
    pub fields: usize,
}
