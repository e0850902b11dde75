//! The verdicts of the document's schema on values, by the `jsonschema` crate.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

use super::dialect;
use super::root_schema::{Direction, RootSchema};
use super::tolerance::{Tolerance, Unexpressed, multiple, remove_reported};

/// The verdicts on the values of one input or output.
pub struct Oracle {
    /// The side of the call that the schema is on.
    pub direction: Direction,
    /// The schema as it is written.
    pub strict: RootSchema,
    strict_validator: Validator,
    /// The schema after each tolerance, the first at index 0.
    steps: Vec<Step>,
    /// The schema with the tolerances that hold for JSON Schemas of types, too.
    json_schema: Validator,
    /// Validators of parts of the schema, by their text; one is built when the members
    /// of a union must be told apart.
    parts: RefCell<HashMap<String, Option<Validator>>>,
}

/// A schema after a tolerance.
struct Step {
    tolerance: &'static Tolerance,
    schema: RootSchema,
    /// The validator, built when it is first needed; `None` where the schema cannot be read.
    validator: OnceCell<Option<Validator>>,
}

/// The error of a schema that the oracle itself cannot read.
#[derive(Debug)]
pub struct Unreadable(pub String);

impl Oracle {
    /// The oracle on an endpoint's input or output. `unexpressed` is what the generator
    /// reported that it could not express.
    ///
    /// # Errors
    /// When the schema is not a JSON Schema even after that.
    pub fn new(
        document: &Value,
        id: &str,
        direction: Direction,
        unexpressed: &[Unexpressed<'_>],
    ) -> Result<Self, Unreadable> {
        let mut strict = dialect::read(document, id, direction);
        let strict_validator = without_malformed(&mut strict)?;
        let mut document = document.clone();
        remove_reported(&mut document, unexpressed);
        let mut schema = dialect::read(&document, id, direction);
        without_malformed(&mut schema)?;
        let mut json_schema = schema.clone();
        let mut steps = Vec::new();
        for tolerance in Tolerance::of_verdicts(direction) {
            schema = tolerance.apply(&schema, direction);
            if tolerance.applies_to_json_schema() {
                json_schema = tolerance.apply(&json_schema, direction);
            }
            steps.push(Step {
                tolerance,
                schema: schema.clone(),
                validator: OnceCell::new(),
            });
        }
        if let Some(last) = steps.last() {
            let _ = last.validator.set(Some(validator(&schema)?));
        }
        Ok(Self {
            direction,
            strict,
            strict_validator,
            steps,
            json_schema: validator(&json_schema)?,
            parts: RefCell::default(),
        })
    }

    /// Whether the schema as it is written accepts the value.
    pub fn strictly_accepts(&self, value: &Value) -> bool {
        self.strict_validator.is_valid(value)
    }

    /// Whether the types must accept the value: the schema's verdict under all
    /// tolerances.
    pub fn accepts(&self, value: &Value) -> bool {
        match self.steps.last() {
            Some(step) => self.step_accepts(step, value),
            None => self.strictly_accepts(value),
        }
    }

    /// Whether the JSON Schema of the types must accept the value; `None` where a
    /// tolerance leaves it open.
    pub fn json_schema_accepts(&self, value: &Value) -> Option<bool> {
        let strict = self.strictly_accepts(value);
        (strict == self.json_schema.is_valid(value)).then_some(strict)
    }

    /// The name of the tolerance by which types and schema differ on a value.
    pub fn deciding_tolerance(&self, value: &Value) -> &'static str {
        let verdict = self.accepts(value);
        let steps = self.steps.iter().rev();
        let same = steps.take_while(|step| self.step_accepts(step, value) == verdict);
        same.last().map_or("none", |step| step.tolerance.name)
    }

