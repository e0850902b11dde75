//! The command line of `cargo xtask verify`.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use fal_codegen::Source;

use super::{Options, verify};
use crate::output::print;
use crate::schemas::Layout;
use crate::{Error, Outcome};

/// Hold the generated types against the documents, by the `jsonschema` crate.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The root of the documents [default: the repository's `schemas/openapi`]
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,
    /// Take a sample of so many documents
    #[arg(long, value_name = "N")]
    endpoints: Option<usize>,
    /// Decides which documents the sample takes and which mixtures of values are tried
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// How to print what was found; JSON prints the summary line on standard error too
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Verifies and prints.
///
/// # Errors
/// When the folder cannot be read or the types cannot be compiled at all.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let folder = Layout::of_option(args.schemas.as_deref()).documents;
    let sources = read(&folder)?;
    let options = Options {
        endpoints: args.endpoints,
        seed: args.seed,
        key: key(&folder, args),
        ..Options::default()
    };
    let report = verify(&sources, &options)?;
    match args.format {
        Format::Text => print(&format!("{report}\n"))?,
        Format::Json => {
            print(&format!("{:#}\n", report.to_json()))?;
            eprintln!("{}", report.summary());
        }
    }
    Ok(if report.passed() {
        Outcome::Good
    } else {
        Outcome::Found
    })
}

/// A name for the scratch crate: the same for the same documents, so that the
/// compiler can use what it did before.
fn key(folder: &Path, args: &Args) -> String {
    let mut hasher = DefaultHasher::new();
    folder.canonicalize().ok().hash(&mut hasher);
    (args.endpoints, args.seed).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The documents in a folder, `<folder>/<owner>/<path>.json`, ordered by path.
///
/// # Errors
/// When the folder or a file cannot be read, or holds no document.
pub fn read(folder: &Path) -> Result<Vec<Source>, Error> {
    let mut sources = Vec::new();
    collect(folder, folder, &mut sources)?;
    if sources.is_empty() {
        let what = format!("there is no document in {}", folder.display());
        return Err(Error::new(what).cure("name another folder with `--schemas`"));
    }
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(sources)
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) -> Result<(), Error> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |error: std::io::Error| Error::file("read", &path, &error)
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.is_dir() {
            collect(root, &path, sources)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
            && path.parent() != Some(root)
        {
            let bytes = std::fs::read(&path).map_err(unreadable(&path))?;
            let name = path.strip_prefix(root).unwrap_or(&path);
            sources.push(Source {
                path: name.to_string_lossy().replace('\\', "/"),
                text: String::from_utf8_lossy(&bytes).into_owned(),
            });
        }
    }
    Ok(())
}
