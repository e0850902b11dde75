//! The names of shared types.

use std::collections::{BTreeMap, BTreeSet};

use super::SharedType;
use super::class::Class;
use crate::name::type_name;

/// Names classes that stand in one module. A wanted name goes to the shape that
/// the ledger gives it to, else to the one that most endpoints mention; the
/// others are called after the first endpoint that mentions them. No name is
/// that of a common type.
pub(super) fn assign(
    classes: &[Class],
    chosen: &[usize],
    known: &BTreeMap<String, String>,
    common: &[SharedType],
) -> BTreeMap<usize, String> {
    let mut names: BTreeMap<usize, String> = BTreeMap::new();
    let mut taken: BTreeSet<String> = common.iter().map(|shared| shared.name.clone()).collect();
    let mut order = chosen.to_vec();
    order.sort_by_key(|class| {
        let found = &classes[*class];
        let is_new = known.get(found.name()) != Some(&found.digest);
        let most_used_first = usize::MAX - found.endpoints.len();
        (is_new, most_used_first, *class)
    });
    for class in order {
        let found = &classes[class];
        let kept = known.iter().find(|(name, digest)| {
            **digest == found.digest && !taken.contains(*name) && name.ends_with(found.name())
        });
        let name = match kept {
            Some((name, _)) => name.clone(),
            None => free_name(found, &taken),
        };
        taken.insert(name.clone());
        names.insert(class, name);
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
