//! Documents, read and settled: what every endpoint means, and what everything is called.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::generate::{Options, read_all, share_all};
use crate::group;
use crate::ir::Endpoint;
use crate::ledger::Ledger;
use crate::name::{self, LocalNames, Modules};
use crate::share::SharedTypes;
use crate::source::Source;

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
    diagnostics: Vec<Diagnostic>,
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
