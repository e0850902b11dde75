//! The two sides of a comparison, and its result.

use super::revision;
use crate::{
    Error, files,
    ids::known,
    schemas::{Layout, listings, load},
};
use fal_codegen::{
    Catalog, Diagnostic, Ledger, Options, Severity,
    diff::{Diff, Kind, diff},
    source::EndpointId,
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// One side of a comparison: a set of documents, with the lock file and the ledger beside it.
#[derive(Debug)]
pub struct Side {
    /// The name of the side in messages.
    name: String,
    layout: Layout,
    /// Whether endpoints are in groups, each behind a cargo feature, as in the SDK.
    gated: bool,
    /// The temporary folder of an unpacked revision, which is removed with the side.
    _unpacked: Option<TempDir>,
}

/// The result of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// The changes in meaning.
    pub diff: Diff,
    /// Documents that could not be used on one of the sides; their endpoints are not compared.
    pub unreadable: Vec<Diagnostic>,
}

impl Compared {
    /// Drops the endpoints that only one side has.
    pub fn keep_common(&mut self) {
        let one_side = [Kind::EndpointAdded, Kind::EndpointRemoved];
        self.diff
            .changes
            .retain(|change| !one_side.contains(&change.kind));
    }
}

impl Side {
    /// The side that an argument of the command line names: a folder if there is one of that name, else a git revision.
    ///
    /// # Errors
    ///
    /// If there is neither a folder nor a git revision of that name.
    pub fn of(name: &str, repo: &Path) -> Result<Self, Error> {
        if Path::new(name).is_dir() {
            return Self::folder(name);
        }
        let unpacked = revision::unpack(name, repo)?;
        Ok(Self {
            name: name.to_owned(),
            layout: Layout::of(unpacked.path().join("schemas/openapi")),
            gated: true,
            _unpacked: Some(unpacked),
        })
    }

    /// The side of a folder of documents. `folder` can also be the root of a repository, or its folder `schemas`.
    ///
    /// # Errors
    ///
    /// If there is no such folder.
    pub fn folder(folder: impl Into<PathBuf>) -> Result<Self, Error> {
        let folder = folder.into();
        let inner = ["schemas/openapi", "openapi"].map(|inner| folder.join(inner));
        let documents = inner
            .into_iter()
            .find(|inner| inner.is_dir())
            .unwrap_or(folder);
        if !documents.is_dir() {
            return Err(
                Error::new(format!("there is no folder {}", documents.display()))
                    .help("give a folder of documents, or a git revision"),
            );
        }
        Ok(Self {
            name: documents.display().to_string(),
            layout: Layout::of(documents),
            gated: true,
            _unpacked: None,
        })
    }

    /// The documents of a user's crate, whose types are not behind cargo features.
    #[must_use]
    pub fn of_crate(layout: Layout) -> Self {
        Self {
            name: layout.documents.display().to_string(),
            layout,
            gated: false,
            _unpacked: None,
        }
    }

    fn read(&self, inherited: Option<&Ledger>) -> Result<(Catalog, Vec<Diagnostic>), Error> {
        let loaded = load(&self.layout)?;
        let ledger = match (self.ledger()?, inherited) {
            (Some(own), _) => own,
            (None, Some(inherited)) => inherited.clone(),
            (None, None) => Ledger::default(),
        };
        let options = Options {
            ledger,
            listings: listings(&self.layout)?,
            known_ids: known(),
            ungated: !self.gated,
            ..Options::default()
        };
        let catalog = Catalog::read(&loaded.sources, &options);
        let said = loaded.diagnostics.iter().chain(catalog.diagnostics());
        let errors = said
            .filter(|said| said.severity == Severity::Error)
            .cloned();
        let errors = errors.collect();
        Ok((catalog, errors))
    }

    /// The ledger beside the documents; `None` if there is none.
    fn ledger(&self) -> Result<Option<Ledger>, Error> {
        let folder = self.layout.lock_folder().join("ledger");
        let read = |name: &str| files::read_text(&folder.join(name));
        let (groups, names) = (read("groups.json")?, read("names.json")?);
        if groups.is_none() && names.is_none() {
            return Ok(None);
        }
        let ledger = Ledger::read(groups.as_deref(), names.as_deref());
        ledger.map(Some).map_err(|error| {
            Error::new(format!("{}: {error}", folder.display())).help("restore the file from git")
        })
    }
}

/// Refuses a side without documents: every endpoint would count as added or removed.
///
/// # Errors
///
/// If a side has no documents.
pub fn refuse_empty(sides: [&Side; 2]) -> Result<(), Error> {
    for side in sides {
        if load(&side.layout)?.sources.is_empty() {
            return Err(Error::new(format!("{}: there are no documents", side.name))
                .help("give the folder whose documents are `<owner>/<path>.json`"));
        }
    }
    Ok(())
}

/// Compares two sides.
///
/// # Errors
///
/// If the documents, the lock file or the ledger of one of them cannot be read.
pub fn compare(old: &Side, new: &Side) -> Result<Compared, Error> {
    let (was, mut unreadable) = old.read(None)?;
    let (is, others) = new.read(Some(was.ledger()))?;
    unreadable.extend(others);
    let mut diff = diff(&was, &is);
    // Endpoints whose documents could not be read are not compared.
    let unknown: BTreeSet<EndpointId> = unreadable.iter().filter_map(endpoint).collect();
    diff.changes
        .retain(|change| !unknown.contains(&change.endpoint));
    Ok(Compared { diff, unreadable })
}

/// The endpoint that a document describes, according to its path.
fn endpoint(diagnostic: &Diagnostic) -> Option<EndpointId> {
    EndpointId::of_document_path(&diagnostic.location.document)
}
