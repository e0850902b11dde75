//! The signatures of the public items of a type, for the comparison of two versions.

use std::collections::BTreeMap;

use super::default::{DefaultValue, default_name};
use super::scope::Scope;
use super::structure::Writer;
use crate::ir::{Endpoint, Field, Presence, Shape, TypeId, TypeRef};
use crate::name::LocalNames;
use crate::render;

/// Writes the signatures of an endpoint's types.
#[derive(Debug)]
pub(crate) struct Signatures<'a> {
    scope: Scope<'a>,
}

/// The parts of a struct on which callers depend.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Signature {
    /// The Rust name of each field, by wire name.
    pub(crate) names: BTreeMap<String, String>,
    /// The arguments of `new`: names and types. `None` if there is no `new`.
    pub(crate) parameters: Option<Vec<(String, String)>>,
    /// The signatures of the constants and functions of defaults, by wire name.
    pub(crate) defaults: BTreeMap<String, String>,
    /// The names of the constants and functions of defaults, by wire name.
    pub(crate) default_names: BTreeMap<String, String>,
    /// The name and the type of the field of additional properties.
    pub(crate) rest: Option<(String, String)>,
}

impl<'a> Signatures<'a> {
    pub(crate) fn new(endpoint: &'a Endpoint, names: &LocalNames) -> Self {
        let names = endpoint
            .types
            .iter()
            .map(|(id, _)| (id, names.get(id).to_owned()))
            .collect();
        Self {
            scope: Scope::new(&endpoint.types, names),
        }
    }

    /// A type's name.
    pub(crate) fn name(&self, id: TypeId) -> &str {
        self.scope.name(id)
    }

    /// A type as Rust writes it.
    pub(crate) fn ty(&self, ty: &TypeRef) -> String {
        render::ty(self.scope.ty(ty))
    }

    /// The type of a field.
    pub(crate) fn field(&self, field: &Field) -> String {
        render::ty(self.scope.field_type(&field.value, field.presence))
    }

    /// The signature of a struct, and an empty one for any other type.
    pub(crate) fn of(&self, id: TypeId) -> Signature {
        let def = self.scope.def(id);
        let Shape::Struct(object) = &def.shape else {
            return Signature::default();
        };
        let writer = Writer::new(&self.scope, id, object);
        let names = writer.fields();
        let names = names.map(|(field, name)| (field.wire.clone(), name.to_owned()));
        Signature {
            names: names.collect(),
            parameters: def.usage.sent.then(|| parameters(&writer)),
            defaults: defaults(&writer),
            default_names: default_names(&writer),
            rest: writer
                .additional_properties()
                .map(|(name, ty)| (name, render::ty(ty))),
        }
    }
}

fn parameters(writer: &Writer<'_>) -> Vec<(String, String)> {
    if writer.object.fields.is_empty() {
        let rest = writer.additional_properties();
        return rest
            .into_iter()
            .map(|(name, ty)| (name, render::ty(ty)))
            .collect();
    }
    let required = writer
        .fields()
        .filter(|(field, _)| field.presence == Presence::Required);
    required
        .map(|(field, name)| {
            (
                name.to_owned(),
                render::ty(writer.scope.parameter(&field.value.ty)),
            )
        })
        .collect()
}

fn default_names(writer: &Writer<'_>) -> BTreeMap<String, String> {
    let fields = writer.fields().enumerate();
    let names = fields.filter_map(|(index, (field, name))| {
        let name = default_name(name);
        let name = match writer.default_code(field, index)? {
            DefaultValue::Constant(..) => name,
            DefaultValue::Function(..) => name.to_ascii_lowercase() + "()",
        };
        Some((field.wire.clone(), name))
    });
    names.collect()
}

/// The constants and functions of defaults, which only types that are sent have.
fn defaults(writer: &Writer<'_>) -> BTreeMap<String, String> {
    if !writer.def.usage.sent {
        return BTreeMap::new();
    }
    let items = writer
        .fields()
        .enumerate()
        .filter_map(|(index, (field, _))| {
            let form = match writer.default_code(field, index)? {
                DefaultValue::Constant(ty, _) => format!("const {}", render::ty(ty)),
                DefaultValue::Function(ty, _) => format!("fn {}", render::ty(ty)),
            };
            Some((field.wire.clone(), form))
        });
    items.collect()
}
