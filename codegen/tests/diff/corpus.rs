//! Real documents, where they lie beside the repository.

use fal_codegen::{
    Catalog, Options, Source,
    diff::{Class, Diff, diff},
    source::canonical,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

fn corpus(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/corpus")
        .join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: there is no corpus of real documents beside the repository");
    None
}

fn sources(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(Source::new(
                path.to_string_lossy(),
                fs::read_to_string(&path).unwrap(),
            ));
        }
    }
}

fn read(sources: &[Source]) -> Catalog {
    Catalog::read(sources, &Options::default())
}

fn pairs() -> Option<Diff> {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    sources(&corpus("earlier")?, &mut old);
    sources(&corpus("current")?, &mut new);
    let old = read(&old);
    let ledger = old.ledger().clone();
    let new = Catalog::read(
        &new,
        &Options {
            ledger,
            ..Options::default()
        },
    );
    Some(diff(&old, &new))
}

#[test]
fn every_real_change_is_classed_with_a_reason() {
    let Some(diff) = pairs() else {
        return;
    };
    assert!(diff.compared > 400, "{}", diff.compared);
    for change in &diff.changes {
        assert!(!change.reason.is_empty(), "{change:?}");
        assert!(change.class() > Class::None, "{change:?}");
    }
}

#[test]
fn real_documents_do_not_differ_from_themselves_however_they_are_written() {
    let Some(folder) = corpus("current") else {
        return;
    };
    let mut found = Vec::new();
    sources(&folder, &mut found);
    let rewritten: Vec<Source> = found
        .iter()
        .map(|source| {
            let document = serde_json::from_str(&source.text).unwrap();
            Source::new(source.path.clone(), canonical::to_string(&document))
        })
        .collect();
    let old = read(&found);
    let ledger = old.ledger().clone();
    let new = Catalog::read(
        &rewritten,
        &Options {
            ledger,
            ..Options::default()
        },
    );
    assert_eq!(diff(&old, &new).changes, []);
}
