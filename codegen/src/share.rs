//! The stage that makes one type of equal types of several endpoints.
//!
//! Two types are equal when their natural names, their shapes and their documentation
//! agree: a name is never shared by shapes that differ, and no
//! endpoint loses a word of its documentation to another's.
//!
//! What the endpoints of a family have in common stands in the family's own
//! module, behind its feature. Only what very many families have in common
//! stands in one module for all: that one is compiled by everybody.

mod class;
mod digest;
mod names;
mod shared;

use std::collections::{BTreeMap, HashMap};

use class::{EquivalenceClass, classify};
use names::Members;
pub use shared::{Home, Named, Shared, SharedType};

use crate::ledger::Ledger;

/// A type that this many families mention is common to all. In the real catalog these
/// are some half a dozen types, and more than half of all repetitions.
const COMMON: usize = 20;

/// The key of the common types in the ledger, which no family has.
const ALL: &str = "*";

/// Finds the shared types, names them with the help of the ledger, and updates the
/// ledger.
pub fn share(endpoints: &[Named<'_>], ledger: &mut Ledger) -> Shared {
    let classes = classify(endpoints);
    let mut old = std::mem::take(&mut ledger.names);
    let mut shared = Shared::default();
    let mut known = |scope: &str| {
        let known = old.remove(scope).unwrap_or_default();
        names::current(known, &classes, endpoints)
    };
    let everywhere = known(ALL);
    let common = common_classes(&classes, &everywhere);
    let mut indices = HashMap::new();
    let everybody: Vec<usize> = (0..endpoints.len()).collect();
    let all = Members {
        all: endpoints,
        here: &everybody,
    };
    let names = names::assign(&classes, &common, &everywhere, all, &[]);
    record(ledger, (ALL, all), &names, &classes);
    shared.common = assign_indices(&classes, &names, &mut indices);
    for (class, index) in &indices {
        let home = Home::Common(*index);
        shared
            .homes
            .extend(classes[*class].members.iter().map(|member| (*member, home)));
    }
    for (family, members) in families(endpoints) {
        let known = known(family);
        let own = family_classes(&classes, &members, &indices);
        let here = Members {
            all: endpoints,
            here: &members,
        };
        let names = names::assign(&classes, &own, &known, here, &shared.common);
        if names.is_empty() {
            continue;
        }
        record(ledger, (family, here), &names, &classes);
        let mut indices = indices.clone();
        let types = assign_indices(&classes, &names, &mut indices);
        for class in &own {
            let home = Home::Family(indices[class]);
            let here = classes[*class].members.iter();
            let here = here.filter(|(endpoint, _)| members.contains(endpoint));
            shared.homes.extend(here.map(|member| (*member, home)));
        }
        let list = shared.common.iter().cloned().chain(types).collect();
        shared.families.insert(family.to_owned(), list);
    }
    shared
}

/// The endpoints of each family. Endpoints behind different features share
/// nothing: neither could be compiled without the other.
fn families<'a>(endpoints: &[Named<'a>]) -> BTreeMap<&'a str, Vec<usize>> {
    let mut families: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, named) in endpoints.iter().enumerate() {
        families
            .entry(named.endpoint.id.family())
            .or_default()
            .push(index);
    }
    families.retain(|_, members| {
        let first = endpoints[members[0]].feature;
        members
            .iter()
            .all(|index| endpoints[*index].feature == first)
    });
    families
}

/// What is common to many families, or has been before, with all that it
/// contains. A name belongs to one shape here: the one that most families have.
fn common_classes(classes: &[EquivalenceClass], known: &BTreeMap<String, String>) -> Vec<usize> {
    let settled = |class: &EquivalenceClass| {
        known
            .values()
            .any(|entry| names::digest(entry) == class.digest)
    };
    let mut widest: BTreeMap<&str, (bool, usize)> = BTreeMap::new();
    for class in classes {
        let best = widest.entry(class.name()).or_default();
        *best = (*best).max((settled(class), class.families.len()));
    }
    let mut common: Vec<usize> = Vec::new();
    for (index, class) in classes.iter().enumerate() {
        let rank = (settled(class), class.families.len());
        let wide = rank.0 || rank.1 >= COMMON;
        let closed = class.inner().iter().all(|inner| common.contains(inner));
        let free = common
            .iter()
            .all(|other| classes[*other].name() != class.name());
        if wide && closed && free && rank == widest[class.name()] && class.is_shareable() {
            common.push(index);
        }
    }
    common
}

/// The classes that two or more endpoints of a family mention and that are not common.
fn family_classes(
    classes: &[EquivalenceClass],
    members: &[usize],
    common: &HashMap<usize, usize>,
) -> Vec<usize> {
    let here = |class: &EquivalenceClass| {
        let found = members
            .iter()
            .filter(|index| class.endpoints.contains(index));
        found.count()
    };
    (0..classes.len())
        .filter(|index| !common.contains_key(index) && here(&classes[*index]) > 1)
        .collect()
}

/// Gives named classes indices after those that have one already, and makes the list of
/// their types.
fn assign_indices(
    classes: &[EquivalenceClass],
    names: &BTreeMap<usize, String>,
    indices: &mut HashMap<usize, usize>,
) -> Vec<SharedType> {
    let start = indices.len();
    indices.extend(
        names
            .keys()
            .enumerate()
            .map(|(offset, class)| (*class, start + offset)),
    );
    names
        .iter()
        .map(|(class, name)| SharedType {
            name: name.clone(),
            def: classes[*class].def(indices),
            fields: classes[*class].fields.clone(),
        })
        .collect()
}

fn record(
    ledger: &mut Ledger,
    (scope, members): (&str, Members<'_>),
    names: &BTreeMap<usize, String>,
    classes: &[EquivalenceClass],
) {
    if names.is_empty() {
        return;
    }
    let record = names
        .iter()
        .map(|(class, name)| (name.clone(), names::entry(&classes[*class], members)));
    ledger.names.insert(scope.to_owned(), record.collect());
}
