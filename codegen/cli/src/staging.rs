//! Fetches documents into a temporary folder first, so that a crate changes only if all of them could be fetched.

use crate::{
    Error,
    changes::Changes,
    diff::{Compared, Side, compare},
    fetch::{Selection, Servers, run},
    files,
    project::Project,
    runtime,
    schemas::{Layout, load, lock::Lock},
};
use fal_codegen::{
    Catalog, Diagnostic, Options, Severity,
    build::{LOCK_FILE, files_below},
    source::EndpointId,
};
use std::{fs, path::Path};
use tempfile::TempDir;

/// The documents of a crate as they are after a fetch.
#[derive(Debug)]
pub struct Staging {
    folder: TempDir,
    ids: Vec<EndpointId>,
}

impl Staging {
    /// Copies the documents of a crate into a temporary folder, and fetches those of `ids` into it.
    ///
    /// # Errors
    ///
    /// If a document cannot be fetched or used. The crate has not changed then.
    pub fn fetch(project: &Project, servers: &Servers, ids: &[EndpointId]) -> Result<Self, Error> {
        // Checked first, so that errors name the files of the crate and not their copies.
        check_readable(project, ids).map_err(Error::nothing_changed)?;
        let folder = files::temporary_folder()?;
        let layout = layout(folder.path());
        copy(&project.layout(), &layout)?;
        let selection = Selection::Ids(ids.iter().cloned().collect());
        let options = servers.options(selection, layout)?;
        let report = runtime()?.block_on(run(&options))?;
        if let Some(error) = report.error() {
            return Err(error.nothing_changed());
        }
        let staging = Self {
            folder,
            ids: ids.to_vec(),
        };
        staging.check_usable(project)?;
        Ok(staging)
    }

    fn layout(&self) -> Layout {
        layout(self.folder.path())
    }

    /// Refuses documents that no types can be generated from.
    fn check_usable(&self, project: &Project) -> Result<(), Error> {
        let diagnostics = self.diagnostics(project)?;
        let error = diagnostics
            .iter()
            .find(|said| said.severity == Severity::Error);
        match error {
            Some(said) => Err(Error::new(format!("{}: {}", said.location, said.message))
                .help(&said.help)
                .nothing_changed()),
            None => Ok(()),
        }
    }

    /// The generator's diagnostics about the fetched documents, including those about module names that two models would share.
    ///
    /// # Errors
    ///
    /// If the documents cannot be read.
    pub fn diagnostics(&self, project: &Project) -> Result<Vec<Diagnostic>, Error> {
        let prefix = project.layout().prefix;
        let documents = load(&self.layout().with_prefix(&prefix))?;
        let options = Options {
            ungated: true,
            ..Options::default()
        };
        let catalog = Catalog::read(&documents.sources, &options);
        let said = documents.diagnostics.iter().chain(catalog.diagnostics());
        let paths: Vec<_> = self
            .ids
            .iter()
            .map(|id| format!("{prefix}{}", id.document_path()))
            .collect();
        let of_fetched = |said: &&Diagnostic| paths.contains(&said.location.document);
        Ok(said.filter(of_fetched).cloned().collect())
    }

    /// Compares the fetched documents with those of the crate.
    ///
    /// # Errors
    ///
    /// If the documents or the lock file of the crate cannot be read.
    pub fn compare(&self, project: &Project) -> Result<Compared, Error> {
        compare(
            &Side::of_crate(project.layout()),
            &Side::of_crate(self.layout()),
        )
    }

    /// Adds the fetched documents and the lock file to `changes`.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn collect(&self, project: &Project, changes: &mut Changes) -> Result<(), Error> {
        let layout = self.layout();
        let documents = self.ids.iter().map(EndpointId::document_path);
        for document in documents.chain([LOCK_FILE.to_owned()]) {
            let path = layout.documents.join(&document);
            let bytes = fs::read(&path).map_err(|error| Error::file("read", &path, &error))?;
            changes.set(project.root(), &project.document_path(&document), bytes)?;
        }
        Ok(())
    }
}

fn check_readable(project: &Project, ids: &[EndpointId]) -> Result<(), Error> {
    let layout = project.layout();
    Lock::read(&layout.lock)?;
    for id in ids {
        files::read(&layout.documents.join(id.document_path()))?;
    }
    Ok(())
}

/// A layout whose lock file is among the documents, whatever their folder is called.
fn layout(folder: &Path) -> Layout {
    Layout::of(folder.join("schemas"))
}

fn copy(from: &Layout, to: &Layout) -> Result<(), Error> {
    if !from.documents.is_dir() {
        return Ok(());
    }
    for path in files_below(&from.documents)? {
        let below = path.strip_prefix(&from.documents).unwrap_or(&path);
        let bytes = fs::read(&path).map_err(|error| Error::file("read", &path, &error))?;
        files::write_unsynced(&to.documents.join(below), &bytes)?;
    }
    Ok(())
}
