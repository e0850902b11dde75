//! The items of a file, type by type.

use super::block::Block;
use super::doc::{code, listed};
use super::enumeration::enumeration;
use super::input::choice_input;
use super::scope::Scope;
use super::structure::Writer;
use super::union::union;
use crate::ir::{Endpoint, NameHint, Shape, TypeId, TypeRef};
use crate::name::endpoint_name;

/// The name of an endpoint's output.
pub(super) fn output_name(endpoint: &Endpoint) -> String {
    format!("{}Output", endpoint_name(&endpoint.id))
}

/// The types of an endpoint in the order in which they are written: the input, the output, then the types that these two
/// contain.
pub(super) fn reading_order(endpoint: &Endpoint) -> Vec<TypeId> {
    let mut order = Vec::new();
    let mut queue = vec![endpoint.input];
    endpoint.output.for_each_id(&mut |id| queue.push(id));
    let mut next = 0;
    while let Some(id) = queue.get(next).copied() {
        next += 1;
        if order.contains(&id) {
            continue;
        }
        order.push(id);
        for value in endpoint.types.get(id).shape.values() {
            value.ty.for_each_id(&mut |inner| queue.push(inner));
        }
    }
    order
}

/// The blocks of a type. `endpoint` is the endpoint of the module, whose input the type may be.
pub(super) fn type_blocks(
    scope: &Scope<'_>,
    id: TypeId,
    origin: &str,
    endpoint: Option<&Endpoint>,
) -> Vec<Block> {
    let def = scope.def(id);
    let name = scope.name(id);
    let fallback = fallback(scope, id, origin);
    match &def.shape {
        Shape::Struct(object) => {
            let endpoint = endpoint.filter(|endpoint| endpoint.input == id);
            let output = endpoint.map(output_name);
            let endpoint = endpoint.map(|endpoint| endpoint.id.as_str());
            let endpoint = endpoint.zip(output.as_deref());
            Writer::new(scope, id, object).blocks(&fallback, endpoint)
        }
        Shape::Enum(listed) => vec![Block::Text(enumeration(
            scope, def, listed, name, &fallback,
        ))],
        Shape::Union(shapes) => union(scope, def, shapes, name, &fallback),
    }
}

/// The first sentence of the documentation of a type that the document does not describe. `origin` names the endpoint in
/// Markdown.
fn fallback(scope: &Scope<'_>, id: TypeId, origin: &str) -> String {
    let def = scope.def(id);
    let known = scope.fields.get(&id);
    let fields = known.iter().flat_map(|fields| &fields.names);
    let fields: Vec<String> = fields.map(|field| code(field)).collect();
    let is_item = known.is_some_and(|fields| !fields.is_single);
    match (&def.hint, &def.shape, listed(&fields)) {
        (NameHint::Root("Input"), ..) => format!("Input of {origin}."),
        (NameHint::Root(_), ..) => format!("Output of {origin}."),
        (_, _, Some(names)) if fields.len() > 1 => format!("Shared by {names}."),
        (_, Shape::Struct(_), Some(name)) if is_item => format!("Item of {name}."),
        (_, Shape::Struct(_), Some(name)) => format!("Value of {name}."),
        (_, _, Some(name)) => format!("Values of {name}."),
        (_, Shape::Struct(_), None) => "An object of the schema.".to_owned(),
        (_, Shape::Enum(_), None) => "One of the known values.".to_owned(),
        (_, Shape::Union(_), None) => "One of several alternatives.".to_owned(),
    }
}

/// The implementation of `Input` for an enum or a union; that of a struct is part of its
/// declaration.
pub(super) fn input_block(scope: &Scope<'_>, endpoint: &Endpoint) -> Option<Block> {
    let id = endpoint.input;
    let output = output_name(endpoint);
    match &scope.def(id).shape {
        Shape::Struct(_) => None,
        Shape::Enum(_) | Shape::Union(_) => Some(Block::Items(choice_input(
            scope,
            id,
            endpoint.id.as_str(),
            &output,
        ))),
    }
}

/// The type alias of an output that has no type of its own.
pub(super) fn output_alias(scope: &Scope<'_>, endpoint: &Endpoint) -> Option<Block> {
    let name = output_name(endpoint);
    if let TypeRef::Named(id) = endpoint.output
        && scope.name(id) == name
    {
        return None;
    }
    let ty = scope.ty(&endpoint.output);
    let name = super::ty::ident(&name);
    let doc = format!(" Output of `{}`.", endpoint.id);
    Some(Block::Items(
        quote::quote!(#[doc = #doc] pub type #name = #ty;),
    ))
}
