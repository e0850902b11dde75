//! `cargo xtask diff`: reports what changed in meaning between two sets of documents, and which version number that requires.

use crate::workspace::repository;
use cargo_fal::{
    Error, Outcome,
    diff::{Side, compare, json, markdown, refuse_empty, text},
    output::print,
};
use fal_codegen::diff::Class;
use std::path::PathBuf;

/// Report what changed in meaning between two sets of documents, and what that breaks.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each change has two classes: one for programs that use the generated types (Rust), and one for requests and results as JSON (wire).
Key order, titles and other spellings of the same schema do not count as changes.

Exit codes: 0 compared, 1 a document could not be read or, with --deny-breaking, a change breaks something, 2 bad input.

Examples:
  cargo xtask diff HEAD                        compare the last commit with the working tree
  cargo xtask diff v0.1.0 v0.2.0               compare two releases
  cargo xtask diff OLD/ NEW/ --deny-breaking   exit 1 if anything breaks")]
pub struct Args {
    /// The old documents: a folder, or a git revision, whose folder `schemas` is read
    old: String,
    /// The new documents: a folder or a git revision [default: the repository's `schemas/openapi`]
    new: Option<String>,
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Exit with 1 if a change breaks programs, requests or results
    #[arg(long)]
    deny_breaking: bool,
    /// Leave out endpoints that are not among both the old and the new documents
    #[arg(long)]
    only_common: bool,
    /// The repository that git revisions are taken from [default: this one]
    #[arg(long, value_name = "DIR")]
    repo: Option<PathBuf>,
}

/// The format of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Text for a terminal
    #[default]
    Text,
    /// Markdown, for example for the body of a pull request
    Markdown,
    /// JSON, for scripts
    Json,
}

/// Compares the two sides, and prints the report.
///
/// # Errors
///
/// If a side is neither a folder nor a revision, or has no document that can be read.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let repo = args.repo.clone().unwrap_or_else(repository);
    let old = Side::of(&args.old, &repo)?;
    let new = match &args.new {
        Some(new) => Side::of(new, &repo)?,
        None => Side::folder(repo.join("schemas/openapi"))?,
    };
    refuse_empty([&old, &new])?;
    let mut compared = compare(&old, &new)?;
    if args.only_common {
        compared.keep_common();
    }
    print(&match args.format {
        Format::Text => text(&compared),
        Format::Markdown => markdown(&compared),
        Format::Json => json(&compared),
    })?;
    let breaking = compared.diff.rust().max(compared.diff.wire()) == Class::Breaking;
    let denied = args.deny_breaking && breaking;
    Ok(Outcome::of(!denied && compared.unreadable.is_empty()))
}
