//! Holds the types of one endpoint against its document.

use std::collections::BTreeMap;

use serde_json::Value;

use super::cases::{Case, cases};
use super::harness::{Answer, Harness};
use super::oracle::Oracle;
use super::roundtrip;
use super::subject::Direction;
use super::tolerance::{Loss, Rule};

/// What was held against the types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// Whether the value is taken.
    Verdict,
    /// Where the value is refused.
    Place,
    /// Whether it decodes and encodes to itself.
    RoundTrip,
    /// Whether what is encoded is good by the schema.
    Encoded,
    /// Whether a value that the schema lists is known.
    Listed,
    /// Whether every media field is found for the upload.
    Media,
    /// Whether the input names its endpoint.
    Endpoint,
    /// Whether `schema_for!` says what the document says.
    Schema,
    /// Whether the schema and the types can be compared at all.
    Comparable,
}

impl Check {
    /// The check's name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Place => "place",
            Self::RoundTrip => "round-trip",
            Self::Encoded => "encoded",
            Self::Listed => "listed",
            Self::Media => "media",
            Self::Endpoint => "endpoint",
            Self::Schema => "schema",
            Self::Comparable => "comparable",
        }
    }
}

/// A value on which types and schema disagree.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// The endpoint's id.
    pub endpoint: String,
    /// Its document.
    pub document: String,
    /// The side of the call.
    pub direction: Direction,
    /// What was checked.
    pub check: Check,
    /// What the value tries.
    pub tried: &'static str,
    /// Where in the value, as a JSON pointer.
    pub pointer: String,
    /// The value.
    pub instance: Value,
    /// What the types say.
    pub types: String,
    /// What the schema says.
    pub schema: String,
}

/// What came of one endpoint.
#[derive(Debug, Default)]
pub struct Findings {
    /// How many values were tried.
    pub instances: u64,
    /// How many of them the types took.
    pub taken: u64,
    /// How many verdicts each rule of tolerance decided.
    pub tolerated: BTreeMap<Rule, u64>,
    /// The disagreements.
    pub disagreements: Vec<Disagreement>,
    /// Inputs and outputs of which no value was good, so that little was tested.
    pub hollow: Vec<String>,
}

/// One endpoint, as the judge needs it.
pub struct Trial<'a> {
    /// Its place among the harness' entries.
    pub entry: usize,
    /// Its id.
    pub id: &'a str,
    /// Its document's path.
    pub document: &'a str,
    /// The document.
    pub source: &'a Value,
    /// What the generator said it could not keep.
    pub losses: Vec<Loss<'a>>,
    /// Makes the mixtures.
    pub seed: u64,
}

impl Trial<'_> {
    /// Tries everything.
    ///
    /// # Errors
    /// When the harness died.
    pub fn run(&self, harness: &mut Harness) -> std::io::Result<Findings> {
        let mut findings = Findings::default();
        let stated = harness.endpoint(self.entry)?;
        if stated != self.id {
            let words = (
                "the endpoint's id",
                format!("`{stated}`"),
                format!("`{}`", self.id),
            );
            findings
                .disagreements
                .push(self.about(Direction::Input, Check::Endpoint, words));
        }
        self.compare_schemas(harness, &mut findings)?;
        for direction in [Direction::Input, Direction::Output] {
            match Oracle::new(self.source, self.id, direction, &self.losses) {
                Ok(oracle) => self.compare(&oracle, harness, &mut findings)?,
                Err(unreadable) => {
                    let words = ("the schema", "there is a type".to_owned(), unreadable.0);
                    let found = self.about(direction, Check::Comparable, words);
                    findings.disagreements.push(found);
                }
            }
        }
        Ok(findings)
    }

    /// A disagreement about no value in particular.
    pub(super) fn about(
        &self,
        direction: Direction,
        check: Check,
        (tried, types, schema): (&'static str, String, String),
    ) -> Disagreement {
        Disagreement {
            endpoint: self.id.to_owned(),
            document: self.document.to_owned(),
            direction,
            check,
            tried,
            pointer: String::new(),
            instance: Value::Null,
            types,
            schema,
        }
    }

    fn compare(
        &self,
        oracle: &Oracle,
        harness: &mut Harness,
        findings: &mut Findings,
    ) -> std::io::Result<()> {
        let direction = oracle.direction();
        let cases = cases(&oracle.strict, self.seed);
        let values = cases.iter().map(|case| &case.value);
        let answers = harness.answers(self.entry, direction, values)?;
        if answers.len() != cases.len() {
            return Err(std::io::Error::other("the child left out answers"));
        }
        let bench = Bench {
            trial: self,
            oracle,
            listed: listed(&oracle.strict.root),
        };
        let mut good = 0;
        for (case, answer) in cases.iter().zip(&answers) {
            findings.instances += 1;
            findings.taken += u64::from(answer.refusals.is_empty());
            let is_good = bench.judge(case, answer, findings);
            good += usize::from(is_good);
        }
        if good == 0 {
            findings
                .hollow
                .push(format!("{} ({})", self.id, direction.as_str()));
        }
        Ok(())
    }
}

/// One side of one endpoint.
struct Bench<'a> {
    trial: &'a Trial<'a>,
    oracle: &'a Oracle,
    /// Every value that some enum lists, as `Debug` writes it.
    listed: Vec<String>,
}

