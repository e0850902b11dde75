//! Judges the types of one endpoint by its document.

use std::collections::BTreeMap;
use std::io;

use jsonschema::Validator;
use serde::Serialize;
use serde_json::Value;

use super::harness::{Answer, Harness};
use super::instances::{Instance, instances};
use super::keywords::items;
use super::oracle::{self, Oracle};
use super::root_schema::{Direction, RootSchema};
use super::roundtrip;
use super::tolerance::Unexpressed;

/// The check that found a disagreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// Whether the value is accepted.
    Verdict,
    /// Whether the value is refused at the same position.
    Pointer,
    /// Whether the value stays the same when it is decoded and encoded.
    RoundTrip,
    /// Whether the encoded value is valid by the schema.
    Encoded,
    /// Whether the types know a value that the schema lists.
    Listed,
    /// Whether every media field is found for the upload.
    Media,
    /// Whether the input names its endpoint.
    Endpoint,
    /// Whether the JSON Schema of the types accepts what the document's schema accepts.
    JsonSchema,
    /// Whether the types answer at all.
    Answered,
    /// Whether the schema can be read at all.
    Readable,
}

/// A value on which types and document disagree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Disagreement {
    /// The endpoint's id.
    pub endpoint: String,
    /// Its document.
    pub document: String,
    /// The side of the call that the value is on.
    pub direction: Direction,
    /// The check that found the disagreement.
    pub check: Check,
    /// The purpose of the value, such as `below the minimum`.
    pub tried: &'static str,
    /// The position in the value, as a JSON pointer.
    pub pointer: String,
    /// The value.
    pub instance: Value,
    /// The verdict of the types.
    pub types: String,
    /// The verdict of the document's schema.
    pub schema: String,
}

/// The findings about one endpoint.
#[derive(Debug, Default)]
pub struct Findings {
    /// The number of values that were tried.
    pub instances: u64,
    /// The number of values that the types accepted.
    pub accepted: u64,
    /// The number of verdicts that each tolerance decided.
    pub tolerated: BTreeMap<&'static str, u64>,
    /// The disagreements.
    pub disagreements: Vec<Disagreement>,
    /// Sides of endpoints of which little was tested, and why.
    pub limited: Vec<String>,
}

/// One endpoint, as the judge needs it.
pub struct Endpoint<'a> {
    /// The endpoint's index among the harness' entries.
    pub entry: usize,
    /// The endpoint's id.
    pub id: &'a str,
    /// The path of the endpoint's document.
    pub path: &'a str,
    /// The document as JSON.
    pub document: &'a Value,
    /// What the generator reported as not expressed.
    pub unexpressed: Vec<Unexpressed<'a>>,
    /// The seed of the mixtures.
    pub seed: u64,
}

