//! Prepares the content of every file after a sync, and the report.

use super::{digests, staging::Staging, transaction::Files};
use crate::{
    changelog,
    generate::{self, Target},
    version::{Manifest, lock_with_version, next},
};
use cargo_fal::{
    Error,
    diff::{self, Bump, Compared},
    fetch, files,
    output::counted,
    schemas::load,
};
use fal_codegen::{
    Code, Diagnostic, EndpointEntry,
    diff::{Diff, Kind},
};
use semver::Version;
use std::{fmt, path::Path};

/// The most new endpoints that are listed by name.
const MOST_ADDED: usize = 10;

/// The files that a sync changes, and its report.
pub(super) struct Prepared {
    pub(super) files: Files,
    pub(super) version: Version,
    pub(super) released: bool,
    pub(super) added: Vec<EndpointEntry>,
}

/// The report of a sync.
#[derive(Debug)]
pub struct Report {
    /// Whether an earlier run was cut short and has been finished first.
    pub finished: bool,
    /// The report of the fetch.
    pub fetched: fetch::Report,
    /// The changes in meaning.
    pub compared: Compared,
    /// Diagnostics about documents that were fetched but could not be used. The old documents are kept.
    pub unusable: Vec<Diagnostic>,
    /// The endpoints that the SDK did not have before.
    pub added: Vec<EndpointEntry>,
    /// The number of files that changed.
    pub files: usize,
    /// The version of the next release.
    pub version: Version,
    /// Whether there was an earlier release.
    pub released: bool,
}

impl Report {
    /// Whether the sync changed no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files == 0
    }

    /// Whether every document could be fetched and used.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.fetched.failed.is_empty()
            && self.unusable.is_empty()
            && self.compared.unreadable.is_empty()
    }

    /// The body of a pull request.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = diff::markdown(&self.compared);
        for said in &self.unusable {
            text.push_str(&format!(
                "- the old document was kept: {}\n",
                diff::code(&said.to_string())
            ));
        }
        text
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.finished {
            writeln!(f, "finished an earlier sync that was interrupted")?;
        }
        write!(f, "{}\n{}", self.fetched, diff::text(&self.compared))?;
        for said in &self.unusable {
            writeln!(f, "the old document was kept: {said}")?;
        }
        for entry in self.added.iter().take(MOST_ADDED) {
            writeln!(
                f,
                "added {}: feature `{}` of fal-sdk",
                entry.id, entry.feature
            )?;
            if let Some(input) = &entry.input {
                writeln!(f, "  use fal_sdk::endpoints::{}::{input};", entry.module)?;
            }
        }
        if self.added.len() > MOST_ADDED {
            let more = self.added.len() - MOST_ADDED;
            writeln!(f, "added {more} more: see sdk/ENDPOINTS.md")?;
        }
        writeln!(
            f,
            "sync: {}; {}",
            match self.files {
                0 => "nothing changed".to_owned(),
                files => format!("{} changed", counted(files, "file")),
            },
            match self.released {
                true => format!("the next version is {}", self.version),
                false => format!(
                    "the version stays {}, which has not been released",
                    self.version
                ),
            }
        )
    }
}

/// Checks, before anything is fetched, that a folder is a checkout of this repository.
pub(super) fn check(root: &Path) -> Result<(), Error> {
    let (manifest, documents) = (root.join("Cargo.toml"), root.join("schemas/openapi"));
    Manifest::parse(&text(&manifest)?.unwrap_or_default(), &manifest)?;
    match documents.is_dir() {
        true => Ok(()),
        false => Err(
            Error::new(format!("there is no folder {}", documents.display()))
                .help("give the root of the repository"),
        ),
    }
}

