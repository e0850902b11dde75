//! Lowers numbers and strings: chooses the type that holds the schema's values.

use super::{Context, Lowerer};
use crate::constraint::{Bound, Constraints, Measure};
use crate::ir::{ConstrainedType, TypeRef};
use crate::json::{Type, as_integer, integer};
use crate::source::Schema;

impl Lowerer<'_> {
    pub(super) fn integer(&mut self, schema: &Schema) -> ConstrainedType {
        let candidate = |ty| self.constrained(ty, schema);
        let is_unsigned = schema
            .constraints
            .lower(Measure::Number)
            .and_then(|bound| bound.value.as_f64())
            .is_some_and(|lowest| lowest >= 0.0);
        let signed = candidate(TypeRef::Signed);
        let unsigned = candidate(TypeRef::Unsigned);
        let default = schema.notes.default.as_ref().and_then(as_integer);
        let holds = |candidate: &ConstrainedType, lowest: i128, highest: i128| {
            holds_bounds(candidate, lowest, highest)
                && default.is_none_or(|default| (lowest..=highest).contains(&default))
        };
        let chosen = if holds(&signed, i64::MIN.into(), i64::MAX.into()) {
            signed
        } else if is_unsigned && holds(&unsigned, 0, u64::MAX.into()) {
            unsigned
        } else {
            candidate(TypeRef::BigInteger)
        };
        self.report_constraints(schema, Type::Integer);
        chosen
    }

    pub(super) fn float(&mut self, schema: &Schema) -> ConstrainedType {
        self.report_constraints(schema, Type::Number);
        self.constrained(TypeRef::Float, schema)
    }

    pub(super) fn text(&mut self, schema: &Schema, context: &Context) -> ConstrainedType {
        let ty = if self.is_media(schema, context) {
            TypeRef::Media
        } else {
            TypeRef::Text
        };
        self.report_constraints(schema, Type::String);
        self.constrained(ty, schema)
    }

    /// A type with the constraints of a schema that are about its values.
    pub(super) fn constrained(&self, ty: TypeRef, schema: &Schema) -> ConstrainedType {
        let about = |about| schema.constraints.about(about);
        ConstrainedType {
            constraints: ty.json_type().map(about).unwrap_or_default(),
            ty,
        }
    }

    /// Reports constraints that generated code does not check, and those that no value satisfies.
    pub(super) fn report_constraints(&mut self, schema: &Schema, ty: Type) {
        let constraints = schema.constraints.about(ty);
        for constraint in constraints.iter() {
            if let Some(why) = constraint.unchecked_reason(ty) {
                self.unchecked(schema, constraint.keyword(), &why);
            }
        }
        if let Some(pair) = constraints.contradiction() {
            self.empty_range(schema, pair);
        }
    }
}

/// Whether a type with values from `lowest` to `highest` can hold the bounds of a schema. Bounds may exceed the limits of the
/// type by as much as rounding to `f64` explains.
fn holds_bounds(candidate: &ConstrainedType, lowest: i128, highest: i128) -> bool {
    let rounded = |bound: &Bound| {
        let number = bound.value.as_f64();
        number.is_none_or(|number| (lowest as f64..=highest as f64).contains(&number))
    };
    let exact = |bound: &Bound| {
        let number = integer(&bound.value);
        number.is_none_or(|number| (lowest..=highest).contains(&number))
    };
    let ends = |constraints: &Constraints, holds: &dyn Fn(&Bound) -> bool| {
        let ends = [
            constraints.lower(Measure::Number),
            constraints.upper(Measure::Number),
        ];
        ends.into_iter().flatten().all(holds)
    };
    ends(&candidate.constraints, &rounded) && ends(&candidate.effective(), &exact)
}
