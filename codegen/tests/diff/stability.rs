//! What is generated for a document stays when other documents are added: paths, names, signatures and features.

use crate::corpus::{own_documents, real_documents};
use crate::listing::{Reader, breaks};
use fal_codegen::{EndpointEntry, Ledger, Options, Outcome, Source, generate};
use std::collections::BTreeSet;

pub fn outcome(sources: &[Source], ledger: &Ledger) -> Outcome {
    let options = Options {
        ledger: ledger.clone(),
        ..Options::default()
    };
    generate(sources, &options)
}

fn features(entry: &EndpointEntry) -> BTreeSet<&String> {
    entry
        .older_features
        .iter()
        .chain([&entry.feature])
        .collect()
}

/// What of `old` is gone or has another form in `new`, each with its endpoint or its module of shared types.
pub fn broken(old: &Outcome, new: &Outcome) -> Vec<(String, Vec<String>)> {
    let (was, is) = (Reader::new(&old.plan), Reader::new(&new.plan));
    let mut found = Vec::new();
    for entry in &old.endpoints {
        let other = new.endpoints.iter().find(|other| other.id == entry.id);
        let other = other.unwrap_or_else(|| panic!("{} is gone", entry.id));
        let mut broken = Vec::new();
        if other.module != entry.module {
            broken.push(format!("module {} -> {}", entry.module, other.module));
        } else {
            broken = breaks(&was.listing(&entry.module), &is.listing(&other.module));
        }
        let (had, has) = (features(entry), features(other));
        if !had.is_subset(&has) {
            broken.push(format!("features {had:?} -> {has:?}"));
        }
        found.push((entry.id.clone(), broken));
    }
    let modules = old.plan.files().filter_map(|(path, _)| {
        let module = path.strip_prefix("endpoints/")?.strip_suffix("types.rs")?;
        Some(format!("{module}types"))
    });
    for path in modules {
        let broken = match new.plan.get(&format!("endpoints/{path}.rs")) {
            Some(_) => {
                let module = path.replace('/', "::");
                breaks(&was.listing(&module), &is.listing(&module))
            }
            None => vec!["the module is gone".to_owned()],
        };
        found.push((path, broken));
    }
    found.retain(|(_, broken)| !broken.is_empty());
    found
}

/// A part of the documents that depends on the seed, of about `percent` in a hundred.
fn part(sources: &[Source], seed: u64, percent: u64) -> Vec<Source> {
    let drawn = |source: &&Source| {
        let hash = source
            .path
            .bytes()
            .rev()
            .take(60)
            .fold(seed + 7, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        (hash >> 20) % 100 < percent
    };
    sources.iter().filter(drawn).cloned().collect()
}

/// Generates more and more of the documents, with the ledger of the step before.
fn assert_stable(documents: &[Source], seed: u64, percents: &[u64]) {
    let mut before: Option<Outcome> = None;
    for percent in percents {
        let sources = part(documents, seed, *percent);
        let ledger = before.as_ref().map(|old| old.ledger.clone());
        let now = outcome(&sources, &ledger.unwrap_or_default());
        assert!(now.endpoints.len() > 2, "seed {seed} draws nothing");
        if let Some(old) = before {
            let broken = broken(&old, &now);
            let endpoints = old.endpoints.len();
            assert!(
                broken.is_empty(),
                "seed {seed}, {endpoints} endpoints before, {} now; broken are {}:\n{:#?}",
                now.endpoints.len(),
                broken.len(),
                &broken[..broken.len().min(9)]
            );
        }
        before = Some(now);
    }
}

#[test]
fn more_documents_change_nothing_that_was_generated() {
    let own = own_documents();
    for seed in 0..4 {
        assert_stable(&own, seed, &[30, 60, 100]);
    }
    let Some(real) = real_documents() else {
        eprintln!("there are no real documents beside the repository: only its own are generated");
        return;
    };
    let some = part(&real, 1, 25);
    assert_stable(&some, 2, &[30, 60, 100]);
}

/// The figures of the whole collection; run by hand, because they take minutes.
#[test]
#[ignore = "takes minutes"]
fn figures_of_all_real_documents() {
    let Some(real) = real_documents() else {
        return;
    };
    let mut all = Vec::new();
    for percent in [20, 48, 75] {
        let old = outcome(&part(&real, 3, percent), &Ledger::default());
        let new = outcome(&real, &old.ledger);
        let broken = broken(&old, &new);
        let endpoints = broken.iter().filter(|(id, _)| !id.ends_with("types"));
        eprintln!(
            "{} of {} endpoints changed, and {} modules of shared types, when {} were added",
            endpoints.clone().count(),
            old.endpoints.len(),
            broken.len() - endpoints.count(),
            new.endpoints.len() - old.endpoints.len()
        );
        all.extend(broken);
    }
    assert!(all.is_empty(), "{:#?}", &all[..all.len().min(30)]);
}
