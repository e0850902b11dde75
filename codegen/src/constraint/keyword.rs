//! The keywords of constraints: what they are called, and what their values look like.

use serde_json::{Map, Value};

use super::{Bound, Constraint, Constraints, Measure};
use crate::json::as_count;

/// The kind of a constraint; of each kind at most one applies to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Lower(Measure),
    Upper(Measure),
    MultipleOf,
    Pattern,
    UniqueItems,
}

/// Each keyword, the kind of constraint that it states, and whether a bound that it states is outside.
fn keywords() -> impl Iterator<Item = (&'static str, Kind, bool)> {
    let bounds = Measure::ALL.into_iter().flat_map(|measure| {
        let [lower, upper] = measure.keywords();
        [
            (lower, Kind::Lower(measure), false),
            (upper, Kind::Upper(measure), false),
        ]
    });
    bounds.chain([
        ("exclusiveMinimum", Kind::Lower(Measure::Number), true),
        ("exclusiveMaximum", Kind::Upper(Measure::Number), true),
        ("multipleOf", Kind::MultipleOf, false),
        ("pattern", Kind::Pattern, false),
        ("uniqueItems", Kind::UniqueItems, false),
    ])
}

/// What the value of a keyword has to be, and whether a value is that.
pub type Form = (&'static str, fn(&Value) -> bool);

/// The form of the value of a keyword; `None` for keywords that state no constraint.
pub fn form(keyword: &str) -> Option<Form> {
    let (_, kind, exclusive) = keywords().find(|(name, ..)| *name == keyword)?;
    Some(match kind {
        Kind::Lower(Measure::Number) | Kind::Upper(Measure::Number) if exclusive => {
            ("a number, or a flag beside the bound", |value| {
                value.is_number() || value.is_boolean()
            })
        }
        Kind::Lower(Measure::Number) | Kind::Upper(Measure::Number) => {
            ("a number", Value::is_number)
        }
        Kind::Lower(_) | Kind::Upper(_) => ("a whole number from 0 on", |value| {
            as_count(value).is_some()
        }),
        Kind::MultipleOf => ("a number greater than 0", |value| {
            value.as_f64().is_some_and(|step| step > 0.0)
        }),
        Kind::Pattern => ("a string", Value::is_string),
        Kind::UniqueItems => ("`true` or `false`", Value::is_boolean),
    })
}

impl Constraint {
    /// The keyword that states it.
    pub fn keyword(&self) -> &'static str {
        let exclusive = match self {
            Self::Lower(_, bound) | Self::Upper(_, bound) => bound.exclusive,
            _ => false,
        };
        let wanted = (self.kind(), exclusive);
        let found = keywords().find(|(_, kind, outside)| (*kind, *outside) == wanted);
        found.map_or("", |(name, ..)| name)
    }
}

impl Constraints {
    /// The constraints that the members of a schema state. What is malformed states none, and neither does what every
    /// value obeys.
    pub fn read(schema: &Map<String, Value>) -> Self {
        let mut constraints = Self::default();
        for (keyword, kind, exclusive) in keywords() {
            // OpenAPI 3.0 writes an exclusive bound as a flag beside the bound.
            let flagged = |(flag, of, outside): (&str, Kind, bool)| {
                of == kind && outside && schema.get(flag) == Some(&Value::Bool(true))
            };
            let exclusive = exclusive || keywords().any(flagged);
            let value = schema.get(keyword);
            if let Some(constraint) = value.and_then(|value| read(kind, exclusive, value)) {
                // Two keywords of one kind are bounds, of which one is stricter.
                let _ = constraints.add(constraint);
            }
        }
        constraints
    }
}

fn read(kind: Kind, exclusive: bool, value: &Value) -> Option<Constraint> {
    let bound = |measure| {
        let value = match measure {
            Measure::Number => value.as_number()?.clone(),
            _ => as_count(value)?.into(),
        };
        Some(Bound { value, exclusive })
    };
    match kind {
        Kind::Lower(measure) => {
            let bound = bound(measure)?;
            let says_nothing = measure != Measure::Number && bound.count() == Some(0);
            (!says_nothing).then_some(Constraint::Lower(measure, bound))
        }
        Kind::Upper(measure) => Some(Constraint::Upper(measure, bound(measure)?)),
        Kind::MultipleOf => {
            let step = value.as_number()?;
            let is_step = step.as_f64().is_some_and(|step| step > 0.0);
            is_step.then(|| Constraint::MultipleOf(step.clone()))
        }
        Kind::Pattern => value
            .as_str()
            .map(|text| Constraint::Pattern(text.to_owned())),
        Kind::UniqueItems => (value == &Value::Bool(true)).then_some(Constraint::UniqueItems),
    }
}
