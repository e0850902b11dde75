//! Structs: the type, its wire form, its constructor, its defaults.

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;
use serde_json::Value;

use super::block::Block;
use super::default::{DefaultValue, default_name, integer};
use super::doc::code;
use super::doc_sentences::{NamedDefault, attributes, field_doc, file_fact, type_doc};
use super::scope::Scope;
use super::ty::ident;
use crate::ir::{Field, NameHint, Presence, Struct, TypeDef, TypeId, TypeRef};
use crate::json::as_integer;
use crate::name::{additional_properties_name, field_names};
use crate::render::blank;

/// A struct that is being written.
pub(super) struct Writer<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) def: &'a TypeDef,
    pub(super) object: &'a Struct,
    pub(super) name: String,
    pub(super) names: Vec<String>,
    /// The documentation of the type if the document has none.
    pub(super) fallback: String,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        scope: &'a Scope<'a>,
        id: TypeId,
        object: &'a Struct,
        fallback: String,
    ) -> Self {
        Self {
            scope,
            def: scope.def(id),
            object,
            name: scope.name(id).to_owned(),
            names: field_names(object),
            fallback,
        }
    }

    /// The blocks of the type, in the order in which they are read.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Items(self.definition()), Block::Text(self.wire())];
        if self.is_file() {
            self.scope.import("@", "file_like");
            blocks.push(Block::Text(format!("file_like! {{ {} }}\n", self.name)));
        }
        if self.def.usage.sent {
            blocks.push(Block::Items(self.methods()));
            blocks.extend(self.setters().map(Block::Text));
            if self.def.hint != NameHint::Root("Input") {
                blocks.extend(self.media_fields().map(Block::Items));
            }
            blocks.push(Block::Text(self.validate()));
        }
        blocks
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = (&Field, &str)> {
        self.object
            .fields
            .iter()
            .zip(self.names.iter().map(String::as_str))
    }

    fn definition(&self) -> TokenStream {
        let mut docs = type_doc(&self.def.docs, &self.fallback);
        let sentences = self.object.constraints.sentences(code);
        if !sentences.is_empty() {
            docs.push_markdown(&sentences.join(" "));
        }
        let docs = attributes(&docs);
        let name = ident(&self.name);
        let is_file = self.is_file();
        let fields = self.fields().enumerate().map(|(index, (field, name))| {
            let empty = crate::ir::Docs::default();
            let docs = self.def.field_docs.get(index).unwrap_or(&empty);
            let default = self.default_code(field, index);
            let named = match &default {
                Some(DefaultValue::Constant(..)) => Some(NamedDefault(default_name(name))),
                _ => None,
            };
            let named = named.filter(|_| self.def.usage.sent);
            let known = file_fact(&field.wire).filter(|_| is_file);
            let words = (field.wire.as_str(), known);
            let docs = attributes(&field_doc(docs, &field.value, named.as_ref(), words));
            let name = ident(name);
            let ty = self.scope.field_type(&field.value, field.presence);
            quote!(#docs pub #name: #ty,)
        });
        let fields: Vec<TokenStream> = fields.collect();
        let rest = self.additional_properties().map(|(name, ty)| {
            let name = ident(&name);
            quote! {
                #[doc = " Members that the schema does not declare."]
                pub #name: #ty,
            }
        });
        let derives = match self.is_default() {
            true => quote!(Debug, Clone, PartialEq, Default),
            false => quote!(Debug, Clone, PartialEq),
        };
        quote! {
            #docs
            #[derive(#derives)]
            #[non_exhaustive]
            pub struct #name { #(#fields)* #rest }
        }
    }

    /// Whether the type implements `Default`, because it has no required fields.
    fn is_default(&self) -> bool {
        let optional = |field: &Field| field.presence != Presence::Required;
        self.def.usage.sent && self.object.fields.iter().all(optional)
    }

    /// Whether the type is an output that describes a file.
    fn is_file(&self) -> bool {
        self.def.is_file_like()
    }

    /// The field of additional properties and its type.
    pub(super) fn additional_properties(&self) -> Option<(String, TokenStream)> {
        let ty = self.rest_type()?;
        Some((additional_properties_name(&self.names), self.scope.ty(&ty)))
    }

    /// The type of the field of additional properties.
    pub(super) fn rest_type(&self) -> Option<TypeRef> {
        let value = self.object.additional_properties.as_ref()?;
        Some(match value.ty {
            TypeRef::Json => TypeRef::JsonObject,
            _ => TypeRef::Map(value.clone()),
        })
    }

    /// `wire! { … }`, a line per field.
    fn wire(&self) -> String {
        self.scope.import("@", "wire");
        let mut text = format!("wire! {{\n    {} {{\n", self.name);
        for (field, name) in self.fields() {
            let kind = match field.presence {
                Presence::Required => "required",
                Presence::Optional => "optional",
                Presence::Nullable => "nullable",
            };
            let wire = match field.wire == name {
                true => String::new(),
                false => format!(" = {}", Token::string(&field.wire)),
            };
            text.push_str(&format!("        {name}{wire}: {kind},\n"));
        }
        text.push_str("    }\n");
        if !self.object.constants.is_empty() {
            text.push_str("    const {\n");
            for (wire, value) in &self.object.constants {
                let wire = Token::string(wire);
                text.push_str(&format!("        {wire}: {},\n", constant(value)));
            }
            text.push_str("    }\n");
        }
        if let Some((name, _)) = self.additional_properties() {
            text.push_str(&format!("    additional_properties {name}\n"));
        }
        text.push_str("}\n");
        text
    }

    /// Defaults, the constructor, and the setters that the macro cannot express.
    fn methods(&self) -> TokenStream {
        let name = ident(&self.name);
        let defaults: Vec<TokenStream> = self
            .fields()
            .enumerate()
            .filter_map(|(index, (field, name))| self.default_item(field, name, index))
            .collect();
        let mut methods = vec![self.constructor()];
        for (field, name) in self.fields() {
            methods.extend(self.written_setters(field, name));
        }
        let blank = blank();
        let mut spaced = TokenStream::new();
        for (index, method) in methods.into_iter().enumerate() {
            let apart = index > 0 || !defaults.is_empty();
            spaced.extend(if apart {
                quote!(#blank #method)
            } else {
                method
            });
        }
        quote!(impl #name { #(#defaults)* #spaced })
    }

    pub(super) fn default_code(&self, field: &Field, index: usize) -> Option<DefaultValue> {
        let default = self.def.field_docs.get(index)?.default.as_ref()?;
        self.scope.default_of(default, &field.value)
    }

    fn default_item(&self, field: &Field, name: &str, index: usize) -> Option<TokenStream> {
        let constant = default_name(name);
        let doc = format!(" The default of `{}`.", name.trim_start_matches("r#"));
        Some(match self.default_code(field, index)? {
            DefaultValue::Constant(ty, value) => {
                let constant = ident(&constant);
                quote!(#[doc = #doc] pub const #constant: #ty = #value;)
            }
            DefaultValue::Function(ty, value) => {
                let function = self.free_method(constant.to_ascii_lowercase());
                quote!(#[doc = #doc] pub fn #function() -> #ty { #value })
            }
        })
    }

    fn constructor(&self) -> TokenStream {
        if self.object.fields.is_empty() && self.object.additional_properties.is_some() {
            return self.free_constructor();
        }
        let noun = match self.def.hint {
            NameHint::Root(_) => "an input",
            _ => "a value",
        };
        if self.is_default() {
            let doc = format!(
                " Creates {noun} without required fields; every option is left to the model's default."
            );
            // A setter can have that name too.
            let default = match self.names.iter().any(|name| name == "default") {
                true => quote!(<Self as ::core::default::Default>::default()),
                false => quote!(Self::default()),
            };
            return quote! {
                #[doc = #doc]
                pub fn new() -> Self {
                    #default
                }
            };
        }
        let required: Vec<_> = self
            .fields()
            .filter(|(field, _)| field.presence == Presence::Required)
            .collect();
        let parameters = required.iter().map(|(field, name)| {
            let name = ident(name);
            let ty = self.parameter(&field.value.ty);
            quote!(#name: #ty)
        });
        let values = self.fields().map(|(field, name)| {
            let name = ident(name);
            match field.presence {
                Presence::Required => {
                    let value = self.conversion(&field.value.ty, &quote!(#name));
                    match field.value.ty {
                        ref ty if self.is_plain(ty) => quote!(#name),
                        _ => quote!(#name: #value),
                    }
                }
                _ => quote!(#name: None),
            }
        });
        let rest = self.rest_type().map(|ty| {
            let name = ident(&additional_properties_name(&self.names));
            match ty {
                TypeRef::JsonObject => quote!(#name: Map::new()),
                _ => quote!(#name: BTreeMap::new()),
            }
        });
        let doc = format!(
            " Creates {noun} from its required fields; every other option is left to the model's default."
        );
        // Clippy counts arguments; the model's author decided how many there are.
        let many = (required.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
        let values: Vec<TokenStream> = values.chain(rest).collect();
        quote! {
            #[doc = #doc]
            #many
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values),* }
            }
        }
    }

    /// The constructor of a type whose schema declares no properties.
    fn free_constructor(&self) -> TokenStream {
        let Some((name, ty)) = self.additional_properties() else {
            return TokenStream::new();
        };
        let name = ident(&name);
        quote! {
            #[doc = " Creates an input from its members, of which the schema declares none."]
            pub fn new(#name: #ty) -> Self {
                Self { #name }
            }
        }
    }
}

/// A constant's value as the macro takes it.
fn constant(value: &Value) -> String {
    match (value, as_integer(value)) {
        (Value::String(text), _) => Token::string(text).to_string(),
        (_, Some(number)) => format!("{}_i64", integer(number)).replace(' ', ""),
        (other, None) => other.to_string(),
    }
}
