//! The features that endpoints stand behind: a group that is switched on brings its
//! endpoints and those that their ids lie below, and nobody compiles any other.

use std::collections::BTreeSet;

use fal_codegen::Outcome;
use fal_tests::fixture;
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
        .any(|item| matches!(item, Item::Struct(_)))
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
