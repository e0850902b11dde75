//! Reads the documents, and the lock file's entries of their endpoints.

use super::{Layout, lock::Lock};
use crate::Error;
use fal_codegen::{
    Listing,
    build::{Documents, read_folder},
};
use std::collections::BTreeMap;

/// Reads every document below the root of the documents.
///
/// # Errors
///
/// If a folder or a file cannot be read at all.
pub fn load(layout: &Layout) -> Result<Documents, Error> {
    read_folder(&layout.documents, &layout.prefix).map_err(Error::from)
}

/// Reads the lock file's entries of all endpoints, by endpoint id.
///
/// # Errors
///
/// If the lock file cannot be read.
pub fn listings(layout: &Layout) -> Result<BTreeMap<String, Listing>, Error> {
    let lock = Lock::read(&layout.lock)?;
    let listings = lock.endpoints.into_iter().map(|(id, entry)| {
        let listing = Listing {
            title: entry.listing.display_name,
            description: entry.listing.description,
            kind: entry.listing.kind,
            price: entry.price.and_then(|price| price.to_markdown()),
        };
        (id.as_str().to_owned(), listing)
    });
    Ok(listings.collect())
}
