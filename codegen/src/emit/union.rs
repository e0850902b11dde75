//! Writes a union as a call of the macro `union!`, with a line for each alternative.

use super::block::Block;
use super::doc::{code, listed};
use super::doc_sentences::rule_facts;
use super::media::{tuple, visits_media};
use super::scope::Scope;
use super::ty::ident;
use crate::ir::{EnumKind, FileKind, Presence, Shape, Struct, TypeDef, TypeRef, Union};
use crate::render;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The call `union! { … }`, and the implementation that visits its media.
pub(super) fn union(
    scope: &Scope<'_>,
    def: &TypeDef,
    union: &Union,
    name: &str,
    fallback: &str,
) -> Vec<Block> {
    scope.import("@", "union");
    let mut text = String::from("union! {\n");
    let doc = scope.type_doc((name, &def.docs), fallback, &[]);
    text.push_str(&doc.comment("    ", "///"));
    let bound = if def.usage.sent { ": Validate" } else { "" };
    text.push_str(&format!("    pub enum {name}{bound} {{\n"));
    for variant in &union.variants {
        let mut facts = vec![sentence(scope, &variant.value.ty)];
        facts.extend(rule_facts(&variant.value, ""));
        text.push_str(&format!("        /// {}\n", facts.join(" ")));
        let ty = render::ty(scope.ty(&variant.value.ty));
        let rule = def
            .usage
            .sent
            .then(|| scope.variant_rule(&variant.value))
            .flatten()
            .map(|rule| format!(" if {rule}"))
            .unwrap_or_default();
        let sources = sources(scope, union, &variant.value.ty);
        text.push_str(&format!("        {}({ty}){sources}{rule},\n", variant.name));
    }
    text.push_str("    }\n}\n");
    let mut blocks = vec![Block::Text(text)];
    if def.usage.sent {
        blocks.extend(media(scope, union, name).map(Block::Items));
    }
    blocks
}

/// The further types that convert into a variant, in the form that the macro has. `&str` and `String` convert into the variant
/// that holds a string, unless another variant could be meant.
fn sources(scope: &Scope<'_>, union: &Union, ty: &TypeRef) -> &'static str {
    let takes_text = |ty: &TypeRef| match ty {
        TypeRef::Text | TypeRef::Media => true,
        TypeRef::Named(id) => matches!(&scope.def(*id).shape, Shape::Enum(listed)
            if listed.kind == EnumKind::Text),
        _ => false,
    };
    let variants = union.variants.iter();
    let takers = variants.filter(|variant| takes_text(&variant.value.ty));
    match ty {
        ty if !takes_text(ty) || takers.count() > 1 => "",
        TypeRef::Text => " from (&str)",
        _ => " from (&str, String)",
    }
}

/// A sentence on what an alternative is for.
fn sentence(scope: &Scope<'_>, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Bool => "A boolean.".to_owned(),
        TypeRef::Signed | TypeRef::Unsigned => "An integer.".to_owned(),
        TypeRef::Float | TypeRef::BigInteger => "A number.".to_owned(),
        TypeRef::Text => "A string.".to_owned(),
        TypeRef::Media => "A media URL, or a file to upload.".to_owned(),
        TypeRef::Json => "Any other JSON value.".to_owned(),
        TypeRef::JsonObject | TypeRef::Map(_) => "An object with members of any name.".to_owned(),
        TypeRef::File(kind) => match kind {
            FileKind::File => "A file.",
            FileKind::Image => "An image file.",
            FileKind::Video => "A video file.",
            FileKind::Audio => "An audio file.",
        }
        .to_owned(),
        TypeRef::Option(value) => sentence(scope, &value.ty),
        TypeRef::List(item) | TypeRef::Array(item, _) => {
            format!("A list of {}.", plural(scope, &item.ty))
        }
        TypeRef::Tuple(values) => format!("A list of {} values.", values.len()),
        TypeRef::Named(id) | TypeRef::Boxed(id) => {
            let def = scope.def(*id);
            match &def.shape {
                Shape::Enum(_) => "One of the known values.".to_owned(),
                Shape::Struct(object) => object_sentence(object, def.docs.title.as_deref()),
                Shape::Union(_) => format!("One of the alternatives of {}.", code(scope.name(*id))),
            }
        }
    }
}

/// The plural noun for the items of a list.
fn plural(scope: &Scope<'_>, ty: &TypeRef) -> &'static str {
    match ty {
        TypeRef::Bool => "booleans",
        TypeRef::Signed | TypeRef::Unsigned => "integers",
        TypeRef::Float | TypeRef::BigInteger => "numbers",
        TypeRef::Text => "strings",
        TypeRef::Media => "media URLs, or of files to upload",
        TypeRef::Json => "JSON values",
        TypeRef::JsonObject | TypeRef::Map(_) => "objects",
        TypeRef::File(kind) => match kind {
            FileKind::File => "files",
            FileKind::Image => "image files",
            FileKind::Video => "video files",
            FileKind::Audio => "audio files",
        },
        TypeRef::Option(value) => plural(scope, &value.ty),
        TypeRef::List(_) | TypeRef::Array(..) | TypeRef::Tuple(_) => "lists",
        TypeRef::Named(id) | TypeRef::Boxed(id) => match &scope.def(*id).shape {
            Shape::Enum(_) => "known values",
            Shape::Struct(_) => "objects",
            Shape::Union(_) => "alternatives",
        },
    }
}

/// The sentence on an alternative that is an object: it names the constants, the required members or the title.
fn object_sentence(object: &Struct, title: Option<&str>) -> String {
    let constants = object.constants.iter();
    let constants =
        constants.map(|(name, value)| format!("{} {}", code(name), code(&value.to_string())));
    let required = object
        .fields
        .iter()
        .filter(|field| field.presence == Presence::Required);
    let members: Vec<String> = match object.constants.is_empty() {
        true => required.map(|field| code(&field.wire)).collect(),
        false => constants.collect(),
    };
    match (listed(&members), title.map(str::trim)) {
        (Some(members), _) => format!("An object with {members}."),
        (None, Some(title)) if !title.is_empty() => format!("The object {}.", code(title)),
        (None, _) => "An object without required members.".to_owned(),
    }
}

fn media(scope: &Scope<'_>, union: &Union, name: &str) -> Option<TokenStream> {
    let mut others = false;
    let arms: Vec<(Ident, TokenStream, bool)> = union
        .variants
        .iter()
        .filter_map(|variant| {
            let visit = scope.media_visit(quote!(value), &variant.value.ty);
            others |= visit.is_none();
            let is_long = tuple(&variant.value.ty).is_some();
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
