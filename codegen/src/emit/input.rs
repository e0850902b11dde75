//! The implementation of `Input`, which ties a type to its endpoint.

use proc_macro2::TokenStream;
use quote::quote;

use super::structure::Writer;
use super::ty::ident;
use crate::ir::{TypeId, TypeRef};

impl Writer<'_> {
    /// The lines of `impl Input`.
    pub(super) fn input(&self, endpoint: &str, output: &str) -> TokenStream {
        input(
            self.scope,
            &self.name,
            endpoint,
            output,
            &self.media_visits(),
        )
    }
}

/// The lines of `impl Input` for an enum or a union.
pub(super) fn choice_input(
    scope: &super::scope::Scope<'_>,
    id: TypeId,
    endpoint: &str,
    output: &str,
) -> TokenStream {
    let has_media = scope.has_media(&TypeRef::Named(id));
    // `Input` has a method of that name too.
    let visit = has_media.then(|| quote!(MediaFields::for_each_media(self, visit);));
    let visits: Vec<TokenStream> = visit.into_iter().collect();
    input(scope, scope.name(id), endpoint, output, &visits)
}

fn input(
    scope: &super::scope::Scope<'_>,
    name: &str,
    endpoint: &str,
    output: &str,
    visits: &[TokenStream],
) -> TokenStream {
    scope.import("@::endpoint", "Input");
    let name = ident(name);
    let output = ident(output);
    let media = (!visits.is_empty()).then(|| {
        scope.import("@::endpoint", "Media");
        scope.import("@::endpoint", "MediaFields");
        let blank = crate::render::blank();
        quote! {
            #blank
            fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
                #(#visits)*
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