/// Prepares all files in memory.
pub(super) fn prepare(root: &Path, staging: &Staging, diff: &Diff) -> Result<Prepared, Error> {
    let mut files = Files::new();
    documents(root, staging, &mut files)?;
    let mut added = generated(root, staging, &mut files)?;
    let is_new = |entry: &EndpointEntry| {
        let mut changes = diff.changes.iter();
        changes.any(|change| {
            change.kind == Kind::EndpointAdded && change.endpoint.as_str() == entry.id
        })
    };
    added.retain(is_new);
    let (version, released) = release(root, diff, &mut files)?;
    Ok(Prepared {
        files,
        version,
        released,
        added,
    })
}

/// Prepares the documents and the lock file.
fn documents(root: &Path, staging: &Staging, prepared: &mut Files) -> Result<(), Error> {
    let layout = staging.layout();
    let (from, to) = (layout.lock_folder(), root.join("schemas"));
    let (new, old) = (digests::of_folder(from)?, digests::of_folder(&to)?);
    let fetched = |path: &&String| path.starts_with("openapi/") || *path == "catalog.lock.json";
    for path in new.keys().filter(fetched) {
        if new.get(path) != old.get(path) {
            prepared.insert(format!("schemas/{path}"), files::read(&from.join(path))?);
        }
    }
    for path in old
        .keys()
        .filter(fetched)
        .filter(|path| !new.contains_key(*path))
    {
        prepared.insert(format!("schemas/{path}"), None);
    }
    Ok(())
}

/// Prepares the generated code, the ledger, the list of features and the index of endpoints.
fn generated(
    root: &Path,
    staging: &Staging,
    prepared: &mut Files,
) -> Result<Vec<EndpointEntry>, Error> {
    let target = Target::sdk(root);
    let layout = staging.layout().with_prefix("schemas/openapi/");
    let loaded = load(&layout)?;
    let options = generate::options(&layout, &target)?;
    let (outcome, plan) = generate::plan_of(loaded, &options, &target)?;
    let stale = outcome
        .diagnostics
        .iter()
        .find(|said| said.code == Code::StaleFixup);
    if let Some(said) = stale {
        return Err(Error::new(said.to_string())
            .help("correct or remove the fix-up, and sync again; nothing was changed"));
    }
    let changes = generate::compare(&plan, &target, false)?;
    for path in changes.added.iter().chain(&changes.changed) {
        let text = plan.get(path).unwrap_or_default();
        prepared.insert(path.clone(), Some(text.as_bytes().to_vec()));
    }
    prepared.extend(changes.removed.into_iter().map(|path| (path, None)));
    Ok(outcome.endpoints)
}

/// Prepares the changelog and the version, if there is anything to release; returns whether there was a release before.
fn release(root: &Path, diff: &Diff, prepared: &mut Files) -> Result<(Version, bool), Error> {
    let path = root.join("Cargo.toml");
    let manifest = Manifest::parse(&text(&path)?.unwrap_or_default(), &path)?;
    let current = manifest.version.clone();
    let known = text(&root.join("CHANGELOG.md"))?;
    let released = known.as_deref().and_then(changelog::released);
    if diff.changes.is_empty() {
        return Ok((current, released.is_some()));
    }
    let log = changelog::with(known.as_deref(), &diff::changelog(diff));
    prepared.insert("CHANGELOG.md".to_owned(), Some(log.into_bytes()));
    let version = next(&current, released.as_ref(), Bump::of(diff));
    if version != current {
        let lock = root.join("Cargo.lock");
        if let Some(text) = text(&lock)? {
            let text = lock_with_version(&text, &current, &version, &lock)?;
            prepared.insert("Cargo.lock".to_owned(), Some(text.into_bytes()));
        }
        let text = manifest.with_version(&version);
        prepared.insert("Cargo.toml".to_owned(), Some(text.into_bytes()));
    }
    Ok((version, released.is_some()))
}

fn text(path: &Path) -> Result<Option<String>, Error> {
    let bytes = files::read(path)?;
    let text = bytes.map(String::from_utf8).transpose();
    text.map_err(|_| {
        Error::new(format!("{} is not UTF-8 text", path.display()))
            .help("take the file from version control")
    })
}
