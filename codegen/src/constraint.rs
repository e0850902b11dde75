//! Constraints: the keywords of JSON Schema that limit a value of one type.
//!
//! This module has everything about these keywords: their names and the form of their values (`keyword`), how two
//! constraints apply together, which of two is stricter, whether a value satisfies one, its sentence in the documentation
//! (`sentence`), its form in JSON Schema, and the call that checks it in generated code (`check`). `measure` has what
//! differs between pairs of bounds, such as `minLength` and `maxLength`. All other modules treat constraints by loops over
//! [`Constraints`].

mod bound;
mod check;
mod keyword;
mod measure;
mod sentence;

pub use bound::Bound;
pub use check::Argument;
pub use keyword::{is_keyword, malformed};
pub use measure::Measure;

use std::cmp::Ordering;
use std::fmt;

use serde_json::{Number, Value};

use crate::json::{self, Type};
use crate::text::shorten;
use keyword::Kind;

/// A limit on the values of one type. Values of other types satisfy it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Constraint {
    /// A lower bound: `minimum`, `exclusiveMinimum`, `minLength` …
    Lower(Measure, Bound),
    /// An upper bound: `maximum`, `exclusiveMaximum`, `maxLength` …
    Upper(Measure, Bound),
    /// `multipleOf`: the number is a multiple of this one.
    MultipleOf(Number),
    /// `pattern`: the string matches this regular expression.
    Pattern(String),
    /// `uniqueItems`: no two items of the list are equal.
    UniqueItems,
}

impl Constraint {
    fn kind(&self) -> Kind {
        match self {
            Self::Lower(measure, _) => Kind::Lower(*measure),
            Self::Upper(measure, _) => Kind::Upper(*measure),
            Self::MultipleOf(_) => Kind::MultipleOf,
            Self::Pattern(_) => Kind::Pattern,
            Self::UniqueItems => Kind::UniqueItems,
        }
    }

    /// Whether values of a type can break the constraint.
    pub fn is_about(&self, ty: Type) -> bool {
        let own = match self {
            Self::Lower(measure, _) | Self::Upper(measure, _) => measure.ty(),
            Self::MultipleOf(_) => Type::Number,
            Self::Pattern(_) => Type::String,
            Self::UniqueItems => Type::Array,
        };
        own == ty || own == Type::Number && ty == Type::Integer
    }

    /// Whether a value satisfies the constraint.
    pub fn is_obeyed_by(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Lower(measure, low), value) => {
                let refused = |number| low.excludes(&Bound::inclusive(number));
                !measure.of(value).is_some_and(refused)
            }
            (Self::Upper(measure, high), value) => {
                let refused = |number| Bound::inclusive(number).excludes(high);
                !measure.of(value).is_some_and(refused)
            }
            (Self::MultipleOf(step), Value::Number(number)) => is_multiple(number, step),
            // A pattern that is not a valid regular expression accepts every string.
            (Self::Pattern(pattern), Value::String(text)) => {
                regex_lite::Regex::new(pattern).map_or(true, |pattern| pattern.is_match(text))
            }
            (Self::UniqueItems, Value::Array(items)) => {
                let repeats =
                    |(index, item)| items[..index].iter().any(|one| json::is_same(one, item));
                !items.iter().enumerate().any(repeats)
            }
            _ => true,
        }
    }

    /// Which of two constraints of one kind is stricter: `Greater` if this one is. `None` if each refuses values that the
    /// other accepts, or if that cannot be decided.
    pub fn strictness(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Lower(_, one), Self::Lower(_, other)) => Some(one.compare_lower(other)),
            (Self::Upper(_, one), Self::Upper(_, other)) => {
                Some(one.compare_upper(other).reverse())
            }
            (Self::MultipleOf(one), Self::MultipleOf(other)) => {
                match (is_multiple(one, other), is_multiple(other, one)) {
                    (true, true) => Some(Ordering::Equal),
                    (true, false) => Some(Ordering::Greater),
                    (false, true) => Some(Ordering::Less),
                    (false, false) => None,
                }
            }
            (one, other) => (one == other).then_some(Ordering::Equal),
        }
    }

    /// Why generated code cannot check the constraint, if it cannot.
    pub fn unchecked_reason(&self, ty: Type) -> Option<String> {
        match self {
            Self::Pattern(pattern) if regex_lite::Regex::new(pattern).is_err() => Some(format!(
                "`{}` is not a regular expression that Rust's engines accept",
                shorten(pattern, 80)
            )),
            Self::MultipleOf(step) if ty == Type::Integer && json::integer(step).is_none() => Some(
                format!("the type is an integer, but {step} is not a whole number"),
            ),
            _ => None,
        }
    }

    /// The value of the constraint's keyword in JSON Schema.
    pub fn value(&self) -> Value {
        match self {
            Self::Lower(_, bound) | Self::Upper(_, bound) => bound.value.clone().into(),
            Self::MultipleOf(step) => step.clone().into(),
            Self::Pattern(pattern) => pattern.as_str().into(),
            Self::UniqueItems => true.into(),
        }
    }
}

