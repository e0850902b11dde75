//! `cargo xtask page`: renders a model's page from its document.

use crate::{generate::Target, workspace};
use cargo_fal::{
    Error, Outcome,
    output::print,
    page::{PageOf, render},
    schemas::Layout,
};
use fal_codegen::source::EndpointId;
use std::path::PathBuf;

/// Print the page of a model: price, input, output and how to call it from Rust.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask page fal-ai/wan-22-vace-fun-a14b/depth              print the page
  cargo xtask page fal-ai/wan-22-vace-fun-a14b/depth > depth.md   write it to a file
  cargo xtask page fal-ai/flux/dev --schemas /tmp/new             use documents of another folder")]
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
/// If there is no document of the endpoint, or it cannot be read.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let layout = workspace::layout(args.schemas.as_deref());
    print(&page(&args.id, &layout)?)?;
    Ok(Outcome::Good)
}

/// Renders the page. Its examples use generated types if the SDK has them, that is, if the model is in the ledger; else JSON.
///
/// # Errors
///
/// The errors of [`command`].
pub fn page(id: &str, layout: &Layout) -> Result<String, Error> {
    let id = EndpointId::parse(id)
        .map_err(|error| Error::new(error.to_string()).help("check the id"))?;
    let ledger = Target::of_option(None).ledger()?;
    let is_generated = ledger.groups.contains_key(id.as_str());
    render(PageOf {
        id: &id,
        layout,
        types: is_generated.then_some("fal_sdk::endpoints"),
        ledger: Some(&ledger),
        fetch: "cargo xtask fetch",
    })
}
