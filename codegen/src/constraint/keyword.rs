//! The keywords of constraints: their names, and the form of their values.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::{Bound, Constraint, Constraints, Measure};
use crate::json::as_count;

/// The kind of a constraint. At most one constraint of each kind applies to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Lower(Measure),
    Upper(Measure),
    MultipleOf,
    Pattern,
    UniqueItems,
}

/// Each keyword, with the kind of constraint that it sets, and whether the bound that it sets is exclusive.
static KEYWORDS: LazyLock<Vec<(&str, Kind, bool)>> = LazyLock::new(|| {
    let bounds = Measure::ALL.into_iter().flat_map(|measure| {
        let [lower, upper] = measure.keywords();
        [
            (lower, Kind::Lower(measure), false),
            (upper, Kind::Upper(measure), false),
        ]
    });
    let others = [
        ("exclusiveMinimum", Kind::Lower(Measure::Number), true),
        ("exclusiveMaximum", Kind::Upper(Measure::Number), true),
        ("multipleOf", Kind::MultipleOf, false),
        ("pattern", Kind::Pattern, false),
        ("uniqueItems", Kind::UniqueItems, false),
    ];
    bounds.chain(others).collect()
});

fn keywords() -> impl Iterator<Item = (&'static str, Kind, bool)> {
    KEYWORDS.iter().copied()
}

/// Whether a keyword of a schema sets a constraint.
pub fn is_keyword(keyword: &str) -> bool {
    keywords().any(|(name, kind, _)| name == keyword && kind.extension().is_none())
}

impl Kind {
    /// The extension keyword, such as `x-fal`, whose value contains the keywords of the kind; `None` if they are keywords of
    /// the schema itself.
    fn extension(self) -> Option<&'static str> {
        match self {
            Self::Lower(measure) | Self::Upper(measure) => measure.extension(),
            _ => None,
        }
    }
}

/// The constraints that a member of a schema sets: each as its kind, whether its bound is exclusive, and the keyword's value.
fn set_by<'a>(
    (name, value): (&String, &'a Value),
) -> impl Iterator<Item = (Kind, bool, &'a Value)> {
    keywords().filter_map(move |(keyword, kind, exclusive)| {
        let value = match kind.extension() {
            Some(extension) if extension == name => value.get(keyword)?,
            None if keyword == name => value,
            _ => return None,
        };
        Some((kind, exclusive, value))
    })
}

/// The form that the value of a constraint's keyword should have, if the value does not have it.
pub fn malformed(keyword: &str, value: &Value) -> Option<&'static str> {
    let (_, kind, exclusive) = keywords().find(|(name, ..)| *name == keyword)?;
    if kind.extension().is_some() {
        return None;
    }
    read(kind, exclusive, value).err()
}

impl Constraint {
    /// The extension keyword, such as `x-fal`, whose value contains the constraint's keyword; `None` if that is a keyword of
    /// the schema itself.
    pub fn extension(&self) -> Option<&'static str> {
        self.kind().extension()
    }

    /// The keyword that sets the constraint.
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
    /// Reads the constraints of a schema. Malformed keywords, and keywords that every value satisfies, are left out.
    pub fn read(schema: &Map<String, Value>) -> Self {
        let mut constraints = Self::default();
        for (kind, exclusive, value) in schema.iter().flat_map(set_by) {
            // OpenAPI 3.0 writes an exclusive bound as a flag beside the bound.
            let flagged = |(flag, of, outside): (&str, Kind, bool)| {
                of == kind && outside && schema.get(flag) == Some(&Value::Bool(true))
            };
            let exclusive = exclusive || keywords().any(flagged);
            if let Ok(Some(constraint)) = read(kind, exclusive, value) {
                // Two keywords of one kind are bounds, of which one is stricter.
                let _ = constraints.add(constraint);
            }
        }
        constraints
    }
}

/// Reads a keyword's value as a constraint; `None` if every value satisfies it. The error says what the value should be.
fn read(kind: Kind, exclusive: bool, value: &Value) -> Result<Option<Constraint>, &'static str> {
    let bound = |measure| {
        let number = match measure {
            Measure::Number => value.as_number().cloned().ok_or(match exclusive {
                true => "a number, or a flag beside the bound",
                false => "a number",
            }),
            _ => as_count(value)
                .map(Into::into)
                .ok_or("a whole number from 0 on"),
        };
        number.map(|value| Bound { value, exclusive })
    };
    Ok(match kind {
        Kind::Lower(_) | Kind::Upper(_) if exclusive && value.is_boolean() => None,
        // A lower bound of 0 on a count is satisfied by every value.
        Kind::Lower(measure) => Some(Constraint::Lower(measure, bound(measure)?))
            .filter(|_| measure == Measure::Number || as_count(value) != Some(0)),
        Kind::Upper(measure) => Some(Constraint::Upper(measure, bound(measure)?)),
        Kind::MultipleOf => match value.as_number() {
            Some(step) if step.as_f64() > Some(0.0) => Some(Constraint::MultipleOf(step.clone())),
            _ => return Err("a number greater than 0"),
        },
        Kind::Pattern => {
            let pattern = value.as_str().ok_or("a string")?;
            Some(Constraint::Pattern(pattern.to_owned()))
        }
        Kind::UniqueItems => {
            let unique = value.as_bool().ok_or("`true` or `false`")?;
            unique.then_some(Constraint::UniqueItems)
        }
    })
}
