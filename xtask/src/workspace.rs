//! Finds the checkout that a command is run in, on which the commands work.

use cargo_fal::{Error, schemas::Layout};
use std::{
    env,
    path::{Path, PathBuf},
};

/// A path that every checkout has, and that no other project does.
const MARK: &str = "xtask/src/workspace.rs";

/// The root of the checkout that the current folder is in.
///
/// # Errors
///
/// If the current folder is not in a checkout.
pub fn find() -> Result<PathBuf, Error> {
    let current = env::current_dir().map_err(|error| {
        Error::new(format!("cannot find the current folder: {error}"))
            .help("change to a folder that exists")
    })?;
    let root = current
        .ancestors()
        .find(|folder| folder.join(MARK).is_file());
    root.map(Path::to_owned).ok_or_else(|| {
        Error::new(format!(
            "{} is not in a checkout of this repository",
            current.display()
        ))
        .help("change to the checkout that the command is to work on")
    })
}

/// The root of the checkout. Outside of a checkout, where the commands refuse to run, the current folder.
#[must_use]
pub fn repository() -> PathBuf {
    find().unwrap_or_default()
}

/// The layout for the option `--schemas`: of the given folder, or without the option of the repository's documents.
#[must_use]
pub fn layout(documents: Option<&Path>) -> Layout {
    match documents {
        Some(documents) => Layout::of(documents),
        None => Layout::of(repository().join("schemas/openapi")).with_prefix("schemas/openapi/"),
    }
}
