//! Reading the documents below a folder.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::source::{MAX_BYTES, Source};

/// The name of the lock file, which is stored among the documents but is not one of them.
pub const LOCK_FILE: &str = "catalog.lock.json";

/// The documents of a folder, and diagnostics about those that could not be read.
#[derive(Debug, Default)]
pub struct Documents {
    /// Every document, ordered by path.
    pub sources: Vec<Source>,
    /// A diagnostic for each file that is not UTF-8 text.
    pub diagnostics: Vec<Diagnostic>,
}

/// A file or folder that could not be read.
#[derive(Debug)]
pub struct FolderError {
    /// The path of the file or folder.
    pub path: PathBuf,
    /// The error of the operating system.
    pub error: io::Error,
}

impl std::fmt::Display for FolderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot read {}: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for FolderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// Reads every `*.json` file below a folder, apart from the [lock file](LOCK_FILE) in it. Diagnostics and generated headers
/// show a document's path below the folder, with `prefix` before it.
///
/// # Errors
///
/// When the folder, or something in it, cannot be read at all.
pub fn read_folder(folder: &Path, prefix: &str) -> Result<Documents, FolderError> {
    let lock = folder.join(LOCK_FILE);
    let mut documents = Documents::default();
    for path in files_below(folder)? {
        if path.extension().is_none_or(|end| end != "json") || path == lock {
            continue;
        }
        let below = path.strip_prefix(folder).unwrap_or(&path);
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        let shown = format!("{prefix}{}", parts.join("/"));
        match read_text(&path) {
            Ok(Some(text)) => documents.sources.push(Source::new(shown, text)),
            Ok(None) => documents.diagnostics.push(not_text(shown)),
            Err(error) => return Err(FolderError { path, error }),
        }
    }
    Ok(documents)
}

/// The files below a folder, ordered by path. Files and folders whose names start with a dot are left out, and symbolic
/// links are not followed.
///
/// # Errors
///
/// When the folder, or one in it, cannot be read.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, FolderError> {
    let mut found = Vec::new();
    walk(folder, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), FolderError> {
    let failed = |error: io::Error| FolderError {
        path: folder.to_owned(),
        error,
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            walk(&entry.path(), found)?;
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// The text of a file, or `None` if it is not UTF-8. At most one byte more than the limit is read, which shows that a file
/// is too large.
fn read_text(file: &Path) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        // The cut may have gone through a character.
        Err(error) if error.as_bytes().len() > MAX_BYTES => {
            Ok(Some(String::from_utf8_lossy(error.as_bytes()).into_owned()))
        }
        Err(_) => Ok(None),
    }
}

fn not_text(path: String) -> Diagnostic {
    let location = Location::new(path, "");
    let message = "the file is not UTF-8 text";
    Diagnostic::new(Severity::Error, Code::InvalidJson, location, message)
        .fallback("the endpoint was left out")
        .help("fetch the document again")
}
