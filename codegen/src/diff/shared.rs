//! Finds types that an endpoint shared with other endpoints of its family, and no longer shares.

use std::collections::BTreeMap;

use super::places::Pair;
use super::position::Position;
use crate::catalog::Catalog;
use crate::ir::TypeId;
use crate::share::Home;

/// Reports types that are no longer shared.
pub(super) struct Lost<'a> {
    pub(super) position: &'a Position,
    pub(super) before: String,
    pub(super) after: String,
}

/// An endpoint of one catalog and its index there.
type Of<'a> = (&'a Catalog, usize);

/// The path of the shared type that an endpoint's type is, as modules of the endpoint's family name it.
fn home((catalog, index): Of<'_>, id: TypeId) -> Option<String> {
    let family = catalog.endpoints[index].id.family();
    let home = catalog.shared.home(index, id)?;
    let name = &catalog.shared.at(family, home)?.name;
    Some(match home {
        Home::Common(_) => format!("endpoints::types::{name}"),
        Home::Family(_) => format!("types::{name}"),
    })
}

/// All types of an endpoint that are no longer shared, with the position of the first one. If a type is no longer shared, the
/// types that contain it are not shared either.
pub(super) fn lost<'a>(pairs: &'a [Pair], old: Of<'_>, new: Of<'_>) -> Option<Lost<'a>> {
    let mut first = None;
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for pair in pairs {
        let Some(before) = home(old, pair.old) else {
            continue;
        };
        let after = home(new, pair.new);
        if after.as_ref() != Some(&before) {
            first.get_or_insert(&pair.position);
            names.entry(before).or_insert_with(|| match after {
                Some(after) => after,
                None => new.0.names[new.1].get(pair.new).to_owned(),
            });
        }
    }
    let before: Vec<String> = names.keys().cloned().collect();
    let after: Vec<String> = names.into_values().collect();
    first.map(|position| Lost {
        position,
        before: before.join(", "),
        after: after.join(", "),
    })
}
