//! Reads a folder of documents.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{catalog::Catalog, endpoint::Endpoint};
use crate::error::Error;

/// Adds every document in `folder` and its subfolders. Returns a warning for each file that could not be used.
pub(crate) fn read_folder(catalog: &mut Catalog, folder: &Path) -> Result<Vec<String>, Error> {
    let files = json_files(folder).map_err(|source| Error::Documents {
        path: folder.to_owned(),
        source,
    })?;
    let mut warnings = Vec::new();
    for file in files {
        match read(&file) {
            Ok(endpoint) => catalog.add(endpoint),
            Err(reason) => {
                warnings.push(format!(
                    "{}: {reason}; this document is not served",
                    file.display()
                ));
            }
        }
    }
    Ok(warnings)
}

fn read(file: &Path) -> Result<Endpoint, String> {
    let text = fs::read(file).map_err(|error| error.to_string())?;
    Endpoint::from_document(text.into())
}

/// The JSON files in a folder, sorted, so that warnings have the same order on every system.
fn json_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
