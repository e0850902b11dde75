//! Where media stands in an input.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use super::structure::Writer;
use super::ty::ident;

impl Writer<'_> {
    /// The lines that visit each media field.
    pub(super) fn media_visits(&self) -> Vec<TokenStream> {
        self.fields()
            .filter(|(field, _)| self.scope.has_media(&field.slot.ty))
            .map(|(_, name)| {
                let name = ident(name);
                quote!(self.#name.for_each_media(visit);)
            })
            .collect()
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
