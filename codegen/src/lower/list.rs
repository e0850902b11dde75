//! Arrays: lists, lists of a fixed length, and tuples.

use super::media::described;
use super::{Context, Direction, Lowerer};
use crate::constraint::{Bound, Constraint, Measure};
use crate::ir::{ConstrainedType, TypeRef};
use crate::json::Type;
use crate::name::singular;
use crate::source::Schema;

/// The longest tuple that the runtime reads.
const LONGEST_TUPLE: usize = 8;
/// The longest list that becomes a Rust array. A longer fixed length is a constraint of a `Vec`.
const LONGEST_ARRAY: u64 = 16;

impl Lowerer<'_> {
    pub(super) fn list(&mut self, schema: &Schema, context: &Context) -> ConstrainedType {
        self.report_constraints(schema, Type::Array);
        let context = context.inner(singular(&context.name));
        if is_tuple(schema) {
            if schema
                .constraints
                .iter()
                .any(|one| *one == Constraint::UniqueItems)
            {
                self.unchecked(
                    schema,
                    "uniqueItems",
                    "the items of a tuple have types of their own",
                );
            }
            let prefix = schema.list.prefix.iter();
            let places = prefix
                .map(|item| self.value_or_null(item, &context))
                .collect();
            return self.constrained(TypeRef::Tuple(places), schema);
        }
        let item = Box::new(self.item(schema, &context));
        let ty = match fixed_length(schema) {
            Some(length) if self.direction == Direction::Sent => TypeRef::Array(item, length),
            _ => TypeRef::List(item),
        };
        self.constrained(ty, schema)
    }

    fn item(&mut self, schema: &Schema, context: &Context) -> ConstrainedType {
        let rules = &schema.list;
        if !rules.prefix.is_empty() {
            let keyword = match rules.prefix[0].pointer.contains("/prefixItems/") {
                true => "prefixItems",
                false => "items",
            };
            self.unchecked(schema, keyword, "only a list of fixed length becomes a tuple, and this one may be shorter or longer");
            return TypeRef::Json.into();
        }
        match &rules.items {
            Some(items) => self.value_or_null(&described(items, schema), context),
            None => TypeRef::Json.into(),
        }
    }
}

/// Whether a list is a tuple: each position has a schema, all positions are required, and no further items are allowed.
fn is_tuple(schema: &Schema) -> bool {
    let length = schema.list.prefix.len();
    let (least, most) = counts(schema);
    let items = schema.list.items.as_ref();
    let closed = most == Some(length as u64) || items.is_some_and(|items| items.never);
    (1..=LONGEST_TUPLE).contains(&length) && least >= Some(length as u64) && closed
}

fn fixed_length(schema: &Schema) -> Option<usize> {
    let (least, most) = counts(schema);
    let length = most.filter(|_| least == most)?;
    (1..=LONGEST_ARRAY)
        .contains(&length)
        .then_some(length as usize)
}

/// The least and the greatest number of items.
fn counts(schema: &Schema) -> (Option<u64>, Option<u64>) {
    let constraints = &schema.constraints;
    let least = constraints.lower(Measure::Items).and_then(Bound::count);
    (
        least,
        constraints.upper(Measure::Items).and_then(Bound::count),
    )
}
