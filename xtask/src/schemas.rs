//! The documents on disk and the catalog's lock file.

pub mod lock;
mod store;

pub use store::Store;

use std::path::{Path, PathBuf};

/// Where the documents and the lock file lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The root of the documents: `<root>/<owner>/<path>.json`.
    pub documents: PathBuf,
    /// The lock file.
    pub lock: PathBuf,
}

impl Layout {
    /// The layout of a root of documents. The lock file lies in it, but where the root is called `openapi`, as in
    /// `schemas/openapi`: there it lies beside it.
    #[must_use]
    pub fn of(documents: impl Into<PathBuf>) -> Self {
        let documents = documents.into();
        let beside = documents.file_name().is_some_and(|name| name == "openapi");
        let folder = documents.parent().filter(|_| beside).unwrap_or(&documents);
        Self {
            lock: folder.join("catalog.lock.json"),
            documents,
        }
    }

    /// The layout that `--schemas` names; without it, the repository's own.
    #[must_use]
    pub fn of_option(documents: Option<&Path>) -> Self {
        documents.map_or_else(Self::default, Self::of)
    }

    /// The folder of the lock file.
    #[must_use]
    pub fn lock_folder(&self) -> &Path {
        self.lock.parent().unwrap_or(Path::new(""))
    }
}

impl Default for Layout {
    fn default() -> Self {
        Self::of(repository().join("schemas/openapi"))
    }
}

/// The root of the repository, wherever in it the command runs.
#[must_use]
pub fn repository() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

#[cfg(test)]
mod tests {
    use super::Layout;
    use std::path::Path;

    #[test]
    fn the_lock_lies_beside_openapi_and_inside_any_other_folder() {
        assert_eq!(
            Layout::of("s/openapi").lock,
            Path::new("s/catalog.lock.json")
        );
        assert_eq!(Layout::of("openapi").lock, Path::new("catalog.lock.json"));
        assert_eq!(Layout::of("new").lock, Path::new("new/catalog.lock.json"));
        assert!(
            Layout::default()
                .lock
                .ends_with("schemas/catalog.lock.json")
        );
    }
}
