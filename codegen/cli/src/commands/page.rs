//! `cargo fal page`: a model's page, with the types of the crate.

use super::CrateArgs;
use crate::{
    Error, Outcome,
    fetch::{Selection, Servers, run},
    files, ids,
    output::print,
    page::{PageOf, render},
    runtime,
    schemas::Layout,
};
use fal_codegen::source::EndpointId;

/// Print the page of a model: price, input, output and how to call it from Rust.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The page is rendered from the document in the crate. If the crate does not have the model, its document is fetched, and not stored.

Exit codes: 0 the page was printed, 2 there is no such model, fal does not answer, or the document cannot be used.

Examples:
  cargo fal page fal-ai/flux/dev              read it
  cargo fal page fal-ai/flux/dev > flux.md    keep it")]
pub struct Args {
    /// The id of a model, or the URL of its page
    #[arg(value_name = "ID|URL")]
    model: String,
    #[command(flatten)]
    krate: CrateArgs,
    #[command(flatten)]
    servers: Servers,
}

/// Prints the page.
///
/// # Errors
///
/// If the document cannot be read, fetched or used.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let id = ids::parse(&args.model)?;
    let text = match args.krate.layout_with(&id) {
        Some(layout) => of(&id, &layout, Some("crate::endpoints"))?,
        None => fetched(&id, &args.servers, |layout| of(&id, layout, None))?,
    };
    print(&text)?;
    Ok(Outcome::Good)
}

fn of(id: &EndpointId, layout: &Layout, types: Option<&str>) -> Result<String, Error> {
    render(PageOf {
        id,
        layout,
        ledger: None,
        types,
        fetch: "cargo fal update",
    })
}

/// Fetches the document of a model, and calls `with` with it. The document is not stored.
///
/// # Errors
///
/// If the document cannot be fetched, or `with` fails.
pub fn fetched<T>(
    id: &EndpointId,
    servers: &Servers,
    with: impl FnOnce(&Layout) -> Result<T, Error>,
) -> Result<T, Error> {
    let folder = files::temporary_folder()?;
    let layout = Layout::of(folder.path());
    let selection = Selection::Ids([id.clone()].into());
    let report = runtime()?.block_on(run(&servers.options(selection, layout.clone())?))?;
    match report.error() {
        Some(error) => Err(error),
        None => with(&layout),
    }
}
