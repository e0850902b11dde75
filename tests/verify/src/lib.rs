//! What `cargo xtask verify` starts: judges the generated types by the documents that they were
//! generated from.
//!
//! The types are generated into a scratch crate and compiled with warnings denied. Then
//! values made from each document's schemas are decoded, validated and encoded by the
//! types, and the `jsonschema` crate, which reads the raw document, decides what should
//! have come of it. The same values are judged by the JSON Schemas of the types (feature
//! `schemars`). The verdicts may differ only by the
//! [table of tolerances](tolerance::TABLE).

mod command;
mod dialect;
mod documented_call;
mod harness;
mod instances;
pub mod judge;
mod keywords;
mod oracle;
pub mod report;
pub mod root_schema;
mod roundtrip;
pub mod scratch;
pub mod tolerance;
mod workers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cargo_fal::Error;
pub use command::command;
use fal_codegen::{Diagnostic, EndpointEntry, Listing, Outcome, Plan, Runtime, Source};
pub use report::Report;
use scratch::{Message, Scratch};
use workers::Workers;

/// The options of a verification.
#[derive(Debug, Clone)]
pub struct Options {
    /// The number of documents in the sample to verify; `None` verifies all.
    pub endpoints: Option<usize>,
    /// Decides which documents a sample contains and which mixtures are tried.
    pub seed: u64,
    /// Whether clippy and rustdoc are run too.
    pub lint: bool,
    /// The name of the scratch crate: runs at the same time need different ones.
    pub key: String,
    /// What the catalog says about endpoints, by id; it is part of the generated docs.
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
/// When there is no document, the scratch crate cannot be written or cargo cannot be run.
/// What is wrong with the types is in the report.
pub fn verify(sources: &[Source], options: &Options) -> Result<Report, Error> {
    verify_changed(sources, options, &|plan| plan)
}

/// Verifies types that are changed before they are compiled: tests plant faults in this way.
///
/// # Errors
/// The errors of [`verify`].
pub fn verify_changed(
    sources: &[Source],
    options: &Options,
    change: &dyn Fn(Plan) -> Plan,
) -> Result<Report, Error> {
    let mut sources = sample(sources, options)?;
    let documents = sources.len();
    let mut generated = generate(&sources, options);
    let total = generated.endpoints.len();
    let scratch = Scratch::new(&options.key);
    let mut messages = Vec::new();
    let mut blamed = BTreeSet::new();
    let program = loop {
        let plan = change(std::mem::take(&mut generated.plan));
        let (program, found) = compile(&scratch, &plan, &generated, options)?;
        let broken = documents_of(&found, &generated);
        blamed.extend(broken.iter().cloned());
        messages.extend(found);
        // Endpoints that do not compile are left out, so that the others are tried.
        if program.is_some() || broken.is_empty() {
            break program;
        }
        sources.retain(|source| !broken.contains(&source.path));
        generated = generate(&sources, options);
    };
    let mut report = Report {
        documents,
        generated: total,
        fields: generated.summary.fields,
        degraded: generated.summary.degraded,
        messages,
        ..Report::default()
    };
    if let Some(program) = program {
        let endpoints = generated.endpoints.iter();
        let is_clean = |entry: &&EndpointEntry| !blamed.contains(&entry.document);
        report.compiled = endpoints.filter(is_clean).count();
        let workers = Workers {
            sources: &sources,
            generated: &generated,
            program: &program,
            seed: options.seed,
        };
        workers.run()?.into_iter().for_each(|each| report.add(each));
    }
    report.diagnostics = generated
        .diagnostics
        .into_iter()
        .filter(Diagnostic::is_loss)
        .collect();
    Ok(report)
}

/// The documents to verify, ordered by path: all, or as many as the options ask
/// for, chosen by the seed.
fn sample(sources: &[Source], options: &Options) -> Result<Vec<Source>, Error> {
    let what = "there is nothing to verify";
    if sources.is_empty() {
        return Err(Error::new(format!("{what}: no documents")).help("give at least one document"));
    }
    if options.endpoints == Some(0) {
        let help = "ask for 1 document or more; without `--endpoints` all are verified";
        return Err(Error::new(format!("{what}: a sample of 0 documents")).help(help));
    }
    let mut chosen: Vec<Source> = sources.to_vec();
    chosen.sort_by(|one, other| one.path.cmp(&other.path));
    if let Some(count) = options.endpoints.filter(|count| *count < chosen.len()) {
        fastrand::Rng::with_seed(options.seed).shuffle(&mut chosen);
        chosen.truncate(count);
        chosen.sort_by(|one, other| one.path.cmp(&other.path));
    }
    Ok(chosen)
}

fn generate(sources: &[Source], options: &Options) -> Outcome {
    let options = fal_codegen::Options {
        runtime: Runtime::Extern("fal_sdk".into()),
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
    let files: BTreeSet<_> = messages.iter().map(|it| it.file.as_str()).collect();
    let mut blamed = BTreeSet::new();
    for file in files.into_iter().filter(|file| !file.is_empty()) {
        let folder = file.rsplit_once('/').map_or(file, |(folder, _)| folder);
        let is_own = |entry: &&EndpointEntry| file == module_path(entry) + ".rs";
        let is_below = |entry: &&EndpointEntry| module_path(entry).starts_with(folder);
        let mut entries: Vec<_> = generated.endpoints.iter().filter(is_own).collect();
        if entries.is_empty() {
            entries = generated.endpoints.iter().filter(is_below).collect();
        }
        blamed.extend(entries.into_iter().map(|entry| entry.document.clone()));
    }
    blamed
}

/// The path of an endpoint's module, without `.rs`.
fn module_path(entry: &EndpointEntry) -> String {
    let module = entry.module.replace("r#", "").replace("::", "/");
    format!("endpoints/{module}")
}