/// The keyword and its value, such as `maxLength 5`.
impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pattern(pattern) => write!(f, "{} {pattern}", self.keyword()),
            _ => write!(f, "{} {}", self.keyword(), self.value()),
        }
    }
}

/// Steps such as `0.1` have no exact binary form, so the quotient is compared with its nearest whole number.
fn is_multiple(number: &Number, step: &Number) -> bool {
    if let (Some(number), Some(step)) = (json::integer(number), json::integer(step)) {
        return number.checked_rem(step).is_none_or(|rest| rest == 0);
    }
    let (Some(number), Some(step)) = (number.as_f64(), step.as_f64()) else {
        return true;
    };
    let quotient = number / step;
    step == 0.0 || (quotient - quotient.round()).abs() <= 1e-9 * quotient.abs().max(1.0)
}

/// Constraints that apply together: at most one of a kind, in a fixed order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Constraints(Vec<Constraint>);

impl Constraints {
    /// The constraints in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Constraint> {
        self.0.iter()
    }

    /// Whether every value satisfies the constraints, because there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The constraints that values of a type can break.
    pub fn about(&self, ty: Type) -> Self {
        self.filter(|constraint| constraint.is_about(ty))
    }

    /// The constraints for which `keep` returns true.
    pub fn filter(&self, keep: impl FnMut(&&Constraint) -> bool) -> Self {
        Self(self.iter().filter(keep).cloned().collect())
    }

    /// The constraints that are in both sets.
    pub fn in_common_with(&self, other: &Self) -> Self {
        self.filter(|constraint| other.iter().any(|known| known == *constraint))
    }

    /// Whether a value satisfies all of the constraints.
    pub fn are_obeyed_by(&self, value: &Value) -> bool {
        self.iter().all(|constraint| constraint.is_obeyed_by(value))
    }

    /// The lower bound of a measure.
    pub fn lower(&self, measure: Measure) -> Option<&Bound> {
        self.bound(Kind::Lower(measure))
    }

    /// The upper bound of a measure.
    pub fn upper(&self, measure: Measure) -> Option<&Bound> {
        self.bound(Kind::Upper(measure))
    }

    fn bound(&self, kind: Kind) -> Option<&Bound> {
        match self.iter().find(|constraint| constraint.kind() == kind)? {
            Constraint::Lower(_, bound) | Constraint::Upper(_, bound) => Some(bound),
            _ => None,
        }
    }

    /// The constraint that is of the same kind as another.
    pub fn same_kind(&self, other: &Constraint) -> Option<&Constraint> {
        self.iter()
            .find(|constraint| constraint.kind() == other.kind())
    }

    /// Adds a constraint, as `allOf` does: of two constraints of one kind, the stricter one stays.
    ///
    /// # Errors
    /// If neither is stricter, the one that was there stays, and the keyword of the other is the error.
    pub fn add(&mut self, new: Constraint) -> Result<(), &'static str> {
        match self.0.binary_search_by_key(&new.kind(), Constraint::kind) {
            Err(index) => self.0.insert(index, new),
            Ok(index) => match new.strictness(&self.0[index]) {
                None => return Err(new.keyword()),
                Some(Ordering::Greater) => self.0[index] = new,
                Some(_) => {}
            },
        }
        Ok(())
    }

    /// Adds all of `others`, and returns the keywords of those that could not be kept.
    pub fn add_all(&mut self, others: Self) -> Vec<&'static str> {
        let added = others.0.into_iter().map(|constraint| self.add(constraint));
        added.filter_map(Result::err).collect()
    }

    /// The equivalent constraints on whole numbers: `> 0` becomes `>= 1`, and `>= 0.5` becomes `>= 1`.
    #[must_use]
    pub fn of_integers(&self) -> Self {
        let rounded = self.iter().map(|constraint| match constraint {
            Constraint::Lower(Measure::Number, bound) => {
                Constraint::Lower(Measure::Number, bound.to_integer(f64::ceil, 1))
            }
            Constraint::Upper(Measure::Number, bound) => {
                Constraint::Upper(Measure::Number, bound.to_integer(f64::floor, -1))
            }
            other => other.clone(),
        });
        Self(rounded.collect())
    }

    /// A lower and an upper bound that no value satisfies together, if there are such bounds.
    pub fn contradiction(&self) -> Option<[&Constraint; 2]> {
        let pairs = self
            .iter()
            .flat_map(|one| self.iter().map(move |other| [one, other]));
        pairs.into_iter().find(|pair| match pair {
            [Constraint::Lower(one, low), Constraint::Upper(other, high)] => {
                one == other && low.excludes(high)
            }
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Constraints, malformed};
    use crate::json::Type;

    fn read(schema: Value) -> Constraints {
        schema
            .as_object()
            .map(Constraints::read)
            .unwrap_or_default()
    }

    fn written(constraints: &Constraints) -> Vec<String> {
        constraints.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn of_two_constraints_the_stricter_one_stays() {
        let mut both = read(
            json!({"minimum": 1, "maximum": 9, "multipleOf": 4, "pattern": "^a", "minLength": 0}),
        );
        let left = both.add_all(read(json!({
            "exclusiveMinimum": 1.0, "maximum": 10, "multipleOf": 8, "pattern": "z$", "uniqueItems": true,
        })));
        let expected = [
            "exclusiveMinimum 1.0",
            "maximum 9",
            "multipleOf 8",
            "pattern ^a",
            "uniqueItems true",
        ];
        assert_eq!(written(&both), expected);
        assert_eq!(left, ["pattern"]);
        assert_eq!(
            both.add_all(read(json!({"multipleOf": 12}))),
            ["multipleOf"]
        );
    }

    #[test]
    fn flags_of_openapi_3_0_exclude_the_bound_beside_them() {
        let flagged = read(
            json!({"minimum": 0, "exclusiveMinimum": true, "maximum": 2, "exclusiveMaximum": false}),
        );
        assert_eq!(written(&flagged), ["exclusiveMinimum 0", "maximum 2"]);
        assert_eq!(written(&flagged.of_integers()), ["minimum 1", "maximum 2"]);
        assert_eq!(malformed("exclusiveMinimum", &json!(true)), None);
        assert_eq!(malformed("minimum", &json!(true)), Some("a number"));
        assert_eq!(
            malformed("maxProperties", &json!(-1)),
            Some("a whole number from 0 on")
        );
        assert_eq!(malformed("title", &json!(1)), None);
    }

    #[test]
    fn values_of_other_types_obey() {
        let refuses = |schema: Value, value: Value| !read(schema).are_obeyed_by(&value);
        assert!(refuses(json!({"exclusiveMaximum": 3}), json!(3.0)));
        assert!(refuses(
            json!({"maximum": 9_007_199_254_740_992_u64}),
            json!(9_007_199_254_740_993_u64)
        ));
        assert!(refuses(json!({"maxLength": 1}), json!("ab")));
        assert!(refuses(json!({"minItems": 1}), json!([])));
        assert!(refuses(json!({"maxProperties": 0}), json!({"a": 1})));
        assert!(refuses(json!({"uniqueItems": true}), json!([1, "a", 1.0])));
        assert!(!refuses(json!({"uniqueItems": true}), json!([1, "1"])));
        assert!(!refuses(json!({"multipleOf": 0.1}), json!(0.3)));
        assert!(!refuses(
            json!({"minLength": 5, "minimum": 5, "minItems": 5}),
            json!(null)
        ));
    }

    #[test]
    fn what_nothing_obeys_is_known_and_checked_end_by_end() {
        let empty = read(json!({"minItems": 5, "maxItems": 2}));
        let keywords = empty
            .contradiction()
            .map(|pair| pair.map(super::Constraint::keyword));
        assert_eq!(keywords, Some(["minItems", "maxItems"]));
        assert_eq!(empty.checks(Type::Array).len(), 2);
        assert_eq!(
            read(json!({"minItems": 2, "maxItems": 2})).contradiction(),
            None
        );
        assert!(
            read(json!({"minimum": 2, "exclusiveMaximum": 2}))
                .contradiction()
                .is_some()
        );
    }
}
