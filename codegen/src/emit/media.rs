//! The code that visits the media of an input.

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;

use super::scope::Scope;
use super::structure::Writer;
use super::ty::ident;
use crate::ir::TypeRef;

impl Writer<'_> {
    /// The lines that visit each media field.
    pub(super) fn media_visits(&self) -> Vec<TokenStream> {
        let rest = self.object.additional_properties.as_ref();
        let rest = rest
            .zip(self.additional_properties())
            .map(|(value, (name, _))| {
                let name = ident(&name);
                self.scope.media_visit(quote!(self.#name), &value.ty)
            });
        let fields = self.fields().map(|(field, name)| {
            let name = ident(name);
            self.scope.media_visit(quote!(self.#name), &field.value.ty)
        });
        let visits = fields.chain(rest).flatten();
        visits.map(|visit| quote!(#visit;)).collect()
    }

    /// `impl MediaFields`, for a type that is part of an input and holds media.
    pub(super) fn media_fields(&self) -> Option<TokenStream> {
        let visits = self.media_visits();
        if visits.is_empty() {
            return None;
        }
        Some(visits_media(self.scope, &self.name, quote!(#(#visits)*)))
    }
}

impl Scope<'_> {
    /// The call that visits the media in a value, if there is any.
    pub(super) fn media_visit(&self, value: TokenStream, ty: &TypeRef) -> Option<TokenStream> {
        if !self.has_media(ty) {
            return None;
        }
        let Some(places) = tuple(ty) else {
            return Some(quote!(#value.for_each_media(visit)));
        };
        self.import("@::endpoint", "VisitFields");
        let visits = places.iter().enumerate().filter_map(|(index, place)| {
            let index = Token::usize_unsuffixed(index);
            self.media_visit(quote!(item.#index), &place.ty)
        });
        Some(quote!(#value.for_each_tuple(|item| { #(#visits;)* })))
    }
}

/// The items of the tuple that a value is or contains.
pub(super) fn tuple(ty: &TypeRef) -> Option<&[crate::ir::ConstrainedType]> {
    match ty {
        TypeRef::Tuple(places) => Some(places),
        other => other.inner().iter().find_map(|value| tuple(&value.ty)),
    }
}

/// `impl MediaFields` around its body.
pub(super) fn visits_media(scope: &Scope<'_>, name: &str, body: TokenStream) -> TokenStream {
    scope.import("@::endpoint", "Media");
    scope.import("@::endpoint", "MediaFields");
    let name = ident(name);
    quote! {
        impl MediaFields for #name {
            fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
                #body
            }
        }
    }
}
