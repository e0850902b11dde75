//! Writes the code that creates an input, with constructors and setters only, because other crates cannot use anything else.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use serde_json::{Map, Value};

use super::scope::Scope;
use super::structure::Writer;
use super::ty::ident;
use crate::ir::{Endpoint, Presence, Struct, TypeId, TypeRef};
use crate::name::LocalNames;
use crate::render;

/// Rust that makes an input.
pub(crate) struct InputExample {
    /// The `use` lines for the runtime and the standard library.
    imports: String,
    /// The names of the endpoint's types that the code mentions.
    types: BTreeSet<String>,
    /// The code up to and including `let input = …;`.
    pub(crate) statement: String,
}

impl InputExample {
    /// All `use` lines of the code; `types` is the path of the endpoint's module.
    pub(crate) fn uses(&self, types: &str) -> String {
        let names: Vec<&str> = self.types.iter().map(String::as_str).collect();
        let list = match names.as_slice() {
            [only] => (*only).to_owned(),
            several => format!("{{{}}}", several.join(", ")),
        };
        format!("{}use {types}::{list};\n", self.imports)
    }
}

/// The code that creates an input with this value, if the generated types can have it. `runtime` is the path of the runtime.
pub(crate) fn input_example(
    endpoint: &Endpoint,
    names: &LocalNames,
    value: &Value,
    runtime: &str,
) -> Option<InputExample> {
    let ids = endpoint.types.iter().map(|(id, _)| id);
    let named = ids.map(|id| (id, names.get(id).to_owned())).collect();
    let mut scope = Scope::new(&endpoint.types, named);
    scope.is_outside = true;
    let input = scope.owned(value, &TypeRef::Named(endpoint.input))?;
    let mut types = BTreeSet::new();
    paths(input.clone(), &scope, &mut types);
    let function = render::items(quote!(fn example() { let input = #input; })).ok()?;
    let lines = function
        .lines()
        .filter_map(|line| line.strip_prefix("    "));
    Some(InputExample {
        imports: scope.imports.borrow().text(runtime),
        types,
        statement: lines.map(|line| format!("{line}\n")).collect(),
    })
}

/// Collects the types of the module that paths in the code begin with.
fn paths(tokens: TokenStream, scope: &Scope<'_>, found: &mut BTreeSet<String>) {
    let mut is_inside_path = false;
    for token in tokens {
        let is_colon = matches!(&token, TokenTree::Punct(sign) if sign.as_char() == ':');
        match token {
            TokenTree::Group(group) => paths(group.stream(), scope, found),
            TokenTree::Ident(name) if !is_inside_path => {
                let name = name.to_string();
                if scope.names.values().any(|known| *known == name) {
                    found.insert(name);
                }
            }
            _ => {}
        }
        is_inside_path = is_colon;
    }
}

impl Scope<'_> {
    /// `Name::new(…)` with what is required, and a setter for each option that the value has.
    pub(super) fn struct_example(
        &self,
        id: TypeId,
        object: &Struct,
        members: &Map<String, Value>,
    ) -> Option<TokenStream> {
        let writer = Writer::new(self, id, object);
        let mut arguments = Vec::new();
        let mut setters = TokenStream::new();
        for (index, (field, name)) in writer.fields().enumerate() {
            match (field.presence, members.get(&field.wire)) {
                (Presence::Required, value) => {
                    arguments.push(self.argument(value?, &field.value.ty)?);
                }
                (_, None) if writer.is_asked_for(index) => return None,
                (_, None | Some(Value::Null)) => {}
                (_, Some(value)) => {
                    let method = ident(name);
                    let argument = self.argument(value, &field.value.ty)?;
                    setters.extend(quote!(.#method(#argument)));
                }
            }
        }
        if object.fields.is_empty()
            && let Some(ty) = writer.rest_type()
        {
            arguments.push(self.owned(&Value::Object(members.clone()), &ty)?);
        }
        let name = ident(&writer.name);
        Some(quote!(#name::new(#(#arguments),*) #setters))
    }

    /// A file of the runtime's family, by its URL.
    pub(super) fn file_example(&self, value: &Value, ty: &TypeRef) -> Option<TokenStream> {
        let (name, url) = (self.ty(ty), value.get("url")?.as_str()?);
        Some(quote!(#name::new(#url)))
    }

    /// A value as [`Scope::parameter`] takes it.
    fn argument(&self, value: &Value, ty: &TypeRef) -> Option<TokenStream> {
        match (ty, value) {
            (TypeRef::Text | TypeRef::Media, Value::String(text)) => Some(quote!(#text)),
            (TypeRef::Option(expected), Value::Null) => {
                let ty = self.ty(&expected.ty);
                Some(quote!(None::<#ty>))
            }
            (TypeRef::Option(expected), value) => self.owned(value, &expected.ty),
            (TypeRef::List(item), Value::Array(items)) if items.is_empty() => {
                let ty = self.ty(&item.ty);
                Some(quote!(Vec::<#ty>::new()))
            }
            (TypeRef::List(item), Value::Array(items)) => {
                let items = items.iter().map(|value| match self.converts(&item.ty) {
                    true => self.argument(value, &item.ty),
                    false => self.owned(value, &item.ty),
                });
                let items = items.collect::<Option<Vec<_>>>()?;
                Some(quote!([#(#items),*]))
            }
            (TypeRef::Boxed(id), value) => self.owned(value, &TypeRef::Named(*id)),
            (ty, value) => self.owned(value, ty),
        }
    }
}
