//! Writes the implementation of `Input` for an enum or a union that is the input of an endpoint.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use super::ty::ident;
use crate::ir::{TypeId, TypeRef};

/// The lines of `impl Input`.
pub(super) fn choice_input(
    scope: &Scope<'_>,
    id: TypeId,
    endpoint: &str,
    output: &str,
) -> TokenStream {
    scope.import("@::endpoint", "Input");
    let name = ident(scope.name(id));
    let output = ident(output);
    let media = scope.has_media(&TypeRef::Named(id)).then(|| {
        scope.import("@::endpoint", "Media");
        scope.import("@::endpoint", "MediaFields");
        quote! {
            fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
                // `Input` has a method of that name too.
                MediaFields::for_each_media(self, visit);
            }
        }
    });
    quote! {
        impl Input for #name {
            const ENDPOINT: &'static str = #endpoint;
            type Output = #output;
            #media
        }
    }
}
