//! References, components, and components that contain themselves.

use super::discriminators::ConstantKey;
use super::{Context, Direction, Lowerer};
use crate::diagnostic::Code;
use crate::ir::{ConstrainedType, NameHint, Shape, Struct, TypeDef, TypeId, TypeRef};
use crate::name::type_name;
use crate::normalize::combine;
use crate::source::{Schema, Type, last_segment};

/// The number of references inside references that are followed to find out whether two schemas are equivalent.
const LONGEST_CHAIN: usize = 16;

/// How often the components of one document are merged with keywords beside references to them. After that, references inside
/// the results are left as they are. No known document reaches the limit; without it, the schemas of a component that is an
/// alternative of itself, beside further alternatives, would multiply at every level.
const MOST_MERGED: usize = 1_000;

/// What distinguishes two lowerings of one component: the direction, the constants of a union's member, and the index
/// of the keywords beside the reference, if these restrict the component.
pub(super) type Key = (String, Direction, ConstantKey, Option<usize>);

/// How far the lowering of a component has come.
#[derive(Debug, Clone)]
pub(super) enum Progress {
    /// The component is being lowered. It has an id if a reference inside it has already referred to it.
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
            let message = format!("the target of `$ref` does not exist: {reference}");
            return self.degrade(schema, Code::DanglingReference, message);
        };
        if let Some(whole) = self.whole(schema, component) {
            return self.restricted(name, schema, &whole, context);
        }
        let context = Context {
            declared: Some(declared_name(name)),
            ..context.clone()
        };
        self.component((name, None), component, &context)
    }

    /// A reference with further keywords beside it is a schema of its own: the component with these keywords.
    fn restricted(
        &mut self,
        name: &str,
        schema: &Schema,
        whole: &Schema,
        context: &Context,
    ) -> ConstrainedType {
        let known = self.restricted.iter().position(|known| known == schema);
        let beside = known.unwrap_or_else(|| {
            self.restricted.push(schema.clone());
            self.restricted.len() - 1
        });
        self.component((name, Some(beside)), whole, context)
    }

    /// The component that a reference leads to, merged with the keywords beside the reference; `None` if these do not restrict
    /// the component, such as `type: object` beside a reference to an object.
    pub(super) fn whole(&self, schema: &Schema, component: &Schema) -> Option<Schema> {
        self.whole_at(schema, component, LONGEST_CHAIN)
    }

    fn whole_at(&self, schema: &Schema, component: &Schema, depth: usize) -> Option<Schema> {
        if !schema.restricts() {
            return None;
        }
        self.merged.set(self.merged.get() + 1);
        let mut whole = schema.clone();
        whole.reference = None;
        combine(&mut whole, component.clone(), &mut |member| {
            self.followed(member, depth)
        });
        (!self.is_same(&whole, component, depth)).then_some(whole)
    }

    /// The target of a reference with the keywords beside it; `None` if references have been followed too often.
    fn followed(&self, schema: &Schema, depth: usize) -> Option<Schema> {
        let depth = self.one_deeper(depth)?;
        let (_, component) = self.document.component(schema.reference.as_deref()?)?;
        let whole = self.whole_at(schema, component, depth);
        Some(whole.unwrap_or_else(|| component.clone()))
    }

    /// The depth that is left inside a reference, if references are still followed.
    pub(super) fn one_deeper(&self, depth: usize) -> Option<usize> {
        depth
            .checked_sub(1)
            .filter(|_| self.merged.get() < MOST_MERGED)
    }

    /// Whether a component merged with further keywords is equivalent to the component. The order of members does not matter.
    fn is_same(&self, whole: &Schema, component: &Schema, depth: usize) -> bool {
        let Some(depth) = self.one_deeper(depth) else {
            return false;
        };
        if whole.any_of.len() != component.any_of.len() {
            return false;
        }
        let mut both = whole.clone();
        both.pointer.clone_from(&component.pointer);
        both.notes.clone_from(&component.notes);
        both.nullable = component.nullable;
        if component.types.is_empty() && component.object != Default::default() {
            // A schema that declares members without a type describes an object.
            both.types.retain(|ty| *ty != Type::Object);
        }
        let members = component.object.properties.iter();
        let order: Vec<&String> = members.map(|(name, _)| name).collect();
        let position = |name: &String| order.iter().position(|known| *known == name);
        both.object
            .properties
            .sort_by_key(|(name, _)| position(name).unwrap_or(usize::MAX));
        for (one, other) in both.any_of.iter_mut().zip(&component.any_of) {
            if self.is_same_member(one, other, depth) {
                one.clone_from(other);
            }
        }
        both == *component
    }

    /// Whether two alternatives are equivalent, of which the first is a reference, perhaps with keywords beside it.
    fn is_same_member(&self, one: &Schema, other: &Schema, depth: usize) -> bool {
        let target = |schema: &Schema| schema.reference.clone();
        let reference = target(other).filter(|reference| Some(reference) == target(one).as_ref());
        let component =
            reference.and_then(|reference| Some(self.document.component(&reference)?.1));
        component.is_some_and(|component| {
            !other.restricts() && self.whole_at(one, component, depth).is_none()
        })
    }

    fn component(
        &mut self,
        (name, beside): (&str, Option<usize>),
        component: &Schema,
        context: &Context,
    ) -> ConstrainedType {
        let constants = self.constant_key(component, &context.discriminators);
        let key = (name.to_owned(), self.direction, constants, beside);
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

    /// The type of a reference to a component inside the component itself: a box around an id whose type is set later.
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
        let message = "the schema's references lead back to itself without an object in between";
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

/// The name of a component's type. A schema inside another one is named after the last segment of the pointer to it.
pub(super) fn declared_name(name: &str) -> String {
    match name.strip_prefix("#/") {
        Some(pointer) => type_name(last_segment(pointer)),
        None => type_name(name),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Context, Lowerer, MOST_MERGED};
    use crate::normalize::normalize;
    use crate::source::{Document, Source};

    /// How often components are merged with keywords beside references, in a document with a component called `Me`.
    fn merged(me: &Value) -> usize {
        let schema = json!({"$ref": "#/components/schemas/Me"});
        let body = json!({"content": {"application/json": {"schema": schema}}});
        let text = json!({
            "info": {"x-fal-metadata": {"endpointId": "acme/me"}},
            "components": {"schemas": {"Me": me}},
            "paths": {"/acme/me": {"post": {"requestBody": body}}},
        });
        let source = Source::new("me.json", text.to_string());
        let mut document = Document::read(&source).expect("a document");
        normalize(&mut document);
        let mut lowerer = Lowerer::new(&document);
        lowerer.value(&document.input, &Context::default());
        lowerer.merged.get()
    }

    #[test]
    fn a_component_that_is_an_alternative_of_itself_is_merged_a_bounded_number_of_times() {
        let me = json!({"$ref": "#/components/schemas/Me"});
        let constant = json!({"const": "object"});
        let choice = json!({"oneOf": [constant, {"type": "null"}, me]});
        for me in [
            json!({"allOf": [me, choice]}),
            json!({"allOf": [choice, me]}),
            json!({"allOf": [me, choice, {"anyOf": [me, {"type": "integer"}]}]}),
        ] {
            let merged = merged(&me);
            assert!(merged > 0, "{me}");
            // Those that were begun before the limit was reached are finished.
            assert!(merged < 2 * MOST_MERGED + 100, "{merged} for {me}");
        }
        assert_eq!(merged(&json!({"anyOf": [constant, me]})), 0);
    }
}
