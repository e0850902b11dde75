//! Generates types in a `build.rs`: reads documents from a folder, and writes their types to `OUT_DIR`.
//!
//! This is the only module that reads or writes files, or reads the environment. A crate with documents in `schemas`
//! needs one line in its `build.rs`:
//!
//! ```no_run
//! // in `main` of build.rs
//! fal_codegen::build("schemas");
//! ```
//!
//! and one in its `src/main.rs` or `src/lib.rs`:
//!
//! ```ignore
//! include!(concat!(env!("OUT_DIR"), "/endpoints.rs"));
//! ```
//!
//! The types are in a module for each part of the endpoint's id: those of `studio/portrait` are in
//! `endpoints::studio::portrait`.

mod folder;

pub use folder::{Documents, FolderError, LOCK_FILE, files_below, read_folder};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::diagnostic::{Diagnostic, Severity};
use crate::emit::Runtime;
use crate::generate::generate;
use crate::options::{Listing, Options};

/// Generates the types of every `*.json` document below a folder into `OUT_DIR/endpoints.rs`, and reports problems to cargo.
///
/// Call it from a `build.rs`. [`Build`] does the same with options.
pub fn build(folder: impl Into<PathBuf>) {
    Build::new(folder).run();
}

/// Generates types in a `build.rs`, with options: see [`build`](mod@crate::build).
///
/// ```no_run
/// fal_codegen::Build::new("schemas")
///     .module("models")
///     .visibility("pub(crate)")
///     .strict(true)
///     .run();
/// ```
#[derive(Debug, Clone)]
pub struct Build {
    folder: PathBuf,
    module: String,
    visibility: String,
    listings: BTreeMap<String, Listing>,
    strict: bool,
}

impl Build {
    /// Creates a build of the documents below a folder, whose path is relative to the folder of the crate.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            module: "endpoints".to_owned(),
            visibility: "pub".to_owned(),
            listings: BTreeMap::new(),
            strict: false,
        }
    }

    /// Sets the name of the module that holds all endpoints, and of the file in `OUT_DIR`. Default: `endpoints`.
    #[must_use]
    pub fn module(mut self, name: impl Into<String>) -> Self {
        self.module = name.into();
        self
    }

    /// Sets the visibility of the module that holds all endpoints, such as `pub(crate)`. Default: `pub`.
    #[must_use]
    pub fn visibility(mut self, visibility: impl Into<String>) -> Self {
        self.visibility = visibility.into();
        self
    }

    /// Sets the catalog's entries, by endpoint id: names, descriptions and prices for the documentation of the types.
    /// Default: none.
    #[must_use]
    pub fn listings(mut self, listings: BTreeMap<String, Listing>) -> Self {
        self.listings = listings;
        self
    }

    /// Sets whether the build fails if a part of a document cannot be expressed in types. Default: `false`, which only warns.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Generates the types, and prints the lines that cargo reads: when to run the build script again, warnings, and errors,
    /// which fail the build.
    pub fn run(&self) {
        for directive in self.directives(env::var_os("OUT_DIR").as_deref().map(Path::new)) {
            println!("cargo::{directive}");
        }
    }

    /// The lines that are printed for cargo, without `cargo::` before them.
    fn directives(&self, out: Option<&Path>) -> Vec<String> {
        let mut directives = vec![format!("rerun-if-changed={}", self.folder.display())];
        match self.generate(out) {
            Ok(diagnostics) => {
                directives.extend(diagnostics.iter().filter_map(|said| self.directive(said)));
            }
            Err(problem) => directives.push(format!("error={problem}")),
        }
        directives
    }

    fn directive(&self, said: &Diagnostic) -> Option<String> {
        let kind = match said.severity {
            Severity::Error => "error",
            Severity::Warning if self.strict && said.is_loss() => "error",
            Severity::Warning => "warning",
            Severity::Note => return None,
        };
        // A directive ends with its line.
        let text: Vec<_> = said
            .to_string()
            .lines()
            .map(str::trim)
            .map(str::to_owned)
            .collect();
        Some(format!("{kind}={}", text.join("; ")))
    }

    /// Writes the file, and returns the generator's diagnostics about the documents.
    fn generate(&self, out: Option<&Path>) -> Result<Vec<Diagnostic>, String> {
        self.check()?;
        let out = out.ok_or(
            "the environment variable OUT_DIR is not set: call `fal_codegen::build` from a `build.rs`, which cargo runs",
        )?;
        let shown = self.folder.display();
        if !self.folder.is_dir() {
            return Err(format!(
                "there is no folder `{shown}`: it must hold the documents of the models that the crate calls; \
                 `cargo fal add ID` makes it, with the document of a model in it"
            ));
        }
        let documents = read_folder(&self.folder, &format!("{shown}/"))
            .map_err(|error| format!("{error}; give this user permission to read it"))?;
        if documents.sources.is_empty() && documents.diagnostics.is_empty() {
            return Err(format!(
                "there is no document below the folder `{shown}`: `cargo fal add ID` fetches the one of a model"
            ));
        }
        let options = Options {
            runtime: Runtime::Extern("fal_sdk".to_owned()),
            ungated: true,
            listings: self.listings.clone(),
            ..Options::default()
        };
        let outcome = generate(&documents.sources, &options);
        self.write(out, &outcome.inline())?;
        let mut diagnostics = documents.diagnostics;
        diagnostics.extend(outcome.diagnostics);
        Ok(diagnostics)
    }

    fn check(&self) -> Result<(), String> {
        let (module, visibility) = (&self.module, &self.visibility);
        if syn::parse_str::<syn::Ident>(module).is_err() {
            return Err(format!(
                "`{module}` cannot be the name of a module: give a Rust identifier, such as `endpoints`"
            ));
        }
        if syn::parse_str::<syn::Visibility>(visibility).is_err() {
            return Err(format!(
                "`{visibility}` is not a visibility: give one, such as `pub(crate)`"
            ));
        }
        Ok(())
    }

    fn write(&self, out: &Path, text: &str) -> Result<(), String> {
        let Self {
            visibility, module, ..
        } = self;
        // Inner attributes follow the module's own documentation: beside an outer one, Clippy objects to both.
        let lints = "#![allow(clippy::";
        let body = text.split_once('\n').map_or("}\n", |(_, body)| body);
        // A program calls some of its models' types and fields, and leaves the others alone.
        let body = body.replacen(
            lints,
            &format!("#![allow(dead_code, unused_imports)]\n{lints}"),
            1,
        );
        let text = format!("{visibility} mod {module} {{\n{body}");
        let path = out.join(format!("{module}.rs"));
        fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
    }
}

#[cfg(test)]
mod tests;
