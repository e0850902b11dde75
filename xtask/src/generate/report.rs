//! The report of a run: diagnostics, changed files, a summary.

use super::{Args, Changes};
use crate::workspace;
use cargo_fal::{
    Error,
    output::{self, counted},
    schemas::Layout,
};
use fal_codegen::{Code, Outcome, Severity};
use serde_json::json;
use std::fmt::Write as _;

/// The format of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Text for a terminal
    #[default]
    Text,
    /// JSON, for scripts
    Json,
}

/// Whether a document was left out, or a part of one could not be expressed in types.
pub(super) fn is_lossy(outcome: &Outcome) -> bool {
    let mut said = outcome.diagnostics.iter();
    said.any(fal_codegen::Diagnostic::is_loss)
}

/// Whether a fix-up no longer changes anything, which fails the run even without `--strict`.
pub(super) fn has_stale_fixup(outcome: &Outcome) -> bool {
    let mut said = outcome.diagnostics.iter();
    said.any(|said| said.code == Code::StaleFixup)
}

fn count(outcome: &Outcome, severity: Severity) -> usize {
    let found = outcome.diagnostics.iter();
    found.filter(|said| said.severity == severity).count()
}

pub(super) fn print(
    args: &Args,
    layout: &Layout,
    outcome: &Outcome,
    changes: &Changes,
) -> Result<(), Error> {
    match args.format {
        Format::Json => output::print(&machine(args, outcome, changes)),
        Format::Text => output::print(&people(args, layout, outcome, changes)),
    }
}

fn machine(args: &Args, outcome: &Outcome, changes: &Changes) -> String {
    let diagnostics: Vec<_> = outcome
        .diagnostics
        .iter()
        .map(fal_codegen::Diagnostic::to_json)
        .collect();
    let summary = &outcome.summary;
    let report = json!({
        "check": args.check,
        "diagnostics": diagnostics,
        "added": changes.added,
        "changed": changes.changed,
        "removed": changes.removed,
        "summary": {
            "documents": summary.documents,
            "generated": summary.generated,
            "fields": summary.fields,
            "degraded": summary.degraded,
        },
    });
    format!("{report:#}\n")
}

fn people(args: &Args, layout: &Layout, outcome: &Outcome, changes: &Changes) -> String {
    let mut text = String::new();
    for said in &outcome.diagnostics {
        if said.severity > Severity::Note || args.notes {
            let _ = writeln!(text, "{said}\n");
        }
    }
    text.push_str(&changes.lines());
    if args.check && !changes.is_empty() {
        let _ = writeln!(
            text,
            "\nThese files are out of date. To update them: {}",
            update(args)
        );
    }
    let _ = writeln!(text, "{}", summary(args, layout, outcome, changes));
    text
}

/// The command that updates the files.
fn update(args: &Args) -> String {
    let mut command = String::from("cargo xtask generate");
    let folders = [("--schemas", &args.schemas), ("--out", &args.out)];
    for (flag, folder) in folders {
        if let Some(folder) = folder {
            let _ = write!(command, " {flag} {}", folder.display());
        }
    }
    command
}

fn summary(args: &Args, layout: &Layout, outcome: &Outcome, changes: &Changes) -> String {
    let summary = &outcome.summary;
    let notes = match (count(outcome, Severity::Note), args.notes) {
        (0, _) => String::new(),
        (notes, true) => format!(", {}", counted(notes, "note")),
        (notes, false) => format!(", {} (shown by --notes)", counted(notes, "note")),
    };
    let files = changes.added.len() + changes.changed.len() + changes.removed.len();
    let verb = if args.check { "out of date" } else { "written" };
    format!(
        "generate: {} in {}, {}, {}, {}{notes}; {} {verb}",
        counted(summary.documents, "document"),
        shown(layout),
        counted(summary.generated, "endpoint"),
        counted(count(outcome, Severity::Error), "error"),
        counted(count(outcome, Severity::Warning), "warning"),
        counted(files, "file"),
    )
}

fn shown(layout: &Layout) -> String {
    match *layout == workspace::layout(None) {
        true => "schemas/openapi".to_owned(),
        false => layout.documents.display().to_string(),
    }
}
