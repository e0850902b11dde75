//! `cargo xtask verify`: holds the generated types against the documents that they
//! were generated from.
//!
//! The types are generated into a scratch crate and compiled with warnings denied.
//! Then values made from each document's schemas are decoded, validated and encoded
//! by the types, and the `jsonschema` crate, which reads the raw document, says what
//! should have come of it. The two may differ only by the [rules](tolerance::Rule)
//! of tolerance.

mod canonical;
mod cases;
mod command;
mod dialect;
mod harness;
pub mod judge;
mod oracle;
pub mod report;
mod roundtrip;
mod schemas;
pub mod scratch;
pub mod subject;
pub mod tolerance;
mod trials;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cargo_fal::Error;
pub use command::{Args, command};
use fal_codegen::Plan;
use fal_codegen::{Code, Diagnostic, Severity};
use fal_codegen::{EndpointEntry, Listing, Outcome, Source};
use judge::Findings;
pub use report::Report;
use scratch::{Message, Scratch};
use trials::Trials;

/// How to verify.
#[derive(Debug, Clone)]
pub struct Options {
    /// Takes a sample of so many documents; all without it.
    pub endpoints: Option<usize>,
    /// Decides which documents a sample takes and which mixtures are tried.
    pub seed: u64,
    /// Whether clippy and rustdoc run too.
    pub lint: bool,
    /// Names the scratch crate: runs at the same time need different ones.
    pub key: String,
    /// What the catalog says of endpoints, by id; it stands in the generated docs.
    pub listings: BTreeMap<String, Listing>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            endpoints: None,
            seed: 1,
            lint: true,
            key: "all".to_owned(),
            listings: BTreeMap::new(),
        }
    }
}

/// Verifies the types that the generator makes of documents.
///
/// # Errors
/// When the scratch crate cannot be written or cargo cannot be run. What is wrong
/// with the types stands in the report.
pub fn verify(sources: &[Source], options: &Options) -> Result<Report, Error> {
    verify_changed(sources, options, &|plan| plan)
}

/// The same for types that are changed before they are compiled: how tests plant
/// faults.
///
/// # Errors
/// As [`verify`].
pub fn verify_changed(
    sources: &[Source],
    options: &Options,
    change: &dyn Fn(Plan) -> Plan,
) -> Result<Report, Error> {
    let mut sources = sample(sources, options);
    let documents = sources.len();
    let scratch = Scratch::new(&options.key);
    let mut messages = Vec::new();
    let mut uncompiled = BTreeSet::new();
    let mut generated = generate(&sources, options);
    let total = generated.endpoints.len();
    let program = loop {
        let plan = change(std::mem::take(&mut generated.plan));
        let new = compile(&scratch, &plan, &generated, options)?;
        let (program, found) = new;
        let broken = documents_of(&found, &generated);
        uncompiled.extend(broken.iter().cloned());
        let has_blame = !broken.is_empty();
        messages.extend(found);
        // Endpoints that do not compile are left out, so that the others are tried.
        if program.is_some() || !has_blame {
            break program;
        }
        sources.retain(|source| !broken.contains(&source.path));
        generated = generate(&sources, options);
    };
    let blameless = messages.iter().any(|message| message.file.is_empty());
    let mut report = Report {
        documents,
        generated: total,
        compiled: if blameless && program.is_none() {
            0
        } else {
            total - uncompiled.len()
        },
        fields: generated.summary.fields,
        degraded: generated.summary.degraded,
        messages,
        ..Report::default()
    };
    if let Some(program) = program {
        let trials = Trials {
            sources: &sources,
            generated: &generated,
            program: &program,
            seed: options.seed,
        };
        let findings = trials.run()?;
        findings.into_iter().for_each(|each| report.add(each));
    }
    report.diagnostics = generated.diagnostics.into_iter().filter(is_loss).collect();
    Ok(report)
}

impl Report {
    fn add(&mut self, findings: Findings) {
        self.instances += findings.instances;
        self.taken += findings.taken;
        for (rule, count) in findings.tolerated {
            *self.tolerated.entry(rule).or_default() += count;
        }
        self.hollow.extend(findings.hollow);
        self.disagreements.extend(findings.disagreements);
    }
}

/// The documents to verify, ordered by path: all, or as many as the options ask
/// for, chosen by the seed.
fn sample(sources: &[Source], options: &Options) -> Vec<Source> {
    let mut chosen: Vec<Source> = sources.to_vec();
    chosen.sort_by(|one, other| one.path.cmp(&other.path));
    if let Some(count) = options.endpoints.filter(|count| *count < chosen.len()) {
        fastrand::Rng::with_seed(options.seed).shuffle(&mut chosen);
        chosen.truncate(count);
        chosen.sort_by(|one, other| one.path.cmp(&other.path));
    }
    chosen
}

fn generate(sources: &[Source], options: &Options) -> Outcome {
    let options = fal_codegen::Options {
        runtime: fal_codegen::Runtime::Extern("fal_sdk".into()),
        listings: options.listings.clone(),
        schemars: true,
        ..fal_codegen::Options::default()
    };
    fal_codegen::generate(sources, &options)
}

fn compile(
    scratch: &Scratch,
    plan: &Plan,
    generated: &Outcome,
    options: &Options,
) -> Result<(Option<PathBuf>, Vec<Message>), Error> {
    let failed = |error: std::io::Error| Error::file("compile", scratch.folder(), &error);
    scratch.write(plan, generated).map_err(failed)?;
    let mut messages = if options.lint {
        scratch.lint().map_err(failed)?
    } else {
        Vec::new()
    };
    if messages.iter().any(|message| message.is_error) {
        return Ok((None, messages));
    }
    match scratch.build().map_err(failed)? {
        Ok(program) => Ok((Some(program), messages)),
        Err(errors) => {
            messages.extend(errors.into_iter().filter(|message| message.is_error));
            Ok((None, messages))
        }
    }
}

/// The documents whose generated files the messages are about. A file that several
/// endpoints share is that of all endpoints beside and below it.
fn documents_of(messages: &[Message], generated: &Outcome) -> BTreeSet<String> {
    let mut blamed = BTreeSet::new();
    for file in messages
        .iter()
        .map(|message| message.file.as_str())
        .collect::<BTreeSet<_>>()
    {
        let own = |entry: &&EndpointEntry| file == format!("{}.rs", path_of(entry));
        let folder = file.rsplit_once('/').map_or(file, |(folder, _)| folder);
        let below = |entry: &&EndpointEntry| path_of(entry).starts_with(folder);
        let mut entries: Vec<_> = generated.endpoints.iter().filter(own).collect();
        if entries.is_empty() && file.starts_with("endpoints/") {
            entries = generated.endpoints.iter().filter(below).collect();
        }
        blamed.extend(entries.into_iter().map(|entry| entry.document.clone()));
    }
    blamed
}

/// The path of an endpoint's module, without `.rs`.
fn path_of(entry: &EndpointEntry) -> String {
    format!(
        "endpoints/{}",
        entry.module.replace("r#", "").replace("::", "/")
    )
}

/// Whether a remark says that something of the document was not kept.
fn is_loss(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity >= Severity::Warning
        && !matches!(diagnostic.code, Code::InvalidDefault | Code::InvalidExample)
}
