//! Compares the metadata of an endpoint: name, description, category, links, price, module and features.

use super::change::Change;
use super::kind::Kind;
use super::verdict::verdict;
use crate::catalog::Catalog;
use crate::ir::Endpoint;

pub(super) fn added(endpoint: &Endpoint) -> Change {
    change(
        endpoint,
        Kind::EndpointAdded,
        "",
        (None, endpoint.category.clone()),
    )
}

pub(super) fn removed(endpoint: &Endpoint) -> Change {
    change(
        endpoint,
        Kind::EndpointRemoved,
        "",
        (endpoint.category.clone(), None),
    )
}

/// An endpoint of one catalog and its index there.
type Of<'a> = (&'a Catalog, usize);

pub(super) fn compare(old: Of<'_>, new: Of<'_>) -> Vec<Change> {
    let (was, is) = (&old.0.endpoints[old.1], &new.0.endpoints[new.1]);
    let module = |(catalog, _): Of<'_>, endpoint: &Endpoint| {
        Some(catalog.modules.path(endpoint.id.as_str()).join("::"))
    };
    let links = |endpoint: &Endpoint| {
        let links = endpoint
            .links
            .iter()
            .map(|(label, url)| format!("{label}: {url}"));
        let links: Vec<String> = links.collect();
        (!links.is_empty()).then(|| links.join(", "))
    };
    let facts = [
        (Kind::ModuleRenamed, "", module(old, was), module(new, is)),
        (
            Kind::FeatureChanged,
            "",
            lost_features(old, new),
            lost_features(old, new).map(|_| new.0.features[new.1].join(", ")),
        ),
        (
            Kind::CategoryChanged,
            "/info/x-fal-metadata/category",
            was.category.clone(),
            is.category.clone(),
        ),
        (Kind::AboutChanged, "", was.title.clone(), is.title.clone()),
        (
            Kind::AboutChanged,
            "/info/x-fal-metadata/about",
            without_layout(was.about.as_deref()),
            without_layout(is.about.as_deref()),
        ),
        (
            Kind::AboutChanged,
            "/info/description",
            without_layout(was.description.as_deref()),
            without_layout(is.description.as_deref()),
        ),
        (Kind::LinksChanged, "", links(was), links(is)),
        // Only callers with a key are told prices, so that a missing price is not a change.
        (
            Kind::PriceChanged,
            "",
            was.price.clone(),
            is.price.clone().or_else(|| was.price.clone()),
        ),
    ];
    facts
        .into_iter()
        .filter(|(_, _, before, after)| before != after)
        .map(|(kind, pointer, before, after)| change(is, kind, pointer, (before, after)))
        .collect()
}

/// The features that enabled an endpoint, if one of them no longer does.
fn lost_features(old: Of<'_>, new: Of<'_>) -> Option<String> {
    let (had, has) = (&old.0.features[old.1], &new.0.features[new.1]);
    let is_lost = had.iter().any(|feature| !has.contains(feature));
    is_lost.then(|| had.join(", "))
}

/// The text with single spaces between its words, so that another layout does not count as a change.
fn without_layout(text: Option<&str>) -> Option<String> {
    let words: Vec<&str> = text?.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn change(
    endpoint: &Endpoint,
    kind: Kind,
    pointer: &str,
    values: (Option<String>, Option<String>),
) -> Change {
    let verdict = verdict(kind, None);
    Change {
        endpoint: endpoint.id.clone(),
        direction: None,
        path: String::new(),
        further_paths: Vec::new(),
        pointer: pointer.to_owned(),
        kind,
        rust: verdict.rust,
        wire: verdict.wire,
        before: values.0,
        after: values.1,
        reason: verdict.reason.to_owned(),
    }
}
