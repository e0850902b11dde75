//! The cargo feature that enables an endpoint.
//!
//! A family of three or more endpoints has a feature of its own; the rest share
//! one per category. The ledger comes first, so that an endpoint never changes
//! its feature.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::Endpoint;
use crate::ledger::Ledger;

/// A family of this many endpoints has a feature of its own.
const FAMILY: usize = 3;

/// Features of the runtime, whose names no group may have.
const RUNTIME: &[&str] = &[
    "blocking", "default", "full", "realtime", "schemars", "tracing", "webhook",
];

/// The feature of each endpoint, in their order.
pub fn assign(endpoints: &[Endpoint], ledger: &Ledger) -> Vec<String> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for endpoint in endpoints {
        *sizes.entry(endpoint.id.family()).or_default() += 1;
    }
    let features = family_features(sizes.keys().copied(), ledger);
    let settled = settled_families(endpoints, ledger, &features);
    endpoints
        .iter()
        .map(|endpoint| {
            let family = endpoint.id.family();
            if let Some(known) = ledger.groups.get(endpoint.id.as_str()) {
                return known.clone();
            }
            let own = sizes[family] >= FAMILY
                || ledger.pinned.iter().any(|pinned| pinned == family)
                || settled.contains(family);
            if own {
                features[family].clone()
            } else {
                misc(endpoint.category.as_deref())
            }
        })
        .collect()
}

/// Families of which an endpoint already has the family's feature.
fn settled_families<'a>(
    endpoints: &'a [Endpoint],
    ledger: &Ledger,
    features: &BTreeMap<&str, String>,
) -> BTreeSet<&'a str> {
    endpoints
        .iter()
        .filter(|endpoint| {
            let known = ledger.groups.get(endpoint.id.as_str());
            known.is_some() && known == features.get(endpoint.id.family())
        })
        .map(|endpoint| endpoint.id.family())
        .collect()
}

/// `fal-ai/flux` → `flux`, `bria/fibo` → `bria-fibo`; of two families with
/// the same name the later one uses its full name.
fn family_features<'a>(
    families: impl Iterator<Item = &'a str>,
    ledger: &Ledger,
) -> BTreeMap<&'a str, String> {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (endpoint, feature) in &ledger.groups {
        let family: Vec<&str> = endpoint.splitn(3, '/').take(2).collect();
        owners.entry(feature.clone()).or_insert(family.join("/"));
    }
    families
        .map(|family| {
            let whole = family.replace('/', "-").to_ascii_lowercase();
            let short = match family.strip_prefix("fal-ai/") {
                Some(name) => name.to_ascii_lowercase(),
                None => whole.clone(),
            };
            let taken = owners.get(&short).is_some_and(|owner| owner != family)
                || RUNTIME.contains(&short.as_str())
                || short.starts_with("misc-");
            let name = if taken { whole } else { short };
            owners.insert(name.clone(), family.to_owned());
            (family, name)
        })
        .collect()
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
