//! `cargo xtask page`: a model's page, rendered from its document.

use crate::{
    Error, Outcome,
    generate::Target,
    output::print,
    schemas::{Layout, lock::Lock},
};
use fal_codegen::{
    EndpointEntry, Options, Source, generate,
    page::{Listing, RustPath, render},
    source::EndpointId,
};
use std::{fs, io, path::PathBuf};

/// Print the page of a model: price, input, output and how to call it from Rust.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask page fal-ai/wan-22-vace-fun-a14b/depth              read it
  cargo xtask page fal-ai/wan-22-vace-fun-a14b/depth > depth.md   keep it
  cargo xtask page fal-ai/flux/dev --schemas /tmp/new             from other documents")]
pub struct Args {
    /// The endpoint's id, such as `fal-ai/wan-22-vace-fun-a14b/depth`
    id: String,
    /// The root of the documents [default: the repository's `schemas/openapi`]
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,
}

/// Prints the page.
///
/// # Errors
///
/// If there is no such document, or it cannot be read.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    print(&page(
        &args.id,
        &Layout::of_option(args.schemas.as_deref()),
    )?)?;
    Ok(Outcome::Good)
}

/// The page as text.
///
/// # Errors
///
/// As [`command`].
pub fn page(id: &str, layout: &Layout) -> Result<String, Error> {
    let id = EndpointId::parse(id)
        .map_err(|error| Error::new(error.to_string()).help("check the id"))?;
    let path = layout.documents.join(id.document_path());
    let text = fs::read(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::new(format!("there is no {}", path.display()))
            .help(format!("cargo xtask fetch {id}")),
        _ => Error::file("read", &path, &error),
    })?;
    let again = || format!("cargo xtask fetch {id}");
    let wrong = |error: String| Error::new(format!("{}: {error}", path.display())).help(again());
    let text = String::from_utf8(text).map_err(|error| wrong(error.to_string()))?;
    let document = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let generated = generated(&id, text)?;
    let module = generated
        .as_ref()
        .map(|entry| format!("endpoints::{}", entry.module));
    let lock = Lock::read(&layout.lock)?;
    let entry = lock.endpoints.get(&id);
    let facts = entry.map(|entry| &entry.listing);
    let price = entry.and_then(|entry| entry.price.as_ref()?.to_markdown());
    let listing = Listing {
        display_name: facts.and_then(|facts| facts.display_name.as_deref()),
        description: facts.and_then(|facts| facts.description.as_deref()),
        kind: facts.and_then(|facts| facts.kind.as_deref()),
        price: price.as_deref(),
        rust: generated.as_ref().and_then(|entry| {
            Some(RustPath {
                feature: &entry.feature,
                module: module.as_deref()?,
                input: entry.input.as_deref()?,
            })
        }),
    };
    render(&document, &listing).map_err(|error| Error::new(format!("{}: {error}", path.display())))
}

/// Where the SDK has the endpoint's types, if it has: an endpoint's own names depend on its document alone.
fn generated(id: &EndpointId, text: String) -> Result<Option<EndpointEntry>, Error> {
    let ledger = Target::of_option(None).ledger()?;
    if !ledger.groups.contains_key(id.as_str()) {
        return Ok(None);
    }
    let options = Options {
        ledger,
        ..Options::default()
    };
    let outcome = generate(&[Source::new(id.document_path(), text)], &options);
    Ok(outcome.endpoints.into_iter().next())
}
