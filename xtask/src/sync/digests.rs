//! Digests of the files of a tree.

use crate::{Error, files::read, schemas::lock::sha256};
use std::{collections::BTreeMap, fs, io, path::Path};

/// The digest of a file; `None` if there is none.
pub(super) fn of_file(path: &Path) -> Result<Option<String>, Error> {
    Ok(read(path)?.map(|bytes| sha256(&bytes)))
}

/// Every file below a folder with its digest, by its path there. What a fetch keeps for itself is passed over.
pub(super) fn of_folder(folder: &Path) -> Result<BTreeMap<String, String>, Error> {
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found)?;
    Ok(found)
}

fn walk(folder: &Path, shown: &str, found: &mut BTreeMap<String, String>) -> Result<(), Error> {
    let failed = |error: io::Error| Error::file("read the folder", folder, &error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(failed)?;
        if name.starts_with('.') {
            continue;
        }
        let shown = match shown {
            "" => name,
            shown => format!("{shown}/{name}"),
        };
        if kind.is_dir() {
            walk(&entry.path(), &shown, found)?;
        } else if kind.is_file()
            && let Some(digest) = of_file(&entry.path())?
        {
            found.insert(shown, digest);
        }
    }
    Ok(())
}
