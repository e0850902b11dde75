//! Reading the documents, and what the lock file knows of them.

use super::{Layout, lock::Lock};
use crate::{Error, files};
use fal_codegen::{Code, Diagnostic, Listing, Location, Severity, Source, source::MAX_BYTES};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

/// Documents that were read, and what is wrong with those that could not be.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Every document, ordered by path.
    pub sources: Vec<Source>,
    /// Files that hold no text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads every document below the root of the documents.
///
/// # Errors
///
/// If a folder or a file cannot be read at all.
pub fn load(layout: &Layout) -> Result<Loaded, Error> {
    let files = files::below(&layout.documents)?;
    let is_document = |file: &&PathBuf| {
        file.extension().is_some_and(|end| end == "json") && **file != layout.lock
    };
    let mut loaded = Loaded::default();
    for file in files.iter().filter(is_document) {
        let shown = shown(file, layout);
        match read(file).map_err(|error| Error::file("read", file, &error))? {
            Some(text) => loaded.sources.push(Source::new(shown, text)),
            None => loaded.diagnostics.push(not_text(shown)),
        }
    }
    Ok(loaded)
}

/// What the lock file knows of each endpoint.
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

/// The text of a file, or `None` if it is none. Of a file that is too large only as much is read as shows so.
fn read(file: &Path) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        // The cut may have gone through a character.
        Err(error) if error.as_bytes().len() > MAX_BYTES => {
            Ok(Some(String::from_utf8_lossy(error.as_bytes()).into_owned()))
        }
        Err(_) => Ok(None),
    }
}

/// The path as diagnostics and generated headers show it.
fn shown(file: &Path, layout: &Layout) -> String {
    let below = file.strip_prefix(&layout.documents).unwrap_or(file);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    format!("{}{}", layout.prefix, parts.join("/"))
}

fn not_text(path: String) -> Diagnostic {
    let location = Location::new(path, "");
    Diagnostic::new(
        Severity::Error,
        Code::InvalidJson,
        location,
        "the file is no UTF-8 text",
    )
    .fallback("the endpoint was left out")
    .help("fetch the document again")
}
