//! Generates the text of all files from the documents.

use std::collections::BTreeSet;

use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::emit::{self, Emitted, EndpointEntry};
use crate::ir::Endpoint;
use crate::ledger::Ledger;
use crate::options::Options;
use crate::plan::Plan;
use crate::source::Source;

/// The result of [`generate`].
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The files, with paths relative to the folder of `endpoints.rs`.
    pub plan: Plan,
    /// The text of `ENDPOINTS.md`, which lists the module and the feature of each endpoint.
    pub index: String,
    /// The cargo features that enable the modules.
    pub features: BTreeSet<String>,
    /// The names and features that this run assigned, for the next one.
    pub ledger: Ledger,
    /// The diagnostics, ordered by document and location.
    pub diagnostics: Vec<Diagnostic>,
    /// Every generated endpoint, ordered by id.
    pub endpoints: Vec<EndpointEntry>,
    /// The numbers of documents, endpoints and fields.
    pub summary: Summary,
}

impl Outcome {
    /// Returns all files as one text, for `include!` in another crate: the module `endpoints` with all its modules.
    pub fn inline(&self) -> String {
        self.plan.inline("endpoints.rs").unwrap_or_default()
    }
}

/// The numbers of documents, endpoints and fields of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Summary {
    /// The number of documents that were given.
    pub documents: usize,
    /// The number of endpoints that were generated.
    pub generated: usize,
    /// The number of fields in the schemas of these endpoints.
    pub fields: usize,
    /// The number of schemas that became `serde_json::Value` because no Rust type expresses them.
    pub degraded: usize,
}

/// Generates the types of all documents.
///
/// The outcome depends only on the set of documents and the options: not on the order of the documents, the order of keys in
/// them, or the machine. A document that cannot be used is left out, and reported in [`Outcome::diagnostics`].
pub fn generate(sources: &[Source], options: &Options) -> Outcome {
    let catalog = Catalog::read(sources, options);
    let Emitted {
        plan,
        entries,
        failures,
    } = emit::emit(
        &catalog.named(),
        &catalog.shared,
        &catalog.modules,
        &emit::Style {
            runtime: options.runtime.clone(),
            gated: !options.ungated,
            schemars: options.schemars,
        },
    );
    let Catalog {
        endpoints,
        features,
        ledger,
        mut diagnostics,
        ..
    } = catalog;
    diagnostics.extend(failures.into_iter().map(unprintable));
    diagnostics.sort();
    diagnostics.dedup();
    Outcome {
        summary: summary(sources, &endpoints, &diagnostics),
        index: emit::index(&entries),
        features: features.into_iter().flatten().collect(),
        endpoints: entries,
        plan,
        ledger,
        diagnostics,
    }
}

fn unprintable((origin, error): (String, String)) -> Diagnostic {
    let location = Location::new(origin, "");
    let message = format!("the generated code is not valid Rust: {error}");
    Diagnostic::new(Severity::Error, Code::Unprintable, location, message)
        .fallback("the item is left out")
        .help("this is a bug of the generator; report it with the document")
}

fn summary(sources: &[Source], endpoints: &[Endpoint], diagnostics: &[Diagnostic]) -> Summary {
    let degraded = |diagnostic: &&Diagnostic| {
        diagnostic.severity == Severity::Warning
            && matches!(
                diagnostic.code,
                Code::Unsupported
                    | Code::Contradiction
                    | Code::DanglingReference
                    | Code::ReferenceCycle
                    | Code::TooDeep
            )
    };
    Summary {
        documents: sources.len(),
        generated: endpoints.len(),
        fields: endpoints.iter().map(|endpoint| endpoint.fields).sum(),
        degraded: diagnostics.iter().filter(degraded).count(),
    }
}
