//! The documents on disk and the catalog's lock file.

mod load;
pub mod lock;
mod store;

pub use load::{listings, load};
pub use store::Store;

use fal_codegen::build::LOCK_FILE;
use std::path::{Path, PathBuf};

/// The paths of the documents and of the lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The root of the documents: `<root>/<owner>/<path>.json`.
    pub documents: PathBuf,
    /// The lock file.
    pub lock: PathBuf,
    /// The prefix of a document's path below the root in diagnostics and generated headers, such as `schemas/openapi/`. It does
    /// not depend on the machine.
    pub prefix: String,
}

impl Layout {
    /// Creates the layout of a folder of documents. The lock file is in that folder, unless the folder is called `openapi`, as in
    /// `schemas/openapi`: then the lock file is beside it.
    #[must_use]
    pub fn of(documents: impl Into<PathBuf>) -> Self {
        let documents = documents.into();
        let beside = documents.file_name().is_some_and(|name| name == "openapi");
        let folder = documents.parent().filter(|_| beside).unwrap_or(&documents);
        Self {
            lock: folder.join(LOCK_FILE),
            documents,
            prefix: String::new(),
        }
    }

    /// Sets the prefix for the paths of the documents.
    #[must_use]
    pub fn with_prefix(self, prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            ..self
        }
    }

    /// The folder of the lock file.
    #[must_use]
    pub fn lock_folder(&self) -> &Path {
        self.lock.parent().unwrap_or(Path::new(""))
    }
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
    }
}
