//! `cargo xtask fetch`: brings the documents up to date.
//!
//! The platform API lists the catalog and hands out 50 documents a call; where its answer has no usable document, the
//! single-document URL is asked. A document is replaced whole, and only by a good one. What a killed run already
//! stored is in its journal, and the next run goes on from there.

mod backoff;
mod chunk;
mod document;
mod http;
mod journal;
mod options;
mod platform;
mod prices;
mod report;
mod run;
mod select;

pub use backoff::Backoff;
pub use options::{Key, Options, Selection};
pub use report::Report;
pub use run::run;

use crate::{Error, Outcome, output::print, runtime, schemas::Layout};
use reqwest::Url;
use std::{num::NonZeroUsize, path::PathBuf};

/// Fetch documents, catalog data and prices; a bad document never replaces a good one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
An interrupted run is continued by the next one. `FAL_KEY` is optional: it raises the rate limit and adds prices.
Exit codes: 0 everything was fetched, 1 documents could not be fetched (the old ones stay), 2 bad usage or bad input.

Examples:
  cargo xtask fetch fal-ai/flux/dev                     one document, new or known
  cargo xtask fetch --category text-to-image            a whole category
  cargo xtask fetch --all --prune                       the whole catalog, without what fal dropped
  cargo xtask fetch fal-ai/flux/dev --schemas /tmp/new  into another folder, for a diff")]
pub struct Args {
    #[command(flatten)]
    remote: Remote,
    /// The root of the documents [default: the repository's `schemas/openapi`]
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,
}

/// What to fetch, from where.
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
    /// The platform API; `FAL_KEY`, if it is set, goes there and nowhere else
    #[arg(long, value_name = "URL", default_value = "https://api.fal.ai/v1")]
    api_url: Url,
    /// Where single documents are served; the id is added to its query
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://fal.ai/api/openapi/queue/openapi.json"
    )]
    openapi_url: Url,
    /// How many requests to each server run at once
    #[arg(long, value_name = "N", default_value = "4")]
    jobs: NonZeroUsize,
    /// Remove documents of endpoints that fal no longer has
    #[arg(long)]
    prune: bool,
}

/// Fetches and prints what came of it.
///
/// # Errors
///
/// If nothing could be fetched at all: an id that is none, a server that is not there, a folder that is not writable.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let options = args
        .remote
        .options(Layout::of_option(args.schemas.as_deref()))?;
    let report = runtime()?.block_on(run(&options))?;
    print(&report.to_string())?;
    Ok(if report.failed.is_empty() {
        Outcome::Good
    } else {
        Outcome::Found
    })
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
        let options = Options::new(
            selection,
            self.api_url.clone(),
            self.openapi_url.clone(),
            layout,
        );
        Ok(Options {
            jobs: self.jobs,
            prune: self.prune,
            key: Key::from_env()?,
            progress: true,
            ..options
        })
    }
}
