//! The tree of modules and the text of each file.

use std::collections::{BTreeMap, BTreeSet};

use super::doc::{Doc, code};
use super::enumeration::enumeration;
use super::scope::Scope;
use super::structure::Writer;
use super::union::union;
use super::{EndpointEntry, Runtime};
use crate::ir::{Endpoint, NameHint, Shape, TypeDef, TypeId, TypeRef, TypeStore};
use crate::name::{LocalNames, Modules, SHARED, endpoint_name};
use crate::plan::Plan;
use crate::render;
use crate::share::SharedTypes;
use proc_macro2::TokenStream;

/// A piece of a file.
pub(super) enum Block {
    /// Items, formatted on the way out.
    Items(TokenStream),
    /// Text that is formatted already.
    Text(String),
}

/// An endpoint with all that was decided about it.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'a> {
    /// Its number among all endpoints.
    pub index: usize,
    /// The endpoint.
    pub endpoint: &'a Endpoint,
    /// The names of its types.
    pub names: &'a LocalNames,
    /// The feature that it is behind.
    pub feature: &'a str,
    /// The shared types of its family and feature.
    pub shared: &'a SharedTypes,
}

/// A part of the module tree.
#[derive(Default)]
struct Node<'a> {
    children: BTreeMap<&'a str, Node<'a>>,
    endpoint: Option<&'a Placed<'a>>,
    shared: Option<&'a Placed<'a>>,
    features: BTreeSet<&'a str>,
    id: String,
}

/// Writes the files of all endpoints, and says where each one is.
///
/// # Errors
/// When the emitter made text that is no Rust: a bug of the generator.
pub fn emit(
    endpoints: &[Placed<'_>],
    modules: &Modules,
    runtime: &Runtime,
) -> (Plan, Vec<EndpointEntry>, Vec<(String, String)>) {
    let mut root = Node::default();
    for placed in endpoints {
        grow(&mut root, placed, modules);
    }
    let mut writer = Files {
        runtime: runtime.root(),
        plan: Plan::default(),
        failures: Vec::new(),
    };
    writer.node("endpoints", &root);
    let entries = endpoints
        .iter()
        .map(|placed| entry(placed, modules))
        .collect();
    (writer.plan, entries, writer.failures)
}

fn grow<'a>(root: &mut Node<'a>, placed: &'a Placed<'a>, modules: &'a Modules) {
    let id = placed.endpoint.id.as_str();
    let family_depth = placed.endpoint.id.family().split('/').count();
    let mut node = root;
    node.features.insert(placed.feature);
    let segments = placed.endpoint.id.segments();
    for (depth, (name, segment)) in modules.path(id).into_iter().zip(segments).enumerate() {
        let parent = node.id.clone();
        node = node.children.entry(name).or_default();
        node.features.insert(placed.feature);
        node.id = match parent.is_empty() {
            true => segment.to_owned(),
            false => format!("{parent}/{segment}"),
        };
        if depth + 1 == family_depth && !placed.shared.types.is_empty() {
            node.shared = Some(placed);
        }
    }
    node.endpoint = Some(placed);
}

fn entry(placed: &Placed<'_>, modules: &Modules) -> EndpointEntry {
    let endpoint = placed.endpoint;
    EndpointEntry {
        id: endpoint.id.to_string(),
        document: endpoint.document.clone(),
        feature: placed.feature.to_owned(),
        module: modules.path(endpoint.id.as_str()).join("::"),
        input: Some(placed.names.get(endpoint.input).to_owned()),
        output: Some(output_name(endpoint)),
        category: endpoint.category.clone(),
    }
}

fn output_name(endpoint: &Endpoint) -> String {
    format!("{}Output", endpoint_name(&endpoint.id))
}

struct Files {
    runtime: String,
    plan: Plan,
    failures: Vec<(String, String)>,
}

impl Files {
    fn node(&mut self, path: &str, node: &Node<'_>) {
        let mut parts: Vec<String> = vec![module_doc(node)];
        parts.extend(self.child_modules(node));
        if let Some(placed) = node.endpoint {
            parts.extend(self.endpoint(placed));
        }
        let text = parts.join("\n");
        self.plan.insert(format!("{path}.rs"), text);
        if let Some(placed) = node.shared {
            let text = self.shared(placed);
            self.plan.insert(format!("{path}/{SHARED}.rs"), text);
        }
        for (name, child) in &node.children {
            self.node(&format!("{path}/{name}"), child);
        }
    }

