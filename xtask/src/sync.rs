//! `cargo xtask sync`: updates documents, generated code, changelog and version, all of them or nothing.
//!
//! Everything is prepared in the folder `.sync` of the checkout. Then a manifest is written, and the files are moved to their
//! places. If a run is killed before the manifest is written, nothing has changed, and the next run continues the fetch. If it
//! is killed later, the next run finishes it.

mod digests;
mod prepare;
mod staging;
mod transaction;

pub use prepare::Report;
pub use transaction::finish;

use crate::{fetch::Remote, workspace::repository};
use cargo_fal::{Error, Outcome, block_on, diff, fetch, output::print, schemas::Layout};
use staging::Staging;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Update documents, generated code, changelog and version: all of them or nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 everything is up to date, 1 documents could not be fetched or used (the old ones are kept), 2 bad input (nothing
changed), 130 interrupted (the next run continues).

Examples:
  cargo xtask sync --all              update the whole catalog
  cargo xtask sync fal-ai/flux/dev    add or update one endpoint")]
pub struct Args {
    #[command(flatten)]
    pub(crate) remote: Remote,
    /// The repository [default: this one]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Write the changes as Markdown to a file, for a pull request; the file is empty if nothing changed
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Runs the sync, and prints the report.
///
/// # Errors
///
/// If a step fails; nothing has changed then.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let root = args.root.clone().unwrap_or_else(repository);
    let Some(report) = sync(&root, |layout| args.remote.options(layout))? else {
        eprintln!("interrupted; run the command again to continue");
        return Ok(Outcome::Interrupted);
    };
    if let Some(file) = &args.report {
        let text = match report.is_empty() {
            true => String::new(),
            false => report.markdown(),
        };
        fs::write(file, text).map_err(|error| Error::file("write", file, &error))?;
    }
    print(&report.to_string())?;
    Ok(Outcome::of(report.is_clean()))
}

/// Updates a repository. Returns `None` if Ctrl-C was pressed while documents were fetched; nothing has changed then, and the
/// next run continues the fetch. `options` returns the options of a fetch into a layout.
///
/// # Errors
///
/// If a step fails; nothing has changed then.
pub fn sync(
    root: &Path,
    options: impl FnOnce(Layout) -> Result<fetch::Options, Error>,
) -> Result<Option<Report>, Error> {
    prepare::check(root)?;
    let finished = transaction::finish(root)?;
    let staging = Staging::open(root)?;
    let Some(fetched) = block_on(fetch::run(&options(staging.layout())?))? else {
        return Ok(None);
    };
    let fetched = fetched?;
    let unusable = staging.keep_usable(root)?;
    let compared = diff::compare(
        &diff::Side::folder(root.join("schemas/openapi"))?,
        &diff::Side::folder(staging.layout().documents)?,
    )?;
    let prepared = prepare::prepare(root, &staging, &compared.diff)?;
    let report = Report {
        finished,
        fetched,
        compared,
        unusable,
        added: prepared.added,
        files: prepared.files.len(),
        version: prepared.version,
        released: prepared.released,
    };
    transaction::commit(root, &prepared.files)?;
    Ok(Some(report))
}
