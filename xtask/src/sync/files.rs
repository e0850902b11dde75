//! Files of a tree: what they hold, and replacing them whole.

use crate::{Error, schemas::lock::sha256};
use std::{collections::BTreeMap, fs, io, io::Write as _, path::Path};

/// The text of a file; `None` if there is none.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file("read", path, &error)),
    }
}

/// The digest of a file; `None` if there is none.
pub(super) fn digest(path: &Path) -> Result<Option<String>, Error> {
    Ok(read(path)?.map(|bytes| sha256(&bytes)))
}

/// Every file below a folder with its digest, by its path there. What a fetch keeps for itself is passed over.
pub(super) fn digests(folder: &Path) -> Result<BTreeMap<String, String>, Error> {
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
            && let Some(digest) = digest(&entry.path())?
        {
            found.insert(shown, digest);
        }
    }
    Ok(())
}

/// Writes a file whole, or not at all; makes its folder.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sync-tmp-");
    #[cfg(unix)]
    builder.permissions(permissions());
    let written = fs::create_dir_all(folder)
        .and_then(|()| builder.tempfile_in(folder))
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            Ok(())
        });
    written.map_err(|error| Error::file("write", path, &error))
}

/// As readable as the user's umask allows.
#[cfg(unix)]
fn permissions() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::Permissions::from_mode(0o666)
}

/// Removes a file, if it is there, and the folders that it leaves empty.
pub(super) fn remove(root: &Path, path: &str) -> Result<(), Error> {
    let file = root.join(path);
    match fs::remove_file(&file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(Error::file("remove", &file, &error));
        }
        _ => {}
    }
    for folder in file
        .ancestors()
        .skip(1)
        .take_while(|folder| *folder != root)
    {
        // Fails on the first that still holds something, as it should.
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// Removes a folder, if it is there.
pub(super) fn remove_folder(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::file("remove", folder, &error))
        }
        _ => Ok(()),
    }
}