    /// `pub mod` lines, gated where all below is behind one feature and the
    /// module above is not gated already.
    fn child_modules(&self, node: &Node<'_>) -> Option<String> {
        let gated_above = node.features.len() == 1 && !node.id.is_empty();
        let mut text = String::new();
        let shared = node.shared.is_some().then_some((SHARED, None));
        let children = node.children.iter().map(|(name, child)| {
            let feature = child
                .features
                .iter()
                .next()
                .filter(|_| child.features.len() == 1);
            (*name, feature.filter(|_| !gated_above))
        });
        for (name, feature) in children.chain(shared) {
            if let Some(feature) = feature {
                text.push_str(&format!("#[cfg(feature = \"{feature}\")]\n"));
            }
            text.push_str(&format!("pub mod {name};\n"));
        }
        (!text.is_empty()).then_some(text)
    }

    fn endpoint(&mut self, placed: &Placed<'_>) -> Vec<String> {
        let endpoint = placed.endpoint;
        let names = endpoint
            .types
            .iter()
            .map(|(id, _)| (id, placed.names.get(id).to_owned()))
            .collect();
        let scope = Scope::new(&endpoint.types, names);
        let mut blocks = Vec::new();
        for id in reading_order(endpoint) {
            if placed.shared.home(placed.index, id).is_none() {
                blocks.extend(type_blocks(&scope, id, endpoint));
            }
            if id == endpoint.input {
                blocks.extend(input_block(&scope, endpoint));
            }
        }
        blocks.extend(output_alias(&scope, endpoint));
        let body = self.print(&endpoint.document, blocks);
        let imports = scope.imports.borrow().text(&self.runtime);
        let exports = re_exports(placed);
        [imports, exports, body]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect()
    }

    fn shared(&mut self, placed: &Placed<'_>) -> String {
        let family = placed.endpoint.id.family();
        let mut store = TypeStore::default();
        let mut names = BTreeMap::new();
        for shared in &placed.shared.types {
            let id = store.add(shared.def.clone());
            names.insert(id, shared.name.clone());
        }
        let scope = Scope::new(&store, names);
        let mut blocks = Vec::new();
        for (id, _) in store.iter() {
            blocks.extend(type_blocks(&scope, id, placed.endpoint));
        }
        let body = self.print(family, blocks);
        let imports = scope.imports.borrow().text(&self.runtime);
        let head = format!(
            "// @generated by `cargo xtask generate` from the documents of `{family}`. Do not edit.\n\n\
             //! Types that several endpoints of `{family}` have in common.\n"
        );
        [head, imports, body].join("\n")
    }

    fn print(&mut self, origin: &str, blocks: Vec<Block>) -> String {
        let texts: Vec<String> = blocks
            .into_iter()
            .map(|block| match block {
                Block::Text(text) => text,
                Block::Items(tokens) => render::items(tokens).unwrap_or_else(|error| {
                    self.failures.push((origin.to_owned(), error.to_string()));
                    String::new()
                }),
            })
            .collect();
        texts.join("\n")
    }
}

/// Input first, output next, then the rest in the order in which they are met.
fn reading_order(endpoint: &Endpoint) -> Vec<TypeId> {
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
        for slot in endpoint.types.get(id).shape.slots() {
            slot.ty.for_each_id(&mut |inner| queue.push(inner));
        }
    }
    order
}

fn type_blocks(scope: &Scope<'_>, id: TypeId, endpoint: &Endpoint) -> Vec<Block> {
    let def = scope.def(id);
    let name = scope.name(id);
    let fallback = fallback(def, endpoint);
    match &def.shape {
        Shape::Struct(object) => Writer::new(scope, id, object, fallback).blocks(),
        Shape::Enum(listed) => vec![Block::Text(enumeration(
            scope, def, listed, name, &fallback,
        ))],
        Shape::Union(shapes) => union(scope, def, shapes, name, &fallback),
    }
}

