//! Renders a model's page from its document.

use crate::{
    Error,
    ids::known,
    schemas::{Layout, listings, load},
};
use fal_codegen::{Ledger, Options, Source, generate, page, source::EndpointId};
use std::{fs, io};

/// The endpoint and the settings of a page.
#[derive(Debug, Clone, Copy)]
pub struct PageOf<'a> {
    /// The endpoint.
    pub id: &'a EndpointId,
    /// The paths of the documents and of the lock file.
    pub layout: &'a Layout,
    /// The path of the module that has the types of all endpoints, such as `fal_sdk::endpoints`. If it is `None`, the page
    /// calls the model with JSON.
    pub types: Option<&'a str>,
    /// The ledger with the cargo features of the SDK's endpoints; `None` for other crates, whose endpoints are not behind
    /// features.
    pub ledger: Option<&'a Ledger>,
    /// The command that fetches a document, without the id, such as `cargo fal update`. Errors name it.
    pub fetch: &'a str,
}

/// Renders the page as Markdown.
///
/// # Errors
///
/// If there is no document of the endpoint, or it cannot be used.
pub fn render(of: PageOf<'_>) -> Result<String, Error> {
    let PageOf {
        id, layout, fetch, ..
    } = of;
    let path = layout.documents.join(id.document_path());
    let again = || format!("{fetch} {id}");
    let text = fs::read(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            Error::new(format!("there is no {}", path.display())).help(again())
        }
        _ => Error::file("read", &path, &error),
    })?;
    let text = String::from_utf8(text)
        .map_err(|error| Error::new(format!("{}: {error}", path.display())).help(again()))?;
    let options = Options {
        ledger: of.ledger.cloned().unwrap_or_default(),
        known_ids: known(),
        ungated: of.ledger.is_none(),
        listings: listings(layout)?,
        ..Options::default()
    };
    let source = Source::new(path.display().to_string(), text);
    let page = page::render(&source, &options, of.types).map_err(|diagnostic| {
        let message = format!("{}: {}", diagnostic.location, diagnostic.message);
        Error::new(message).help(format!("{}: {}", diagnostic.help, again()))
    })?;
    match (of.types, of.ledger) {
        (Some(types), None) => among_others(&page, types, &source, &options, of),
        _ => Ok(page),
    }
}

/// Renders the page with the module that the model has in the crate. If two models would have the same module name, it differs
/// from the name that the model would have alone.
fn among_others(
    page: &str,
    types: &str,
    source: &Source,
    options: &Options,
    of: PageOf<'_>,
) -> Result<String, Error> {
    let path = |sources: &[Source]| {
        let mut endpoints = generate(sources, options).endpoints.into_iter();
        let entry = endpoints.find(|entry| entry.id == of.id.as_str());
        entry.map(|entry| format!("{types}::{}::", entry.module))
    };
    let alone = path(std::slice::from_ref(source));
    let among = path(&load(of.layout)?.sources);
    Ok(match (alone, among) {
        (Some(alone), Some(among)) => page.replace(&alone, &among),
        _ => page.to_owned(),
    })
}

/// The program on the page that calls the model from Rust.
///
/// # Errors
///
/// The errors of [`render`].
pub fn program(of: PageOf<'_>) -> Result<String, Error> {
    let page = render(of)?;
    let program = page
        .split("```rust\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    Ok(program.unwrap_or_default().to_owned())
}
