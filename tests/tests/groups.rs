//! The features that endpoints stand behind: a group that is switched on brings its
//! endpoints and those that their ids lie below, and nobody compiles any other.

use std::collections::{BTreeMap, BTreeSet};

use fal_codegen::{Catalog, Ledger, Options, Outcome, Source, generate};
use fal_tests::fixture;
use serde_json::json;
use syn::{Item, Meta, Token, punctuated::Punctuated};

/// The modules of endpoints that a set of features compiles.
fn compiled(outcome: &Outcome, features: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(outcome, "", features, &mut found);
    found
}

fn walk(outcome: &Outcome, module: &str, features: &[&str], found: &mut BTreeSet<String>) {
    let path = match module {
        "" => "endpoints.rs".to_owned(),
        inner => format!("endpoints/{}.rs", inner.replace("::", "/")),
    };
    let mut files = outcome.plan.files();
    let (_, text) = files.find(|(file, _)| *file == path).expect("the file");
    let file = syn::parse_file(text).expect("Rust");
    if file
        .items
        .iter()
        .any(|item| matches!(item, Item::Macro(call) if call.mac.path.is_ident("object")))
    {
        found.insert(module.to_owned());
    }
    for item in &file.items {
        let Item::Mod(child) = item else { continue };
        let conditions = child.attrs.iter().filter(|a| a.path().is_ident("cfg"));
        let mut conditions = conditions.map(|a| a.parse_args().expect("a condition"));
        if conditions.all(|condition| holds(&condition, features)) {
            let name = child.ident.to_string();
            let name = if module.is_empty() {
                name
            } else {
                format!("{module}::{name}")
            };
            walk(outcome, &name, features, found);
        }
    }
}

/// Whether `feature = "…"` or `any(…)` holds.
fn holds(condition: &Meta, features: &[&str]) -> bool {
    match condition {
        Meta::List(any) if any.path.is_ident("any") => {
            let inner = any.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
            inner
                .expect("conditions")
                .iter()
                .any(|one| holds(one, features))
        }
        Meta::NameValue(feature) if feature.path.is_ident("feature") => {
            let syn::Expr::Lit(value) = &feature.value else {
                panic!("no literal")
            };
            let syn::Lit::Str(name) = &value.lit else {
                panic!("no string")
            };
            features.contains(&name.value().as_str())
        }
        _ => panic!("an unknown condition"),
    }
}

#[test]
fn without_a_group_no_endpoint_is_compiled() {
    assert_eq!(
        compiled(&fixture::outcome(fixture::GATED), &[]),
        BTreeSet::new()
    );
}

#[test]
fn a_group_brings_its_endpoints_and_those_above_them() {
    let outcome = fixture::outcome(fixture::GATED);
    assert!(outcome.features.len() > 2, "{:?}", outcome.features);
    for feature in &outcome.features {
        let own = outcome
            .endpoints
            .iter()
            .filter(|entry| entry.feature == *feature);
        let own: Vec<&str> = own.map(|entry| entry.module.as_str()).collect();
        let wanted = outcome.endpoints.iter().filter(|entry| {
            let below = format!("{}::", entry.module);
            own.iter()
                .any(|module| *module == entry.module || module.starts_with(&below))
        });
        let wanted: BTreeSet<String> = wanted.map(|entry| entry.module.clone()).collect();
        let mut found = compiled(&outcome, &[feature]);
        found.retain(|module| !module.ends_with("types"));
        assert_eq!(found, wanted, "with the feature {feature}");
    }
}

/// The ids of all known models.
const KNOWN: &str = include_str!("../../codegen/cli/ids.txt");
/// The categories that models are in.
const CATEGORIES: [&str; 26] = [
    "3d-to-3d",
    "audio-to-audio",
    "audio-to-text",
    "audio-to-video",
    "image-to-3d",
    "image-to-image",
    "image-to-json",
    "image-to-text",
    "image-to-video",
    "json",
    "llm",
    "speech-to-speech",
    "speech-to-text",
    "text-to-3d",
    "text-to-audio",
    "text-to-image",
    "text-to-speech",
    "text-to-text",
    "text-to-video",
    "training",
    "unknown",
    "video-to-audio",
    "video-to-text",
    "video-to-video",
    "vision",
    "workflow",
];

