//! The catalog of all endpoints: the intermediate representation of each, and
//! the names of everything that is generated.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::dedupe::dedupe;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::ir::{Endpoint, Shape, TypeDef};
use crate::ledger::Ledger;
use crate::name::{self, LocalNames, Modules, SHARED};
use crate::normalize::normalize;
use crate::options::Options;
use crate::share::{Named, Shared, apply_orders, share, take_orders};
use crate::source::{Document, EndpointId, Source};
use crate::{group, lower, parallel};

/// All endpoints of a set of documents, with their types and all names: everything that is decided
/// before Rust is written.
#[derive(Debug, Clone)]
pub struct Catalog {
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) modules: Modules,
    /// The names of each endpoint's types, in the order of the endpoints.
    pub(crate) names: Vec<LocalNames>,
    /// The cargo features of each endpoint, in the order of the endpoints.
    pub(crate) features: Vec<Vec<String>>,
    pub(crate) shared: Shared,
    pub(crate) ledger: Ledger,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Catalog {
    /// Creates a catalog of documents. A document that cannot be used is left out, and reported in
    /// [`diagnostics`](Self::diagnostics).
    #[must_use]
    pub fn read(sources: &[Source], options: &Options) -> Self {
        let mut diagnostics = Vec::new();
        let mut endpoints = read_all(sources, options, &mut diagnostics);
        let ids: Vec<_> = endpoints
            .iter()
            .map(|endpoint| (endpoint.id.clone(), endpoint.document.clone()))
            .collect();
        let ledger = &options.ledger;
        let modules = Modules::assign(&ids, ledger, &mut diagnostics);
        let names: Vec<LocalNames> = parallel::map(&endpoints, name::assign);
        let features = match options.ungated {
            true => vec![Vec::new(); endpoints.len()],
            false => group::assign(&endpoints, ledger, &options.known_ids),
        };
        let orders = take_orders(&named(&endpoints, &names, &features), ledger);
        apply_orders(&orders, &mut endpoints);
        let mut catalog = Self {
            endpoints,
            modules,
            names,
            features,
            shared: Shared::default(),
            ledger: options.ledger.clone(),
            diagnostics,
        };
        let mut ledger = options.ledger.clone();
        catalog.shared = share(&catalog.named(), &mut ledger);
        if !options.ungated {
            ledger.groups = groups(&catalog.named());
        }
        ledger.modules = catalog.modules.given_way();
        catalog.ledger = ledger;
        catalog
    }

    /// Each endpoint with its names and its feature.
    pub(crate) fn named(&self) -> Vec<Named<'_>> {
        named(&self.endpoints, &self.names, &self.features)
    }

    /// The intermediate representation of each endpoint, ordered by id.
    #[must_use]
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// The diagnostics about the documents.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Every generated type under the name that it has in a module: those of endpoints, by id, then those that are shared. A
    /// shared type is listed in each module that re-exports it, too.
    #[must_use]
    pub fn types(&self) -> Vec<GeneratedType<'_>> {
        let path = |id: &str| self.modules.path(id).join("::");
        let mut found = Vec::new();
        for (endpoint, names) in self.endpoints.iter().zip(&self.names) {
            let module = path(endpoint.id.as_str());
            let types = endpoint.types.iter();
            found.extend(types.map(|(id, def)| GeneratedType::new(&module, names.get(id), def)));
        }
        for (family, types) in &self.shared.families {
            let module = format!("{}::{SHARED}", path(family));
            let own = types.iter().skip(self.shared.common.len());
            found.extend(own.map(|ty| GeneratedType::new(&module, &ty.name, &ty.def)));
        }
        let common = self.shared.common.iter();
        found.extend(common.map(|ty| GeneratedType::new(SHARED, &ty.name, &ty.def)));
        found
    }

    /// The names and features that were assigned. If the next run is given them, it
    /// renames nothing.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}

/// A generated type.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GeneratedType<'a> {
    /// The module below `endpoints` that has the type, such as `fal_ai::flux::dev`.
    pub module: String,
    /// The name of the type in that module.
    pub name: String,
    /// The names of the variants of an enum or a union, in the order of its values or alternatives; empty for a struct.
    pub variants: Vec<String>,
    /// The shape and the documentation of the type.
    pub def: &'a TypeDef,
}

