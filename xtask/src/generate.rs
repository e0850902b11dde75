//! `cargo xtask generate`: generates the SDK's endpoints from the documents.
//!
//! `plan` computes what every file must contain; the last step writes the files, or only compares them.

pub mod features;
mod report;
mod target;
mod write;

pub use report::Format;
pub use target::Target;
pub use write::{Changes, apply, compare};

use crate::workspace;
use cargo_fal::{
    Error, Outcome,
    ids::known,
    schemas::{Layout, listings, load},
};
use fal_codegen::build::Documents;
use fal_codegen::{Options, Plan, Runtime, generate};
use std::path::{Path, PathBuf};

/// Generate the SDK's types from the documents, or check that they are up to date.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "\
Exit codes: 0 success, 1 a file is out of date (--check), a part of a document could not be expressed (--strict) or a fix-up changes
nothing, 2 bad input.

Examples:
  cargo xtask generate                          write the files that changed
  cargo xtask generate --check                  exit with 1 if a file would change
  cargo xtask generate --schemas DIR --out DIR  generate from other documents, into another folder")]
pub struct Args {
    /// The root of the documents [default: the repository's `schemas/openapi`]
    #[arg(long, value_name = "DIR")]
    pub schemas: Option<PathBuf>,
    /// The folder for `endpoints.rs` [default: `sdk/src`]; another folder also gets the ledger, the index and the list of
    /// features
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write nothing; exit with 1 if a file is out of date
    #[arg(long)]
    pub check: bool,
    /// Write only the files of these endpoints, and remove none
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub only: Vec<String>,
    /// Exit with 1 if a document was left out, or a part of one could not be expressed in types
    #[arg(long)]
    pub strict: bool,
    /// Also show notes: rules that are documented but not checked, examples that are not valid under their own schema
    #[arg(long)]
    pub notes: bool,
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Generates the files, then writes or compares them.
///
/// # Errors
///
/// If the documents, the ledger or the output cannot be read or written, or an id of `--only` has no document.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let layout = workspace::layout(args.schemas.as_deref());
    let target = Target::of_option(args.out.as_deref());
    refuse_foreign(args)?;
    let (outcome, plan) = plan(&layout, &target)?;
    refuse_nothing(&layout, &outcome)?;
    let plan = match args.only.as_slice() {
        [] => plan,
        ids => only(&plan, &outcome, ids)?,
    };
    let partial = !args.only.is_empty();
    let changes = match args.check {
        true => compare(&plan, &target, partial)?,
        false => apply(&plan, &target, partial)?,
    };
    report::print(args, &layout, &outcome, &changes)?;
    let stale = args.check && !changes.is_empty();
    let lossy = args.strict && report::is_lossy(&outcome);
    let is_good = !stale && !lossy && !report::has_stale_fixup(&outcome);
    Ok(Outcome::of(is_good))
}

/// Refuses to write the SDK's files from documents other than its own.
fn refuse_foreign(args: &Args) -> Result<(), Error> {
    let (Some(schemas), None) = (&args.schemas, &args.out) else {
        return Ok(());
    };
    let own = workspace::layout(None).documents;
    let real = |path: &Path| path.canonicalize().ok();
    if real(schemas) == real(&own) {
        return Ok(());
    }
    let what = format!(
        "the documents in {} are not those of the SDK, and their types would replace the types of the SDK",
        schemas.display()
    );
    Err(Error::new(what).help("give another folder for the generated files: --out DIR"))
}

/// Refuses to remove all endpoints if no document was found or none can be used.
fn refuse_nothing(layout: &Layout, outcome: &fal_codegen::Outcome) -> Result<(), Error> {
    let folder = layout.documents.display();
    let first = outcome.diagnostics.first();
    match (outcome.summary.generated, outcome.summary.documents, first) {
        (1.., ..) => Ok(()),
        (0, 0, _) => Err(Error::new(format!("there are no documents in {folder}"))
            .help("restore them from git, fetch some (cargo xtask fetch ID), or give another folder with --schemas")),
        (0, documents, first) => {
            let first = first.map(|said| format!("; the first error: {said}"));
            Err(Error::new(format!(
                "none of the {documents} documents in {folder} can be used{}",
                first.unwrap_or_default()
            ))
            .help("restore them from git, or fetch them again: cargo xtask fetch --all"))
        }
    }
}

/// Runs the generator with the documents of `layout`. Returns its outcome, and the text of every file of `target`.
///
/// # Errors
///
/// If the documents or the ledger cannot be read.
pub fn plan(layout: &Layout, target: &Target) -> Result<(fal_codegen::Outcome, Plan), Error> {
    plan_of(load(layout)?, &options(layout, target)?, target)
}

/// The options with which every command generates the SDK.
///
/// # Errors
///
/// If the ledger or the lock file cannot be read.
pub fn options(layout: &Layout, target: &Target) -> Result<Options, Error> {
    Ok(Options {
        runtime: Runtime::Crate,
        ledger: target.ledger()?,
        known_ids: known(),
        listings: listings(layout)?,
        schemars: true,
        ..Options::default()
    })
}

/// Runs the generator with documents that were already read. Returns its outcome, and the text of every file of `target`.
///
/// # Errors
///
/// If the manifest has no marked region for the features.
pub fn plan_of(
    loaded: Documents,
    options: &Options,
    target: &Target,
) -> Result<(fal_codegen::Outcome, Plan), Error> {
    let mut outcome = generate(&loaded.sources, options);
    outcome.summary.documents += loaded.diagnostics.len();
    outcome.diagnostics.extend(loaded.diagnostics);
    let plan = target.plan(&outcome)?;
    Ok((outcome, plan))
}

/// The part of a plan for some endpoints: their modules, the modules that contain these, and the files that list all endpoints.
fn only(plan: &Plan, outcome: &fal_codegen::Outcome, ids: &[String]) -> Result<Plan, Error> {
    let mut modules = Vec::new();
    for id in ids {
        let found = outcome.endpoints.iter().find(|entry| entry.id == *id);
        let entry = found.ok_or_else(|| {
            Error::new(format!("no endpoint `{id}` was generated")).help(format!(
                "check the id, or fetch its document: cargo xtask fetch {id}"
            ))
        })?;
        modules.push(format!("endpoints/{}", entry.module.replace("::", "/")));
    }
    let wanted = |path: &str| {
        let code = [".schema.json", ".rs"];
        let file = code.iter().find_map(|end| path.strip_suffix(end));
        let Some((file, at)) = file.and_then(|file| Some((file, file.find("endpoints")?))) else {
            return true;
        };
        let module = &file[at..];
        let shared = module.strip_suffix("/types").unwrap_or(module);
        modules
            .iter()
            .any(|wanted| wanted == module || wanted.starts_with(&format!("{shared}/")))
    };
    let mut chosen = Plan::default();
    for (path, text) in plan.files().filter(|(path, _)| wanted(path)) {
        chosen.insert(path, text);
    }
    Ok(chosen)
}
