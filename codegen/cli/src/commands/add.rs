//! `cargo fal add`: adds models to a crate.

use super::{CrateArgs, pinned};
use crate::{
    Error, Outcome,
    changes::Changes,
    fetch::Servers,
    ids,
    output::print,
    page::{PageOf, program},
    project::{Origin, Project},
    staging::Staging,
};
use fal_codegen::{Code, Severity, source::EndpointId};
use std::{fmt::Write as _, path::PathBuf};

/// Add models to the crate: their documents, dependencies, and a build script.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Commit the documents: only `cargo fal update` changes them. `FAL_KEY` is optional: it adds prices.

Exit codes: 0 the models were added, 2 something is wrong, and nothing was changed.

Examples:
  cargo fal add fal-ai/flux/dev                            one model
  cargo fal add https://fal.ai/models/fal-ai/flux/dev      the same, by the URL of its page
  cargo fal add fal-ai/flux/dev fal-ai/whisper --dry-run   show what would change")]
pub struct Args {
    /// Ids of models, such as `fal-ai/flux/dev`, or URLs of their pages
    #[arg(value_name = "ID|URL", required = true)]
    models: Vec<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Depend on fal-sdk and fal-codegen in this checkout of the repository [default: the one that cargo-fal was built from]
    #[arg(long, value_name = "DIR")]
    sdk: Option<PathBuf>,
    #[command(flatten)]
    krate: CrateArgs,
    #[command(flatten)]
    servers: Servers,
}

/// Adds the models, and prints how to call them.
///
/// # Errors
///
/// If a model cannot be fetched or used, or a file cannot be read or written; nothing has changed then.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let models = ids::parse_all(&args.models)?;
    let project = args.krate.project()?;
    let origin = Origin::find(args.sdk.as_deref())?;
    let known = pinned(&project)?;
    let new: Vec<EndpointId> = models
        .iter()
        .filter(|id| !known.contains(id))
        .cloned()
        .collect();
    let mut changes = Changes::default();
    let mut text = String::new();
    for id in models.iter().filter(|id| known.contains(id)) {
        let _ = writeln!(
            text,
            "{id} is in the crate already; to fetch its document again: cargo fal update {id}"
        );
    }
    let staging = match new.is_empty() {
        true => None,
        false => Some(Staging::fetch(&project, &args.servers, &new)?),
    };
    if let Some(staging) = &staging {
        staging.collect(&project, &mut changes)?;
        text.push_str(&remarks(staging, &project)?);
    }
    let advice = project.complete(&origin, &mut changes)?;
    text.push_str(&changes.diff());
    for line in advice {
        let _ = write!(text, "\n{line}");
    }
    if args.dry_run {
        text.push_str("\nThis was a dry run: nothing was changed.\n");
        print(&text)?;
        return Ok(Outcome::Good);
    }
    changes.apply()?;
    text.push_str(&usage(&project, &models)?);
    print(&text)?;
    Ok(Outcome::Good)
}

/// Messages about parts of documents that the generator could not express, and about names that two models would share.
fn remarks(staging: &Staging, project: &Project) -> Result<String, Error> {
    let mut text = String::new();
    let diagnostics = staging.diagnostics(project)?;
    let is_told =
        |code: Code, severity: Severity| severity > Severity::Note || code == Code::NameTaken;
    for said in diagnostics
        .iter()
        .filter(|said| is_told(said.code, said.severity))
    {
        let _ = writeln!(text, "{said}\n");
    }
    Ok(text)
}

/// The Rust code for the user to paste: the line that includes the types, and a program for each model.
fn usage(project: &Project, models: &[EndpointId]) -> Result<String, Error> {
    let mut text = String::new();
    let (file, has_include) = project.root_module()?;
    if !has_include {
        let _ = write!(
            text,
            "\nAdd this line to {file}:\n\n    include!(concat!(env!(\"OUT_DIR\"), \"/endpoints.rs\"));\n"
        );
    }
    for id in models {
        let program = program(PageOf {
            id,
            layout: &project.layout(),
            ledger: None,
            types: Some("crate::endpoints"),
            fetch: "cargo fal add",
        })?;
        let _ = write!(text, "\nA program that calls {id}:\n\n");
        for line in program.lines() {
            let line = format!("    {line}");
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    text.push_str("\nThe program reads the key from FAL_KEY: create one at https://fal.ai/dashboard/keys. Without a key, run it against `cargo fal mock`.\n");
    Ok(text)
}