impl<'a> GeneratedType<'a> {
    fn new(module: &str, name: &str, def: &'a TypeDef) -> Self {
        let variants = match &def.shape {
            Shape::Struct(_) => Vec::new(),
            Shape::Enum(listed) => name::variant_names(&listed.values),
            Shape::Union(union) => {
                let variants = union.variants.iter();
                variants.map(|variant| variant.name.clone()).collect()
            }
        };
        Self {
            module: module.to_owned(),
            name: name.to_owned(),
            variants,
            def,
        }
    }
}

fn named<'a>(
    endpoints: &'a [Endpoint],
    names: &'a [LocalNames],
    features: &'a [Vec<String>],
) -> Vec<Named<'a>> {
    let assigned = names.iter().zip(features);
    let endpoints = endpoints.iter().zip(assigned);
    let named = endpoints.map(|(endpoint, (names, features))| Named {
        endpoint,
        names,
        features,
    });
    named.collect()
}

/// The features of each endpoint, for the ledger.
fn groups(endpoints: &[Named<'_>]) -> BTreeMap<String, Vec<String>> {
    let group = |named: &Named<'_>| (named.endpoint.id.to_string(), named.features.to_vec());
    endpoints.iter().map(group).collect()
}

/// Reads, normalises and lowers each document; ordered by id.
fn read_all(
    sources: &[Source],
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Endpoint> {
    let mut by_id: BTreeMap<EndpointId, (Endpoint, Vec<Diagnostic>)> = BTreeMap::new();
    let mut ordered: Vec<&Source> = sources.iter().collect();
    ordered.sort_by(|a, b| (&a.path, &a.text).cmp(&(&b.path, &b.text)));
    for (corrections, read) in parallel::map(&ordered, |source| read(source, options)) {
        diagnostics.extend(corrections);
        match read {
            Ok((endpoint, found)) => match by_id.entry(endpoint.id.clone()) {
                Entry::Vacant(free) => {
                    free.insert((endpoint, found));
                }
                Entry::Occupied(taken) => {
                    let (first, _) = taken.get();
                    diagnostics.push(duplicate(&endpoint, first));
                }
            },
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    let endpoints = by_id.into_values().map(|(endpoint, found)| {
        diagnostics.extend(found);
        endpoint
    });
    endpoints.collect()
}

/// An endpoint with the diagnostics about its schemas, or why there is none.
type ReadEndpoint = Result<(Endpoint, Vec<Diagnostic>), Box<Diagnostic>>;

/// Reads, normalises and lowers a document. The diagnostics of fix-ups are returned separately, because they are reported
/// even if the document cannot be used.
fn read(source: &Source, options: &Options) -> (Vec<Diagnostic>, ReadEndpoint) {
    let mut corrections = Vec::new();
    let document = Document::read_with_fixups(source, |id, document| {
        corrections = options.fixups.apply(id, &source.path, document);
    });
    let read = document.map(|mut document| {
        let mut diagnostics = std::mem::take(&mut document.diagnostics);
        diagnostics.extend(normalize(&mut document));
        let (mut endpoint, found) = lower::lower(&document);
        dedupe(&mut endpoint);
        if let Some(listing) = options.listings.get(endpoint.id.as_str()) {
            endpoint.title = listing.title.clone();
            endpoint.price = listing.price.clone();
            endpoint.about = endpoint.about.or(listing.description.clone());
        }
        diagnostics.extend(found);
        (endpoint, diagnostics)
    });
    (corrections, read)
}

fn duplicate(endpoint: &Endpoint, first: &Endpoint) -> Diagnostic {
    let location = Location::new(&endpoint.document, "/info/x-fal-metadata/endpointId");
    let message = format!("{} already describes `{}`", first.document, endpoint.id);
    Diagnostic::new(Severity::Error, Code::DuplicateEndpoint, location, message)
        .fallback("this document is left out")
        .help("remove one of the two documents")
}
