//! Decides which types the constructor and the setters take: everything that converts into the type of a field.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use super::structure::Writer;
use crate::ir::{Field, Presence, TypeRef};
use crate::render;

impl Writer<'_> {
    /// The keywords of a field's declaration, and the type after them.
    pub(super) fn words(&self, field: &Field) -> String {
        let ty = &field.value.ty;
        let is_nullable = field.presence == Presence::Nullable;
        let is_required = field.presence == Presence::Required;
        let presence = if is_required { "required" } else { "optional" };
        if !self.def.usage.sent {
            let mut ty = self.scope.ty(ty);
            if is_nullable {
                self.scope.import("@::endpoint", "Nullable");
                ty = quote!(Nullable<#ty>);
            }
            return format!("{presence} {}", render::ty(ty));
        }
        let (taken, ty) = match ty {
            TypeRef::List(item) => {
                let is_into = self.scope.converts(&item.ty);
                let taken = if is_into { "list_into" } else { "list" };
                (taken, self.scope.unboxed(&item.ty))
            }
            ty => {
                let is_into = match ty {
                    TypeRef::Boxed(_) => true,
                    TypeRef::Option(_) => is_required,
                    ty => self.scope.converts(ty),
                };
                (if is_into { "into" } else { "plain" }, self.scope.ty(ty))
            }
        };
        let taken = match (is_nullable, taken) {
            (false, taken) => taken.to_owned(),
            (true, "plain") => "nullable".to_owned(),
            (true, taken) => format!("nullable_{taken}"),
        };
        format!("{presence} {taken} {}", render::ty(ty))
    }
}

impl Scope<'_> {
    /// The type of a setter's parameter.
    pub(super) fn parameter(&self, ty: &TypeRef) -> TokenStream {
        let scope = self;
        match ty {
            TypeRef::List(item) => {
                let is_into = scope.converts(&item.ty);
                let item = scope.unboxed(&item.ty);
                match is_into {
                    true => quote!(impl IntoIterator<Item = impl Into<#item>>),
                    false => quote!(impl IntoIterator<Item = #item>),
                }
            }
            TypeRef::Option(_) | TypeRef::Boxed(_) => {
                let ty = scope.ty(ty);
                quote!(impl Into<#ty>)
            }
            ty => {
                let is_into = scope.converts(ty);
                let ty = scope.ty(ty);
                match is_into {
                    true => quote!(impl Into<#ty>),
                    false => ty,
                }
            }
        }
    }
}
