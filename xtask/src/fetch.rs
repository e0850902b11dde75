//! `cargo xtask fetch`: fetches documents into this repository or another folder.

use crate::workspace;
use cargo_fal::{
    Error, Outcome, block_on,
    fetch::{Options, Selection, Servers, run},
    output::print,
    schemas::Layout,
};
use std::path::PathBuf;

/// Fetch documents, catalog data and prices; an invalid document never replaces a valid one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The next run continues an interrupted one. `FAL_KEY` is optional: it raises the rate limit and adds prices.
Exit codes: 0 everything was fetched, 1 documents could not be fetched (the old ones are kept), 2 bad usage or bad input,
130 interrupted.

Examples:
  cargo xtask fetch fal-ai/flux/dev                     fetch one document, new or known
  cargo xtask fetch --category text-to-image            fetch a whole category
  cargo xtask fetch --all --prune                       fetch all, remove what is gone
  cargo xtask fetch fal-ai/flux/dev --schemas /tmp/new  fetch into another folder, for a diff")]
pub struct Args {
    #[command(flatten)]
    pub(crate) remote: Remote,
    /// The root of the documents [default: the repository's `schemas/openapi`]
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,
}

/// The options that select documents and servers.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("selection").required(true).args(["ids", "category", "all"])))]
pub struct Remote {
    /// Endpoint ids, such as `fal-ai/flux/dev`
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Every endpoint of a category, such as `text-to-image`
    #[arg(long, value_name = "C")]
    category: Option<String>,
    /// The whole catalog
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    pub(crate) servers: Servers,
    /// Remove documents of endpoints that fal no longer has
    #[arg(long)]
    prune: bool,
}

/// Fetches the documents, and prints the report.
///
/// # Errors
///
/// If nothing can be fetched: an id is not valid, a server does not answer, or a folder is not writable.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let options = args
        .remote
        .options(workspace::layout(args.schemas.as_deref()))?;
    let Some(report) = block_on(run(&options))? else {
        eprintln!("interrupted; run the command again to continue");
        return Ok(Outcome::Interrupted);
    };
    let report = report?;
    print(&report.to_string())?;
    Ok(Outcome::of(report.failed.is_empty()))
}

impl Remote {
    /// The options of a fetch into a layout.
    ///
    /// # Errors
    ///
    /// If an id or the key is malformed.
    pub fn options(&self, layout: Layout) -> Result<Options, Error> {
        let selection = match &self.category {
            Some(category) => Selection::Category(category.clone()),
            None if self.all => Selection::All,
            None => Selection::of_ids(&self.ids)?,
        };
        Ok(Options {
            prune: self.prune,
            ..self.servers.options(selection, layout)?
        })
    }
}
