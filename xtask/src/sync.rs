//! `cargo xtask sync`: fetch, diff, generate, changelog, next version; all of it or nothing.
//!
//! Everything is prepared in `.sync/` beside the tree. Once all of it is there, a manifest is written, and then the files are
//! moved into the tree. A run that is killed before the manifest is written has changed nothing, and the next one continues
//! the fetch; a run that is killed after that is finished by the next one.

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
Exit codes: 0 everything is up to date, 1 documents could not be fetched or used (the old ones stay), 2 bad input, and nothing
changed, 130 interrupted: the next run goes on.

Examples:
  cargo xtask sync --all              the whole catalog
  cargo xtask sync fal-ai/flux/dev    one endpoint, new or known")]
pub struct Args {
    #[command(flatten)]
    remote: Remote,
    /// The repository [default: this one]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Write the changes as Markdown to a file, for a pull request; an empty file if nothing changed
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

impl Args {
    /// Whether the command talks to a server by https.
    pub(crate) fn needs_tls(&self) -> Result<bool, Error> {
        self.remote.needs_tls()
    }
}

/// Syncs, and prints the report.
///
/// # Errors
///
/// If a step fails; the tree is then as it was.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let root = args.root.clone().unwrap_or_else(repository);
    let Some(report) = sync(&root, |layout| args.remote.options(layout))? else {
        eprintln!("interrupted; run again to go on");
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
    Ok(match report.is_clean() {
        true => Outcome::Good,
        false => Outcome::NeedsAttention,
    })
}

/// Brings a repository up to date. `None` means that Ctrl-C came while documents were fetched: nothing has changed, and the
/// next run continues the fetch. `options` makes the options of a fetch into a layout.
///
/// # Errors
///
/// If a step fails; the tree is then as it was.
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
