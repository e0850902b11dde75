//! Reads and replaces files. A file is replaced as a whole or not at all.

use crate::Error;
use std::{
    env, fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// The prefix of temporary files. A run that is killed can leave one behind.
pub const TEMPORARY: &str = ".fal-tmp-";

/// The bytes of a file; `None` if there is none.
///
/// # Errors
///
/// If the file exists and cannot be read.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    found(path, fs::read(path))
}

/// The text of a file; `None` if there is none.
///
/// # Errors
///
/// If the file exists and cannot be read, or is not text.
pub fn read_text(path: &Path) -> Result<Option<String>, Error> {
    found(path, fs::read_to_string(path))
}

fn found<T>(path: &Path, read: io::Result<T>) -> Result<Option<T>, Error> {
    match read {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file("read", path, &error)),
    }
}

/// Replaces a file, and creates its folder if there is none. The file is on the disk when this returns.
///
/// # Errors
///
/// If the file cannot be written; the old one is then as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    replace(path, bytes, fs::File::sync_all)
}

/// Replaces a file without waiting for the disk, which is enough for a file that can be generated again.
///
/// # Errors
///
/// If the file cannot be written; the old one is then as it was.
pub fn write_unsynced(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    replace(path, bytes, |_| Ok(()))
}

/// Writes a temporary file, then renames it, so that no program sees a partly written file.
fn replace(
    path: &Path,
    bytes: &[u8],
    settle: fn(&fs::File) -> io::Result<()>,
) -> Result<(), Error> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    builder.permissions(permissions());
    let written = fs::create_dir_all(folder)
        .and_then(|()| builder.tempfile_in(folder))
        .and_then(|mut file| {
            file.write_all(bytes)?;
            settle(file.as_file())?;
            file.persist(path)?;
            Ok(())
        });
    written.map_err(|error| Error::file("write", path, &error))
}

/// The permissions that the user's umask leaves; temporary files are private by default.
#[cfg(unix)]
fn permissions() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::Permissions::from_mode(0o666)
}

/// Removes a file below `root`, if it exists, and the folders that it leaves empty.
///
/// # Errors
///
/// If the file exists and cannot be removed.
pub fn remove(root: &Path, file: &Path) -> Result<(), Error> {
    let file: PathBuf = root.join(file);
    match fs::remove_file(&file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(Error::file("remove", &file, &error));
        }
        _ => {}
    }
    let folders = file.ancestors().skip(1);
    for folder in folders.take_while(|folder| *folder != root) {
        // Fails at the first folder that is not empty, as it should.
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// Creates a temporary folder, which is removed when the value is dropped.
///
/// # Errors
///
/// If the folder cannot be created.
pub fn temporary_folder() -> Result<TempDir, Error> {
    tempfile::tempdir().map_err(|error| Error::file("create a folder in", &env::temp_dir(), &error))
}

/// Removes a folder with everything in it, if it exists.
///
/// # Errors
///
/// If the folder exists and cannot be removed.
pub fn remove_folder(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::file("remove", folder, &error))
        }
        _ => Ok(()),
    }
}
