//! `cargo xtask page`: a model's page, rendered from its document.

use crate::{
    Error, Outcome,
    generate::{Target, listings},
    output::print,
    schemas::Layout,
};
use fal_codegen::{Options, Source, page::render, source::EndpointId};
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
    let text = String::from_utf8(text)
        .map_err(|error| Error::new(format!("{}: {error}", path.display())).help(again()))?;
    let options = Options {
        ledger: Target::of_option(None).ledger()?,
        listings: listings(layout)?,
        ..Options::default()
    };
    // Types are shown for the endpoints that the SDK has: an endpoint's own names depend on its document alone.
    let is_generated = options.ledger.groups.contains_key(id.as_str());
    let types = is_generated.then_some("fal_sdk::endpoints");
    let source = Source::new(path.display().to_string(), text);
    render(&source, &options, types).map_err(|diagnostic| {
        let message = format!("{}: {}", diagnostic.location, diagnostic.message);
        Error::new(message).help(format!("{}: {}", diagnostic.help, again()))
    })
}
