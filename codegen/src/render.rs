//! Tokens as text, formatted by `prettyplease`, so that the result does not depend
//! on the version of rustfmt.

mod short;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use short::short;

/// Formats items.
///
/// # Errors
/// When the tokens are not items, which is a bug of the emitter.
pub(crate) fn items(tokens: TokenStream) -> Result<String, syn::Error> {
    let file: syn::File = syn::parse2(tokens)?;
    // Documented functions of one `impl` stand apart, which `prettyplease` leaves to the author.
    Ok(prettyplease::unparse(&file).replace("\n    }\n    ///", "\n    }\n\n    ///"))
}

/// Formats a type on one line, as a person would write it.
pub(crate) fn ty(tokens: TokenStream) -> String {
    if let Some([text]) = short([tokens.clone()], "type T = ;".len()) {
        return text;
    }
    let text = items(quote!(type T = #tokens;)).unwrap_or_default();
    let text = text.trim_start_matches("type T = ").trim_end();
    text.trim_end_matches(';').to_owned()
}

/// Formats a constant, without the semicolon at its end.
pub(crate) fn constant(name: &str, ty: &TokenStream, value: &TokenStream) -> Option<String> {
    let around = "const : = ;".len() + name.len();
    if let Some([ty, value]) = short([ty.clone(), value.clone()], around) {
        return Some(format!("const {name}: {ty} = {value}"));
    }
    let name = Ident::new(name, Span::call_site());
    let text = items(quote!(const #name: #ty = #value;)).ok()?;
    Some(text.trim_end().trim_end_matches(';').to_owned())
}
