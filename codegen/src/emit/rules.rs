//! `Validate`: the rules of a schema as calls of the validator.

use proc_macro2::TokenStream;
use quote::quote;

use super::default::{float, integer};
use super::scope::{Scope, inner};
use super::structure::Writer;
use super::ty::ident;
use crate::ir::{Bound, Literal, Rules, Shape, Slot, TypeRef};

impl Writer<'_> {
    /// `impl Validate`.
    pub(super) fn validate(&self) -> TokenStream {
        self.scope.import("@::endpoint", "Validate");
        let name = ident(&self.name);
        let mut checks = TokenStream::new();
        for (field, field_name) in self.fields() {
            let field_name = ident(field_name);
            let value = quote!(&self.#field_name);
            checks.extend(self.scope.checks(&field.wire, &value, &field.slot));
        }
        if checks.is_empty() {
            return quote!(impl Validate for #name {});
        }
        self.scope.import("@::endpoint", "Validator");
        quote! {
            impl Validate for #name {
                fn check(&self, check: &mut Validator) { #checks }
            }
        }
    }
}

impl Scope<'_> {
    /// A line for each rule of a value and of what is in it.
    pub(super) fn checks(&self, wire: &str, value: &TokenStream, slot: &Slot) -> TokenStream {
        let mut checks = own_checks(wire, value, slot);
        match &slot.ty {
            TypeRef::Named(id) | TypeRef::Boxed(id) => {
                if self.has_rules(*id) {
                    checks.extend(quote!(check.nested(#wire, #value);));
                }
            }
            ty => {
                if let Some(item) = inner(ty) {
                    checks.extend(self.inner_checks(wire, value, slot, item));
                }
            }
        }
        checks
    }

    /// Rules of numbers and texts find their way into containers by themselves;
    /// only a list inside a list is gone through by hand.
    fn inner_checks(
        &self,
        wire: &str,
        value: &TokenStream,
        outer: &Slot,
        item: &Slot,
    ) -> TokenStream {
        let transparent = matches!(outer.ty, TypeRef::Option(_)) || !counts_items(item);
        if transparent {
            return self.checks(wire, value, item);
        }
        let checks = self.checks("", &quote!(item), item);
        quote!(check.each_item(#wire, #value, |check, item| { #checks });)
    }

    /// The rules of a union's variant, as the macro takes them.
    pub(super) fn variant_rule(&self, slot: &Slot) -> Option<TokenStream> {
        if matches!(slot.ty, TypeRef::Named(id) | TypeRef::Boxed(id)
            if !matches!(self.def(id).shape, Shape::Enum(_)))
        {
            return None;
        }
        let checks = self.checks("", &quote!(value), slot);
        (!checks.is_empty()).then(|| quote!(|check, value| { #checks }))
    }
}

/// Whether a list stands here whose items are counted or compared.
fn counts_items(slot: &Slot) -> bool {
    let is_list = matches!(slot.ty, TypeRef::List(_) | TypeRef::Array(..));
    let counted = slot.rules.min_length.is_some() || slot.rules.max_length.is_some();
    is_list && (counted || slot.rules.unique) || inner(&slot.ty).is_some_and(counts_items)
}

fn own_checks(wire: &str, value: &TokenStream, slot: &Slot) -> TokenStream {
    let Rules {
        least,
        most,
        multiple_of,
        min_length,
        max_length,
        pattern,
        unique,
    } = &slot.rules;
    let mut checks = TokenStream::new();
    let is_float = slot.ty == TypeRef::Float;
    let number = |value: &Literal| match is_float {
        true => value.as_f64().and_then(float),
        false => value.as_integer().map(integer),
    };
    let inclusive = |bound: &Option<Bound>| {
        let bound = bound.as_ref().filter(|bound| !bound.exclusive)?;
        number(&bound.value)
    };
    let exclusive = |bound: &Option<Bound>| {
        let bound = bound.as_ref().filter(|bound| bound.exclusive)?;
        number(&bound.value)
    };
    if let Some(range) = range(inclusive(least), inclusive(most)) {
        checks.extend(quote!(check.range(#wire, #value, #range);));
    }
    if let Some(bound) = exclusive(least) {
        checks.extend(quote!(check.above(#wire, #value, #bound);));
    }
    if let Some(bound) = exclusive(most) {
        checks.extend(quote!(check.below(#wire, #value, #bound);));
    }
    if let Some(step) = multiple_of.as_ref().and_then(number) {
        checks.extend(quote!(check.multiple_of(#wire, #value, #step);));
    }
    let count = |length: &Option<u64>| length.map(|length| integer(length.into()));
    if let Some(range) = range(count(min_length), count(max_length)) {
        let rule = ident(match slot.ty {
            TypeRef::List(_) | TypeRef::Array(..) => "items",
            _ => "length",
        });
        checks.extend(quote!(check.#rule(#wire, #value, #range);));
    }
    if let Some(pattern) = pattern {
        checks.extend(quote!(check.pattern(#wire, #value, #pattern);));
    }
    if *unique {
        checks.extend(quote!(check.unique(#wire, #value);));
    }
    checks
}

fn range(least: Option<TokenStream>, most: Option<TokenStream>) -> Option<TokenStream> {
    match (least, most) {
        (None, None) => None,
        (Some(least), None) => Some(quote!(#least..)),
        (None, Some(most)) => Some(quote!(..=#most)),
        (Some(least), Some(most)) => Some(quote!(#least..=#most)),
    }
}
