//! Tokens as text, formatted by `prettyplease`, so that the result does not depend
//! on the version of rustfmt.

use proc_macro2::TokenStream;
use quote::quote;

/// The text of some items.
///
/// # Errors
/// When the tokens are not items, which is a bug of the emitter.
pub(crate) fn items(tokens: TokenStream) -> Result<String, syn::Error> {
    let file: syn::File = syn::parse2(tokens)?;
    Ok(prettyplease::unparse(&file))
}

/// A type on one line, as a person writes it.
pub(crate) fn ty(tokens: TokenStream) -> String {
    let text = items(quote!(type T = #tokens;)).unwrap_or_default();
    let text = text.trim_start_matches("type T = ").trim_end();
    text.trim_end_matches(';').to_owned()
}
