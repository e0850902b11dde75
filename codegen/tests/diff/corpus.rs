//! Many documents at once: those of this repository, and the real ones where they lie beside it.

use fal_codegen::{
    Catalog, Options, Source,
    diff::{Class, Diff, diff},
    source::canonical,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn beside(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The real documents, if they are beside the repository.
pub fn real_documents() -> Option<Vec<Source>> {
    let folder = beside("../../shared/corpus/current");
    folder.is_dir().then(|| sources(&folder))
}

/// Every collection of documents in an earlier and a later edition: this repository's, always, and the real ones, if they are
/// there.
pub fn editions() -> Vec<(Vec<Source>, Vec<Source>)> {
    let own = own_documents();
    let edited = own.iter().map(edited).collect();
    let mut editions = vec![(own, edited)];
    let (earlier, current) = (
        beside("../../shared/corpus/earlier"),
        beside("../../shared/corpus/current"),
    );
    if earlier.is_dir() && current.is_dir() {
        editions.push((sources(&earlier), sources(&current)));
    } else {
        eprintln!("there are no real documents beside the repository: only its own are compared");
    }
    editions
}

/// The fixtures and the documents of `schemas`, as far as they are JSON; of several with the same endpoint the first.
pub fn own_documents() -> Vec<Source> {
    let mut ids = BTreeSet::new();
    let mut found = sources(&beside("../schemas/openapi"));
    found.extend(sources(&beside("../tests/fixtures")));
    found.retain(|source| {
        let document: Option<Value> = serde_json::from_str(&source.text).ok();
        let id = document.and_then(|document| {
            let id = document.pointer("/info/x-fal-metadata/endpointId")?;
            id.as_str().map(str::to_owned)
        });
        id.is_some_and(|id| ids.insert(id))
    });
    assert!(found.len() > 20, "only {} documents", found.len());
    found
}

/// A later edition of a document: every object loses its last property and gains an option.
fn edited(source: &Source) -> Source {
    let mut document: Value = serde_json::from_str(&source.text).unwrap();
    let schemas = document.pointer_mut("/components/schemas");
    for schema in schemas.and_then(Value::as_object_mut).into_iter().flatten() {
        let Some(schema) = schema.1.as_object_mut() else {
            continue;
        };
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
            continue;
        };
        let last = properties.keys().max().cloned();
        last.and_then(|last| properties.remove(&last).map(|_| last));
        properties.insert(
            "later_option".to_owned(),
            json!({"type": "string", "description": "An option of a later edition."}),
        );
        let known: BTreeSet<String> = properties.keys().cloned().collect();
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| name.as_str().is_some_and(|name| known.contains(name)));
        }
    }
    Source::new(source.path.clone(), document.to_string())
}

fn sources(folder: &Path) -> Vec<Source> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "json") {
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source::new(path.to_string_lossy(), text));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn catalog(sources: &[Source]) -> Catalog {
    Catalog::read(sources, &Options::default())
}

fn difference(old: &[Source], new: &[Source]) -> Diff {
    let old = catalog(old);
    let ledger = old.ledger().clone();
    let options = Options {
        ledger,
        ..Options::default()
    };
    diff(&old, &Catalog::read(new, &options))
}

#[test]
fn every_change_is_classed_with_a_reason() {
    for (old, new) in editions() {
        let diff = difference(&old, &new);
        // Documents that are wrong on purpose, or have left since, are not compared.
        assert!(
            diff.compared > old.len() / 3,
            "{} of {}",
            diff.compared,
            old.len()
        );
        let classes: BTreeSet<Class> = diff.changes.iter().map(|change| change.rust).collect();
        assert!(classes.contains(&Class::Breaking) && classes.contains(&Class::Additive));
        for change in &diff.changes {
            assert!(!change.reason.is_empty(), "{change:?}");
            assert!(change.class() > Class::None, "{change:?}");
        }
    }
}

#[test]
fn documents_do_not_differ_from_themselves_however_they_are_written() {
    for (_, documents) in editions() {
        let rewritten: Vec<Source> = documents
            .iter()
            .map(|source| {
                let document = serde_json::from_str(&source.text).unwrap();
                Source::new(source.path.clone(), canonical::to_string(&document))
            })
            .collect();
        let diff = difference(&documents, &rewritten);
        assert!(diff.compared > 10, "{}", diff.compared);
        assert_eq!(diff.changes, []);
    }
}
