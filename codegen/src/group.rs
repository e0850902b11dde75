//! The cargo features that enable an endpoint.
//!
//! A family of three or more models has a feature of its own; the other models share one feature per category. All known
//! ids count, with or without documents, so that a feature does not depend on which document was fetched first. A family
//! that grows to three models gets its feature later; its older endpoints keep the feature that they had, too.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::Endpoint;
use crate::ledger::Ledger;
use crate::source::family;

/// The number of models from which on a family has a feature of its own.
const FAMILY: usize = 3;

/// Features of the runtime, whose names no group may have.
const RUNTIME: &[&str] = &[
    "blocking", "default", "full", "realtime", "schemars", "tracing", "webhook",
];

/// The features of each endpoint, in the order of the endpoints. The last feature of an endpoint is that of its family, if the
/// family has one.
pub fn assign(
    endpoints: &[Endpoint],
    ledger: &Ledger,
    known_ids: &BTreeSet<String>,
) -> Vec<Vec<String>> {
    let present = endpoints.iter().map(|endpoint| endpoint.id.as_str());
    let ids: BTreeSet<&str> = known_ids
        .iter()
        .map(String::as_str)
        .chain(present)
        .collect();
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for id in &ids {
        *sizes.entry(family(id)).or_default() += 1;
    }
    let known = known_ids.iter().map(|id| family(id));
    let names = feature_names(known.chain(sizes.keys().copied()), ledger);
    let settled: BTreeSet<&str> = ledger
        .groups
        .iter()
        .map(|(id, features)| (family(id), features))
        .filter(|(family, features)| {
            names
                .get(family)
                .is_some_and(|name| features.contains(name))
        })
        .map(|(family, _)| family)
        .collect();
    let features = endpoints.iter().map(|endpoint| {
        let family = endpoint.id.family();
        let has_own = sizes[family] >= FAMILY
            || settled.contains(family)
            || ledger.pinned.iter().any(|pinned| pinned == family);
        let known = ledger.groups.get(endpoint.id.as_str());
        let mut features = known.cloned().unwrap_or_default();
        match &names[family] {
            own if has_own => {
                features.retain(|feature| feature != own);
                features.push(own.clone());
            }
            _ if features.is_empty() => features.push(misc(endpoint.category.as_deref())),
            _ => {}
        }
        features
    });
    features.collect()
}

/// The names of the families' features: `fal-ai/flux` → `flux`, `bria/fibo` → `bria-fibo`. If two families would have the same
/// name, the later one uses its full name.
fn feature_names<'a>(
    families: impl Iterator<Item = &'a str>,
    ledger: &Ledger,
) -> BTreeMap<&'a str, String> {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (id, features) in &ledger.groups {
        for feature in features {
            owners
                .entry(feature.clone())
                .or_insert_with(|| family(id).to_owned());
        }
    }
    let mut names = BTreeMap::new();
    for family in families {
        let whole = family.replace('/', "-").to_ascii_lowercase();
        let short = match family.strip_prefix("fal-ai/") {
            Some(name) => name.to_ascii_lowercase(),
            None => whole.clone(),
        };
        let taken = owners.get(&short).is_some_and(|owner| owner != family)
            || RUNTIME.contains(&short.as_str())
            || short.starts_with("misc-");
        names.entry(family).or_insert_with(|| {
            let name = if taken { whole } else { short };
            owners.insert(name.clone(), family.to_owned());
            name
        });
    }
    names
}

fn misc(category: Option<&str>) -> String {
    let slug: String = category
        .unwrap_or_default()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    let slug = slug.trim_matches('-');
    if slug.is_empty() {
        "misc-other".to_owned()
    } else {
        format!("misc-{slug}")
    }
}
