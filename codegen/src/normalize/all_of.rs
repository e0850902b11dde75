//! `allOf` of several schemas becomes one schema that demands all of it.

use std::collections::BTreeMap;

use super::merge::merge;
use crate::source::Schema;

/// Schemas that are merged into one, those of `allOf` inside `allOf` included,
/// before a cycle is assumed.
const MOST: usize = 64;

pub(super) fn pass(schema: &mut Schema, components: &BTreeMap<String, Schema>) {
    let mut merged = 0;
    while !schema.all_of.is_empty() {
        for member in std::mem::take(&mut schema.all_of) {
            merged += 1;
            if merged > MOST {
                schema.all_of.clear();
                schema.unchecked.push("allOf".to_owned());
                return;
            }
            match inline(&member, components) {
                Some(inlined) => merge(schema, inlined),
                None => merge(schema, member),
            }
        }
    }
}

/// The component that a member of `allOf` refers to, with the member's own
/// keywords; `None` for what refers to nothing that is there.
fn inline(member: &Schema, components: &BTreeMap<String, Schema>) -> Option<Schema> {
    let mut whole = member.clone();
    for _ in 0..MOST {
        let Some(reference) = whole.reference.take() else {
            return Some(whole);
        };
        let name = reference.strip_prefix("#/components/schemas/")?;
        merge(&mut whole, components.get(name)?.clone());
    }
    None
}
