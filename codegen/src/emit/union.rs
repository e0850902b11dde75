//! Unions: one macro, a variant per shape.

use super::block::Block;
use super::facts::{rule_facts, type_doc};
use super::media::{tuple, visits_media};
use super::scope::Scope;
use super::ty::ident;
use crate::ir::{Shape, TypeDef, TypeRef, Union};
use crate::render;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// `union! { … }`, and where its media stands.
pub(super) fn union(
    scope: &Scope<'_>,
    def: &TypeDef,
    union: &Union,
    name: &str,
    fallback: &str,
) -> Vec<Block> {
    scope.import("@", "union");
    let mut text = String::from("union! {\n");
    let doc = type_doc(&def.docs, fallback);
    text.push_str(&doc.comment("    ", "///"));
    let bound = if def.usage.sent { ": Validate" } else { "" };
    text.push_str(&format!("    pub enum {name}{bound} {{\n"));
    for variant in &union.variants {
        let mut facts = vec![what(scope, &variant.slot.ty)];
        facts.extend(rule_facts(&variant.slot, ""));
        text.push_str(&format!("        /// {}\n", facts.join(" ")));
        let ty = render::ty(scope.ty(&variant.slot.ty));
        let rule = def
            .usage
            .sent
            .then(|| scope.variant_rule(&variant.slot))
            .flatten()
            .map(|rule| format!(" if {rule}"))
            .unwrap_or_default();
        text.push_str(&format!("        {}({ty}){rule},\n", variant.name));
    }
    text.push_str("    }\n}\n");
    let mut blocks = vec![Block::Text(text)];
    if def.usage.sent {
        blocks.extend(media(scope, union, name).map(Block::Items));
    }
    blocks
}

/// What a variant holds, in words.
fn what(scope: &Scope<'_>, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Bool => "A flag.".to_owned(),
        TypeRef::Signed | TypeRef::Unsigned => "A whole number.".to_owned(),
        TypeRef::Float | TypeRef::Number => "A number.".to_owned(),
        TypeRef::Text => "A text.".to_owned(),
        TypeRef::Media => "A URL of media, or media to be uploaded.".to_owned(),
        TypeRef::Json => "Anything else.".to_owned(),
        TypeRef::JsonObject | TypeRef::Map(_) => "An object of any members.".to_owned(),
        TypeRef::File(_) => "A file.".to_owned(),
        TypeRef::Option(slot) => what(scope, &slot.ty),
        TypeRef::List(_) | TypeRef::Array(..) | TypeRef::Tuple(_) => "A list.".to_owned(),
        TypeRef::Named(id) | TypeRef::Boxed(id) => match scope.def(*id).shape {
            Shape::Enum(_) => "One of the listed values.".to_owned(),
            Shape::Struct(_) => "An object, member by member.".to_owned(),
            Shape::Union(_) => "One of further forms.".to_owned(),
        },
    }
}

fn media(scope: &Scope<'_>, union: &Union, name: &str) -> Option<TokenStream> {
    let mut others = false;
    let arms: Vec<(Ident, TokenStream, bool)> = union
        .variants
        .iter()
        .filter_map(|variant| {
            let visit = scope.media_visit(quote!(value), &variant.slot.ty);
            others |= visit.is_none();
            let is_long = tuple(&variant.slot.ty).is_some();
            Some((ident(&variant.name), visit?, is_long))
        })
        .collect();
    if arms.is_empty() {
        return None;
    }
    let body = match (arms.as_slice(), others) {
        ([(variant, visit, _)], true) => quote! {
            if let Self::#variant(value) = self {
                #visit;
            }
        },
        (several, _) => {
            let arms = several
                .iter()
                .map(|(variant, visit, is_long)| match is_long {
                    true => quote!(Self::#variant(value) => { #visit; }),
                    false => quote!(Self::#variant(value) => #visit,),
                });
            let rest = others.then(|| quote!(_ => {}));
            quote!(match self { #(#arms)* #rest })
        }
    };
    Some(visits_media(scope, name, body))
}
