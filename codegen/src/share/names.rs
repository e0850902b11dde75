//! The names of shared types.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::class::EquivalenceClass;
use super::digest::is_current;
use super::shared::Named;
use crate::ledger::SharedName;
use crate::name::{join, type_name};
use crate::source::EndpointId;

/// The endpoints that share one module, as indices into the list of all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) all: &'a [Named<'a>],
    pub(super) here: &'a [usize],
}

impl<'a> Scope<'a> {
    /// The ids of those that mention a type.
    pub(super) fn mentioning(
        self,
        class: &EquivalenceClass,
    ) -> impl Iterator<Item = &'a EndpointId> {
        let here = self.here.iter();
        let here = here.filter(|index| class.endpoints.contains(index));
        here.map(move |index| &self.all[*index].endpoint.id)
    }
}

/// The names that the ledger gives to classes: each to the class that most of its endpoints mention, else to another of
/// the same shape. An entry of an older form tells the type by its name and its endpoint, because an endpoint has one
/// type of a name.
pub(super) fn settled(
    known: &BTreeMap<String, SharedName>,
    classes: &[EquivalenceClass],
    chosen: &[usize],
    scope: Scope<'_>,
) -> BTreeMap<usize, String> {
    let mut fits = Vec::new();
    for (name, entry) in known {
        for index in chosen {
            let class = &classes[*index];
            if !name.ends_with(class.name()) || !class.is_shareable() {
                continue;
            }
            let listed = scope.mentioning(class);
            let listed = listed.filter(|id| entry.endpoints.contains(id.as_str()));
            let listed = listed.count();
            let fit = match is_current(&entry.digest) {
                true => entry.digest == class.digest(),
                false => listed > 0,
            };
            if fit {
                fits.push((Reverse((listed, class.name().len())), name, *index));
            }
        }
    }
    fits.sort();
    let mut names: BTreeMap<usize, String> = BTreeMap::new();
    let mut given = BTreeSet::new();
    for (_, name, class) in fits {
        if !names.contains_key(&class) && given.insert(name) {
            names.insert(class, name.clone());
        }
    }
    names
}

/// Names the classes of one module. What the ledger has named keeps its name. Of the others, the class that most
/// endpoints mention has its own; the rest are named after the first
/// endpoint that mentions them. Names that are taken are not used again.
pub(super) fn assign(
    classes: &[EquivalenceClass],
    chosen: &[usize],
    settled: &BTreeMap<usize, String>,
    scope: Scope<'_>,
    mut taken: BTreeSet<String>,
) -> BTreeMap<usize, String> {
    let mut names = settled.clone();
    names.retain(|class, _| chosen.contains(class));
    taken.extend(names.values().cloned());
    let mut order: Vec<usize> = chosen.to_vec();
    order.retain(|class| !names.contains_key(class));
    order.sort_by_key(|class| (Reverse(classes[*class].endpoints.len()), *class));
    for class in order {
        let name = free_name(&classes[class], scope, &taken);
        taken.insert(name.clone());
        names.insert(class, name);
    }
    names
}

/// The name itself, or the name behind as many segments of the first endpoint's id as
/// make it free.
fn free_name(class: &EquivalenceClass, scope: Scope<'_>, taken: &BTreeSet<String>) -> String {
    let free = |name: &String| {
        !taken.contains(name) && name.starts_with(|first: char| first.is_ascii_alphabetic())
    };
    let first = scope.mentioning(class).next();
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
