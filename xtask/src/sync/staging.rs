//! The copy of the folder `schemas` that a sync fetches documents into.

use super::digests;
use cargo_fal::{
    Error, files,
    schemas::{Layout, Store, load, lock::Lock},
};
use fal_codegen::{Catalog, Diagnostic, Fixups, Options, Severity, source::EndpointId};
use serde_json::json;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The folder in which everything is prepared.
pub(super) const FOLDER: &str = ".sync";

/// A copy of the folder `schemas`.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
}

impl Staging {
    /// Copies `schemas`. If an interrupted run has left a copy of the same files, that copy is used, and its fetch continues.
    pub(super) fn open(root: &Path) -> Result<Self, Error> {
        let folder = root.join(FOLDER);
        let known = digests::of_folder(&root.join("schemas"))?;
        let mark = mark(&known);
        let staging = Self { folder };
        if files::read(&staging.mark())?.as_deref() == Some(mark.as_bytes()) {
            return Ok(staging);
        }
        files::remove_folder(&staging.folder)?;
        for path in known.keys() {
            let bytes = files::read(&root.join("schemas").join(path))?.unwrap_or_default();
            files::write(&staging.folder.join("schemas").join(path), &bytes)?;
        }
        // The mark is written last, so that a copy without it is known to be incomplete.
        files::write(&staging.mark(), mark.as_bytes())?;
        Ok(staging)
    }

    fn mark(&self) -> PathBuf {
        self.folder.join("copied.json")
    }

    pub(super) fn layout(&self) -> Layout {
        Layout::of(self.folder.join("schemas/openapi"))
    }

    /// Restores the old documents where the fetched ones cannot be used. Returns the diagnostics about these.
    pub(super) fn keep_usable(&self, root: &Path) -> Result<Vec<Diagnostic>, Error> {
        let layout = self.layout();
        let loaded = load(&layout)?;
        let options = Options {
            fixups: Fixups::none(),
            ..Options::default()
        };
        let catalog = Catalog::read(&loaded.sources, &options);
        let said = loaded.diagnostics.iter().chain(catalog.diagnostics());
        let said: Vec<_> = said
            .filter(|said| said.severity == Severity::Error)
            .cloned()
            .collect();
        if said.is_empty() {
            return Ok(said);
        }
        let mut lock = Lock::read(&layout.lock)?;
        let old_lock = Lock::read(&root.join("schemas/catalog.lock.json"))?;
        let (old, new) = (
            Store::open(Layout::of(root.join("schemas/openapi")))?,
            Store::open(layout)?,
        );
        let ids = said
            .iter()
            .filter_map(|said| EndpointId::of_document_path(&said.location.document));
        for id in ids {
            match (old.read(&id)?, old_lock.endpoints.get(&id)) {
                (Some(bytes), entry) => {
                    new.write(&id, &bytes)?;
                    lock.endpoints
                        .extend(entry.map(|entry| (id, entry.clone())));
                }
                (None, _) => {
                    new.remove(&id)?;
                    lock.endpoints.remove(&id);
                }
            }
        }
        new.write_lock(&lock.to_text()?)?;
        Ok(said)
    }
}

fn mark(files: &BTreeMap<String, String>) -> String {
    format!("{:#}\n", json!(files))
}
