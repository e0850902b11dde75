//! A part of a generated file.

use proc_macro2::TokenStream;

/// A part of a generated file.
pub(super) enum Block {
    /// Items, which are formatted when the file is written.
    Items(TokenStream),
    /// Text that is formatted already.
    Text(String),
}
