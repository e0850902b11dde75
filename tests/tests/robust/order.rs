//! The same documents make the same bytes, in whatever order they and their keys come.

use fal_codegen::{Code, Diagnostic, Outcome, Source};
use fal_tests::fixture;
use proptest::prelude::*;
use serde_json::Value;

use crate::run;

/// The document's text with the keys of every object turned round by `turn`.
fn reordered(value: &Value, turn: usize) -> String {
    match value {
        Value::Object(members) => {
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort();
            let middle = if keys.is_empty() {
                0
            } else {
                turn % keys.len()
            };
            keys.rotate_left(middle);
            let written = keys.iter().map(|key| {
                format!(
                    "{}:{}",
                    Value::from(key.as_str()),
                    reordered(&members[*key], turn)
                )
            });
            format!("{{{}}}", written.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            let written: Vec<String> = items.iter().map(|item| reordered(item, turn)).collect();
            format!("[{}]", written.join(","))
        }
        other => other.to_string(),
    }
}

fn everything() -> Vec<Source> {
    let cases = fixture::cases().into_iter();
    let sources = cases.flat_map(|case| {
        fixture::sources(&case)
            .into_iter()
            .map(move |source| Source::new(format!("{case}/{}", source.path), source.text))
    });
    sources.collect()
}

/// The number of diagnostics that values lead to, whatever their text.
fn count(outcome: &Outcome) -> usize {
    let of_text = |diagnostic: &&Diagnostic| diagnostic.code == Code::DuplicateKey;
    outcome.diagnostics.len() - outcome.diagnostics.iter().filter(of_text).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn neither_documents_nor_keys_have_an_order(order in Just(everything()).prop_shuffle(), turn in 1usize..9) {
        let shuffled: Vec<Source> = order
            .into_iter()
            .map(|source| match serde_json::from_str(&source.text) {
                Ok(value) => Source::new(source.path, reordered(&value, turn)),
                Err(_) => source,
            })
            .collect();
        let (first, second) = (run(&everything()), run(&shuffled));
        // The text of a broken file is part of what is said about it, and a value has no key twice.
        prop_assert_eq!(count(&first), count(&second));
        prop_assert_eq!(first.plan, second.plan);
        prop_assert_eq!(first.index, second.index);
        prop_assert_eq!(first.ledger, second.ledger);
        prop_assert_eq!(first.endpoints, second.endpoints);
    }
}
