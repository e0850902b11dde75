//! Writes a struct as one call of the macro `object!`, with a line for each field.

use std::borrow::Cow;

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;
use serde_json::Value;

use super::block::Block;
use super::constructor::{declared, is_required, may_be_null, needs_value};
use super::default::{DefaultValue, default_name, integer};
use super::doc::code;
use super::doc_sentences::{NamedDefault, field_doc, file_fact};
use super::field_names::{free, rust_names};
use super::scope::Scope;
use super::ty::ident;
use crate::ir::{Docs, Field, Presence, Struct, TypeDef, TypeId, TypeRef};
use crate::json::as_integer;
use crate::name::additional_properties_name;
use crate::render;

/// The longest line of a declaration, in characters. A longer one is broken between its parts.
const WIDTH: usize = 100;

/// The sentence in the documentation of a struct whose required fields are not arguments of `new`.
const SETTERS: &str = "Required fields are set with their setters too: as arguments of `new` they would be hard to tell apart.";

/// A struct that is being written.
pub(super) struct Writer<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) def: &'a TypeDef,
    /// The struct as it is declared.
    pub(super) object: Cow<'a, Struct>,
    /// The struct as the document has it.
    original: &'a Struct,
    pub(super) name: String,
    pub(super) names: Vec<String>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, id: TypeId, object: &'a Struct) -> Self {
        let def = scope.def(id);
        Self {
            scope,
            def,
            object: declared(def, object),
            original: object,
            name: scope.name(id).to_owned(),
            names: rust_names(def, object),
        }
    }

    /// Whether the required fields are set with setters, and not with arguments of `new`.
    fn is_set_by_setters(&self) -> bool {
        matches!(self.object, Cow::Owned(_))
    }

    /// Whether a field is required, but not an argument of `new`.
    pub(super) fn is_asked_for(&self, index: usize) -> bool {
        let field = self.original.fields.get(index);
        self.is_set_by_setters() && field.is_some_and(needs_value)
    }

    /// Whether a required member is sent as `null` if it has no value.
    fn is_null_sent(&self, field: &Field) -> bool {
        let is_option = matches!(field.value.ty, TypeRef::Option(_));
        is_required(field) && may_be_null(field) && (is_option || self.is_set_by_setters())
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = (&Field, &str)> {
        self.object
            .fields
            .iter()
            .zip(self.names.iter().map(String::as_str))
    }

    /// The blocks of the type, in the order in which they are read.
    pub(super) fn blocks(&self, fallback: &str, endpoint: Option<(&str, &str)>) -> Vec<Block> {
        let mut blocks = vec![Block::Text(self.declaration(fallback, endpoint))];
        if self.def.is_file_like() {
            self.scope.import("@", "file_like");
            blocks.push(Block::Text(format!("file_like! {{ {} }}\n", self.name)));
        }
        blocks.extend(self.default_functions().map(Block::Items));
        blocks
    }

    /// The call `object! { … }`. `fallback` is the documentation of the type if the document has none; `endpoint` has the id and
    /// the output of the endpoint whose input the type is.
    fn declaration(&self, fallback: &str, endpoint: Option<(&str, &str)>) -> String {
        self.scope.import("@", "object");
        let mut sentences = self.object.constraints.sentences(code);
        if self.is_set_by_setters() {
            sentences.insert(0, SETTERS.to_owned());
        }
        let named = (self.name.as_str(), &self.def.docs);
        let docs = self.scope.type_doc(named, fallback, &sentences);
        let mut text = String::from("object! {\n");
        text.push_str(&docs.comment("    ", "///"));
        if self.is_default() {
            text.push_str("    #[derive(Default)]\n");
        }
        text.push_str(&self.head(endpoint));
        for (index, (field, name)) in self.fields().enumerate() {
            text.push_str(&self.field(index, field, name));
        }
        for (wire, value) in &self.object.constants {
            let wire = Token::string(wire);
            text.push_str(&format!("        const {wire} = {};\n", constant(value)));
        }
        let null_sent = self
            .original
            .fields
            .iter()
            .filter(|it| self.is_null_sent(it));
        for field in null_sent {
            text.push_str(&format!("        null {};\n", Token::string(&field.wire)));
        }
        text.push_str(&self.undeclared().unwrap_or_default());
        text + "    }\n}\n"
    }

    fn head(&self, endpoint: Option<(&str, &str)>) -> String {
        let head = format!("    pub struct {}", self.name);
        match endpoint {
            _ if !self.def.usage.sent => format!("{head} {{\n"),
            None => format!("{head}: Validate {{\n"),
            Some((id, output)) => format!(
                "{head}: Validate\n        + Input<ENDPOINT = {}, Output = {output}>\n    {{\n",
                Token::string(id)
            ),
        }
    }

    /// The declaration of a field: its documentation, its type, its default and its rules.
    fn field(&self, index: usize, field: &Field, name: &str) -> String {
        let default = self.default_code(field, index);
        let default = default.filter(|_| self.def.usage.sent);
        let (named, constant) = match default {
            Some(DefaultValue::Constant(ty, value)) => {
                let name = default_name(name);
                let constant = render::constant(&name, &ty, &value);
                (Some(NamedDefault(name)), constant)
            }
            _ => (None, None),
        };
        let empty = Docs::default();
        let docs = self.def.field_docs.get(index).unwrap_or(&empty);
        let known = file_fact(&field.wire).filter(|_| self.def.is_file_like());
        let words = (field.wire.as_str(), known);
        let is_asked_for = self.is_asked_for(index);
        let docs = field_doc(docs, &field.value, named.as_ref(), words, is_asked_for);
        let mut facts = Vec::new();
        if self.def.usage.sent {
            let mut checks: Vec<String> = is_asked_for
                .then(|| "check required()".to_owned())
                .into_iter()
                .collect();
            checks.extend(self.scope.check_facts(&field.value));
            let name_fact =
                (field.wire != name).then(|| format!("name {}", Token::string(&field.wire)));
            facts.extend(self.null_fact(field, name));
            facts.extend(constant);
            let (before, after) = match name_fact {
                // If a member's wire name differs from the field's name, the rules follow the wire name.
                Some(_) => (Vec::new(), checks),
                None => (checks, Vec::new()),
            };
            facts.extend(before);
            facts.extend(self.scope.visit_fact(&field.value.ty));
            facts.extend(name_fact);
            facts.extend(after);
        } else if field.wire != name {
            facts.push(format!("name {}", Token::string(&field.wire)));
        }
        let head = format!("pub {name}: {}", self.words(field));
        docs.comment("        ", "///") + &line(head, &facts)
    }

    /// The part of a field's declaration with the name of the setter that sends `null`.
    fn null_fact(&self, field: &Field, name: &str) -> Option<String> {
        let plain = name.trim_start_matches("r#").trim_start_matches('_');
        let setter = || format!("null {}", self.free_method(format!("null_{plain}")));
        (field.presence == Presence::Nullable).then(setter)
    }

    /// The functions for defaults that cannot be constants.
    fn default_functions(&self) -> Option<TokenStream> {
        let functions = self
            .fields()
            .enumerate()
            .filter_map(|(index, (field, name))| {
                let DefaultValue::Function(ty, value) = self.default_code(field, index)? else {
                    return None;
                };
                let doc = format!(" The default of `{}`.", name.trim_start_matches("r#"));
                let function = default_name(name).to_ascii_lowercase();
                let function = ident(&self.free_method(function));
                Some(quote!(#[doc = #doc] pub fn #function() -> #ty { #value }))
            });
        let functions: Vec<TokenStream> = functions.filter(|_| self.def.usage.sent).collect();
        let name = ident(&self.name);
        (!functions.is_empty()).then(|| quote!(impl #name { #(#functions)* }))
    }

    /// Whether the type implements `Default`, because it has no required fields.
    fn is_default(&self) -> bool {
        let optional = |field: &Field| field.presence != Presence::Required;
        self.def.usage.sent && self.original.fields.iter().all(optional)
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

    /// The line of the field of additional properties.
    fn undeclared(&self) -> Option<String> {
        let (name, ty) = self.additional_properties()?;
        let value = self.object.additional_properties.as_ref()?;
        let is_sent = self.def.usage.sent;
        let dots = match is_sent && self.object.fields.is_empty() {
            true => "...",
            false => "..",
        };
        let mut facts = Vec::new();
        if is_sent {
            let members = TypeRef::Map(value.clone());
            facts.extend(self.scope.check_facts(&members.into()));
            facts.extend(self.scope.visit_fact(&value.ty));
        }
        Some(line(format!("{dots}{name}: {}", render::ty(ty)), &facts))
    }

    pub(super) fn default_code(&self, field: &Field, index: usize) -> Option<DefaultValue> {
        let default = self.def.field_docs.get(index)?.default.as_ref()?;
        self.scope.default_of(default, &field.value)
    }

    /// The name, with underscores appended until no setter has it.
    fn free_method(&self, name: String) -> String {
        free(name, &self.names)
    }
}

/// A line of a declaration, which is broken between its parts if it is too long.
fn line(head: String, facts: &[String]) -> String {
    let mut text = format!("        {head}");
    let mut width = text.len();
    for fact in facts {
        text.push(',');
        let first = fact.lines().next().unwrap_or_default().chars().count();
        let is_long = fact.contains('\n') || width + first + 3 > WIDTH;
        if is_long {
            text.push_str("\n            ");
            width = 12 + first;
        } else {
            text.push(' ');
            width += first + 2;
        }
        text.push_str(&fact.replace('\n', "\n            "));
        if let Some((_, last)) = fact.rsplit_once('\n') {
            width = 12 + last.chars().count();
        }
    }
    text + ";\n"
}

/// The value of a constant, in the form that the macro has.
fn constant(value: &Value) -> String {
    match (value, as_integer(value)) {
        (Value::String(text), _) => Token::string(text).to_string(),
        (_, Some(number)) => format!("{}_i64", integer(number)).replace(' ', ""),
        (other, None) => other.to_string(),
    }
}
