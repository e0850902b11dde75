//! Judges every endpoint that compiles, on as many threads as there are processors.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use fal_codegen::source::read_json;
use fal_codegen::{Code, Diagnostic, EndpointEntry, Outcome, Source};
use serde_json::Value;

use super::harness::Harness;
use super::judge::{Check, Disagreement, Endpoint, Findings};
use super::root_schema::Direction;
use super::tolerance::Unexpressed;
use cargo_fal::Error;

/// Everything that judging the endpoints needs.
pub struct Workers<'a> {
    /// The documents.
    pub sources: &'a [Source],
    /// The code that was generated from the documents.
    pub generated: &'a Outcome,
    /// The program that holds the generated types.
    pub program: &'a Path,
    /// The seed of the mixtures.
    pub seed: u64,
}

impl Workers<'_> {
    /// Judges every endpoint. The findings are in the order of the endpoints.
    ///
    /// # Errors
    /// When the program cannot be run or ends too early.
    pub fn run(&self) -> Result<Vec<Findings>, Error> {
        let next = AtomicUsize::new(0);
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let findings = std::thread::scope(|scope| {
            let spawn = |_| scope.spawn(|| self.work(&next));
            let workers: Vec<_> = (0..threads).map(spawn).collect();
            let panicked = || Error::new("a worker of verify panicked").help("see the lines above");
            let results = workers.into_iter();
            results
                .map(|worker| worker.join().unwrap_or_else(|_| Err(panicked())))
                .collect::<Result<Vec<_>, _>>()
        })?;
        let findings: BTreeMap<usize, Findings> = findings.into_iter().flatten().collect();
        Ok(findings.into_values().collect())
    }

    /// Judges one endpoint after the other until none is left.
    fn work(&self, next: &AtomicUsize) -> Result<Vec<(usize, Findings)>, Error> {
        let failed = |error: io::Error| Error::file("run", self.program, &error);
        let mut harness = Harness::start(self.program).map_err(failed)?;
        let mut findings = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(entry) = self.generated.endpoints.get(index) else {
                return Ok(findings);
            };
            let found = match self.judge(index, entry, &mut harness) {
                Ok(found) => found,
                Err(error) => {
                    harness = Harness::start(self.program).map_err(failed)?;
                    unanswered(entry, &error)
                }
            };
            findings.push((index, found));
        }
    }

    fn judge(
        &self,
        index: usize,
        entry: &EndpointEntry,
        harness: &mut Harness,
    ) -> io::Result<Findings> {
        let path = entry.document.as_str();
        let source = self.sources.iter().find(|source| source.path == path);
        let text = source.map_or("", |source| &source.text);
        let document: Value = read_json(text)?;
        let diagnostics = self.generated.diagnostics.iter();
        let diagnostics = diagnostics.filter(|diagnostic| diagnostic.location.document == path);
        let endpoint = Endpoint {
            entry: index,
            id: &entry.id,
            path,
            document: &document,
            unexpressed: diagnostics.filter_map(unexpressed).collect(),
            seed: self.seed,
        };
        endpoint.judge(harness)
    }
}

/// The findings about types that ended the harness, by a panic or because they are too large for its stack.
fn unanswered(entry: &EndpointEntry, error: &io::Error) -> Findings {
    Findings {
        disagreements: vec![Disagreement {
            endpoint: entry.id.clone(),
            document: entry.document.clone(),
            direction: Direction::Input,
            check: Check::Answered,
            tried: "all values",
            pointer: String::new(),
            instance: Value::Null,
            types: format!("no answer: {error}"),
            schema: "an answer".to_owned(),
        }],
        ..Findings::default()
    }
}

/// The part of a document that a diagnostic reports as not expressed.
fn unexpressed(diagnostic: &Diagnostic) -> Option<Unexpressed<'_>> {
    let pointer = diagnostic.location.pointer.as_str();
    match diagnostic.code {
        Code::UncheckedRule => Some(Unexpressed::Keyword(pointer)),
        Code::UncheckedChoice => Some(Unexpressed::Alternatives(pointer)),
        Code::UndeclaredRequired => Some(Unexpressed::Requirement(pointer)),
        Code::DanglingReference
        | Code::ReferenceCycle
        | Code::TooDeep
        | Code::Unsupported
        | Code::Contradiction => Some(Unexpressed::Schema(pointer)),
        _ => None,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{Check, Workers};
    use fal_codegen::{Options, Source, generate};
    use serde_json::json;
    use std::{fs, os::unix::fs::PermissionsExt as _};

    fn source(id: &str) -> Source {
        let input = json!({"type": "object", "properties": {"prompt": {"type": "string"}}});
        let document = json!({
            "info": {"x-fal-metadata": {"endpointId": id}},
            "paths": {format!("/{id}"): {"post": {"requestBody": {"content": {"application/json": {"schema": input}}}}}},
        });
        Source::new(format!("{id}.json"), document.to_string())
    }

    #[test]
    fn a_program_that_ends_is_started_again_for_the_next_endpoint() {
        let folder = tempfile::tempdir().unwrap();
        let (program, starts) = (folder.path().join("crash"), folder.path().join("starts"));
        let script = format!("#!/bin/sh\necho started >> '{}'\n", starts.display());
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let ids = ["acme/one", "acme/three", "acme/two"];
        let sources = ids.map(source);
        let generated = generate(&sources, &Options::default());
        let workers = Workers {
            sources: &sources,
            generated: &generated,
            program: &program,
            seed: 1,
        };
        let findings = workers.work(&Default::default()).unwrap();
        let found: Vec<_> = findings
            .iter()
            .flat_map(|(_, findings)| &findings.disagreements)
            .map(|found| (found.endpoint.as_str(), found.check))
            .collect();
        assert_eq!(found, ids.map(|id| (id, Check::Answered)));
        let starts = fs::read_to_string(starts).unwrap().lines().count();
        assert_eq!(starts, 1 + ids.len(), "at first, and after each end");
    }
}
