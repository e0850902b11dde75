//! The stages, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::emit::{self, Emitted, EndpointEntry, Runtime};
use crate::ir::Endpoint;
use crate::ledger::Ledger;
use crate::name::{LocalNames, Modules};
use crate::normalize::normalize;
use crate::plan::Plan;
use crate::share::{Named, share};
use crate::source::{Document, Source};
use crate::{group, lower, name};

/// What a run is told beside its documents.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where the generated code finds the runtime.
    pub runtime: Runtime,
    /// The decisions of earlier runs.
    pub ledger: Ledger,
    /// What the catalog says of endpoints, by id.
    pub listings: BTreeMap<String, Listing>,
}

/// What the catalog says of an endpoint; its document does not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The model's name for people.
    pub title: Option<String>,
    /// One sentence on what the model does.
    pub description: Option<String>,
    /// What it costs, in words (Markdown).
    pub price: Option<String>,
}

/// What a run makes.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The files, relative to the folder that `endpoints.rs` stands in.
    pub plan: Plan,
    /// `ENDPOINTS.md`: id → module → feature.
    pub index: String,
    /// The cargo features that the modules are behind.
    pub features: BTreeSet<String>,
    /// The decisions of this run, for the next one.
    pub ledger: Ledger,
    /// What there is to say, ordered by document and place.
    pub diagnostics: Vec<Diagnostic>,
    /// Every generated endpoint, ordered by id.
    pub endpoints: Vec<EndpointEntry>,
    /// The run in numbers.
    pub summary: Summary,
}

/// A run in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Summary {
    /// Documents that were given.
    pub documents: usize,
    /// Endpoints that were generated.
    pub generated: usize,
    /// Fields of their schemas.
    pub fields: usize,
    /// Places that became `serde_json::Value` for want of something better.
    pub degraded: usize,
}

/// Generates the types of all documents.
///
/// The outcome depends on the set of documents and the options alone: not on
/// their order, nor on the order of keys in them, nor on anything of the
/// machine. A document that cannot be used is reported and left out.
pub fn generate(sources: &[Source], options: &Options) -> Outcome {
    let mut diagnostics = Vec::new();
    let endpoints = read_all(sources, options, &mut diagnostics);
    let ids: Vec<_> = endpoints
        .iter()
        .map(|endpoint| (endpoint.id.clone(), endpoint.document.clone()))
        .collect();
    let modules = Modules::assign(&ids, &mut diagnostics);
    let names: Vec<LocalNames> = endpoints.iter().map(name::assign).collect();
    let features = group::assign(&endpoints, &options.ledger);
    let mut ledger = options.ledger.clone();
    let named: Vec<Named<'_>> = endpoints
        .iter()
        .zip(names.iter().zip(&features))
        .map(|(endpoint, (names, feature))| Named {
            endpoint,
            names,
            feature,
        })
        .collect();
    let shared = share(&named, &mut ledger);
    let Emitted {
        plan,
        entries,
        failures,
    } = emit::emit(&named, &shared, &modules, &options.runtime);
    diagnostics.extend(failures.into_iter().map(unprintable));
    diagnostics.sort();
    diagnostics.dedup();
    ledger.groups = named
        .iter()
        .map(|named| (named.endpoint.id.to_string(), named.feature.to_owned()))
        .collect();
    Outcome {
        summary: summary(sources, &endpoints, &diagnostics),
        index: emit::index(&entries),
        features: features.iter().cloned().collect(),
        endpoints: entries,
        plan,
        ledger,
        diagnostics,
    }
}

/// Reads, normalises and lowers each document; ordered by id.
fn read_all(
    sources: &[Source],
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Endpoint> {
    let mut by_id: BTreeMap<_, Document> = BTreeMap::new();
    let mut ordered: Vec<&Source> = sources.iter().collect();
    ordered.sort_by(|a, b| (&a.path, &a.text).cmp(&(&b.path, &b.text)));
    for source in ordered {
        match Document::read(source) {
            Ok(document) => match by_id.entry(document.id.clone()) {
                std::collections::btree_map::Entry::Vacant(free) => {
                    free.insert(document);
                }
                std::collections::btree_map::Entry::Occupied(taken) => {
                    diagnostics.push(duplicate(&document, taken.get()));
                }
            },
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    by_id
        .into_values()
        .map(|mut document| {
            normalize(&mut document);
            let (mut endpoint, said) = lower::lower(&document);
            if let Some(listing) = options.listings.get(endpoint.id.as_str()) {
                endpoint.title = listing.title.clone();
                endpoint.price = listing.price.clone();
                endpoint.about = endpoint.about.or(listing.description.clone());
            }
            diagnostics.extend(said);
            endpoint
        })
        .collect()
}

fn duplicate(document: &Document, first: &Document) -> Diagnostic {
    let location = Location::new(&document.path, "/info/x-fal-metadata/endpointId");
    let message = format!("`{}` is described by {} already", document.id, first.path);
    Diagnostic::new(Severity::Error, Code::DuplicateEndpoint, location, message)
        .done("this document was left out")
        .help("remove one of the two")
}

fn unprintable((origin, error): (String, String)) -> Diagnostic {
    let location = Location::new(origin, "");
    let message = format!("the generated code is no Rust: {error}");
    Diagnostic::new(Severity::Error, Code::Unprintable, location, message)
        .done("the item was left out")
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
