//! What `cargo xtask verify` does: reads the documents, verifies and reports.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;

use crate::{Options, verify};
use cargo_fal::output::print;
use cargo_fal::schemas::{listings, load};
use cargo_fal::{Error, Outcome};
use xtask::generate::Format;
use xtask::verify::Args;
use xtask::workspace;

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
    Ok(Outcome::of(report.passed()))
}

/// A name for the scratch crate: the same for the same documents, so that the compiler
/// can reuse what it built before.
fn key(folder: &Path, args: &Args) -> String {
    let mut hasher = DefaultHasher::new();
    folder.canonicalize().ok().hash(&mut hasher);
    (args.endpoints, args.seed).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
