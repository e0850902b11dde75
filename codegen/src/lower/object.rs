//! Lowers objects: to structs, maps, files, and objects without described members.

use super::file::file_kind;
use super::{Context, Direction, Lowerer};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::ir::{ConstrainedType, Docs, Field, Presence, Shape, Struct, TypeRef};
use crate::json::Type;
use crate::name::type_name;
use crate::source::{Additional, Schema, last_segment};

impl Lowerer<'_> {
    pub(super) fn object(&mut self, schema: &Schema, context: &Context) -> ConstrainedType {
        if let Some(kind) = file_kind(schema) {
            return TypeRef::File(kind).into();
        }
        if schema.object.properties.is_empty() && !is_closed(schema) {
            self.undeclared_required(schema);
            return self.map(schema, context);
        }
        TypeRef::Named(self.structure(schema, context)).into()
    }

    fn map(&mut self, schema: &Schema, context: &Context) -> ConstrainedType {
        self.report_constraints(schema, Type::Object);
        let ty = match &schema.object.additional {
            Additional::Typed(values) => {
                let value = self.value_or_null(values, &context.inner(context.name.clone()));
                TypeRef::Map(Box::new(value))
            }
            _ => TypeRef::JsonObject,
        };
        self.constrained(ty, schema)
    }

    /// Lowers an object to a struct, even if it could be a file.
    pub(super) fn structure(&mut self, schema: &Schema, context: &Context) -> crate::ir::TypeId {
        self.undeclared_required(schema);
        let mut object = Struct {
            constraints: schema.constraints.about(Type::Object),
            ..Struct::default()
        };
        for constraint in object.constraints.iter() {
            let why = "the members of an object with declared properties are not counted";
            self.unchecked(schema, constraint.keyword(), why);
        }
        let containers = std::mem::take(&mut self.containers);
        let mut field_docs = Vec::new();
        for (wire, property) in &schema.object.properties {
            self.fields += 1;
            let required = schema.object.required.contains(wire);
            if let Some(constant) = self.constant(wire, property, required, &context.discriminators)
            {
                object.constants.push((wire.clone(), constant));
                continue;
            }
            let (field, docs) = self.field(wire, property, required, context);
            object.fields.push(field);
            field_docs.push(docs);
        }
        object.additional_properties = match &schema.object.additional {
            Additional::Any => Some(Box::new(TypeRef::Json.into())),
            Additional::Typed(values) => {
                let context = context.inner(format!("{}Value", context.natural_name()));
                Some(Box::new(self.value_or_null(values, &context)))
            }
            Additional::Unspecified | Additional::None => None,
        };
        self.containers = containers;
        let id = self.add(Shape::Struct(object), schema, context);
        self.store.get_mut(id).field_docs = field_docs;
        id
    }

    fn field(
        &mut self,
        wire: &str,
        property: &Schema,
        required: bool,
        context: &Context,
    ) -> (Field, Docs) {
        let inner = Context {
            parent: context.natural_name().to_owned(),
            name: type_name(wire),
            field: wire.to_owned(),
            ..Context::default()
        };
        let mut value = self.value(property, &inner);
        // `null` is one of the values that a free-form option can have.
        let nullable = self.is_nullable(property) || value.ty == TypeRef::Json;
        let docs = self.field_docs(property, &value, nullable);
        let presence = match (required, nullable) {
            (true, false) => Presence::Required,
            (true, true) => {
                if value.ty != TypeRef::Json {
                    value = TypeRef::Option(Box::new(value)).into();
                }
                Presence::Required
            }
            (false, true) if self.null_differs(&docs) => Presence::Nullable,
            (false, _) => Presence::Optional,
        };
        value.ty = self.boxed_if_large(value.ty);
        let field = Field {
            wire: wire.to_owned(),
            value,
            presence,
        };
        (field, docs)
    }

    /// Whether sending `null` differs from leaving the member out: the model then takes a default that is not `null`.
    fn null_differs(&self, docs: &Docs) -> bool {
        self.direction == Direction::Sent
            && docs
                .default
                .as_ref()
                .is_some_and(|default| !default.is_null())
    }

    fn undeclared_required(&mut self, schema: &Schema) {
        let object = &schema.object;
        for name in &object.required {
            if object.properties.iter().any(|(known, _)| known == name) {
                continue;
            }
            let location = Location::new(&self.document.path, &schema.pointer);
            let message = format!("`{name}` is required, but no property declares it");
            self.diagnostics.push(
                Diagnostic::new(
                    Severity::Warning,
                    Code::UndeclaredRequired,
                    location,
                    message,
                )
                .fallback("the type has no such field")
                .help("declare the property, or take it out of `required`"),
            );
        }
    }
}

/// Whether an object has no members at all, as a pydantic model without fields that forbids others.
fn is_closed(schema: &Schema) -> bool {
    let has_patterns = |pointer: &String| last_segment(pointer) == "patternProperties";
    schema.object.additional == Additional::None && !schema.unchecked.iter().any(has_patterns)
}
