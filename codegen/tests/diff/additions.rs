//! Documents that are added beside others, each in a way that once changed what was generated for the others.

use crate::stability::{broken, outcome};
use crate::support::{document, object, output, prompt};
use fal_codegen::{Ledger, Outcome, Source};
use serde_json::{Value, json};

/// Generates in steps, each with the ledger of the one before and with all documents so far; nothing may break.
#[track_caller]
fn grow(steps: &[Vec<Value>]) -> Vec<Outcome> {
    let mut sources: Vec<Source> = Vec::new();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for step in steps {
        let first = sources.len();
        let named = step.iter().enumerate();
        sources.extend(named.map(|(index, document)| {
            Source::new(format!("{:03}.json", first + index), document.to_string())
        }));
        let before = outcomes.last();
        let ledger = before.map(|old| {
            Ledger::read(
                Some(&old.ledger.groups_json()),
                Some(&old.ledger.names_json()),
            )
        });
        let now = outcome(
            &sources,
            &ledger.unwrap_or_else(|| Ok(Ledger::default())).unwrap(),
        );
        assert_eq!(now.endpoints.len(), sources.len());
        if let Some(old) = before {
            assert_eq!(broken(old, &now), []);
        }
        outcomes.push(now);
    }
    outcomes
}

/// A model whose input has a `Size` with these members, in this order if one is wanted.
fn sized(id: &str, members: &[&str], ordered: bool) -> Value {
    let properties: serde_json::Map<String, Value> = members
        .iter()
        .map(|name| ((*name).to_owned(), json!({"type": "integer"})))
        .collect();
    let mut size = object(properties.into(), members);
    if ordered {
        size["x-fal-order-properties"] = json!(members);
    }
    let input = object(json!({"size": {"$ref": "#/components/schemas/Size"}}), &[]);
    document(id, input, output(), &json!({ "Size": size }))
}

fn plain_size(id: &str) -> Value {
    sized(id, &["width", "height"], true)
}

fn models(families: std::ops::Range<usize>, name: &str) -> Vec<Value> {
    families
        .map(|family| plain_size(&format!("acme/family-{family:02}/{name}")))
        .collect()
}

fn file<'a>(outcome: &'a Outcome, path: &str) -> &'a str {
    outcome
        .plan
        .get(path)
        .unwrap_or_else(|| panic!("there is no {path}"))
}

#[test]
fn a_type_stays_in_its_family_when_many_families_have_it() {
    let mut first = models(0..19, "a");
    first.extend(models(0..3, "b"));
    let steps = [
        first,
        models(19..24, "a"),
        models(0..24, "c"),
        models(30..52, "a"),
        models(0..60, "d"),
    ];
    let outcomes = grow(&steps);
    assert!(outcomes[2].plan.get("endpoints/types.rs").is_none());
    // Twenty families at once that have no such type yet share one, and go on using it.
    let last = outcomes.last().unwrap();
    let uses = |family: usize, line: &str| {
        let text = file(last, &format!("endpoints/acme/family_{family:02}/d.rs"));
        assert!(text.contains(line), "{text}");
    };
    uses(
        1,
        "pub use super::types::{Family01Output as DOutput, Size};",
    );
    uses(30, "pub use super::super::super::types::ASize as Size;");
}

#[test]
fn a_type_of_many_families_stays_one_when_another_becomes_wider() {
    let other = |family: usize| sized(&format!("acme/other-{family:02}/a"), &["side"], true);
    let steps = [
        models(0..20, "a"),
        (0..30).map(other).collect(),
        models(0..30, "b"),
    ];
    let outcomes = grow(&steps);
    let size = file(&outcomes[2], "endpoints/types.rs");
    assert!(size.contains("pub width: required plain i64"), "{size}");
}

#[test]
fn a_family_shares_its_types_whatever_the_features_of_its_models() {
    let of = |name: &str, category: &str| {
        let mut document = plain_size(&format!("acme/model/{name}"));
        document["info"]["x-fal-metadata"]["category"] = json!(category);
        document
    };
    let outcomes = grow(&[
        vec![of("a", "text-to-image"), of("b", "text-to-image")],
        vec![of("c", "vision")],
        vec![of("d", "vision")],
    ]);
    assert!(file(&outcomes[0], "endpoints/acme/model.rs").contains("pub mod types;"));
    let last = outcomes.last().unwrap();
    let old = last
        .endpoints
        .iter()
        .find(|entry| entry.id == "acme/model/a")
        .unwrap();
    assert_eq!(
        (old.feature.as_str(), old.older_features.as_slice()),
        ("acme-model", &["misc-text-to-image".to_owned()][..])
    );
    assert!(
        last.index
            .contains("| `acme-model`, or `misc-text-to-image` |"),
        "{}",
        last.index
    );
    // The model that went on alone when the family had grown has no other feature.
    let new = last
        .endpoints
        .iter()
        .find(|entry| entry.id == "acme/model/d")
        .unwrap();
    assert!(new.older_features.is_empty(), "{new:?}");
}