fn document(id: &str, category: &str) -> Source {
    let body = json!({"application/json": {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}}});
    let document = json!({
        "info": {"x-fal-metadata": {"endpointId": id, "category": category}},
        "paths": {format!("/{id}"): {"post": {"requestBody": {"content": body}}}},
    });
    Source::new(format!("{id}.json"), document.to_string())
}

/// Documents of some known models, in the categories in turn.
fn documents(wanted: impl Fn(usize) -> bool) -> Vec<Source> {
    let ids = KNOWN.lines().zip(CATEGORIES.iter().cycle()).enumerate();
    let ids = ids.filter(|(index, _)| wanted(*index));
    ids.map(|(_, (id, category))| document(id, category))
        .collect()
}

/// The features of each endpoint, by id.
fn features(sources: &[Source], ledger: Ledger, known: &[&str]) -> BTreeMap<String, Vec<String>> {
    let options = Options {
        ledger,
        known_ids: known.iter().map(|id| (*id).to_owned()).collect(),
        ..Options::default()
    };
    Catalog::read(sources, &options).ledger().groups.clone()
}

#[test]
fn a_feature_does_not_depend_on_which_models_came_first() {
    let known: Vec<&str> = KNOWN.lines().collect();
    let all = features(&documents(|_| true), Ledger::default(), &known);
    assert_eq!(all.len(), known.len());
    for every in [700, 11] {
        let some = features(
            &documents(|index| index % every == 3),
            Ledger::default(),
            &known,
        );
        assert!(some.len() > 2);
        let ledger = Ledger {
            groups: some.clone(),
            ..Ledger::default()
        };
        for (id, found) in &some {
            assert_eq!(*found, all[id], "{id}");
        }
        assert_eq!(features(&documents(|_| true), ledger, &known), all);
    }
    assert_eq!(all["fal-ai/flux/dev"], ["flux"]);
    let names: BTreeSet<&String> = all.values().flatten().collect();
    assert!(names.len() < 250, "{}", names.len());
    let families = names.iter().filter(|name| !name.starts_with("misc-"));
    assert_eq!(families.count(), 139);
}

#[test]
fn a_family_that_grows_gets_a_feature_and_its_models_keep_theirs() {
    let ids = ["acme/model/a", "acme/model/b", "acme/model/c"];
    let all = ids.map(|id| document(id, "vision"));
    let two = features(&all[..2], Ledger::default(), &ids[..2]);
    assert_eq!(two["acme/model/a"], ["misc-vision"]);
    let ledger = |groups: &BTreeMap<String, Vec<String>>| Ledger {
        groups: groups.clone(),
        ..Ledger::default()
    };
    // The third is known, or its document is here.
    for (documents, known) in [(&all[..2], &ids[..]), (&all[..], &ids[..2])] {
        let grown = features(documents, ledger(&two), known);
        assert_eq!(grown["acme/model/a"], ["misc-vision", "acme-model"]);
        if let Some(new) = grown.get("acme/model/c") {
            assert_eq!(new, &["acme-model"]);
        }
        // Without the others it keeps both.
        let alone = features(&all[..1], ledger(&grown), &[]);
        assert_eq!(alone["acme/model/a"], grown["acme/model/a"]);
    }
    // Each of the features compiles the model.
    let options = Options {
        ledger: ledger(&two),
        ..Options::default()
    };
    let outcome = generate(&all, &options);
    let with = |feature: &str| compiled(&outcome, &[feature]);
    assert!(with("misc-vision").contains("acme::model::a"));
    assert!(!with("misc-vision").contains("acme::model::c"));
    assert!(
        with("acme-model").contains("acme::model::a")
            && with("acme-model").contains("acme::model::c")
    );
}
