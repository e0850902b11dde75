//! The changes in meaning between two catalogs, for programs and for requests and results as JSON.
//!
//! The intermediate representations ([`ir`](crate::ir)) of both sides are compared, so that two spellings of one schema do
//! not count as changes: key order, titles, `allOf` around one reference, `anyOf` with `null` on a member that may be left
//! out anyway, a component that is written in place. The comparison goes through the input and the output of an endpoint
//! on both sides at the same time, and compares each pair of types once, at its first position.
//!
//! Every change has two [classes](Class): one for programs that use the generated code, one for requests and results
//! as JSON. `verdict` has the classes of each kind of change, with the reason.

mod change;
mod constant;
mod docs;
mod endpoint;
mod enumeration;
mod field;
mod file;
mod kind;
mod places;
mod position;
mod relation;
mod rules;
mod shared;
mod structure;
mod ty;
mod union;
mod verdict;
mod walk;

pub use change::{Change, Class, Direction};
pub use kind::Kind;

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::source::EndpointId;

/// The result of a comparison: all changes, ordered by endpoint, and for each endpoint in the order of its schemas, the
/// input first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff {
    /// All changes, in that order.
    pub changes: Vec<Change>,
    /// The number of endpoints that both sides have.
    pub compared: usize,
    /// The number of these endpoints that differ.
    pub changed: usize,
}

impl Diff {
    /// The most severe class of all changes, for programs that use the generated code.
    #[must_use]
    pub fn rust(&self) -> Class {
        let classes = self.changes.iter().map(|change| change.rust);
        classes.max().unwrap_or_default()
    }

    /// The most severe class of all changes, for requests and results as JSON.
    #[must_use]
    pub fn wire(&self) -> Class {
        let classes = self.changes.iter().map(|change| change.wire);
        classes.max().unwrap_or_default()
    }

    /// The changes of each endpoint.
    #[must_use]
    pub fn by_endpoint(&self) -> BTreeMap<&EndpointId, Vec<&Change>> {
        let mut grouped: BTreeMap<&EndpointId, Vec<&Change>> = BTreeMap::new();
        for change in &self.changes {
            grouped.entry(&change.endpoint).or_default().push(change);
        }
        grouped
    }
}

/// Compares two catalogs.
///
/// `new` must have been read with the [ledger](Catalog::ledger) of `old`, as `cargo xtask generate` does; otherwise shared
/// types may seem renamed.
#[must_use]
pub fn diff(old: &Catalog, new: &Catalog) -> Diff {
    let mut diff = Diff::default();
    let of_new: BTreeMap<&EndpointId, usize> = indices(new);
    for (index, endpoint) in old.endpoints.iter().enumerate() {
        match of_new.get(&endpoint.id) {
            None => diff.changes.push(endpoint::removed(endpoint)),
            Some(other) => {
                let changes = walk::endpoint(old, index, new, *other);
                diff.compared += 1;
                diff.changed += usize::from(!changes.is_empty());
                diff.changes.extend(changes);
            }
        }
    }
    let of_old = indices(old);
    let added = new.endpoints.iter();
    diff.changes.extend(
        added
            .filter(|endpoint| !of_old.contains_key(&endpoint.id))
            .map(endpoint::added),
    );
    diff.changes.sort_by(|a, b| a.endpoint.cmp(&b.endpoint));
    diff
}

fn indices(catalog: &Catalog) -> BTreeMap<&EndpointId, usize> {
    let endpoints = catalog.endpoints.iter().enumerate();
    endpoints
        .map(|(index, endpoint)| (&endpoint.id, index))
        .collect()
}
