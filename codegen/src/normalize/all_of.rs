//! The pass that merges `allOf`: several schemas become one schema with the restrictions of all of them.

use std::collections::BTreeMap;

use super::merge::{follow_alternatives, merge};
use crate::source::{Document, Schema, component};

/// The number of references inside references that are followed before a cycle is assumed. A component can contain itself in
/// another member of an `allOf`.
const LONGEST_CHAIN: usize = 32;
/// The most schemas that are copied into others. Components that contain each other through `allOf` double at every
/// level.
const MOST_COPIES: usize = 20_000;

/// Merges every `allOf` of a document.
pub(super) fn pass(document: &mut Document) {
    let mut has_any = false;
    super::for_each_root(document, |schema| has_any = has_any || has_all_of(schema));
    if !has_any {
        return;
    }
    let mut merger = Merger {
        raw: document.components.clone(),
        merged: BTreeMap::new(),
        depth: 0,
        copies: 0,
    };
    super::for_each_root(document, |schema| merger.schema(schema));
}

struct Merger {
    raw: BTreeMap<String, Schema>,
    /// Components whose own `allOf` are merged, and the number of schemas in them; `None` while a component is being merged.
    merged: BTreeMap<String, Option<(Schema, usize)>>,
    /// The number of references inside references that are being followed.
    depth: usize,
    copies: usize,
}

impl Merger {
    fn schema(&mut self, schema: &mut Schema) {
        schema.for_each_child(&mut |child| self.schema(child));
        both_choices(schema);
        let members = std::mem::take(&mut schema.all_of);
        let has_merged = !members.is_empty();
        for member in members {
            let mut member = self.inline(&member).unwrap_or(member);
            follow_alternatives(schema, &mut member, &mut |one| self.inline(one));
            merge(schema, member);
        }
        if has_merged {
            // A property that two of them declare may refer to two components.
            schema.for_each_child(&mut |child| self.unmerged(child));
        }
    }

    /// Merges each `allOf` inside a schema that merging an outer `allOf` has created.
    fn unmerged(&mut self, schema: &mut Schema) {
        schema.for_each_child(&mut |child| self.unmerged(child));
        if !schema.all_of.is_empty() {
            self.depth += 1;
            self.schema(schema);
            self.depth -= 1;
        }
    }

    /// The component that a member of `allOf` refers to, with the member's own keywords; `None` if there is no such component,
    /// or if it contains itself.
    fn inline(&mut self, member: &Schema) -> Option<Schema> {
        let mut whole = member.clone();
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = whole.reference.take() else {
                return Some(whole);
            };
            let (name, _) = component(&self.raw, &reference)?;
            let name = name.clone();
            merge(&mut whole, self.component(&name)?);
        }
        None
    }

    fn component(&mut self, name: &str) -> Option<Schema> {
        if let Some(known) = self.merged.get(name) {
            let (schema, size) = known.as_ref()?;
            if self.depth >= LONGEST_CHAIN || self.copies + size > MOST_COPIES {
                return None;
            }
            self.copies += size;
            return Some(schema.clone());
        }
        let mut schema = self.raw.get(name)?.clone();
        if self.depth >= LONGEST_CHAIN {
            return None;
        }
        self.merged.insert(name.to_owned(), None);
        self.depth += 1;
        self.schema(&mut schema);
        self.depth -= 1;
        let size = count(&mut schema);
        self.merged
            .insert(name.to_owned(), Some((schema.clone(), size)));
        Some(schema)
    }
}

/// Whether a schema contains an `allOf`, or both `anyOf` and `oneOf`, which are merged in the same way.
fn has_all_of(schema: &mut Schema) -> bool {
    let mut has_any = !schema.all_of.is_empty() || has_both_choices(schema);
    schema.for_each_child(&mut |child| has_any = has_any || has_all_of(child));
    has_any
}

fn has_both_choices(schema: &Schema) -> bool {
    !schema.any_of.is_empty() && !schema.one_of.is_empty()
}

/// Makes `anyOf` and `oneOf` of one schema an `allOf`, because a value must satisfy both.
fn both_choices(schema: &mut Schema) {
    if has_both_choices(schema) {
        schema.all_of.push(Schema {
            one_of: std::mem::take(&mut schema.one_of),
            ..Schema::unspecified(schema.pointer.clone())
        });
    }
}

/// The number of schemas in a schema, itself included.
fn count(schema: &mut Schema) -> usize {
    let mut all = 1;
    schema.for_each_child(&mut |child| all += count(child));
    all
}
