//! Types that an endpoint shared with others of its family, and shares no longer.

use super::place::Place;
use crate::catalog::Catalog;
use crate::ir::TypeId;

/// A type that left the common ones.
pub(super) struct Lost<'a> {
    pub(super) place: &'a Place,
    pub(super) before: String,
    pub(super) after: String,
}

/// An endpoint of one catalog and its place there.
type Of<'a> = (&'a Catalog, usize);

/// The name of the shared type that an endpoint's type is.
fn home<'a>((catalog, index): Of<'a>, id: TypeId) -> Option<&'a str> {
    let family = catalog.families.get(catalog.endpoints[index].id.family())?;
    let place = family.home(index, id)?;
    family.types.get(place).map(|shared| shared.name.as_str())
}

pub(super) fn lost<'a>(
    pairs: &'a [(TypeId, TypeId, Place)],
    old: Of<'_>,
    new: Of<'_>,
) -> Vec<Lost<'a>> {
    let mut lost: Vec<Lost<'a>> = Vec::new();
    for (was, is, place) in pairs {
        let Some(before) = home(old, *was) else {
            continue;
        };
        let after = home(new, *is);
        let before = format!("types::{before}");
        if after.is_some_and(|after| before == format!("types::{after}"))
            || lost.iter().any(|known| known.before == before)
        {
            continue;
        }
        let after = match after {
            Some(name) => format!("types::{name}"),
            None => format!("a type of its own, {}", new.0.names[new.1].get(*is)),
        };
        lost.push(Lost {
            place,
            before,
            after,
        });
    }
    lost
}
