//! `allOf` of several schemas becomes one schema that demands what all of them demand.

use std::collections::BTreeMap;

use super::merge::{follow_alternatives, merge};
use crate::source::{Document, Schema, component};

/// The number of references inside references that are followed before a cycle is assumed: a component may require itself in
/// what another member of an `allOf` declares.
const LONGEST_CHAIN: usize = 32;
/// The number of schemas that may be copied into others: components that require each other through `allOf` double at every
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
    /// Components whose own `allOf` are merged, and how many schemas there are in
    /// them; `None` while that is going on.
    merged: BTreeMap<String, Option<(Schema, usize)>>,
    /// How many references inside references are being followed.
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

    /// Merges what an `allOf` further up has left unmerged inside a schema.
    fn unmerged(&mut self, schema: &mut Schema) {
        schema.for_each_child(&mut |child| self.unmerged(child));
        if !schema.all_of.is_empty() {
            self.depth += 1;
            self.schema(schema);
            self.depth -= 1;
        }
    }

    /// The component that a member of `allOf` refers to, with the member's own
    /// keywords; `None` for what refers to nothing that is there, or to itself.
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

/// Whether there is an `allOf` in a schema, or what is read as one.
fn has_all_of(schema: &mut Schema) -> bool {
    let mut has_any = !schema.all_of.is_empty() || has_both_choices(schema);
    schema.for_each_child(&mut |child| has_any = has_any || has_all_of(child));
    has_any
}

fn has_both_choices(schema: &Schema) -> bool {
    !schema.any_of.is_empty() && !schema.one_of.is_empty()
}

/// A value must satisfy both `anyOf` and `oneOf` where a schema has both.
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
