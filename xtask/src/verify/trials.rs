//! Tries every endpoint that compiles.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fal_codegen::{Code, Diagnostic, EndpointEntry, Outcome, Source};
use serde_json::Value;

use super::harness::Harness;
use super::judge::{Findings, Trial};
use super::tolerance::Loss;
use cargo_fal::Error;

/// What the program and the documents are tried with.
pub struct Trials<'a> {
    /// The documents.
    pub sources: &'a [Source],
    /// What was generated of them.
    pub generated: &'a Outcome,
    /// The program that answers for the types.
    pub program: &'a Path,
    /// Makes the mixtures.
    pub seed: u64,
}

impl Trials<'_> {
    /// Tries every endpoint, on as many threads as there are processors. The
    /// findings are ordered as the endpoints are.
    ///
    /// # Errors
    /// When the program cannot be run or ends too early.
    pub fn run(&self) -> Result<Vec<Findings>, Error> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(BTreeMap::new());
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let spawn = |_| scope.spawn(|| self.work(&next, &done));
            let workers: Vec<_> = (0..threads).map(spawn).collect();
            let ends = workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|_| Err(panicked())));
            ends.collect::<Result<Vec<()>, Error>>()
        })?;
        let done = done.into_inner().map_err(|_| panicked())?;
        Ok(done.into_values().collect())
    }

    /// Takes one endpoint after the other until none is left.
    fn work(
        &self,
        next: &AtomicUsize,
        done: &Mutex<BTreeMap<usize, Findings>>,
    ) -> Result<(), Error> {
        let failed = |error: std::io::Error| Error::file("run", self.program, &error);
        let mut harness = Harness::start(self.program).map_err(failed)?;
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(entry) = self.generated.endpoints.get(index) else {
                return Ok(());
            };
            let findings = self.try_one(index, entry, &mut harness)?;
            done.lock().map_err(|_| panicked())?.insert(index, findings);
        }
    }

    fn try_one(
        &self,
        index: usize,
        entry: &EndpointEntry,
        harness: &mut Harness,
    ) -> Result<Findings, Error> {
        let source = self
            .sources
            .iter()
            .find(|source| source.path == entry.document);
        let text = source.map_or("", |source| &source.text);
        let source: Value = serde_json::from_str(text)
            .map_err(|error| Error::new(format!("{}: {error}", entry.document)))?;
        let trial = Trial {
            entry: index,
            id: &entry.id,
            document: &entry.document,
            source: &source,
            losses: self.losses(&entry.document),
            seed: self.seed,
        };
        trial.run(harness).map_err(|error| {
            Error::new(format!(
                "the types of {} ended the harness: {error}",
                entry.id
            ))
            .help("look for a stack overflow or a panic in the lines above")
        })
    }

    fn losses(&self, document: &str) -> Vec<Loss<'_>> {
        let here = self.generated.diagnostics.iter();
        let here = here.filter(|diagnostic| diagnostic.location.document == document);
        here.filter_map(loss).collect()
    }
}

/// What a remark says could not be kept.
fn loss(diagnostic: &Diagnostic) -> Option<Loss<'_>> {
    let pointer = diagnostic.location.pointer.as_str();
    match diagnostic.code {
        Code::UncheckedRule => Some(Loss::Keyword(pointer)),
        Code::UncheckedChoice => Some(Loss::Choice(pointer)),
        Code::UndeclaredRequired => Some(Loss::Requirement(pointer)),
        Code::DanglingReference
        | Code::ReferenceCycle
        | Code::Unsupported
        | Code::Contradiction => Some(Loss::Schema(pointer)),
        _ => None,
    }
}

fn panicked() -> Error {
    Error::new("a worker of verify panicked").help("report it with the lines above")
}