impl Bench<'_> {
    /// Judges one answer, and says whether the value is good by the schema.
    fn judge(&self, case: &Case, answer: &Answer, findings: &mut Findings) -> bool {
        let written = self.oracle.takes(&case.value);
        let expected = self.oracle.expects(&case.value);
        let taken = answer.refusals.is_empty();
        if written != expected {
            let rule = self.oracle.deciding_rule(&case.value);
            *findings.tolerated.entry(rule).or_default() += 1;
        }
        let disagreement = match (expected, taken) {
            (true, true) => self.taken(case, answer, written),
            (false, false) => self.refused(case, answer),
            (true, false) => Some((Check::Verdict, refusals(answer), accepted(written))),
            (false, true) => {
                let objection = self.objections(&case.value);
                Some((Check::Verdict, "taken".to_owned(), objection))
            }
        };
        if let Some((check, types, schema)) = disagreement {
            findings.disagreements.push(Disagreement {
                pointer: case.place.clone(),
                instance: case.value.clone(),
                ..self
                    .trial
                    .about(self.oracle.direction(), check, (case.kind, types, schema))
            });
        }
        written
    }

    fn objections(&self, value: &Value) -> String {
        let objections = self.oracle.objections(value);
        let words = objections
            .iter()
            .map(|(pointer, words)| format!("{pointer}: {words}"));
        format!("refused: {}", words.collect::<Vec<_>>().join("; "))
    }

    /// Both take the value: does it survive, is it understood?
    fn taken(
        &self,
        case: &Case,
        answer: &Answer,
        written: bool,
    ) -> Option<(Check, String, String)> {
        let after = match &answer.encoded {
            Some(Err(error)) => {
                let types = format!("cannot be encoded: {error}");
                return Some((Check::RoundTrip, types, accepted(written)));
            }
            Some(Ok(after)) => after,
            None => &case.value,
        };
        let encoded = || format!("encoded as {after}");
        if let Some((pointer, words)) = roundtrip::difference(self.oracle, &case.value, after) {
            return Some((
                Check::RoundTrip,
                encoded(),
                format!("at {pointer}: {words}"),
            ));
        }
        if self.oracle.direction() == Direction::Input && !self.is_sendable(after, written) {
            return Some((Check::Encoded, encoded(), self.objections(after)));
        }
        if let Some(value) = self.forgotten(case, answer).filter(|_| written) {
            let types = format!("{value} is kept as an unlisted value");
            return Some((Check::Listed, types, "an enum lists it".to_owned()));
        }
        (answer.unvisited > 0).then(|| {
            let types = format!("{} media fields are not visited", answer.unvisited);
            (Check::Media, types, accepted(written))
        })
    }

    /// Whether what is encoded is as good as what was decoded. A `null` that is left
    /// out can make a value fit two members of `oneOf`; what the generator could not
    /// keep may be missed.
    fn is_sendable(&self, after: &Value, written: bool) -> bool {
        let is_excused = || {
            let rule = self.oracle.deciding_rule(after);
            matches!(rule, Rule::Degraded | Rule::Discriminator | Rule::OneOf)
        };
        let expected = self.oracle.expects(after);
        expected && (!written || self.oracle.takes(after) || is_excused())
    }

    /// A value that an enum lists and the types do not. Texts that are made up can
    /// equal a value of another enum, so only cases with meant values count.
    fn forgotten<'a>(&self, case: &Case, answer: &'a Answer) -> Option<&'a String> {
        const MEANT: &[&str] = &[
            "default",
            "example",
            "full",
            "listed value",
            "one member",
            "small",
        ];
        let is_meant = MEANT.contains(&case.kind);
        let mut unlisted = answer.unlisted.iter().filter(|_| is_meant);
        unlisted.find(|value| self.listed.contains(value))
    }

    /// Both refuse the value: at the same place?
    fn refused(&self, case: &Case, answer: &Answer) -> Option<(Check, String, String)> {
        let objections = self.oracle.objections(&case.value);
        let is_known = |pointer: &str| {
            let places = objections.iter();
            places
                .map(|(place, _)| place)
                .any(|place| related(place, pointer))
        };
        let stray = answer
            .refusals
            .iter()
            .any(|refusal| !is_known(&refusal.pointer));
        // Rules are all listed; decoding ends at the first error.
        let rules = answer.refusals.iter().all(|refusal| refusal.is_rule);
        let missed = rules
            && objections.iter().any(|(place, _)| {
                let mut refusals = answer.refusals.iter();
                !refusals.any(|refusal| related(place, &refusal.pointer))
            });
        (stray || missed).then(|| (Check::Place, refusals(answer), self.objections(&case.value)))
    }
}

/// Whether one pointer is the other or leads to it. The schema names the object
/// whose member is missing or the value that fits no member of a union, the types
/// the member or the place inside.
fn related(one: &str, other: &str) -> bool {
    let leads = |short: &str, long: &str| {
        long.strip_prefix(short)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    leads(one, other) || leads(other, one)
}

fn accepted(written: bool) -> String {
    let words = if written {
        "taken"
    } else {
        "taken under a rule of tolerance"
    };
    words.to_owned()
}

fn refusals(answer: &Answer) -> String {
    let words = answer.refusals.iter().map(|refusal| match refusal.is_rule {
        true => refusal.message.clone(),
        false => format!("{}: {}", refusal.pointer, refusal.message),
    });
    format!("refused: {}", words.collect::<Vec<_>>().join("; "))
}

/// Every value that an enum or a constant lists, anywhere in a subject.
fn listed(root: &Value) -> Vec<String> {
    let mut values = Vec::new();
    let mut root = root.clone();
    super::walk::subject_mut(&mut root, &mut |schema| {
        let all = schema
            .get("enum")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        values.extend(all.chain(schema.get("const")).filter_map(debug));
    });
    values.sort_unstable();
    values.dedup();
    values
}

fn debug(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(format!("{text:?}")),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
