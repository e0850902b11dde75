//! The names of shared types.
//!
//! - A type has the name that it has in its endpoints; an output is named after the family. If several types would have the
//!   same name, the one that most endpoints mention has it, and the following rules name the others.
//! - An output is named after its required fields, if no other output has the same: `ImageAndMaskOutput`.
//! - In the name of another type, `Input` or `Output` is left out: `OutputContainerAndCodec` → `ContainerAndCodec`.
//! - If the name is still taken, the type is named after the first endpoint that mentions it: `EditAspectRatio`.
//! - A name in the ledger is kept, whatever these rules say.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::class::EquivalenceClass;
use super::digest::is_current;
use super::shared::Named;
use crate::ir::Presence;
use crate::ledger::SharedName;
use crate::name::{begin_with_letter, is_single_word, joined, type_name};
use crate::source::EndpointId;

/// The endpoints that share one module, as indices into the list of all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) all: &'a [Named<'a>],
    pub(super) here: &'a [usize],
}

impl<'a> Scope<'a> {
    /// The ids of the endpoints that mention a type.
    pub(super) fn mentioning(
        self,
        class: &EquivalenceClass<'_>,
    ) -> impl Iterator<Item = &'a EndpointId> {
        let here = self.here.iter();
        let here = here.filter(|index| class.endpoints.contains(index));
        here.map(move |index| &self.all[*index].endpoint.id)
    }
}

/// The names that the ledger assigns to classes. Each is assigned to the class that most of the entry's endpoints mention, else to
/// another class of the same shape. An entry of an older form identifies the type by its name and its only endpoint.
pub(super) fn settled(
    known: &BTreeMap<String, SharedName>,
    classes: &[EquivalenceClass<'_>],
    chosen: &[usize],
    scope: Scope<'_>,
) -> BTreeMap<usize, String> {
    let mut fits = Vec::new();
    for (name, entry) in known {
        for index in chosen {
            let class = &classes[*index];
            if !entry.is_of(name, class.name()) || !class.is_shareable() {
                continue;
            }
            let listed = scope.mentioning(class);
            let listed = listed.filter(|id| entry.endpoints.contains(id.as_str()));
            let listed = listed.count();
            let fit = match is_current(&entry.digest) {
                true => entry.digest == class.digest(classes),
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

/// Names the classes of one module, those first that most endpoints mention. Classes with a name in the ledger keep it, and names
/// that are taken are not used again.
pub(super) fn assign(
    classes: &[EquivalenceClass<'_>],
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
        let named = names.keys().map(|other| &classes[*other]);
        let name = free_name(&classes[class], scope, named, &taken);
        taken.insert(name.clone());
        names.insert(class, name);
    }
    names
}

/// The first name that is free.
fn free_name<'a>(
    class: &EquivalenceClass<'_>,
    scope: Scope<'_>,
    named: impl Iterator<Item = &'a EquivalenceClass<'a>>,
    taken: &BTreeSet<String>,
) -> String {
    let is_free = |name: &String| {
        !taken.contains(name) && name.starts_with(|first: char| first.is_ascii_alphabetic())
    };
    let name = class.name().to_owned();
    let telling = match class.is_output() {
        true => after_fields(class, named),
        false => without_direction(&name),
    };
    let mut candidates = vec![name];
    candidates.extend(telling);
    candidates.extend(after_endpoint(class, scope));
    if let Some(free) = candidates.iter().find(|name| is_free(name)) {
        return free.clone();
    }
    let mut last = candidates.pop().unwrap_or_default();
    while !is_free(&last) {
        last.insert_str(0, "Shared");
    }
    last
}

/// The name of an output after its required fields, if there are one or two and no other output has the same fields.
fn after_fields<'a>(
    class: &EquivalenceClass<'_>,
    mut named: impl Iterator<Item = &'a EquivalenceClass<'a>>,
) -> Option<String> {
    let all = |class: &EquivalenceClass<'_>| -> BTreeSet<String> {
        let names = class.field_names(|_| true).into_iter();
        names.map(str::to_owned).collect()
    };
    let own = all(class);
    if named.any(|other| other.is_output() && all(other) == own) {
        return None;
    }
    let required = class.field_names(|presence| presence == Presence::Required);
    let required: Vec<String> = required
        .into_iter()
        .map(|wire| begin_with_letter(&type_name(wire)))
        .collect();
    (1..=2)
        .contains(&required.len())
        .then(|| joined(&required.join("And"), "Output"))
}

/// A name of several words without the word `Input` or `Output`.
fn without_direction(name: &str) -> Option<String> {
    let stem = name
        .strip_prefix("Output")
        .or_else(|| name.strip_prefix("Input"))?;
    (!is_single_word(stem)).then(|| begin_with_letter(stem))
}

/// Candidates for a name: the name with one, two and more of the last segments of the first endpoint's id in front.
fn after_endpoint(class: &EquivalenceClass<'_>, scope: Scope<'_>) -> Vec<String> {
    let first = scope.mentioning(class).next();
    let segments: Vec<&str> = first.into_iter().flat_map(EndpointId::segments).collect();
    let own = match class.is_output() {
        true => "Output",
        false => class.name(),
    };
    let mut names = Vec::new();
    let mut path = String::new();
    for segment in segments.into_iter().rev() {
        path = joined(&type_name(segment), &path);
        names.push(joined(&path, own));
    }
    names
}
