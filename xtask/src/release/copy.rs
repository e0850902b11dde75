//! Copies the checkout, so that a release can be tried in the copy.

use cargo_fal::{Error, files};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// Copies the files of the checkout at `root` that git does not ignore, with uncommitted changes, to a temporary folder.
pub(super) fn of_checkout(root: &Path) -> Result<TempDir, Error> {
    let copy = files::temporary_folder()?;
    for path in listed(root)? {
        let from = root.join(&path);
        // A file that was deleted without a commit is listed, but does not exist.
        if from.is_file() {
            copy_file(&from, &copy.path().join(&path))?;
        }
    }
    Ok(copy)
}

/// Copies the files below `from` to the same paths below `to`.
pub(super) fn add_folder(from: &Path, to: &Path) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::file("read the folder", from, &error);
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let to = to.join(entry.file_name());
        match entry.file_type().map_err(failed)?.is_dir() {
            true => add_folder(&entry.path(), &to)?,
            false => copy_file(&entry.path(), &to)?,
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Result<(), Error> {
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
    fs::copy(from, to).map_err(|error| Error::file("copy", from, &error))?;
    Ok(())
}

/// The files of the checkout that git does not ignore.
fn listed(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()
        .map_err(|error| Error::file("run", Path::new("git"), &error))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(
            Error::new(format!("git cannot list the files: {}", words.trim()))
                .help("run the command in a checkout made by git"),
        );
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let paths = text.split('\0').filter(|path| !path.is_empty());
    Ok(paths.map(PathBuf::from).collect())
}