/// What a type says of itself where the document says nothing.
fn fallback(def: &TypeDef, endpoint: &Endpoint) -> String {
    match &def.hint {
        NameHint::Root("Input") => format!("Input of {}.", code(endpoint.id.as_str())),
        NameHint::Root(_) => format!("Output of {}.", code(endpoint.id.as_str())),
        _ => match &def.shape {
            Shape::Struct(_) => "A part of a request or a result.".to_owned(),
            Shape::Enum(_) => "One of several values.".to_owned(),
            Shape::Union(_) => "One of several forms of a value.".to_owned(),
        },
    }
}

fn input_block(scope: &Scope<'_>, endpoint: &Endpoint) -> Option<Block> {
    let id = endpoint.input;
    let output = output_name(endpoint);
    match &scope.def(id).shape {
        Shape::Struct(object) => {
            let writer = Writer::new(scope, id, object, String::new());
            Some(Block::Items(writer.input(endpoint.id.as_str(), &output)))
        }
        _ => None,
    }
}

/// An output that is no type of its own has an alias.
fn output_alias(scope: &Scope<'_>, endpoint: &Endpoint) -> Option<Block> {
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

/// The shared types that the endpoint mentions, under its own names for them.
fn re_exports(placed: &Placed<'_>) -> String {
    let endpoint = placed.endpoint;
    let mut names: BTreeSet<String> = BTreeSet::new();
    for (id, _) in endpoint.types.iter() {
        if let Some(place) = placed.shared.home(placed.index, id) {
            let shared = &placed.shared.types[place].name;
            let local = placed.names.get(id);
            names.insert(match shared == local {
                true => shared.clone(),
                false => format!("{shared} as {local}"),
            });
        }
    }
    if names.is_empty() {
        return String::new();
    }
    let depth = endpoint.id.segments().count() - endpoint.id.family().split('/').count();
    let path = if depth == 0 {
        "self".to_owned()
    } else {
        vec!["super"; depth].join("::")
    };
    let list = names.into_iter().collect::<Vec<_>>().join(", ");
    let text = format!("pub use {path}::{SHARED}::{{{list}}};");
    match text.parse().map(render::items) {
        Ok(Ok(formatted)) => formatted,
        _ => text,
    }
}

/// What the models decide: a default that is close to a known constant, a part
/// of an id that is repeated.
const ALLOWED: &str = "\n#![allow(clippy::approx_constant, clippy::module_inception)]\n";

fn module_doc(node: &Node<'_>) -> String {
    let mut doc = Doc::default();
    let mut head = String::from("// @generated by `cargo xtask generate`. Do not edit.\n\n");
    match (&node.endpoint, node.id.as_str()) {
        (Some(placed), _) => {
            let endpoint = placed.endpoint;
            head = format!(
                "// @generated by `cargo xtask generate` from {}. Do not edit.\n\n",
                endpoint.document
            );
            let category = endpoint
                .category
                .as_deref()
                .map(|category| format!(" ({category})"))
                .unwrap_or_default();
            match &endpoint.title {
                Some(title) => {
                    let title = title.trim_end_matches('.');
                    doc.foreign(&format!("{title}: endpoint `{}`{category}.", endpoint.id))
                }
                None => doc.own(&format!("Endpoint `{}`{category}.", endpoint.id)),
            };
            if let Some(about) = &endpoint.about {
                doc.foreign(about);
            }
            if let Some(price) = &endpoint.price {
                doc.foreign(price);
            }
            let links: Vec<String> = endpoint
                .links
                .iter()
                .filter(|(_, url)| url.starts_with("https://") && !url.contains(['>', ')', ' ']))
                .map(|(label, url)| format!("[{label}]({url})"))
                .collect();
            if !links.is_empty() {
                doc.own(&links.join(" · "));
            }
        }
        (None, "") => {
            doc.own("The endpoints of fal.ai, a module for each part of an id.");
            doc.own("Every group of endpoints is behind a cargo feature of its own.");
            return head + &doc.comment("", "//!") + ALLOWED;
        }
        (None, id) => {
            doc.own(&format!("Endpoints whose ids start with `{id}/`."));
        }
    }
    head + &doc.comment("", "//!")
}
