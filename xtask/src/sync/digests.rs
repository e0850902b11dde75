//! Digests of files.

use cargo_fal::{Error, files, schemas::lock::sha256};
use fal_codegen::build::files_below;
use std::{collections::BTreeMap, path::Path};

/// The digest of a file; `None` if there is none.
pub(super) fn of_file(path: &Path) -> Result<Option<String>, Error> {
    Ok(files::read(path)?.map(|bytes| sha256(&bytes)))
}

/// The digest of every file below a folder, by path. Files whose names start with a dot, such as the journal of a fetch, are skipped.
pub(super) fn of_folder(folder: &Path) -> Result<BTreeMap<String, String>, Error> {
    let mut found = BTreeMap::new();
    if !folder.exists() {
        return Ok(found);
    }
    for path in files_below(folder)? {
        if let Some(digest) = of_file(&path)? {
            let shown = path.strip_prefix(folder).unwrap_or(&path);
            let parts: Vec<_> = shown.iter().map(|part| part.to_string_lossy()).collect();
            found.insert(parts.join("/"), digest);
        }
    }
    Ok(found)
}
