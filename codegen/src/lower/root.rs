//! Lowers a document's input and output.

use std::borrow::Cow;

use super::{Context, Direction, Lowerer};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::ir::{
    ConstrainedType, Endpoint, NameHint, Shape, Struct, TypeId, TypeRef, Union, Variant,
};
use crate::json::Type;
use crate::normalize::add_notes;
use crate::source::{Annotations, Document, Schema};

/// Lowers a normalised document.
pub fn lower(document: &Document) -> (Endpoint, Vec<Diagnostic>) {
    let mut lowerer = Lowerer::new(document);
    let input = lowerer.input();
    lowerer.direction = Direction::Received;
    let output = lowerer.output();
    let endpoint = Endpoint {
        id: document.id.clone(),
        document: document.path.clone(),
        title: None,
        category: document.category.clone(),
        about: document.about.clone(),
        description: document.description.clone(),
        links: document.links.clone(),
        price: None,
        input,
        output,
        types: lowerer.store,
        fields: lowerer.fields,
    };
    (endpoint, lowerer.diagnostics)
}

impl<'a> Lowerer<'a> {
    /// The type of the input, which is always a named type, because it has the endpoint's id.
    fn input(&mut self) -> TypeId {
        let schema = self.root(&self.document.input);
        if schema.nullable {
            self.nullable_input(&schema);
        }
        let context = root_context("Input");
        let value = self.value(&schema, &context);
        let id = match value.ty {
            TypeRef::Named(id) => id,
            _ if !schema.object.properties.is_empty() => self.structure(&schema, &context),
            TypeRef::Map(values) => self.free_object(*values, &schema, &context),
            TypeRef::JsonObject | TypeRef::Json => {
                self.free_object(TypeRef::Json.into(), &schema, &context)
            }
            _ => self.only_alternative(value, &schema, &context),
        };
        self.store.get_mut(id).hint = NameHint::Root("Input");
        id
    }

    /// Reports that a document allows `null` in place of an input.
    fn nullable_input(&mut self, schema: &Schema) {
        let location = Location::new(&self.document.path, &schema.pointer);
        let message = "the schema of the input allows `null`, which has no meaning for a model";
        self.diagnostics.push(
            Diagnostic::new(Severity::Note, Code::NullInput, location, message)
                .fallback("the type of the input does not include `null`"),
        );
    }

    /// A struct that holds members of any name.
    fn free_object(
        &mut self,
        values: ConstrainedType,
        schema: &Schema,
        context: &Context,
    ) -> TypeId {
        let constraints = schema.constraints.about(Type::Object);
        for constraint in constraints.iter() {
            let why = "the members of an input are not counted";
            self.unchecked(schema, constraint.keyword(), why);
        }
        let object = Struct {
            additional_properties: Some(Box::new(values)),
            constraints,
            ..Struct::default()
        };
        self.add(Shape::Struct(object), schema, context)
    }

    /// A union of one alternative, for an input that would not be a named type, such as a list.
    fn only_alternative(
        &mut self,
        value: ConstrainedType,
        schema: &Schema,
        context: &Context,
    ) -> TypeId {
        let name = self.variant_name(&value.ty);
        let variants = vec![Variant { name, value }];
        self.add(Shape::Union(Union { variants }), schema, context)
    }

    /// The type of the output. If it may be `null`, the type of the other values has another name.
    fn output(&mut self) -> TypeRef {
        let schema = self.root(&self.document.output);
        let value = self.value(&schema, &root_context("Output"));
        let is_nullable = self.is_nullable(&schema) && value.ty != TypeRef::Json;
        if let TypeRef::Named(id) = value.ty {
            let role = if is_nullable { "OutputValue" } else { "Output" };
            self.store.get_mut(id).hint = NameHint::Root(role);
        }
        match is_nullable {
            true => TypeRef::Option(Box::new(value)),
            false => value.ty,
        }
    }

    /// The schema of an input or an output, with the component that it refers to merged into it.
    fn root(&mut self, root: &'a Schema) -> Cow<'a, Schema> {
        let document = self.document;
        let mut whole = Cow::Borrowed(root);
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = whole.reference.as_deref() else {
                break;
            };
            let Some((_, component)) = document.component(reference) else {
                return Cow::Owned(self.dangling_root(root, reference));
            };
            let merged = self.whole(&whole, component);
            let mut merged = merged.map_or(Cow::Borrowed(component), Cow::Owned);
            if whole.nullable || whole.notes != Annotations::default() {
                let merged = merged.to_mut();
                merged.nullable |= whole.nullable;
                let notes = std::mem::replace(&mut merged.notes, whole.into_owned().notes);
                add_notes(&mut merged.notes, notes);
            }
            whole = merged;
        }
        whole
    }

    fn dangling_root(&mut self, root: &Schema, reference: &str) -> Schema {
        let location = Location::new(&self.document.path, &root.pointer);
        let message = format!("the target of `$ref` does not exist: {reference}");
        self.diagnostics.push(
            Diagnostic::new(
                Severity::Warning,
                Code::DanglingReference,
                location,
                message,
            )
            .fallback("any JSON value is accepted in its place")
            .help("fetch the document again; the component is missing from it"),
        );
        Schema::unspecified(root.pointer.clone())
    }
}

/// The number of references inside references that are followed.
const LONGEST_CHAIN: usize = 32;

fn root_context(role: &str) -> Context {
    Context {
        name: role.to_owned(),
        ..Context::default()
    }
}
