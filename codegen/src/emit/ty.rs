//! Writes types and identifiers as tokens.

use proc_macro2::{Ident, Literal as Token, Span, TokenStream};
use quote::quote;

use super::scope::Scope;
use crate::ir::{ConstrainedType, FileKind, Presence, Shape, TypeRef};

/// An identifier; a name that starts with `r#` becomes a raw one.
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(plain) => Ident::new_raw(plain, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

impl Scope<'_> {
    /// The type of a field.
    pub(super) fn field_type(&self, value: &ConstrainedType, presence: Presence) -> TokenStream {
        let ty = self.ty(&value.ty);
        match presence {
            Presence::Required => ty,
            Presence::Optional => quote!(Option<#ty>),
            Presence::Nullable => quote!(Option<Nullable<#ty>>),
        }
    }

    pub(super) fn ty(&self, ty: &TypeRef) -> TokenStream {
        match ty {
            TypeRef::Bool => quote!(bool),
            TypeRef::Signed => quote!(i64),
            TypeRef::Unsigned => quote!(u64),
            TypeRef::Float => quote!(f64),
            TypeRef::Text => quote!(String),
            TypeRef::BigInteger => self.imported("@::wire::serde_json", "Number"),
            TypeRef::Media => self.imported("@::endpoint", "Media"),
            TypeRef::Json => self.imported("@::wire::serde_json", "Value"),
            TypeRef::JsonObject => {
                let map = self.imported("@::wire::serde_json", "Map");
                let value = self.imported("@::wire::serde_json", "Value");
                quote!(#map<String, #value>)
            }
            TypeRef::File(kind) => self.file(*kind),
            TypeRef::Option(value) => {
                let inner = self.ty(&value.ty);
                quote!(Option<#inner>)
            }
            TypeRef::List(value) => {
                let inner = self.unboxed(&value.ty);
                quote!(Vec<#inner>)
            }
            TypeRef::Array(value, length) => {
                let inner = self.ty(&value.ty);
                let length = Token::usize_unsuffixed(*length);
                quote!([#inner; #length])
            }
            TypeRef::Map(value) => {
                let inner = self.unboxed(&value.ty);
                let map = self.imported("std::collections", "BTreeMap");
                quote!(#map<String, #inner>)
            }
            TypeRef::Tuple(values) => {
                let inner = values.iter().map(|value| self.ty(&value.ty));
                quote!((#(#inner,)*))
            }
            TypeRef::Named(id) => {
                let name = ident(self.name(*id));
                quote!(#name)
            }
            TypeRef::Boxed(id) => {
                let name = ident(self.name(*id));
                quote!(Box<#name>)
            }
        }
    }

    /// The type without `Box`, for the items of a list or a map, which are on the heap anyway.
    pub(super) fn unboxed(&self, ty: &TypeRef) -> TokenStream {
        match ty {
            TypeRef::Boxed(id) => self.ty(&TypeRef::Named(*id)),
            other => self.ty(other),
        }
    }

    fn imported(&self, module: &'static str, name: &'static str) -> TokenStream {
        self.import(module, name);
        let name = ident(name);
        quote!(#name)
    }

    /// A file type of the runtime, with its full path if the module has a type of the same name.
    fn file(&self, kind: FileKind) -> TokenStream {
        if self.imports.borrow().defines(kind.name()) {
            self.import("@", "file");
            let name = ident(kind.name());
            return quote!(file::#name);
        }
        self.imported("@::file", kind.name())
    }

    /// Whether parameters of the type are `impl Into`: strings, JSON values, enums and unions.
    pub(super) fn converts(&self, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::Text | TypeRef::Media | TypeRef::Json => true,
            TypeRef::Named(id) => !matches!(self.def(*id).shape, Shape::Struct(_)),
            _ => false,
        }
    }
}
