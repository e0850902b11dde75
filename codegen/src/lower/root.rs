//! Lowers a document's input and output.

use std::collections::HashMap;

use super::{Context, Direction, Lowerer};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::ir::{Endpoint, NameHint, Shape, Struct, TypeId, TypeRef, TypeStore};
use crate::source::{Document, Schema};

/// Lowers a normalised document.
pub fn lower(document: &Document) -> (Endpoint, Vec<Diagnostic>) {
    let mut lowerer = Lowerer {
        document,
        direction: Direction::Sent,
        store: TypeStore::default(),
        schemas: Vec::new(),
        components: HashMap::new(),
        diagnostics: Vec::new(),
        restricted: Vec::new(),
        depth: 0,
        steps: 0,
        fields: 0,
    };
    let input = lowerer.input();
    lowerer.direction = Direction::Received;
    let output = lowerer.output();
    let endpoint = Endpoint {
        id: document.id.clone(),
        document: document.path.clone(),
        title: None,
        category: document.category.clone(),
        about: document.about.clone(),
        links: document.links.clone(),
        price: None,
        input,
        output,
        types: lowerer.store,
        fields: lowerer.fields,
    };
    (endpoint, lowerer.diagnostics)
}

impl Lowerer<'_> {
    /// The input is always a type of its own: it carries the endpoint's id.
    fn input(&mut self) -> TypeId {
        let (schema, known) = self.root(&self.document.input);
        let context = root_context("Input");
        let id = match self.value(&schema, &context).ty {
            TypeRef::Named(id) => id,
            _ if !schema.object.properties.is_empty() => self.structure(&schema, &context),
            ty => {
                if known && !matches!(ty, TypeRef::JsonObject) {
                    let message = "the input is not an object with properties";
                    self.degrade(&schema, Code::Unsupported, message);
                }
                let free = Struct {
                    additional_properties: Some(Box::new(TypeRef::Json.into())),
                    ..Struct::default()
                };
                self.add(Shape::Struct(free), &schema, &context)
            }
        };
        self.store.get_mut(id).hint = NameHint::Root("Input");
        id
    }

    fn output(&mut self) -> TypeRef {
        let (schema, _) = self.root(&self.document.output);
        let ty = self.value(&schema, &root_context("Output")).ty;
        if let TypeRef::Named(id) = ty {
            self.store.get_mut(id).hint = NameHint::Root("Output");
        }
        ty
    }

    /// The component that an input or an output refers to, or else its own schema, and whether the document says anything about
    /// it.
    fn root(&mut self, root: &Schema) -> (Schema, bool) {
        let Some(reference) = &root.reference else {
            return (root.clone(), !root.allows_anything());
        };
        if let Some((_, component)) = self.document.component(reference) {
            return (component.clone(), true);
        }
        let location = Location::new(&self.document.path, &root.pointer);
        let message = format!("`$ref` leads nowhere: {reference}");
        self.diagnostics.push(
            Diagnostic::new(
                Severity::Warning,
                Code::DanglingReference,
                location,
                message,
            )
            .fallback("the call takes and gives any JSON value")
            .help("fetch the document again; the component is missing from it"),
        );
        let missing = Schema {
            pointer: root.pointer.clone(),
            ..Schema::default()
        };
        (missing, false)
    }
}

fn root_context(role: &str) -> Context {
    Context {
        name: role.to_owned(),
        ..Context::default()
    }
}
