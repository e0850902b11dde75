//! Goes through an endpoint on both sides at the same time.

use std::collections::HashMap;

use super::change::{Change, Direction};
use super::kind::Kind;
use super::places::{self, Meeting, Pair};
use super::position::Position;
use super::verdict::verdict;
use super::{endpoint, shared};
use crate::catalog::Catalog;
use crate::emit::Signatures;
use crate::ir::{ConstrainedType, Endpoint, Shape, TypeDef, TypeId, TypeRef};

/// One side of a comparison.
pub(super) struct Side<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) signatures: Signatures<'a>,
}

impl<'a> Side<'a> {
    fn new(catalog: &'a Catalog, index: usize) -> Self {
        let endpoint = &catalog.endpoints[index];
        Self {
            endpoint,
            signatures: Signatures::new(endpoint, &catalog.names[index]),
        }
    }

    pub(super) fn def(&self, id: TypeId) -> &'a TypeDef {
        self.endpoint.types.get(id)
    }
}

/// The state of a comparison.
pub(super) struct Walk<'a> {
    pub(super) old: Side<'a>,
    pub(super) new: Side<'a>,
    /// Pairs of types that were compared, or are being compared.
    pub(super) pairs: Vec<Pair>,
    /// The index of each pair. A pair that is both sent and received is compared once for each direction, because the classes
    /// differ.
    seen: HashMap<(TypeId, TypeId, Direction), usize>,
    /// The pair that is being compared.
    within: Option<usize>,
    pub(super) changes: Vec<Change>,
    /// The pair that each change belongs to.
    owners: Vec<Option<usize>>,
}

/// Compares an endpoint of one catalog with the same one of another.
pub(super) fn endpoint(
    old: &Catalog,
    old_index: usize,
    new: &Catalog,
    new_index: usize,
) -> Vec<Change> {
    let mut walk = Walk {
        old: Side::new(old, old_index),
        new: Side::new(new, new_index),
        pairs: Vec::new(),
        seen: HashMap::new(),
        within: None,
        changes: endpoint::compare((old, old_index), (new, new_index)),
        owners: Vec::new(),
    };
    walk.owners = vec![None; walk.changes.len()];
    walk.root(
        Direction::Input,
        &TypeRef::Named(walk.old.endpoint.input),
        &TypeRef::Named(walk.new.endpoint.input),
    );
    walk.root(
        Direction::Output,
        &walk.old.endpoint.output,
        &walk.new.endpoint.output,
    );
    let pairs = std::mem::take(&mut walk.pairs);
    places::name_all(&mut walk.changes, &walk.owners, &pairs);
    if let Some(lost) = shared::lost(&pairs, (old, old_index), (new, new_index)) {
        let change = walk.report(Kind::TypeUnshared, lost.position);
        change.before = Some(lost.before);
        change.after = Some(lost.after);
    }
    walk.changes
}

