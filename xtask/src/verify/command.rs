//! The command line of `cargo xtask verify`.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use super::{Options, verify};
use crate::generate::Format;
use crate::workspace;
use cargo_fal::output::print;
use cargo_fal::schemas::{listings, load};
use cargo_fal::{Error, Outcome};

/// Check the generated types against the documents, with the `jsonschema` crate.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 types and documents agree, 1 they disagree or too many fields are untyped, 2 nothing could be compiled or read.

Examples:
  cargo xtask verify                                every committed document
  cargo xtask verify --schemas DIR --endpoints 50   a sample of others
  cargo xtask verify --endpoints 50 --seed 7        another sample
  cargo xtask verify --format json > verify.json    for machines")]
pub struct Args {
    /// The root of the documents [default: the repository's `schemas/openapi`]
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,
    /// Check a sample of this many documents
    #[arg(long, value_name = "N")]
    endpoints: Option<usize>,
    /// Seed for the sample of documents and the combinations of values to try
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The format of the report; with JSON the summary line also goes to standard error
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Verifies the types, and prints the report.
///
/// # Errors
/// When the folder cannot be read, there is nothing to verify, or nothing compiles.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let layout = workspace::layout(args.schemas.as_deref());
    let loaded = load(&layout)?;
    if loaded.sources.is_empty() {
        let what = format!("there is no document in {}", layout.documents.display());
        let help = "name a folder with documents: `--schemas DIR`";
        return Err(Error::new(what).help(help));
    }
    let options = Options {
        endpoints: args.endpoints,
        seed: args.seed,
        key: key(&layout.documents, args),
        listings: listings(&layout)?,
        ..Options::default()
    };
    let mut report = verify(&loaded.sources, &options)?;
    report.documents += loaded.diagnostics.len();
    report.diagnostics.extend(loaded.diagnostics);
    match args.format {
        Format::Text => print(&format!("{report}\n"))?,
        Format::Json => {
            print(&format!("{:#}\n", report.to_json()))?;
            eprintln!("{}", report.summary());
        }
    }
    if report.compiled == 0 {
        let what = "no endpoint was compiled, so nothing was compared";
        return Err(Error::new(what).help("the lines above say why"));
    }
    Ok(if report.passed() {
        Outcome::Good
    } else {
        Outcome::Found
    })
}

/// A name for the scratch crate: the same for the same documents, so that the compiler
/// can reuse what it built before.
fn key(folder: &Path, args: &Args) -> String {
    let mut hasher = DefaultHasher::new();
    folder.canonicalize().ok().hash(&mut hasher);
    (args.endpoints, args.seed).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
