//! Reads and writes the documents below one folder. A file is replaced as a whole or not at all.

use super::Layout;
use crate::{Error, files};
use fal_codegen::source::EndpointId;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The documents of one layout. Neither ids ([`EndpointId`]) nor symbolic links can lead out of its folder.
#[derive(Debug)]
pub struct Store {
    layout: Layout,
    /// The root with every symbolic link resolved.
    root: PathBuf,
}

impl Store {
    /// Opens the documents' folder for writing, and creates it if there is none.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made or read.
    pub fn open(layout: Layout) -> Result<Self, Error> {
        let documents = &layout.documents;
        let made = fs::create_dir_all(documents).and_then(|()| documents.canonicalize());
        let root = made.map_err(|error| Error::file("make the folder", documents, &error))?;
        Ok(Self { layout, root })
    }

    /// The paths of the documents and of the lock file.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    fn path(&self, id: &EndpointId) -> PathBuf {
        self.root.join(id.document_path())
    }

    /// The bytes of a document; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the document exists and cannot be read.
    pub fn read(&self, id: &EndpointId) -> Result<Option<Vec<u8>>, Error> {
        files::read(&self.path(id))
    }

    /// Replaces a document. Even if the run is killed, the file is either the old document or the new one.
    ///
    /// # Errors
    ///
    /// If the file cannot be written, or a symbolic link leads out of the folder.
    pub fn write(&self, id: &EndpointId, bytes: &[u8]) -> Result<(), Error> {
        let path = self.path(id);
        self.check_folder(path.parent().unwrap_or(&self.root))?;
        files::write(&path, bytes)
    }

    /// Replaces the lock file.
    ///
    /// # Errors
    ///
    /// If the lock file cannot be written.
    pub fn write_lock(&self, text: &str) -> Result<(), Error> {
        if fs::read(&self.layout.lock).is_ok_and(|old| old == text.as_bytes()) {
            return Ok(());
        }
        files::write(&self.layout.lock, text.as_bytes())
    }

    fn check_folder(&self, folder: &Path) -> Result<(), Error> {
        // The missing folders are created below the nearest ancestor that exists.
        let existing = folder.ancestors().find(|ancestor| ancestor.exists());
        let real = existing
            .unwrap_or(&self.root)
            .canonicalize()
            .map_err(|error| Error::file("make the folder", folder, &error))?;
        if real.starts_with(&self.root) {
            return Ok(());
        }
        let what = format!("{} leads out of {}", folder.display(), self.root.display());
        Err(Error::new(what).help("remove the link: documents are written below their folder only"))
    }

    /// Removes a document and the folders that it leaves empty.
    ///
    /// # Errors
    ///
    /// If the file exists and cannot be removed.
    pub fn remove(&self, id: &EndpointId) -> Result<(), Error> {
        files::remove(&self.root, Path::new(&id.document_path()))
    }

    /// The ids of all documents, sorted. Files that cannot be a document are skipped, and temporary files that a killed run
    /// left are removed.
    ///
    /// # Errors
    ///
    /// If a folder cannot be read.
    pub fn scan(&self) -> Result<Vec<EndpointId>, Error> {
        remove_left_over(self.layout.lock_folder());
        let mut ids = Vec::new();
        self.scan_folder(&self.root, &mut ids)?;
        ids.sort();
        Ok(ids)
    }

    fn scan_folder(&self, folder: &Path, ids: &mut Vec<EndpointId>) -> Result<(), Error> {
        let failed = |error: io::Error| Error::file("read the folder", folder, &error);
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            // Symbolic links are not followed: a link is neither a folder nor a file here.
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                self.scan_folder(&path, ids)?;
            } else if is_temporary(&entry) {
                let _ = fs::remove_file(&path);
            } else if kind.is_file() {
                ids.extend(self.id_of(&path));
            }
        }
        Ok(())
    }

    fn id_of(&self, path: &Path) -> Option<EndpointId> {
        let parts: Option<Vec<_>> = path
            .strip_prefix(&self.root)
            .ok()?
            .iter()
            .map(|part| part.to_str())
            .collect();
        EndpointId::of_document_path(&parts?.join("/"))
    }
}

fn is_temporary(entry: &fs::DirEntry) -> bool {
    entry
        .file_name()
        .to_string_lossy()
        .starts_with(files::TEMPORARY)
}

fn remove_left_over(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(is_temporary) {
        let _ = fs::remove_file(entry.path());
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, Store};
    use fal_codegen::source::EndpointId;
    use std::fs;

    fn id(id: &str) -> EndpointId {
        EndpointId::parse(id).unwrap()
    }

    #[test]
    fn documents_are_written_found_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Layout::of(folder.path().join("documents"))).unwrap();
        for name in ["a/b/c", "a/b", "d/e"] {
            store.write(&id(name), name.as_bytes()).unwrap();
        }
        fs::write(store.path(&id("a/b")).with_file_name(".fal-tmp-1"), "half").unwrap();
        fs::write(store.root.join("catalog.lock.json"), "{}").unwrap();
        assert_eq!(store.scan().unwrap(), [id("a/b"), id("a/b/c"), id("d/e")]);
        assert!(
            !store.root.join("a/.fal-tmp-1").exists(),
            "left over from a killed run"
        );
        store.remove(&id("a/b/c")).unwrap();
        store.remove(&id("a/b/c")).unwrap();
        assert!(!store.root.join("a/b").exists());
        assert_eq!(
            store.read(&id("a/b")).unwrap().as_deref(),
            Some(&b"a/b"[..])
        );
        assert_eq!(store.read(&id("a/b/c")).unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_out() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        let store = Store::open(Layout::of(folder.path())).unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("a")).unwrap();
        let error = store.write(&id("a/b/c"), b"{}").unwrap_err().to_string();
        assert!(error.contains("leads out of"), "{error}");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }
}