impl Endpoint<'_> {
    /// Judges the endpoint by every instance of its input and its output.
    ///
    /// # Errors
    /// When the harness died.
    pub fn judge(&self, harness: &mut Harness) -> io::Result<Findings> {
        let mut findings = Findings::default();
        let described = harness.describe(self.entry)?;
        if described.endpoint != self.id {
            let (types, schema) = (
                format!("`{}`", described.endpoint),
                format!("`{}`", self.id),
            );
            let found = Objection(Check::Endpoint, types, schema);
            findings
                .disagreements
                .push(self.about(Direction::Input, "the id", found));
        }
        let sides = [
            (Direction::Input, &described.input),
            (Direction::Output, &described.output),
        ];
        for (direction, json_schema) in sides {
            let oracle = Oracle::new(self.document, self.id, direction, &self.unexpressed);
            let generated = oracle::of_types(json_schema);
            let unreadable = match (oracle, generated) {
                (Ok(oracle), Ok(json_schema)) => {
                    self.judge_side(&oracle, &json_schema, harness, &mut findings)?;
                    continue;
                }
                (Err(error), _) => Objection(Check::Readable, "there is a type".into(), error.0),
                (_, Err(error)) => Objection(Check::JsonSchema, error.0, "readable".into()),
            };
            findings
                .disagreements
                .push(self.about(direction, "the schema", unreadable));
        }
        Ok(findings)
    }

    /// Records a disagreement that is not about one value.
    fn about(&self, direction: Direction, tried: &'static str, found: Objection) -> Disagreement {
        Disagreement {
            endpoint: self.id.to_owned(),
            document: self.path.to_owned(),
            direction,
            check: found.0,
            tried,
            pointer: String::new(),
            instance: Value::Null,
            types: found.1,
            schema: found.2,
        }
    }

    fn judge_side(
        &self,
        oracle: &Oracle,
        json_schema: &Validator,
        harness: &mut Harness,
        findings: &mut Findings,
    ) -> io::Result<()> {
        let instances = instances(&oracle.strict, self.seed);
        let values = instances.all.iter().map(|instance| &instance.value);
        let answers = harness.answers(self.entry, oracle.direction, values)?;
        let side = Side {
            oracle,
            json_schema,
            listed: listed(&oracle.strict),
        };
        let mut any_is_valid = false;
        for (instance, answer) in instances.all.iter().zip(&answers) {
            findings.instances += 1;
            findings.accepted += u64::from(answer.is_accepted());
            any_is_valid |= oracle.strictly_accepts(&instance.value);
            if let Some(name) = side.tolerance(&instance.value) {
                *findings.tolerated.entry(name).or_default() += 1;
            }
            for found in side.objections(instance, answer) {
                findings.disagreements.push(Disagreement {
                    pointer: instance.pointer.clone(),
                    instance: instance.value.clone(),
                    ..self.about(oracle.direction, instance.purpose, found)
                });
            }
        }
        let place = format!("{} ({})", self.id, oracle.direction.as_str());
        if !any_is_valid {
            findings
                .limited
                .push(format!("{place}: no value tried is valid by its schema"));
        }
        if instances.is_cut {
            findings.limited.push(format!(
                "{place}: its values are too large to try all of them"
            ));
        }
        Ok(())
    }
}

/// A disagreement: the check, the verdict of the types, and the verdict of the schema.
struct Objection(Check, String, String);

/// One side of one endpoint.
struct Side<'a> {
    oracle: &'a Oracle,
    /// The JSON Schema of the types.
    json_schema: &'a Validator,
    /// Every value that some enum lists, as `Debug` writes it.
    listed: Vec<String>,
}

