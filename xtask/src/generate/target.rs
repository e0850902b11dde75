//! The locations of generated files.

use super::features;
use crate::workspace::repository;
use cargo_fal::{Error, files};
use fal_codegen::{Ledger, Outcome, Plan};
use std::path::{Path, PathBuf};

/// A folder that files are generated into, with the locations of the files in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The folder that all other paths are relative to.
    pub root: PathBuf,
    /// The folder of `endpoints.rs`, relative to the root.
    sources: String,
    ledger: String,
    index: String,
    features: Features,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Features {
    /// The features are in a marked region of this manifest.
    Region(String),
    /// The features are in this file.
    File(String),
}

impl Target {
    /// The target for the option `--out`: the given folder, or without the option the SDK of the repository.
    #[must_use]
    pub fn of_option(out: Option<&Path>) -> Self {
        out.map_or_else(|| Self::sdk(repository()), Self::elsewhere)
    }

    /// The target of the SDK in a repository.
    #[must_use]
    pub fn sdk(repository: impl Into<PathBuf>) -> Self {
        Self {
            root: repository.into(),
            sources: "sdk/src/".to_owned(),
            ledger: "schemas/ledger/".to_owned(),
            index: "sdk/ENDPOINTS.md".to_owned(),
            features: Features::Region("sdk/Cargo.toml".to_owned()),
        }
    }

    /// The target of another folder.
    #[must_use]
    pub fn elsewhere(out: &Path) -> Self {
        Self {
            root: out.to_owned(),
            sources: String::new(),
            ledger: "ledger/".to_owned(),
            index: "ENDPOINTS.md".to_owned(),
            features: Features::File("features.toml".to_owned()),
        }
    }

    /// The folder that contains generated modules and nothing else, relative to the root.
    #[must_use]
    pub fn modules(&self) -> String {
        format!("{}endpoints", self.sources)
    }

    /// Reads the ledger of earlier runs.
    ///
    /// # Errors
    ///
    /// If a file of the ledger cannot be read, or is not a ledger.
    pub fn ledger(&self) -> Result<Ledger, Error> {
        let groups = self.read(&format!("{}groups.json", self.ledger))?;
        let names = self.read(&format!("{}names.json", self.ledger))?;
        Ledger::read(groups.as_deref(), names.as_deref()).map_err(|error| {
            let folder = self.root.join(&self.ledger);
            Error::new(format!("{}: {error}", folder.display())).help(
                "restore the file from git, or correct it by hand: it records names that must not change",
            )
        })
    }

    /// The text that every file must have after a run.
    ///
    /// # Errors
    ///
    /// If the manifest has no marked region for the features.
    pub fn plan(&self, outcome: &Outcome) -> Result<Plan, Error> {
        let mut plan = Plan::default();
        for (path, text) in outcome.plan.files() {
            plan.insert(format!("{}{path}", self.sources), text);
        }
        plan.insert(&self.index, &outcome.index);
        let groups = format!("{}groups.json", self.ledger);
        plan.insert(groups, outcome.ledger.groups_json());
        let names = format!("{}names.json", self.ledger);
        plan.insert(names, outcome.ledger.names_json());
        match &self.features {
            Features::File(path) => plan.insert(path, features::lines(&outcome.features)),
            Features::Region(path) => {
                let manifest = self.read(path)?.unwrap_or_default();
                let text = features::replace(&manifest, &outcome.features).map_err(|error| {
                    Error::new(format!("{}: {error}", self.root.join(path).display()))
                        .help("restore the first and the last line of the region from git")
                })?;
                plan.insert(path, text);
            }
        }
        Ok(plan)
    }

    /// A file's text; `None` if there is no such file.
    pub(super) fn read(&self, path: &str) -> Result<Option<String>, Error> {
        files::read_text(&self.root.join(path))
    }
}
