//! A user's crate: its manifest, its build script and its documents.

mod build_script;
mod manifest;
mod origin;

pub use origin::Origin;

use crate::{Error, changes::Changes, schemas::Layout};
use fal_codegen::build::LOCK_FILE;
use manifest::Manifest;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A crate that calls models.
#[derive(Debug)]
pub struct Project {
    root: PathBuf,
    manifest: Manifest,
    /// The folder of the documents, relative to the root.
    schemas: PathBuf,
}

/// The name of the manifest.
const MANIFEST: &str = "Cargo.toml";

impl Project {
    /// Finds the crate that the current folder is in, or that of the given manifest. `schemas` is the folder of its documents,
    /// relative to the root of the crate.
    ///
    /// # Errors
    ///
    /// If there is no manifest, it is not valid, or it has no `[package]`.
    pub fn find(manifest: Option<&Path>, schemas: &Path) -> Result<Self, Error> {
        let path = match manifest {
            Some(manifest) => manifest.to_owned(),
            None => nearest_manifest()?,
        };
        let root = path.parent().unwrap_or(Path::new("")).to_owned();
        if schemas.is_absolute() || schemas.components().any(|part| part.as_os_str() == "..") {
            return Err(Error::new(format!(
                "the folder of the documents, {}, is not below the crate",
                schemas.display()
            ))
            .help("give a path below the folder of Cargo.toml, such as `schemas`"));
        }
        Ok(Self {
            manifest: Manifest::read(&path)?,
            root,
            schemas: schemas.to_owned(),
        })
    }

    /// The folder of the crate.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The paths of the documents and of the lock file.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let prefix = format!("{}/", self.schemas.display());
        Layout {
            lock: self.root.join(self.document_path(LOCK_FILE)),
            ..Layout::of(self.root.join(&self.schemas)).with_prefix(prefix)
        }
    }

    /// The path of a document below the root of the crate, or of the lock file, which is always among the documents.
    #[must_use]
    pub fn document_path(&self, document: &str) -> PathBuf {
        self.schemas.join(document)
    }

    /// Adds to `changes` what the crate needs for generated types: dependencies, and a build script if there is none. An existing
    /// build script is not changed; the returned texts say what to add to it.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn complete(&self, origin: &Origin, changes: &mut Changes) -> Result<Vec<String>, Error> {
        let text = self.manifest.completed(origin)?;
        changes.set(&self.root, Path::new(MANIFEST), text)?;
        let advice = build_script::complete(self, changes)?;
        Ok(advice.into_iter().collect())
    }

    /// The path of the crate's root module, and whether it includes the generated code.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn root_module(&self) -> Result<(&'static str, bool), Error> {
        let is_there = |file: &&str| self.root.join(file).is_file();
        let file = ["src/lib.rs", "src/main.rs"].into_iter().find(is_there);
        let file = file.unwrap_or("src/main.rs");
        let path = self.root.join(file);
        let text = match path.is_file() {
            true => {
                fs::read_to_string(&path).map_err(|error| Error::file("read", &path, &error))?
            }
            false => String::new(),
        };
        Ok((file, text.contains("OUT_DIR")))
    }
}

fn nearest_manifest() -> Result<PathBuf, Error> {
    let current = env::current_dir()
        .map_err(|error| Error::new(format!("cannot find the current folder: {error}")))?;
    let found = current
        .ancestors()
        .map(|folder| folder.join(MANIFEST))
        .find(|path| path.is_file());
    found.ok_or_else(|| {
        Error::new(format!(
            "there is no {MANIFEST} in {} or above it",
            current.display()
        ))
        .help("change to the folder of your crate, or make one: cargo new NAME")
    })
}