    /// The positions at which the value breaks the tolerant schema, as JSON pointers, with the reasons.
    pub fn objections(&self, value: &Value) -> Vec<(String, String)> {
        let validator = self.steps.last().and_then(Step::validator);
        let errors = validator.into_iter().flat_map(|it| it.iter_errors(value));
        errors
            .map(|error| {
                let reason = error.masked().to_string();
                (error.instance_path().to_string(), reason)
            })
            .collect()
    }

    /// The schema as far as it shapes a value: after the tolerances that settle its
    /// type, before those that say which values are let through.
    pub fn shape(&self) -> &RootSchema {
        let steps = Tolerance::of_types(self.direction);
        match steps.checked_sub(1) {
            Some(last) => &self.steps[last].schema,
            None => &self.strict,
        }
    }

    /// Whether a part of the shaping schema accepts a value, such as one member of a
    /// union.
    pub fn part_shapes(&self, part: &Value, value: &Value) -> bool {
        self.ask(format!("shape {part}"), value, || self.shape().part(part))
    }

    /// Whether a part of the schema accepts a value under all tolerances.
    pub fn part_accepts(&self, part: &Value, value: &Value) -> bool {
        self.ask(format!("tolerant {part}"), value, || {
            let later = Tolerance::of_verdicts(self.direction);
            let later = later.skip(Tolerance::of_types(self.direction));
            later.fold(self.shape().part(part), |part, tolerance| {
                tolerance.apply(&part, self.direction)
            })
        })
    }

    fn ask(&self, key: String, value: &Value, part: impl FnOnce() -> RootSchema) -> bool {
        let mut parts = self.parts.borrow_mut();
        let known = parts.entry(key).or_insert_with(|| validator(&part()).ok());
        known.as_ref().is_some_and(|known| known.is_valid(value))
    }

    /// Whether the schema after a step accepts the value. A step that cannot be read is judged by the last one, which can.
    fn step_accepts(&self, step: &Step, value: &Value) -> bool {
        match step.validator() {
            Some(validator) => validator.is_valid(value),
            None => self.strictly_accepts(value),
        }
    }
}

impl Step {
    fn validator(&self) -> Option<&Validator> {
        let built = || validator(&self.schema).ok();
        self.validator.get_or_init(built).as_ref()
    }
}

/// A validator for the JSON Schema of types, read as leniently as that of a document: it
/// repeats what the document says, malformed patterns included.
///
/// # Errors
/// When it is not a JSON Schema even so.
pub fn of_types(json_schema: &Value) -> Result<Validator, Unreadable> {
    let root = json_schema.clone();
    without_malformed(&mut RootSchema { root })
}

/// Removes the keywords whose values no reader of JSON Schema understands.
fn without_malformed(schema: &mut RootSchema) -> Result<Validator, Unreadable> {
    const MOST: usize = 100;
    for _ in 0..MOST {
        let error = match build(schema) {
            Ok(validator) => return Ok(validator),
            Err(error) => error,
        };
        let unreadable = || Unreadable(format!("at {}: {error}", error.instance_path()));
        let place = error.instance_path().to_string();
        let (parent, keyword) = place.rsplit_once('/').ok_or_else(unreadable)?;
        let keyword = keyword.replace("~1", "/").replace("~0", "~");
        let parent = schema.root.pointer_mut(parent);
        let removed = parent.and_then(|parent| parent.as_object_mut()?.remove(&keyword));
        removed.ok_or_else(unreadable)?;
    }
    Err(Unreadable(format!("more than {MOST} malformed keywords")))
}

fn validator(schema: &RootSchema) -> Result<Validator, Unreadable> {
    build(schema).map_err(|error| Unreadable(format!("at {}: {error}", error.instance_path())))
}

fn build(schema: &RootSchema) -> Result<Validator, ValidationError<'static>> {
    let mut escaped = schema.clone();
    dialect::escape_references(&mut escaped);
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(false)
        .with_keyword(multiple::KEYWORD, multiple::keyword)
        .offline()
        .build(&escaped.root)
}
