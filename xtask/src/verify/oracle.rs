//! What the schema itself says of a value, by the `jsonschema` crate.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use jsonschema::{Draft, Validator};
use serde_json::Value;

use super::subject::{Direction, Subject};
use super::tolerance::{self, Loss, RULES, Rule, step};

/// The last of the rules that settle the type of a place.
const SHAPING: usize = Rule::IntegerRange as usize;

/// The verdicts on the values of one input or output.
pub struct Oracle {
    direction: Direction,
    /// The schema as it is written.
    pub strict: Subject,
    /// The schema after each rule of tolerance, the first at index 0.
    relaxed: Vec<Subject>,
    judges: Vec<OnceCell<Validator>>,
    strict_judge: Validator,
    /// Validators of parts of the schema, by their text; one is built when the
    /// members of a union must be told apart.
    parts: RefCell<HashMap<String, Option<Validator>>>,
}

/// A schema that the oracle itself cannot read.
#[derive(Debug)]
pub struct Unreadable(pub String);

impl Oracle {
    /// The oracle on an endpoint's input or output. `losses` is what the
    /// generator said it could not keep.
    ///
    /// # Errors
    /// When the schema is no JSON Schema even after that.
    pub fn new(
        document: &Value,
        id: &str,
        direction: Direction,
        losses: &[Loss<'_>],
    ) -> Result<Option<Self>, Unreadable> {
        let mut without = document.clone();
        tolerance::degrade(&mut without, losses);
        let Some(mut written) = Subject::of(document, id, direction) else {
            return Ok(None);
        };
        let Some(degraded) = Subject::of(&without, id, direction) else {
            return Ok(None);
        };
        // A schema may be no JSON Schema at exactly the places that are degraded.
        let strict_judge = match judge(&written.root) {
            Ok(judge) => judge,
            Err(_) => {
                written = degraded.clone();
                judge(&written.root)?
            }
        };
        let mut relaxed = vec![degraded];
        for rule in &RULES[1..] {
            let next = rule.apply(&relaxed[relaxed.len() - 1], direction);
            relaxed.push(next);
        }
        let oracle = Self {
            direction,
            strict: written,
            judges: relaxed.iter().map(|_| OnceCell::new()).collect(),
            relaxed,
            strict_judge,
            parts: RefCell::default(),
        };
        let last = oracle.relaxed.len() - 1;
        let _ = oracle.judges[last].set(judge(&oracle.relaxed[last].root)?);
        Ok(Some(oracle))
    }

    /// The side that the schema is on.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Whether the schema as it is written takes the value.
    pub fn takes(&self, value: &Value) -> bool {
        self.strict_judge.is_valid(value)
    }

    /// Whether the types are to take the value: the schema's verdict under all
    /// rules of tolerance.
    pub fn expects(&self, value: &Value) -> bool {
        self.after(RULES.len() - 1, value)
    }

    /// The rule by which the types differ from the schema on a value.
    pub fn deciding_rule(&self, value: &Value) -> Rule {
        let verdict = self.expects(value);
        let same = (0..RULES.len())
            .rev()
            .take_while(|index| self.after(*index, value) == verdict);
        same.last()
            .map_or(RULES[RULES.len() - 1], |index| RULES[index])
    }

    /// Where the value breaks the tolerant schema, as JSON pointers, with words.
    pub fn objections(&self, value: &Value) -> Vec<(String, String)> {
        let Some(judge) = self.judge_after(RULES.len() - 1) else {
            return Vec::new();
        };
        let errors = judge.iter_errors(value);
        errors
            .map(|error| {
                (
                    error.instance_path().to_string(),
                    error.masked().to_string(),
                )
            })
            .collect()
    }

    /// The schema as far as it shapes a value: after the rules that settle which
    /// type a place has, before those that say which values are let through.
    pub fn shape(&self) -> &Subject {
        &self.relaxed[SHAPING]
    }

    /// Whether a part of the shaping schema takes a value, such as one member of a
    /// union.
    pub fn part_takes(&self, part: &Value, value: &Value) -> bool {
        self.ask(format!("written {part}"), value, || self.shape().part(part))
    }

    /// The same under all rules of tolerance.
    pub fn part_expects(&self, part: &Value, value: &Value) -> bool {
        self.ask(format!("tolerant {part}"), value, || {
            let rules = RULES[SHAPING + 1..].iter();
            rules.fold(self.shape().part(part), |part, rule| {
                rule.apply(&part, self.direction)
            })
        })
    }

    fn ask(&self, key: String, value: &Value, part: impl FnOnce() -> Subject) -> bool {
        let mut parts = self.parts.borrow_mut();
        let validator = parts.entry(key).or_insert_with(|| judge(&part().root).ok());
        validator
            .as_ref()
            .is_some_and(|validator| validator.is_valid(value))
    }

    fn after(&self, index: usize, value: &Value) -> bool {
        match self.judge_after(index) {
            Some(judge) => judge.is_valid(value),
            None => self.takes(value),
        }
    }

    /// The validator after the rule at `index`. Only the first and the last are
    /// known to be readable; a step between that is not is passed over.
    fn judge_after(&self, index: usize) -> Option<&Validator> {
        if let Some(known) = self.judges[index].get() {
            return Some(known);
        }
        let built = judge(&self.relaxed[index].root).ok()?;
        Some(self.judges[index].get_or_init(|| built))
    }
}

fn judge(root: &Value) -> Result<Validator, Unreadable> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(false)
        .with_keyword(step::KEYWORD, step::keyword)
        .offline()
        .build(root)
        .map_err(|error| Unreadable(format!("at {}: {error}", error.instance_path())))
}