impl Side<'_> {
    /// The tolerance by which the types judge a value, if any.
    fn tolerance(&self, value: &Value) -> Option<&'static str> {
        let differs = self.oracle.strictly_accepts(value) != self.oracle.accepts(value);
        differs.then(|| self.oracle.deciding_tolerance(value))
    }

    fn objections(&self, instance: &Instance, answer: &Answer) -> Vec<Objection> {
        let value = &instance.value;
        let by_types = match (self.oracle.accepts(value), answer.is_accepted()) {
            (true, true) => self.accepted(instance, answer),
            (false, false) => self.refused(value, answer),
            (true, false) => {
                let schema = self.acceptance(value);
                Some(Objection(Check::Verdict, refusals(answer), schema))
            }
            (false, true) => {
                let schema = self.refusal(value);
                Some(Objection(Check::Verdict, "accepted".to_owned(), schema))
            }
        };
        by_types
            .into_iter()
            .chain(self.by_json_schema(value))
            .collect()
    }

    /// Compares the verdicts of the JSON Schemas of the types and of the document.
    fn by_json_schema(&self, value: &Value) -> Option<Objection> {
        let expected = self.oracle.json_schema_accepts(value)?;
        let error = self.json_schema.iter_errors(value).next();
        if error.is_none() == expected {
            return None;
        }
        let types = error.map_or("accepted".to_owned(), |error| {
            format!("refused: {}: {}", error.instance_path(), error.masked())
        });
        let schema = if expected { "accepted" } else { "refused" };
        Some(Objection(Check::JsonSchema, types, schema.to_owned()))
    }

    /// Checks a value that types and document accept: whether it survives a round trip, and whether it is understood.
    fn accepted(&self, instance: &Instance, answer: &Answer) -> Option<Objection> {
        let value = &instance.value;
        let is_valid = self.oracle.strictly_accepts(value);
        if let Some(error) = &answer.unencodable {
            let types = format!("cannot be encoded: {error}");
            return Some(Objection(Check::RoundTrip, types, self.acceptance(value)));
        }
        let after = answer.encoded.as_ref().unwrap_or(value);
        let encoded = || format!("encoded as {after}");
        if let Some((pointer, reason)) = roundtrip::difference(self.oracle, value, after) {
            let schema = format!("at {pointer}: {reason}");
            return Some(Objection(Check::RoundTrip, encoded(), schema));
        }
        if self.oracle.direction == Direction::Input && !self.is_sendable(after, is_valid) {
            return Some(Objection(Check::Encoded, encoded(), self.refusal(after)));
        }
        // Texts that are made up can equal a value of another enum.
        let is_meant = is_valid && instance.is_meant_to_be_valid();
        let mut unlisted = answer.unlisted.iter().filter(|_| is_meant);
        if let Some(value) = unlisted.find(|value| self.listed.contains(value)) {
            let types = format!("{value} is kept as an unlisted value");
            return Some(Objection(
                Check::Listed,
                types,
                "an enum lists it".to_owned(),
            ));
        }
        (answer.unvisited > 0).then(|| {
            let types = format!("{} media fields are not visited", answer.unvisited);
            Objection(Check::Media, types, self.acceptance(value))
        })
    }

    /// Whether what is encoded is as valid as what was decoded. A `null` that is left out
    /// can make a value fit two members of `oneOf`; what the generator could not express
    /// may be missed.
    fn is_sendable(&self, after: &Value, was_valid: bool) -> bool {
        const EXCUSES: &[&str] = &["reported", "discriminator", "one-of"];
        let is_valid = !was_valid || self.oracle.strictly_accepts(after);
        let is_excused = || EXCUSES.contains(&self.oracle.deciding_tolerance(after));
        self.oracle.accepts(after) && (is_valid || is_excused())
    }

    /// Checks a value that types and document refuse: whether they refuse it at the same position.
    fn refused(&self, value: &Value, answer: &Answer) -> Option<Objection> {
        let places = self.oracle.objections(value);
        let is_refused_at = |place: &str| {
            let mut refusals = answer.refusals();
            refusals.any(|refusal| is_related(place, &refusal.pointer))
        };
        let is_stray = answer.refusals().any(|refusal| {
            let mut places = places.iter();
            !places.any(|(place, _)| is_related(place, &refusal.pointer))
        });
        // All broken rules are listed; decoding ends at the first error.
        let lists_all = answer.error.is_none();
        let is_missed = lists_all && places.iter().any(|(place, _)| !is_refused_at(place));
        (is_stray || is_missed).then(|| {
            let schema = self.refusal(value);
            Objection(Check::Pointer, refusals(answer), schema)
        })
    }

    fn acceptance(&self, value: &Value) -> String {
        match self.tolerance(value) {
            Some(name) => format!("accepted under the tolerance `{name}`"),
            None => "accepted".to_owned(),
        }
    }

    fn refusal(&self, value: &Value) -> String {
        let objections = self.oracle.objections(value);
        let objections = objections.iter();
        let reasons = objections.map(|(pointer, reason)| format!("{pointer}: {reason}"));
        format!("refused: {}", reasons.collect::<Vec<_>>().join("; "))
    }
}

/// Whether one pointer is the other or leads to it. The schema names the object whose
/// member is missing or the value that fits no member of a union, the types the member or
/// the place inside.
fn is_related(one: &str, other: &str) -> bool {
    let leads = |short: &str, long: &str| {
        let rest = long.strip_prefix(short);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    leads(one, other) || leads(other, one)
}

fn refusals(answer: &Answer) -> String {
    let error = answer.error.iter();
    let error = error.map(|refusal| format!("{}: {}", refusal.pointer, refusal.message));
    let violations = answer.violations.iter();
    let violations = violations.map(|refusal| refusal.message.clone());
    format!(
        "refused: {}",
        error.chain(violations).collect::<Vec<_>>().join("; ")
    )
}

/// Every string and number that an enum or a constant lists, anywhere in a schema.
fn listed(schema: &RootSchema) -> Vec<String> {
    let mut values = Vec::new();
    schema.clone().each_schema(&mut |schema| {
        let Value::Object(keywords) = schema else {
            return;
        };
        let listed = items(keywords, "enum").chain(keywords.get("const"));
        values.extend(listed.filter_map(|value| match value {
            Value::String(text) => Some(format!("{text:?}")),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }));
    });
    values
}
