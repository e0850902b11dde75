//! Writes the code that visits the media in an input.

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;

use super::scope::Scope;
use super::ty::ident;
use crate::ir::{ConstrainedType, TypeRef};
use crate::render;

impl Scope<'_> {
    /// The part of a field's declaration that says how the media in it are visited; `None` if there are none.
    pub(super) fn visit_fact(&self, ty: &TypeRef) -> Option<String> {
        if !self.has_media(ty) {
            return None;
        }
        let Some(places) = tuple(ty) else {
            return Some("visit for_each_media".to_owned());
        };
        // The declaration expands to an implementation of `MediaFields` around the closure, so that the trait does not have to
        // be imported.
        let visits = self.place_visits(places);
        let body = render::items(quote!(fn visit() { #(#visits;)* })).unwrap_or_default();
        let body = body.trim_start_matches("fn visit() ").trim_end();
        Some(format!("visit (|item, visit| {body})"))
    }

    fn place_visits(&self, places: &[ConstrainedType]) -> Vec<TokenStream> {
        let visits = places.iter().enumerate().filter_map(|(index, place)| {
            let index = Token::usize_unsuffixed(index);
            self.media_visit(quote!(item.#index), &place.ty)
        });
        visits.collect()
    }

    /// The call that visits the media in a value; `None` if a value of the type cannot contain media.
    pub(super) fn media_visit(&self, value: TokenStream, ty: &TypeRef) -> Option<TokenStream> {
        if !self.has_media(ty) {
            return None;
        }
        let Some(places) = tuple(ty) else {
            return Some(quote!(#value.for_each_media(visit)));
        };
        self.import("@::endpoint", "VisitFields");
        let visits = self.place_visits(places);
        Some(quote!(#value.for_each_tuple(|item| { #(#visits;)* })))
    }
}

/// The items of the tuple that a value is or contains.
pub(super) fn tuple(ty: &TypeRef) -> Option<&[ConstrainedType]> {
    match ty {
        TypeRef::Tuple(places) => Some(places),
        other => other.inner().iter().find_map(|value| tuple(&value.ty)),
    }
}

/// The block `impl MediaFields for …` with the given body.
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
