//! The commands of `cargo fal`; each has its `Args` and a `command` that returns an [`Outcome`](crate::Outcome).

pub mod add;
pub mod mock;
pub mod page;
pub mod price;
pub mod search;
pub mod update;

use crate::{
    Error,
    project::Project,
    schemas::{Layout, Store},
};
use fal_codegen::source::EndpointId;
use std::path::PathBuf;

/// The options that select the crate that a command works on.
#[derive(Debug, clap::Args)]
pub struct CrateArgs {
    /// The manifest of the crate [default: the nearest Cargo.toml]
    #[arg(long, value_name = "FILE")]
    manifest_path: Option<PathBuf>,
    /// The folder of the models' documents in the crate
    #[arg(long, value_name = "DIR", default_value = "schemas")]
    schemas: PathBuf,
}

impl CrateArgs {
    /// Finds the crate.
    ///
    /// # Errors
    ///
    /// If there is no crate, or its manifest is not valid.
    pub fn project(&self) -> Result<Project, Error> {
        Project::find(self.manifest_path.as_deref(), &self.schemas)
    }

    /// The layout of the crate's documents, if there is a crate and it has the document of a model.
    pub(crate) fn layout_with(&self, id: &EndpointId) -> Option<Layout> {
        let layout = self.project().ok()?.layout();
        let has_document = layout.documents.join(id.document_path()).is_file();
        has_document.then_some(layout)
    }
}

/// The models whose documents a crate has.
fn pinned(project: &Project) -> Result<Vec<EndpointId>, Error> {
    match project.layout().documents.is_dir() {
        true => Store::open(project.layout())?.scan(),
        false => Ok(Vec::new()),
    }
}
