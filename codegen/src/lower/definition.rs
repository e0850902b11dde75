//! Each type as a JSON Schema, from the normalised schema that it was lowered from.
//!
//! What is written in place and has a type of its own is referred to; what is said
//! about it there stays there.

use super::component::says_the_same;
use super::keywords::{Members, keywords, notes, or_null};
use super::{Lowerer, MOST};
use crate::ir::{Definition, Literal, NameHint, TypeId};
use crate::normalize::merge;
use crate::source::{Annotations, Schema};

/// References inside references that are written out before it is given up.
const DEEPEST: usize = 64;

impl Lowerer<'_> {
    /// Writes the definitions of all types, once all are there.
    pub(super) fn define(&mut self) {
        let mut left = MOST;
        for index in 0..self.store.len() {
            let id = TypeId(index);
            let mut writer = Writer::new(self, id, left);
            let definition = writer.definition(id);
            left = writer.left;
            self.store.get_mut(id).definition = definition;
        }
    }
}

/// Writes the definition of one type.
pub(super) struct Writer<'a> {
    lowerer: &'a Lowerer<'a>,
    /// The types that it can refer to.
    contained: Vec<TypeId>,
    references: Vec<TypeId>,
    /// The components that are being written out.
    chain: Vec<String>,
    /// How many more schemas of the document are written. Past that, what is said for
    /// people is: such a document was reported when its types were made.
    left: usize,
}

impl<'a> Writer<'a> {
    fn new(lowerer: &'a Lowerer<'a>, id: TypeId, left: usize) -> Self {
        let mut contained = Vec::new();
        for slot in lowerer.store.get(id).shape.slots() {
            slot.ty.for_each_id(&mut |id| contained.push(id));
        }
        Self {
            lowerer,
            contained,
            references: Vec::new(),
            chain: Vec::new(),
            left,
        }
    }

    fn definition(&mut self, id: TypeId) -> Definition {
        let Some(schema) = self.lowerer.schemas.get(id.0) else {
            return Definition::default();
        };
        let mut schema = schema.clone();
        self.follow(&mut schema);
        if self.is_in_place(id) {
            schema.notes = Annotations::default();
            schema.nullable = false;
        }
        Definition {
            schema: self.written(&schema),
            references: std::mem::take(&mut self.references),
        }
    }

    /// Whether the type is written where it is used, so that what is said about it is
    /// said there.
    fn is_in_place(&self, id: TypeId) -> bool {
        matches!(self.lowerer.store.get(id).hint, NameHint::Derived { .. })
    }

    /// A schema inside the definition.
    pub(super) fn inner(&mut self, schema: &Schema) -> Literal {
        if self.left == 0 {
            return Literal::Object(notes(&schema.notes, Vec::new()));
        }
        self.left -= 1;
        let Some(reference) = schema.reference.as_deref() else {
            return self.in_place(schema);
        };
        let Some((name, component)) = self.lowerer.document.component(reference) else {
            return self.written(schema);
        };
        let is_plain = !schema.restricts() || says_the_same(schema, component);
        let cycle = self.chain.len() >= DEEPEST || self.chain.iter().any(|outer| outer == name);
        if is_plain || cycle {
            if let Some(id) = self.type_of(component) {
                let beside = match is_plain {
                    true => Vec::new(),
                    false => keywords(schema, self),
                };
                return self.reference(id, schema, beside);
            }
            if cycle {
                return Literal::Object(notes(&schema.notes, Vec::new()));
            }
        }
        let mut whole = schema.clone();
        whole.reference = None;
        merge(&mut whole, component.clone());
        self.chain.push(name.to_owned());
        let written = self.inner(&whole);
        self.chain.pop();
        written
    }

    fn in_place(&mut self, schema: &Schema) -> Literal {
        match self.type_of(schema) {
            Some(id) if self.is_in_place(id) => self.reference(id, schema, Vec::new()),
            _ => self.written(schema),
        }
    }

    /// The type that was made of a schema.
    fn type_of(&self, schema: &Schema) -> Option<TypeId> {
        let made_of = |id: &&TypeId| {
            let known = self.lowerer.schemas.get(id.0);
            known
                .is_some_and(|known| known.pointer == schema.pointer && bare(known) == bare(schema))
        };
        self.contained.iter().find(made_of).copied()
    }

    /// A type, the rules beside it, and what is said about it at `schema`.
    fn reference(&mut self, id: TypeId, schema: &Schema, beside: Members) -> Literal {
        let known = self.references.iter().position(|known| *known == id);
        let place = known.unwrap_or(self.references.len());
        if known.is_none() {
            self.references.push(id);
        }
        let mut reference = vec![("$ref".to_owned(), Literal::Integer(place as i128))];
        reference.extend(beside);
        let body = match schema.nullable {
            true => or_null(reference),
            false => reference,
        };
        Literal::Object(notes(&schema.notes, body))
    }

    /// A schema, keyword by keyword.
    fn written(&mut self, schema: &Schema) -> Literal {
        let body = keywords(schema, self);
        let body = match schema.nullable {
            true => or_null(body),
            false => body,
        };
        Literal::Object(notes(&schema.notes, body))
    }

    /// A root can be a reference to a reference; the definition is what it leads to.
    fn follow(&self, schema: &mut Schema) {
        for _ in 0..DEEPEST {
            let Some(reference) = schema.reference.take() else {
                return;
            };
            if let Some((_, component)) = self.lowerer.document.component(&reference) {
                merge(schema, component.clone());
            }
        }
    }
}

/// The schema without what is said about the place where it stands.
fn bare(schema: &Schema) -> Schema {
    Schema {
        notes: Annotations::default(),
        nullable: false,
        ..schema.clone()
    }
}
