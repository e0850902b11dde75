//! Setters and parameters, which accept whatever converts into the type of a field.

use proc_macro2::TokenStream;
use quote::quote;

use super::structure::Writer;
use super::ty::ident;
use crate::ir::{Field, Presence, TypeRef};
use crate::name::method_name;
use crate::render;

impl Writer<'_> {
    /// `setters! { … }`, a line per optional field.
    pub(super) fn setters(&self) -> Option<String> {
        let mut lines = String::new();
        for (field, name) in self.fields() {
            if let Some(kind) = self.setter_kind(field, name) {
                lines.push_str(&format!("        {name}: {kind},\n"));
            }
        }
        if lines.is_empty() {
            return None;
        }
        self.scope.import("@", "setters");
        Some(format!(
            "setters! {{\n    {} {{\n{lines}    }}\n}}\n",
            self.name
        ))
    }

    /// The macro's keyword for a setter and its type; `None` where the macro has none, so that
    /// [`written_setters`](Self::written_setters) writes the setter out.
    fn setter_kind(&self, field: &Field, name: &str) -> Option<String> {
        let ty = &field.value.ty;
        let (word, ty) = match ty {
            _ if field.presence == Presence::Required || is_renamed(name) => return None,
            TypeRef::Boxed(_) => return None,
            TypeRef::List(item) if field.presence == Presence::Optional => {
                let word = if self.scope.converts(&item.ty) {
                    "list_into"
                } else {
                    "list"
                };
                (word, self.item_type(&item.ty))
            }
            TypeRef::List(_) => return None,
            _ => {
                let word = match (field.presence, self.scope.converts(ty)) {
                    (Presence::Nullable, true) => "nullable_into",
                    (Presence::Nullable, false) => "nullable",
                    (_, true) => "into",
                    (_, false) => "plain",
                };
                (word, self.scope.ty(ty))
            }
        };
        Some(format!("{word} {}", render::ty(ty)))
    }

    fn item_type(&self, ty: &TypeRef) -> TokenStream {
        match ty {
            TypeRef::Boxed(id) => self.scope.ty(&TypeRef::Named(*id)),
            other => self.scope.ty(other),
        }
    }

    /// The setters that the macro cannot express.
    pub(super) fn written_setters(&self, field: &Field, name: &str) -> Vec<TokenStream> {
        let mut setters = Vec::new();
        if field.presence == Presence::Required {
            return setters;
        }
        if self.setter_kind(field, name).is_none() {
            setters.push(self.written_setter(field, name));
        }
        if field.presence == Presence::Nullable {
            setters.push(self.null_setter(name));
        }
        setters
    }

    fn written_setter(&self, field: &Field, name: &str) -> TokenStream {
        let plain = name.trim_start_matches("r#");
        let doc = format!(" Sets [`{plain}`](Self#structfield.{plain}).");
        let method = self.setter_name(name);
        let name = ident(name);
        let ty = self.parameter(&field.value.ty);
        let mut value = self.conversion(&field.value.ty, &quote!(#name));
        if field.presence == Presence::Nullable {
            value = quote!(Nullable::Value(#value));
        }
        quote! {
            #[doc = #doc]
            pub fn #method(mut self, #name: #ty) -> Self {
                self.#name = Some(#value);
                self
            }
        }
    }

    fn null_setter(&self, name: &str) -> TokenStream {
        let plain = name.trim_start_matches("r#");
        let doc = format!(" Sends [`{plain}`](Self#structfield.{plain}) as `null`.");
        let method = self.null_method(plain);
        let name = ident(name);
        quote! {
            #[doc = #doc]
            #[must_use]
            pub fn #method(mut self) -> Self {
                self.#name = Some(Nullable::Null);
                self
            }
        }
    }

    /// The name of a field's setter.
    pub(super) fn setter_name(&self, name: &str) -> proc_macro2::Ident {
        match method_name(name) {
            own if own == name => ident(name),
            other => self.free_method(other),
        }
    }

    /// The name of the setter that sends `null`, such as `null_seed`, unless a field has that name.
    fn null_method(&self, plain: &str) -> proc_macro2::Ident {
        self.free_method(format!("null_{}", plain.trim_start_matches('_')))
    }

    /// A method name that no setter has: underscores are added until it is free.
    pub(super) fn free_method(&self, mut name: String) -> proc_macro2::Ident {
        while self.names.contains(&name) {
            name.push('_');
        }
        ident(&name)
    }

    /// The type of a parameter.
    pub(super) fn parameter(&self, ty: &TypeRef) -> TokenStream {
        let scope = self.scope;
        match ty {
            ty if scope.converts(ty) => {
                let ty = scope.ty(ty);
                quote!(impl Into<#ty>)
            }
            TypeRef::Option(value) => {
                let ty = scope.ty(&value.ty);
                quote!(impl Into<Option<#ty>>)
            }
            TypeRef::List(item) if scope.converts(&item.ty) => {
                let ty = scope.ty(&item.ty);
                quote!(impl IntoIterator<Item = impl Into<#ty>>)
            }
            TypeRef::List(item) => {
                let ty = self.item_type(&item.ty);
                quote!(impl IntoIterator<Item = #ty>)
            }
            TypeRef::Boxed(id) => scope.ty(&TypeRef::Named(*id)),
            other => scope.ty(other),
        }
    }

    /// Whether a parameter is assigned without conversion.
    pub(super) fn is_plain(&self, ty: &TypeRef) -> bool {
        let boxed = matches!(
            ty,
            TypeRef::Option(_) | TypeRef::List(_) | TypeRef::Boxed(_)
        );
        !boxed && !self.scope.converts(ty)
    }

    /// The expression that converts a parameter to the type of its field.
    pub(super) fn conversion(&self, ty: &TypeRef, value: &TokenStream) -> TokenStream {
        match ty {
            ty if self.scope.converts(ty) => quote!(#value.into()),
            TypeRef::Option(_) => quote!(#value.into()),
            TypeRef::List(item) if self.scope.converts(&item.ty) => {
                quote!(#value.into_iter().map(Into::into).collect())
            }
            TypeRef::List(_) => quote!(#value.into_iter().collect()),
            TypeRef::Boxed(_) => quote!(Box::new(#value)),
            _ => value.clone(),
        }
    }
}

/// Whether the setter cannot have the name of its field.
fn is_renamed(name: &str) -> bool {
    name.starts_with("r#") || method_name(name) != name
}
