//! Tokens as text, formatted by `prettyplease`, so that the result does not depend
//! on the version of rustfmt.

use proc_macro2::TokenStream;
use quote::quote;

/// An attribute that becomes an empty line: `prettyplease` sets none inside an
/// `impl`. A description cannot forge it: its lines start with a space.
const BLANK: &str = "@blank";

/// Adds an empty line before the next item.
pub(crate) fn blank() -> TokenStream {
    quote!(#[doc = #BLANK])
}

/// The text of some items.
///
/// # Errors
/// When the tokens are not items, which is a bug of the emitter.
pub(crate) fn items(tokens: TokenStream) -> Result<String, syn::Error> {
    let file: syn::File = syn::parse2(tokens)?;
    let text = prettyplease::unparse(&file);
    let mut spaced = String::with_capacity(text.len());
    for line in text.lines() {
        if line.trim_start().strip_prefix("///") != Some(BLANK) {
            spaced.push_str(line);
        }
        spaced.push('\n');
    }
    Ok(spaced)
}

/// A type on one line, as a person writes it.
pub(crate) fn ty(tokens: TokenStream) -> String {
    let text = items(quote!(type T = #tokens;)).unwrap_or_default();
    let text = text.trim_start_matches("type T = ").trim_end();
    text.trim_end_matches(';').to_owned()
}
