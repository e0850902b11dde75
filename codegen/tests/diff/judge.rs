//! The class for the Rust API against a judge that knows nothing of it: the public items of what is generated from both
//! sides, read from the text.

use crate::corpus;
use crate::listing::{Reader, breaks};
use crate::support::{document, output, prompt};
use fal_codegen::{
    Catalog, Options, Outcome, Source,
    diff::{Class, Diff, diff},
    generate,
};
use serde_json::{Value, json};

/// Both sides, generated and compared.
struct Trial {
    old: Outcome,
    new: Outcome,
    diff: Diff,
}

impl Trial {
    fn of(old: &[Source], new: &[Source]) -> Self {
        let first = Options::default();
        let was = Catalog::read(old, &first);
        let second = Options {
            ledger: was.ledger().clone(),
            ..Options::default()
        };
        let diff = diff(&was, &Catalog::read(new, &second));
        Self {
            old: generate(old, &first),
            new: generate(new, &second),
            diff,
        }
    }

    /// The endpoints of which the two say different things, and what they say.
    fn disagreements(&self) -> Vec<String> {
        let changes = self.diff.by_endpoint();
        let (old, new) = (Reader::new(&self.old.plan), Reader::new(&self.new.plan));
        let mut found = Vec::new();
        for entry in &self.old.endpoints {
            let Some(other) = self.new.endpoints.iter().find(|other| other.id == entry.id) else {
                continue;
            };
            let (was, is) = (old.listing(&entry.module), new.listing(&other.module));
            let broken = breaks(&was, &is);
            let of_endpoint = changes.iter().find(|(id, _)| id.as_str() == entry.id);
            let told: Vec<String> = of_endpoint
                .into_iter()
                .flat_map(|(_, changes)| changes)
                .filter(|change| change.rust == Class::Breaking)
                .map(|change| crate::support::line(change))
                .collect();
            if broken.is_empty() != told.is_empty() {
                found.push(format!("{}: told {told:?}, found {broken:?}", entry.id));
            }
        }
        found
    }
}

/// Schemas of a property; each becomes each of the others.
fn schemas() -> Vec<Value> {
    let reference = json!({"$ref": "#/components/schemas/Part"});
    let file = json!({"type": "object", "properties": {"url": {"type": "string"}, "file_size": {"type": "integer"}}, "required": ["url"]});
    vec![
        json!({"type": "integer"}),
        json!({"type": "integer", "default": 3, "minimum": 1}),
        json!({"type": "integer", "default": 3, "maximum": 2}),
        json!({"type": "integer", "maximum": 18_446_744_073_709_551_000_u64, "minimum": 0}),
        json!({"type": "number", "default": 0.5}),
        json!({"type": "string", "default": "a", "description": "Words."}),
        json!({"type": "string", "ui": {"field": "image"}}),
        json!({"type": "string", "enum": ["a", "b"], "default": "a"}),
        json!({"type": "string", "enum": ["b", "a", "A"]}),
        json!({"type": "integer", "enum": [1, 2]}),
        json!({"const": "a"}),
        json!({"anyOf": [{"type": "integer"}, {"type": "null"}], "default": 3}),
        json!({"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        json!({"anyOf": [{"type": "integer"}, {"type": "string", "enum": ["auto"]}], "default": "auto"}),
        json!({"anyOf": [reference, {"type": "string", "enum": ["a", "b"]}]}),
        json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
        json!({"type": "array", "items": {"type": "string"}, "default": ["a"]}),
        json!({"type": "array", "items": reference}),
        json!({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}),
        json!({"type": "object", "additionalProperties": {"type": "number"}}),
        json!({"type": "object", "properties": {"y": {"type": "integer"}}, "description": "In place."}),
        json!({"type": "object", "properties": {"y": {"type": "integer"}, "z": {"type": "string"}}, "required": ["z"]}),
        json!({"type": "object", "properties": {"y": {"type": "number"}}, "additionalProperties": true}),
        reference,
        file,
        json!({}),
    ]
}

/// A property, and whether it must be there; `None`: there is no such property.
type Side = Option<(Value, bool)>;

/// Every schema becomes every other one. Of the four ways to be required before and after, each pair takes one, and each
/// schema by itself all of them.
fn pairs() -> Vec<(Side, Side)> {
    let schemas = schemas();
    let mut pairs = Vec::new();
    for (i, old) in schemas.iter().enumerate() {
        for (j, new) in schemas.iter().enumerate() {
            let ways = if i == j {
                0..4
            } else {
                (i + 3 * j) % 4..(i + 3 * j) % 4 + 1
            };
            for way in ways {
                pairs.push((
                    Some((old.clone(), way & 1 == 1)),
                    Some((new.clone(), way & 2 == 2)),
                ));
            }
        }
        for required in [false, true] {
            pairs.push((None, Some((old.clone(), required))));
            pairs.push((Some((old.clone(), required)), None));
        }
    }
    pairs
}

/// Endpoints, each of a family of its own, that have the property in question in what is sent or in what is received.
fn endpoints<'a>(sides: impl Iterator<Item = &'a Side>, sent: bool) -> Vec<Source> {
    let part = json!({"Part": {"type": "object", "properties": {"w": {"type": "integer"}}, "required": ["w"]}});
    let documents = sides.enumerate().map(|(number, side)| {
        let with = |mut object: Value, wanted: bool| {
            if let Some((property, required)) = side.as_ref().filter(|_| wanted) {
                object["properties"]["x"] = property.clone();
                if *required {
                    object["required"].as_array_mut().unwrap().push(json!("x"));
                }
            }
            object
        };
        let id = format!("acme/model-{number:04}");
        let document = document(&id, with(prompt(), sent), with(output(), !sent), &part);
        Source::new(format!("{id}.json"), document.to_string())
    });
    documents.collect()
}

fn assert_agreement(sent: bool) {
    let pairs = pairs();
    let old = endpoints(pairs.iter().map(|(old, _)| old), sent);
    let new = endpoints(pairs.iter().map(|(_, new)| new), sent);
    let trial = Trial::of(&old, &new);
    assert_eq!(trial.diff.compared, pairs.len());
    let found = trial.disagreements();
    let shown = found[..found.len().min(12)].join("\n");
    assert!(
        found.is_empty(),
        "{} of {} pairs:\n{shown}",
        found.len(),
        pairs.len()
    );
}

#[test]
fn what_is_sent_is_classed_as_its_items_say() {
    assert_agreement(true);
}

#[test]
fn what_is_received_is_classed_as_its_items_say() {
    assert_agreement(false);
}

#[test]
fn changes_of_many_documents_are_classed_as_their_items_say() {
    for (old, new) in corpus::editions() {
        let trial = Trial::of(&old, &new);
        assert!(!trial.diff.changes.is_empty());
        let found = trial.disagreements();
        assert!(
            found.is_empty(),
            "{} of {}:\n{}",
            found.len(),
            trial.diff.compared,
            found[..found.len().min(12)].join("\n")
        );
    }
}