#[test]
fn an_order_that_a_document_does_not_give_is_that_of_an_equal_type() {
    let (a, b) = (plain_size("acme/model/a"), plain_size("acme/model/b"));
    let mut without = b.clone();
    without["components"]["schemas"]["Size"]
        .as_object_mut()
        .unwrap()
        .remove("x-fal-order-properties");
    let fresh = grow(&[vec![a.clone(), without.clone()]]);
    assert!(file(&fresh[0], "endpoints/acme/model/b.rs").contains("pub use super::types::{"));
    // A document that loses the order, with the other or alone, changes nothing.
    let diff = crate::support::compare(&[a.clone(), b.clone()], &[a.clone(), without.clone()]);
    assert_eq!(diff.changes, []);
    let mut neither = a.clone();
    neither["components"]["schemas"]["Size"]
        .as_object_mut()
        .unwrap()
        .remove("x-fal-order-properties");
    let diff = crate::support::compare(&[a, b], &[neither, without]);
    assert_eq!(diff.changes, []);
}

#[test]
fn an_order_that_was_generated_stays_when_documents_with_another_come() {
    let unordered = |name: &str| sized(&format!("acme/model/{name}"), &["width", "height"], false);
    let ordered = |name: &str| plain_size(&format!("acme/model/{name}"));
    let outcomes = grow(&[
        vec![unordered("a"), unordered("b")],
        vec![ordered("c"), ordered("d")],
        vec![unordered("e"), ordered("f")],
        vec![unordered("g")],
    ]);
    let types = file(outcomes.last().unwrap(), "endpoints/acme/model/types.rs");
    let first_fields: Vec<&str> = types
        .split("pub struct ")
        .skip(1)
        .filter_map(|text| text.lines().find(|line| line.starts_with("        pub ")))
        .collect();
    for name in ["height", "width"] {
        let begins = |field: &&str| field.trim_start().starts_with(&format!("pub {name}:"));
        assert!(first_fields.iter().any(begins), "{types}");
    }
    grow(&[
        vec![unordered("a")],
        vec![ordered("c"), ordered("d")],
        vec![unordered("e")],
    ]);
    grow(&[
        vec![unordered("a"), ordered("b")],
        vec![unordered("c")],
        vec![ordered("d")],
    ]);
}

#[test]
fn a_module_keeps_its_name_when_another_would_take_it() {
    let plain = |id: &str| document(id, prompt(), output(), &json!({}));
    grow(&[
        vec![plain("acme/a_b")],
        vec![plain("acme/a-b")],
        vec![plain("acme/a.b"), plain("acme/A-B")],
    ]);
}

#[test]
fn a_received_file_stays_one_when_an_equal_type_is_sent() {
    let properties = json!({
        "url": {"type": "string"}, "file_name": {"type": "string"}, "content_type": {"type": "string"},
        "seed": {"type": "integer"},
    });
    let others = json!({"Picture": object(properties, &["url", "seed"])});
    let with = object(
        json!({"picture": {"$ref": "#/components/schemas/Picture"}}),
        &["picture"],
    );
    let received = |id: &str| document(id, prompt(), with.clone(), &others);
    let sent = |id: &str| document(id, with.clone(), output(), &others);
    let outcomes = grow(&[
        vec![received("acme/model/a"), received("acme/model/b")],
        vec![sent("acme/model/c"), sent("acme/model/d")],
    ]);
    let types = file(&outcomes[1], "endpoints/acme/model/types.rs");
    assert!(types.contains("file_like! { Picture }"), "{types}");
}

#[test]
fn a_family_may_give_a_name_that_is_common_elsewhere_and_keeps_it() {
    let own = |name: &str| sized(&format!("acme/other/{name}"), &["side"], true);
    let mut first = models(0..24, "a");
    first.extend([own("a"), own("b")]);
    let common = |name: &str| plain_size(&format!("acme/other/{name}"));
    let outcomes = grow(&[first, vec![common("c")], vec![common("d"), own("e")]]);
    assert!(file(&outcomes[0], "endpoints/types.rs").contains("pub width: required "));
    for outcome in &outcomes {
        let types = file(outcome, "endpoints/acme/other/types.rs");
        let size = types.split("pub struct Size: Validate {").nth(1);
        assert!(
            size.is_some_and(|size| size.trim_start().starts_with("/// The model's `side`.")),
            "{types}"
        );
    }
}