impl<'a> Walk<'a> {
    fn root(&mut self, direction: Direction, old: &TypeRef, new: &TypeRef) {
        let pointer = |side: &Side<'_>, ty: &TypeRef| match ty {
            TypeRef::Named(id) => side.def(*id).pointer.clone(),
            _ => String::new(),
        };
        let position = Position {
            direction,
            path: String::new(),
            old: pointer(&self.old, old),
            new: pointer(&self.new, new),
        };
        self.value(&old.clone().into(), &new.clone().into(), &position);
    }

    /// Records a change with the classes of its kind, which the caller can override.
    pub(super) fn report(&mut self, kind: Kind, at: &Position) -> &mut Change {
        let gone = matches!(kind, Kind::PropertyRemoved | Kind::ConstantRemoved);
        let verdict = verdict(kind, Some(at.direction));
        let index = self.changes.len();
        self.owners.push(self.within);
        self.changes.push(Change {
            endpoint: self.new.endpoint.id.clone(),
            direction: Some(at.direction),
            path: at.path.clone(),
            further_paths: Vec::new(),
            pointer: if gone { at.old.clone() } else { at.new.clone() },
            kind,
            rust: verdict.rust,
            wire: verdict.wire,
            before: None,
            after: None,
            reason: verdict.reason.to_owned(),
        });
        &mut self.changes[index]
    }

    /// Records a change as [`report`](Self::report) does, with the old and the new state.
    pub(super) fn report_values(
        &mut self,
        kind: Kind,
        at: &Position,
        before: Option<String>,
        after: Option<String>,
    ) -> &mut Change {
        let change = self.report(kind, at);
        change.before = before;
        change.after = after;
        change
    }

    /// Compares two values: their types, what is inside them, and their constraints.
    pub(super) fn value(&mut self, old: &ConstrainedType, new: &ConstrainedType, at: &Position) {
        match (&old.ty, &new.ty) {
            (TypeRef::Option(old), TypeRef::Option(new)) => self.value(old, new, at),
            (TypeRef::Option(inner), _) => {
                self.report(Kind::BecameNonNullable, at);
                self.value(inner, new, at);
            }
            (_, TypeRef::Option(inner)) => {
                self.report(Kind::BecameNullable, at);
                self.value(old, inner, at);
            }
            (TypeRef::List(old_item), TypeRef::List(new_item))
            | (TypeRef::Map(old_item), TypeRef::Map(new_item)) => {
                self.rules(old, new, at);
                self.value(old_item, new_item, &at.each());
            }
            (TypeRef::Array(old_item, old_length), TypeRef::Array(new_item, new_length))
                if old_length == new_length =>
            {
                self.rules(old, new, at);
                self.value(old_item, new_item, &at.each());
            }
            (TypeRef::Tuple(old), TypeRef::Tuple(new)) if old.len() == new.len() => {
                for (index, (old, new)) in old.iter().zip(new).enumerate() {
                    self.value(old, new, &at.item(index));
                }
            }
            (TypeRef::Named(a) | TypeRef::Boxed(a), TypeRef::Named(b) | TypeRef::Boxed(b))
                if self.same_sort(*a, *b) =>
            {
                self.types(*a, *b, at);
            }
            _ => self.plain(old, new, at),
        }
    }

    /// Whether two types are both structs, both enums of one kind, or both unions.
    pub(super) fn same_sort(&self, old: TypeId, new: TypeId) -> bool {
        match (&self.old.def(old).shape, &self.new.def(new).shape) {
            (Shape::Enum(old), Shape::Enum(new)) => old.kind == new.kind,
            (old, new) => std::mem::discriminant(old) == std::mem::discriminant(new),
        }
    }

    /// Compares two types of one sort, unless they were already compared in this direction.
    pub(super) fn types(&mut self, old: TypeId, new: TypeId, at: &Position) {
        let meeting = self.meeting(at);
        let key = (old, new, at.direction);
        if let Some(known) = self.seen.get(&key) {
            self.pairs[*known].meetings.push(meeting);
            return;
        }
        let (was, is) = (self.old.def(old), self.new.def(new));
        let at = at.at(&was.pointer, &is.pointer);
        let is_new = !self
            .pairs
            .iter()
            .any(|pair| (pair.old, pair.new) == (old, new));
        let index = self.pairs.len();
        self.seen.insert(key, index);
        self.pairs.push(Pair {
            old,
            new,
            position: at.clone(),
            meetings: vec![meeting],
        });
        let outer = self.within.replace(index);
        if is_new {
            self.type_name(old, new, &at);
        }
        self.type_docs(was, is, &at);
        match (&was.shape, &is.shape) {
            (Shape::Struct(a), Shape::Struct(b)) => self.structs((old, a), (new, b), &at),
            (Shape::Enum(a), Shape::Enum(b)) => {
                self.enums(a, b, &at);
                self.openness(was, is, &at);
            }
            (Shape::Union(a), Shape::Union(b)) => self.unions(a, b, &at),
            _ => {}
        }
        self.within = outer;
    }

    fn type_name(&mut self, old: TypeId, new: TypeId, at: &Position) {
        let (before, after) = (self.old.signatures.name(old), self.new.signatures.name(new));
        if before != after {
            let (before, after) = (before.to_owned(), after.to_owned());
            self.report_values(Kind::TypeRenamed, at, Some(before), Some(after));
        }
    }

    /// The use of a pair at this position: the pair that is being compared, and the path from there.
    fn meeting(&self, at: &Position) -> Meeting {
        let outer = self.within.map(|index| &self.pairs[index].position.path);
        let start = outer.map_or(0, String::len);
        Meeting {
            within: self.within,
            path: at.path.get(start..).unwrap_or_default().to_owned(),
        }
    }

    /// Whether a type was compared with one of another name.
    pub(super) fn is_renamed(&self, old: TypeId) -> bool {
        let mut pairs = self.pairs.iter().filter(|pair| pair.old == old);
        pairs.any(|pair| self.old.signatures.name(pair.old) != self.new.signatures.name(pair.new))
    }
}
