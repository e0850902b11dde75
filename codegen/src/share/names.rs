//! The names of shared types.

use std::collections::{BTreeMap, BTreeSet};

use super::class::EquivalenceClass;
use super::digest::is_current;
use super::shared::{Named, SharedType};
use crate::name::{join, type_name};
use crate::source::EndpointId;

/// The endpoints that share one module, as indices into the list of all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Members<'a> {
    pub(super) all: &'a [Named<'a>],
    pub(super) here: &'a [usize],
}

impl<'a> Members<'a> {
    /// The first of them that mentions a type.
    fn first(self, class: &EquivalenceClass) -> Option<&'a EndpointId> {
        let mut here = self.here.iter();
        let index = here.find(|index| class.endpoints.contains(index))?;
        Some(&self.all[*index].endpoint.id)
    }
}

/// The entry of a name in the ledger: the digest of its shape, and an endpoint that
/// mentions it. The endpoint tells types apart that have one shape and differ in
/// documentation.
pub(super) fn entry(class: &EquivalenceClass, members: Members<'_>) -> String {
    match members.first(class) {
        Some(first) => format!("{} {first}", class.digest),
        None => class.digest.clone(),
    }
}

/// The digest of an entry.
pub(super) fn digest(entry: &str) -> &str {
    entry.split(' ').next().unwrap_or(entry)
}

/// The endpoint of an entry.
fn endpoint(entry: &str) -> Option<&str> {
    entry.split(' ').nth(1)
}

/// Whether the endpoint of an entry mentions a type.
fn is_mentioned(class: &EquivalenceClass, entry: &str, endpoints: &[Named<'_>]) -> bool {
    let mut ids = class
        .endpoints
        .iter()
        .map(|index| endpoints[*index].endpoint.id.as_str());
    endpoint(entry).is_some_and(|wanted| ids.any(|id| id == wanted))
}

/// A scope of the ledger with the entries of older forms brought up to date. The name and the endpoint of an entry say
/// which type it is about, because an endpoint has one type of a name. An entry without such a type is dropped.
pub(super) fn current(
    known: BTreeMap<String, String>,
    classes: &[EquivalenceClass],
    endpoints: &[Named<'_>],
) -> BTreeMap<String, String> {
    let update = |(name, entry): (String, String)| {
        if is_current(digest(&entry)) {
            return Some((name, entry));
        }
        let answering = classes.iter().filter(|class| {
            name.ends_with(class.name())
                && class.is_shareable()
                && is_mentioned(class, &entry, endpoints)
        });
        let class = answering.max_by_key(|class| class.name().len())?;
        let entry = format!("{} {}", class.digest, endpoint(&entry)?);
        Some((name, entry))
    };
    known.into_iter().filter_map(update).collect()
}

/// Names the classes of one module. A name goes to the type that has it in the ledger,
/// else to the one that most endpoints mention; the others are named after the first
/// endpoint that mentions them. Names of common types are not used again.
pub(super) fn assign(
    classes: &[EquivalenceClass],
    chosen: &[usize],
    known: &BTreeMap<String, String>,
    members: Members<'_>,
    common: &[SharedType],
) -> BTreeMap<usize, String> {
    let mut taken: BTreeSet<String> = common.iter().map(|shared| shared.name.clone()).collect();
    let mut names = kept(classes, chosen, (known, members.all), &taken);
    taken.extend(names.values().cloned());
    let mut order: Vec<usize> = chosen.to_vec();
    order.retain(|class| !names.contains_key(class));
    order.sort_by_key(|class| (usize::MAX - classes[*class].endpoints.len(), *class));
    for class in order {
        let name = free_name(&classes[class], members, &taken);
        taken.insert(name.clone());
        names.insert(class, name);
    }
    names
}

/// The names that the ledger gives: first to the types that its endpoints
/// mention, then to others of the same shape.
fn kept(
    classes: &[EquivalenceClass],
    chosen: &[usize],
    (known, endpoints): (&BTreeMap<String, String>, &[Named<'_>]),
    taken: &BTreeSet<String>,
) -> BTreeMap<usize, String> {
    let mut names: BTreeMap<usize, String> = BTreeMap::new();
    for exactly in [true, false] {
        for (name, entry) in known {
            if taken.contains(name) || names.values().any(|given| given == name) {
                continue;
            }
            let class = chosen.iter().find(|class| {
                let found = &classes[**class];
                !names.contains_key(*class)
                    && found.digest == digest(entry)
                    && name.ends_with(found.name())
                    && (!exactly || is_mentioned(found, entry, endpoints))
            });
            if let Some(class) = class {
                names.insert(*class, name.clone());
            }
        }
    }
    names
}

/// The name itself, or the name behind as many segments of the first endpoint's id as
/// make it free.
fn free_name(class: &EquivalenceClass, members: Members<'_>, taken: &BTreeSet<String>) -> String {
    let free = |name: &String| {
        !taken.contains(name) && name.starts_with(|first: char| first.is_ascii_alphabetic())
    };
    let first = members.first(class);
    let segments: Vec<&str> = first.into_iter().flat_map(EndpointId::segments).collect();
    let longer = (0..=segments.len()).map(|count| {
        let mut name = String::new();
        for segment in &segments[segments.len() - count..] {
            join(&mut name, &type_name(segment));
        }
        join(&mut name, class.name());
        name
    });
    let mut last = class.name().to_owned();
    for name in longer {
        if free(&name) {
            return name;
        }
        last = name;
    }
    while !free(&last) {
        last.insert_str(0, "Shared");
    }
    last
}
