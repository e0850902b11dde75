//! The names of shared types.

use std::collections::{BTreeMap, BTreeSet};

use super::class::Class;
use super::{Named, SharedType};
use crate::name::type_name;

/// What the ledger says of a name: the digest of its shape, and an endpoint that
/// mentions it. Several types can have one shape and differ in words; the
/// endpoint tells them apart.
pub(super) fn entry(class: &Class) -> String {
    format!("{} {}", class.digest, class.first)
}

/// The digest of an entry.
pub(super) fn digest(entry: &str) -> &str {
    entry.split(' ').next().unwrap_or(entry)
}

/// Names classes that stand in one module. A wanted name goes to the type that
/// the ledger gives it to, else to the one that most endpoints mention; the
/// others are called after the first endpoint that mentions them. No name is
/// that of a common type.
pub(super) fn assign(
    classes: &[Class],
    chosen: &[usize],
    known: (&BTreeMap<String, String>, &[Named<'_>]),
    common: &[SharedType],
) -> BTreeMap<usize, String> {
    let mut taken: BTreeSet<String> = common.iter().map(|shared| shared.name.clone()).collect();
    let mut names = kept(classes, chosen, known, &taken);
    taken.extend(names.values().cloned());
    let mut order: Vec<usize> = chosen.to_vec();
    order.retain(|class| !names.contains_key(class));
    order.sort_by_key(|class| (usize::MAX - classes[*class].endpoints.len(), *class));
    for class in order {
        let name = free_name(&classes[class], &taken);
        taken.insert(name.clone());
        names.insert(class, name);
    }
    names
}

/// The names that the ledger gives: first to the types that its endpoints
/// mention, then to others of the same shape.
fn kept(
    classes: &[Class],
    chosen: &[usize],
    (known, endpoints): (&BTreeMap<String, String>, &[Named<'_>]),
    taken: &BTreeSet<String>,
) -> BTreeMap<usize, String> {
    let mut names: BTreeMap<usize, String> = BTreeMap::new();
    let mentioned = |class: &Class, entry: &str| {
        let mut ids = class
            .endpoints
            .iter()
            .map(|index| &endpoints[*index].endpoint.id);
        entry
            .split(' ')
            .nth(1)
            .is_some_and(|wanted| ids.any(|id| id.as_str() == wanted))
    };
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
                    && (!exactly || mentioned(found, entry))
            });
            if let Some(class) = class {
                names.insert(*class, name.clone());
            }
        }
    }
    names
}

/// The name itself, or with as much of the first endpoint's id before it as
/// makes it free.
fn free_name(class: &Class, taken: &BTreeSet<String>) -> String {
    let free = |name: &String| {
        !taken.contains(name) && name.starts_with(|first: char| first.is_ascii_alphabetic())
    };
    let segments: Vec<&str> = class.first.segments().collect();
    let longer = (0..=segments.len()).map(|count| {
        let tail = segments[segments.len() - count..].iter();
        let tail: Vec<String> = tail.map(|segment| type_name(segment)).collect();
        tail.concat() + class.name()
    });
    let mut last = class.name().to_owned();
    for wish in longer {
        if free(&wish) {
            return wish;
        }
        last = wish;
    }
    while !free(&last) {
        last.insert_str(0, "Shared");
    }
    last
}
