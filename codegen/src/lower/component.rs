//! References, components, and components that contain themselves.

use super::discriminators::ConstantKey;
use super::{Context, Direction, Lowerer};
use crate::diagnostic::Code;
use crate::ir::{ConstrainedType, NameHint, Shape, Struct, TypeDef, TypeId, TypeRef};
use crate::name::type_name;
use crate::normalize::merge;
use crate::source::Schema;

/// What distinguishes two lowerings of one component.
pub(super) type Key = (String, Direction, ConstantKey);

/// How far the lowering of a component has come.
#[derive(Debug, Clone)]
pub(super) enum Progress {
    /// The component is being lowered. Its id is there once a reference inside it has referred to it.
    Begun(Option<TypeId>),
    /// The component is lowered.
    Done(Box<ConstrainedType>),
}

impl Lowerer<'_> {
    pub(super) fn reference(
        &mut self,
        reference: &str,
        schema: &Schema,
        context: &Context,
    ) -> ConstrainedType {
        let document = self.document;
        let Some((name, component)) = document.component(reference) else {
            let message = format!("`$ref` leads nowhere: {reference}");
            return self.degrade(schema, Code::DanglingReference, message);
        };
        if schema.restricts() && !is_redundant(schema, component) {
            if !self.restricted.iter().any(|outer| outer == name) {
                return self.restricted(name, schema, component, context);
            }
            // Inside itself such a schema would be unrolled for ever.
            self.unchecked(
                schema,
                "$ref",
                "the schema contains itself with further rules",
            );
        }
        let context = Context {
            declared: Some(type_name(name)),
            ..context.clone()
        };
        self.component(name, component, &context)
    }

    /// A reference with further keywords beside it is a schema of its own: the component with these keywords.
    fn restricted(
        &mut self,
        name: &str,
        schema: &Schema,
        component: &Schema,
        context: &Context,
    ) -> ConstrainedType {
        let mut whole = schema.clone();
        whole.reference = None;
        merge(&mut whole, component.clone());
        self.restricted.push(name.to_owned());
        let value = self.value(&whole, context);
        self.restricted.pop();
        value
    }

    fn component(&mut self, name: &str, component: &Schema, context: &Context) -> ConstrainedType {
        let constants = self.constant_key(component, &context.discriminators);
        let key = (name.to_owned(), self.direction, constants);
        match self.components.get(&key).cloned() {
            Some(Progress::Done(value)) => *value,
            Some(Progress::Begun(met)) => self.recursive_reference(key, met, component, context),
            None => {
                self.components.insert(key.clone(), Progress::Begun(None));
                let value = self.value(component, context);
                self.finish(key, value, component)
            }
        }
    }

    /// A reference to a component inside itself is a box around an id whose type is filled in later.
    fn recursive_reference(
        &mut self,
        key: Key,
        met: Option<TypeId>,
        component: &Schema,
        context: &Context,
    ) -> ConstrainedType {
        let id = met.unwrap_or_else(|| {
            let empty = Shape::Struct(Struct::default());
            self.add(empty, component, context)
        });
        self.components.insert(key, Progress::Begun(Some(id)));
        TypeRef::Boxed(id).into()
    }

    fn finish(&mut self, key: Key, value: ConstrainedType, component: &Schema) -> ConstrainedType {
        let value = match self.components.get(&key) {
            Some(Progress::Begun(Some(id))) => self.close_cycle(*id, value, component),
            _ => value,
        };
        self.components
            .insert(key, Progress::Done(Box::new(value.clone())));
        value
    }

    /// Moves the finished type to the id that references inside it have.
    fn close_cycle(
        &mut self,
        id: TypeId,
        value: ConstrainedType,
        component: &Schema,
    ) -> ConstrainedType {
        if let TypeRef::Named(finished) = value.ty
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
            object.additional_properties = Some(Box::new(TypeRef::Json.into()));
        }
        let message = "the schema refers to itself without an object between";
        self.degrade(component, Code::ReferenceCycle, message)
    }

    /// Whether a type is an alternative of a union, directly or through further unions. Reading a value as a union that
    /// is its own alternative would never end.
    fn is_alternative(&self, id: TypeId, union: TypeId) -> bool {
        let Shape::Union(shapes) = &self.store.get(union).shape else {
            return false;
        };
        shapes
            .variants
            .iter()
            .any(|variant| match variant.value.ty {
                TypeRef::Named(inner) | TypeRef::Boxed(inner) => {
                    inner == id || self.is_alternative(id, inner)
                }
                _ => false,
            })
    }
}

/// Whether the keywords beside a reference say no more than the component, such as `type: object` beside a reference to
/// an object.
fn is_redundant(beside: &Schema, component: &Schema) -> bool {
    let mut both = beside.clone();
    both.reference = None;
    merge(&mut both, component.clone());
    both.pointer.clone_from(&component.pointer);
    both.notes.clone_from(&component.notes);
    both.nullable = component.nullable;
    both == *component
}
