//! The `pub use` lines by which modules re-export the shared types that they mention.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::Endpoint;
use crate::name::{LocalNames, SHARED};
use crate::render;
use crate::share::{Home, Shared, SharedType};

/// The shared types that an endpoint mentions, under its own names for them.
pub(super) fn endpoint_exports(
    index: usize,
    endpoint: &Endpoint,
    names: &LocalNames,
    shared: &Shared,
) -> String {
    let family = endpoint.id.family();
    let depth = endpoint.id.segments().count();
    let mut lists: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (id, _) in endpoint.types.iter() {
        let Some(home) = shared.home(index, id) else {
            continue;
        };
        let Some(found) = shared.at(family, home) else {
            continue;
        };
        let up = match home {
            Home::Common(_) => depth,
            Home::Family(_) => depth - family.split('/').count(),
        };
        let local = names.get(id);
        lists
            .entry(up)
            .or_default()
            .insert(match found.name == local {
                true => local.to_owned(),
                false => format!("{} as {local}", found.name),
            });
    }
    let lines = lists.into_iter().map(|(up, list)| line(up, &list));
    lines.collect()
}

/// The common types that the types of a family mention.
pub(super) fn common_exports(family: &str, types: &[SharedType], known: usize) -> String {
    let mut list = BTreeSet::new();
    for shared in types.iter().skip(known) {
        for value in shared.def.shape.values() {
            value.ty.for_each_id(&mut |id| {
                if id.0 < known {
                    list.insert(types[id.0].name.clone());
                }
            });
        }
    }
    match list.is_empty() {
        true => String::new(),
        false => line(family.split('/').count() + 1, &list),
    }
}

/// The line that re-exports shared types from `up` modules above.
fn line(up: usize, list: &BTreeSet<String>) -> String {
    let path = match up {
        0 => "self".to_owned(),
        up => vec!["super"; up].join("::"),
    };
    let names: Vec<&str> = list.iter().map(String::as_str).collect();
    let text = format!("pub use {path}::{SHARED}::{{{}}};", names.join(", "));
    match text.parse().map(render::items) {
        Ok(Ok(formatted)) => formatted,
        _ => text,
    }
}
