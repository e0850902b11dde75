//! Documents, read and settled: what every endpoint means, and what everything is called.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::generate::Options;
use crate::ir::Endpoint;
use crate::ledger::Ledger;
use crate::name::{self, LocalNames, Modules};
use crate::normalize::normalize;
use crate::share::{Named, SharedTypes, share};
use crate::source::{Document, Source};
use crate::{group, lower};

/// All endpoints of a set of documents with every decision about their names: all that there is to know before a line
/// of Rust is written.
#[derive(Debug, Clone)]
pub struct Catalog {
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) modules: Modules,
    /// The names of each endpoint's types, in the order of the endpoints.
    pub(crate) names: Vec<LocalNames>,
    /// The cargo feature of each endpoint, in their order.
    pub(crate) features: Vec<String>,
    /// The shared types of each family.
    pub(crate) families: BTreeMap<String, SharedTypes>,
    pub(crate) ledger: Ledger,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Catalog {
    /// Reads documents. One that cannot be used is reported and left out.
    #[must_use]
    pub fn read(sources: &[Source], options: &Options) -> Self {
        let mut diagnostics = Vec::new();
        let endpoints = read_all(sources, options, &mut diagnostics);
        let ids: Vec<_> = endpoints
            .iter()
            .map(|endpoint| (endpoint.id.clone(), endpoint.document.clone()))
            .collect();
        let modules = Modules::assign(&ids, &mut diagnostics);
        let names: Vec<LocalNames> = endpoints.iter().map(name::assign).collect();
        let features = group::assign(&endpoints, &options.ledger);
        let mut ledger = Ledger {
            pinned: options.ledger.pinned.clone(),
            groups: BTreeMap::new(),
            names: options.ledger.names.clone(),
        };
        let families = share_all(&endpoints, &names, &features, &mut ledger)
            .into_iter()
            .map(|(family, shared)| (family.to_owned(), shared))
            .collect();
        for (endpoint, feature) in endpoints.iter().zip(&features) {
            ledger
                .groups
                .insert(endpoint.id.to_string(), feature.clone());
        }
        Self {
            endpoints,
            modules,
            names,
            features,
            families,
            ledger,
            diagnostics,
        }
    }

    /// What each endpoint means, ordered by id.
    #[must_use]
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// What there is to say about the documents.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The names and groups that were handed out; given to the next read, nothing old is renamed.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
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
        let read = Document::read_mended(source, |id, document| {
            diagnostics.extend(options.fixups.apply(id, &source.path, document));
        });
        match read {
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

/// The shared types of every family. Endpoints behind different features share
/// nothing: neither could be compiled without the other.
fn share_all<'a>(
    endpoints: &'a [Endpoint],
    names: &'a [LocalNames],
    features: &'a [String],
    ledger: &mut Ledger,
) -> BTreeMap<&'a str, SharedTypes> {
    let mut families: BTreeMap<&str, Vec<Named<'_>>> = BTreeMap::new();
    for (index, endpoint) in endpoints.iter().enumerate() {
        families
            .entry(endpoint.id.family())
            .or_default()
            .push(Named {
                index,
                endpoint,
                names: &names[index],
            });
    }
    ledger
        .names
        .retain(|family, _| families.contains_key(family.as_str()));
    families
        .into_iter()
        .map(|(family, members)| {
            let first = &features[members[0].index];
            let together = members.iter().all(|named| features[named.index] == *first);
            let shared = match together {
                true => share(family, &members, ledger),
                false => SharedTypes::default(),
            };
            (family, shared)
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
