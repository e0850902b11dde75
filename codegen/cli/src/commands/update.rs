//! `cargo fal update`: fetches the documents of a crate again.

use super::{CrateArgs, pinned};
use crate::{
    Error, Outcome,
    changes::Changes,
    diff::{self, Compared},
    fetch::Servers,
    ids,
    output::{counted, print},
    staging::Staging,
};
use fal_codegen::diff::Class;

/// Fetch the documents of the crate's models again, and report what changed in meaning.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each change has two classes: one for programs that use the generated types (Rust), and one for requests and results as JSON (wire).

Exit codes: 0 the documents are up to date, 1 a change breaks something (--deny-breaking), 2 a document cannot be fetched or used. \
With 1 and 2, nothing was changed.

Examples:
  cargo fal update                    every model of the crate
  cargo fal update fal-ai/flux/dev    one model
  cargo fal update --dry-run          show what would change
  cargo fal update --deny-breaking    for CI")]
pub struct Args {
    /// Ids of models, or URLs of their pages [default: all models of the crate]
    #[arg(value_name = "ID|URL")]
    models: Vec<String>,
    /// Exit with 1, and change nothing, if a change breaks programs, requests or results
    #[arg(long)]
    deny_breaking: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    krate: CrateArgs,
    #[command(flatten)]
    servers: Servers,
}

/// Updates the documents, and prints what changed.
///
/// # Errors
///
/// If a document cannot be fetched or used, or a file cannot be read or written; nothing has changed then.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let project = args.krate.project()?;
    let known = pinned(&project)?;
    let models = match args.models.as_slice() {
        [] => known.clone(),
        models => ids::parse_all(models)?,
    };
    if let Some(id) = models.iter().find(|id| !known.contains(id)) {
        return Err(Error::new(format!("the crate has no document of {id}"))
            .help(format!("cargo fal add {id}")));
    }
    if models.is_empty() {
        let folder = project.layout().documents;
        return Err(
            Error::new(format!("there are no documents in {}", folder.display()))
                .help("cargo fal add ID"),
        );
    }
    let staging = Staging::fetch(&project, &args.servers, &models)?;
    let compared = staging.compare(&project)?;
    let breaks = compared.diff.rust().max(compared.diff.wire()) == Class::Breaking;
    let is_denied = args.deny_breaking && breaks;
    let mut changes = Changes::default();
    staging.collect(&project, &mut changes)?;
    if !is_denied && !args.dry_run {
        changes.apply()?;
    }
    let end = match (changes.is_empty(), is_denied, args.dry_run) {
        (true, _, _) => "",
        (_, true, _) => {
            "A change breaks something, and --deny-breaking was given: nothing was changed.\n"
        }
        (_, _, true) => "This was a dry run: nothing was changed.\n",
        _ => "",
    };
    print(&format!(
        "{}{}{end}",
        diff::changes(&compared),
        summary(&compared, models.len(), changes.is_empty())
    ))?;
    Ok(Outcome::of(!is_denied))
}

fn summary(compared: &Compared, models: usize, is_unchanged: bool) -> String {
    let models = counted(models, "model");
    if is_unchanged {
        return format!("update: {models}, nothing changed\n");
    }
    let diff = &compared.diff;
    let what = match (diff.rust(), diff.wire()) {
        (Class::Breaking, _) => "programs may have to change: build the crate to see where",
        (_, Class::Breaking) => {
            "programs compile as before, but some requests or results are no longer valid"
        }
        (Class::Additive, _) => "programs compile as before, and can use what was added",
        _ => "nothing changes for programs",
    };
    format!(
        "update: {models}, {} changed in meaning; {what}\n",
        diff.changed
    )
}
