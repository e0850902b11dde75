//! Lists, lists of a fixed length, tuples.

use super::media::described;
use super::{Direction, Lowerer, Place};
use crate::ir::{Rules, Slot, TypeRef};
use crate::name::singular;
use crate::source::{ListRules, Schema};

/// The longest tuple that the runtime reads.
const LONGEST_TUPLE: usize = 8;
/// Beyond this a fixed length is a rule, not a type.
const LONGEST_ARRAY: u64 = 16;

impl Lowerer<'_> {
    pub(super) fn list(&mut self, schema: &Schema, place: &Place) -> Slot {
        let rules = &schema.list;
        let place = place.inner(singular(&place.name));
        if is_tuple(rules) {
            let slots = rules
                .prefix
                .iter()
                .map(|item| self.slot_or_null(item, &place));
            return TypeRef::Tuple(slots.collect()).into();
        }
        let item = self.item(schema, &place);
        match fixed_length(rules) {
            Some(length) if self.direction == Direction::Sent => Slot {
                ty: TypeRef::Array(Box::new(item), length),
                rules: Rules {
                    unique: rules.unique,
                    ..Rules::default()
                },
            },
            _ => Slot {
                ty: TypeRef::List(Box::new(item)),
                rules: Rules {
                    min_length: rules.min_items.filter(|least| *least > 0),
                    max_length: rules.max_items,
                    unique: rules.unique,
                    ..Rules::default()
                },
            },
        }
    }

    fn item(&mut self, schema: &Schema, place: &Place) -> Slot {
        let rules = &schema.list;
        if !rules.prefix.is_empty() {
            let keyword = match rules.prefix[0].pointer.contains("/prefixItems/") {
                true => "prefixItems",
                false => "items",
            };
            self.unchecked(schema, keyword, "the list may be shorter or longer");
            return TypeRef::Json.into();
        }
        match &rules.items {
            Some(items) => self.slot_or_null(&described(items, schema), place),
            None => TypeRef::Json.into(),
        }
    }
}

/// Only where every place must be filled and nothing may follow.
fn is_tuple(rules: &ListRules) -> bool {
    let length = rules.prefix.len() as u64;
    let closed =
        rules.max_items == Some(length) || rules.items.as_ref().is_some_and(|items| items.never);
    (1..=LONGEST_TUPLE).contains(&rules.prefix.len())
        && rules.min_items.is_some_and(|least| least >= length)
        && closed
}

fn fixed_length(rules: &ListRules) -> Option<usize> {
    let length = rules
        .max_items
        .filter(|most| rules.min_items == Some(*most))?;
    (1..=LONGEST_ARRAY)
        .contains(&length)
        .then_some(length as usize)
}
