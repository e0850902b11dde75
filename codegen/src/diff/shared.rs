//! Types that an endpoint shared with others, and shares no longer.

use std::collections::BTreeMap;

use super::place::Place;
use crate::catalog::Catalog;
use crate::ir::TypeId;

/// Types that left the common ones.
pub(super) struct Lost<'a> {
    pub(super) place: &'a Place,
    pub(super) before: String,
    pub(super) after: String,
}

/// An endpoint of one catalog and its place there.
type Of<'a> = (&'a Catalog, usize);

/// The name of the shared type that an endpoint's type is.
fn home<'a>((catalog, index): Of<'a>, id: TypeId) -> Option<&'a str> {
    let home = catalog.shared.home(index, id)?;
    let family = catalog.endpoints[index].id.family();
    let shared = catalog.shared.at(family, home)?;
    Some(shared.name.as_str())
}

/// All of an endpoint's types that left, with the place of the first: where one leaves, those around it leave, too.
pub(super) fn lost<'a>(
    pairs: &'a [(TypeId, TypeId, Place)],
    old: Of<'_>,
    new: Of<'_>,
) -> Option<Lost<'a>> {
    let mut first = None;
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    for (was, is, place) in pairs {
        let Some(before) = home(old, *was) else {
            continue;
        };
        let after = home(new, *is);
        if after != Some(before) {
            first.get_or_insert(place);
            names.entry(before).or_insert_with(|| match after {
                Some(after) => format!("types::{after}"),
                None => new.0.names[new.1].get(*is).to_owned(),
            });
        }
    }
    let before: Vec<String> = names.keys().map(|name| format!("types::{name}")).collect();
    let after: Vec<String> = names.into_values().collect();
    first.map(|place| Lost {
        place,
        before: before.join(", "),
        after: after.join(", "),
    })
}
