//! References, components, and components that contain themselves.

use super::tags::{Fixed, Tags};
use super::{Direction, Lowerer, Place};
use crate::diagnostic::Code;
use crate::ir::{ConstrainedType, NameHint, Shape, Struct, TypeDef, TypeId, TypeRef};
use crate::name::type_name;
use crate::normalize::merge;
use crate::source::Schema;

/// What tells two lowerings of one component apart.
pub(super) type Key = (String, Direction, Fixed);

/// How far a component is.
#[derive(Debug, Clone)]
pub(super) enum Progress {
    /// It is being lowered; the id is there once it has met itself.
    Begun(Option<TypeId>),
    /// It is done.
    Done(Box<ConstrainedType>),
}

impl Lowerer<'_> {
    pub(super) fn reference(
        &mut self,
        reference: &str,
        schema: &Schema,
        place: &Place,
    ) -> ConstrainedType {
        let document = self.document;
        let Some((name, component)) = document.component(reference) else {
            let message = format!("`$ref` leads nowhere: {reference}");
            return self.degrade(schema, Code::DanglingReference, message);
        };
        if schema.restricts() && !says_the_same(schema, component) {
            if !self.restricted.iter().any(|outer| outer == name) {
                return self.restricted(name, schema, component, place);
            }
            // Inside itself such a schema would be unrolled for ever.
            self.unchecked(
                schema,
                "$ref",
                "the schema contains itself with further rules",
            );
        }
        let place = Place {
            declared: Some(type_name(name)),
            ..place.clone()
        };
        self.component(name, component, &place)
    }

    /// A reference with rules beside it is a schema of its own.
    fn restricted(
        &mut self,
        name: &str,
        schema: &Schema,
        component: &Schema,
        place: &Place,
    ) -> ConstrainedType {
        let mut whole = schema.clone();
        whole.reference = None;
        merge(&mut whole, component.clone());
        self.restricted.push(name.to_owned());
        let slot = self.slot(&whole, place);
        self.restricted.pop();
        slot
    }

    fn component(&mut self, name: &str, component: &Schema, place: &Place) -> ConstrainedType {
        let tags = std::mem::take(&mut self.tags);
        let key = (
            name.to_owned(),
            self.direction,
            self.fixed(component, &tags),
        );
        match self.components.get(&key).cloned() {
            Some(Progress::Done(slot)) => *slot,
            Some(Progress::Begun(met)) => self.met_itself(key, met, component, place),
            None => {
                self.components.insert(key.clone(), Progress::Begun(None));
                self.tags = tags;
                let slot = self.slot(component, place);
                self.tags = Tags::default();
                self.finish(key, slot, component)
            }
        }
    }

    /// A component that contains itself: the inner use is a box around an id
    /// that is filled in later.
    fn met_itself(
        &mut self,
        key: Key,
        met: Option<TypeId>,
        component: &Schema,
        place: &Place,
    ) -> ConstrainedType {
        let id = met.unwrap_or_else(|| {
            let empty = Shape::Struct(Struct::default());
            self.add(empty, component, place)
        });
        self.components.insert(key, Progress::Begun(Some(id)));
        TypeRef::Boxed(id).into()
    }

    fn finish(&mut self, key: Key, slot: ConstrainedType, component: &Schema) -> ConstrainedType {
        let slot = match self.components.get(&key) {
            Some(Progress::Begun(Some(id))) => self.close_cycle(*id, slot, component),
            _ => slot,
        };
        self.components
            .insert(key, Progress::Done(Box::new(slot.clone())));
        slot
    }

    /// Moves the finished type to the id under which it met itself.
    fn close_cycle(
        &mut self,
        id: TypeId,
        slot: ConstrainedType,
        component: &Schema,
    ) -> ConstrainedType {
        if let TypeRef::Named(finished) = slot.ty
            && !self.is_alternative(id, finished)
        {
            let finished: TypeDef = self.store.get(finished).clone();
            *self.store.get_mut(id) = TypeDef {
                recursive: true,
                ..finished
            };
            return TypeRef::Named(id).into();
        }
        let def = self.store.get_mut(id);
        def.hint = NameHint::Derived {
            parent: String::new(),
            name: "Anything".to_owned(),
        };
        def.recursive = true;
        if let Shape::Struct(object) = &mut def.shape {
            object.rest = Some(Box::new(TypeRef::Json.into()));
        }
        let message = "the schema refers to itself without an object between";
        self.degrade(component, Code::ReferenceCycle, message)
    }

    /// Whether a type is an alternative of a union, itself or by way of unions:
    /// reading a value as such a union would never end.
    fn is_alternative(&self, id: TypeId, union: TypeId) -> bool {
        let Shape::Union(shapes) = &self.store.get(union).shape else {
            return false;
        };
        shapes.variants.iter().any(|variant| match variant.slot.ty {
            TypeRef::Named(inner) | TypeRef::Boxed(inner) => {
                inner == id || self.is_alternative(id, inner)
            }
            _ => false,
        })
    }
}

/// Whether the rules beside a reference are those of the component already, such
/// as `type: object` beside a reference to an object.
pub(super) fn says_the_same(beside: &Schema, component: &Schema) -> bool {
    let mut both = beside.clone();
    both.reference = None;
    merge(&mut both, component.clone());
    both.pointer.clone_from(&component.pointer);
    both.notes.clone_from(&component.notes);
    both.nullable = component.nullable;
    both == *component
}
