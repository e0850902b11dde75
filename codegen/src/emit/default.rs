//! Writes defaults as constants, or as functions if a value needs an allocation.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use super::constructor;
use super::field_names::rust_names;
use super::scope::Scope;
use super::ty::ident;
use crate::ir::{ConstrainedType, Field, Presence, Shape, Struct, TypeId, TypeRef};
use crate::json::{as_integer, is_same, members};
use crate::name::{additional_properties_name, constant_name};

/// A default value as code.
pub(super) enum DefaultValue {
    /// A constant, `pub const NAME: TYPE = VALUE;`, as its type and its value.
    Constant(TokenStream, TokenStream),
    /// A function, `pub fn name() -> TYPE { VALUE }`, as its type and its value.
    Function(TokenStream, TokenStream),
}

impl Scope<'_> {
    /// The code of a field's default, if it has one that its schema accepts.
    pub(super) fn default_of(
        &self,
        default: &Value,
        expected: &ConstrainedType,
    ) -> Option<DefaultValue> {
        if default.is_null() || !self.store.accepts(default, expected) {
            return None;
        }
        if let Some((ty, value)) = self.constant(default, &expected.ty) {
            return Some(DefaultValue::Constant(ty, value));
        }
        let value = self.owned(default, &expected.ty)?;
        Some(DefaultValue::Function(self.ty(&expected.ty), value))
    }

    /// The type and the value of a constant.
    fn constant(&self, value: &Value, ty: &TypeRef) -> Option<(TokenStream, TokenStream)> {
        match (ty, value) {
            (TypeRef::Text | TypeRef::Media, Value::String(text)) => {
                Some((quote!(&'static str), quote!(#text)))
            }
            (TypeRef::List(item) | TypeRef::Array(item, _), Value::Array(items)) => {
                self.constant_list(items, &item.ty)
            }
            (TypeRef::Tuple(places), Value::Array(items)) => {
                let places = places.iter().zip(items);
                let values = places.map(|(place, value)| self.constant(value, &place.ty));
                let (types, values): (Vec<_>, Vec<_>) =
                    values.collect::<Option<Vec<_>>>()?.into_iter().unzip();
                Some((quote!((#(#types,)*)), quote!((#(#values,)*))))
            }
            _ => Some((self.ty(ty), self.scalar(value, ty)?)),
        }
    }

    fn constant_list(&self, items: &[Value], ty: &TypeRef) -> Option<(TokenStream, TokenStream)> {
        let values: Option<Vec<_>> = items.iter().map(|item| self.constant(item, ty)).collect();
        let values = values?;
        let item_type = match values.first() {
            Some((item_type, _)) => item_type.clone(),
            None if matches!(ty, TypeRef::Text | TypeRef::Media) => quote!(&'static str),
            // A list needs no box around its items.
            None => match ty {
                TypeRef::Boxed(id) => self.ty(&TypeRef::Named(*id)),
                ty => self.ty(ty),
            },
        };
        let values = values.into_iter().map(|(_, value)| value);
        Some((quote!(&'static [#item_type]), quote!(&[#(#values),*])))
    }

    /// The expression of a value that needs no allocation.
    fn scalar(&self, value: &Value, ty: &TypeRef) -> Option<TokenStream> {
        match (ty, value) {
            (TypeRef::Bool, Value::Bool(flag)) => Some(quote!(#flag)),
            (TypeRef::Signed | TypeRef::Unsigned, value) => Some(integer(as_integer(value)?)),
            (TypeRef::Float, value) => float(value.as_f64()?),
            (TypeRef::Option(expected), value) => {
                let inner = self.scalar(value, &expected.ty)?;
                Some(quote!(Some(#inner)))
            }
            (TypeRef::Named(id), value) => self.scalar_of(*id, value),
            _ => None,
        }
    }

    fn scalar_of(&self, id: TypeId, value: &Value) -> Option<TokenStream> {
        let name = ident(self.name(id));
        match &self.def(id).shape {
            Shape::Enum(listed) => {
                let index = listed
                    .values
                    .iter()
                    .position(|known| is_same(known, value))?;
                let variant = ident(&self.variant_name(id, listed, index)?);
                Some(quote!(#name::#variant))
            }
            Shape::Union(union) => union.variants.iter().find_map(|variant| {
                self.store.accepts(value, &variant.value).then_some(())?;
                let inner = self.scalar(value, &variant.value.ty)?;
                let variant = ident(&variant.name);
                Some(quote!(#name::#variant(#inner)))
            }),
            Shape::Struct(_) => None,
        }
    }

    /// The expression of a value that may need an allocation.
    pub(super) fn owned(&self, value: &Value, ty: &TypeRef) -> Option<TokenStream> {
        if let Some(scalar) = self.scalar(value, ty) {
            return Some(scalar);
        }
        match (ty, value) {
            (TypeRef::Text, Value::String(text)) => Some(quote!(String::from(#text))),
            (TypeRef::Media, Value::String(text)) => {
                self.import("@::endpoint", "Media");
                Some(quote!(Media::url(#text)))
            }
            (TypeRef::List(item), Value::Array(items)) => {
                let items = self.owned_each(items.iter().map(|value| (value, &item.ty)))?;
                Some(quote!(vec![#(#items),*]))
            }
            (TypeRef::Option(_), Value::Null) => Some(quote!(None)),
            (TypeRef::Option(expected), value) => {
                let value = self.owned(value, &expected.ty)?;
                Some(quote!(Some(#value)))
            }
            (TypeRef::Array(item, _), Value::Array(items)) => {
                let items = self.owned_each(items.iter().map(|value| (value, &item.ty)))?;
                Some(quote!([#(#items),*]))
            }
            (TypeRef::Tuple(places), Value::Array(items)) => {
                let types = places.iter().map(|place| &place.ty);
                let items = self.owned_each(items.iter().zip(types))?;
                Some(quote!((#(#items,)*)))
            }
            (TypeRef::Map(item), Value::Object(map)) => {
                self.import("std::collections", "BTreeMap");
                let values = members(map).map(|(_, value)| (value, &item.ty));
                let values = self.owned_each(values)?;
                let names = members(map).map(|(name, _)| name);
                Some(quote!(BTreeMap::from([#((String::from(#names), #values)),*])))
            }
            (TypeRef::JsonObject, Value::Object(map)) => {
                self.import("@::wire::serde_json", "Map");
                let names = members(map).map(|(name, _)| name);
                let values = members(map).map(|(_, value)| self.json(value));
                let values = values.collect::<Option<Vec<_>>>()?;
                Some(quote!(Map::from_iter([#((String::from(#names), #values)),*])))
            }
            (TypeRef::Json, value) => self.json(value),
            (TypeRef::File(_), value) if self.is_outside => self.file_example(value, ty),
            (TypeRef::Named(id), value) => match (&self.def(*id).shape, value) {
                (Shape::Struct(object), Value::Object(map)) if self.is_outside => {
                    self.struct_example(*id, object, map)
                }
                (Shape::Struct(object), Value::Object(map)) => self.owned_struct(*id, object, map),
                (Shape::Union(union), value) => union.variants.iter().find_map(|variant| {
                    self.store.accepts(value, &variant.value).then_some(())?;
                    let inner = self.owned(value, &variant.value.ty)?;
                    let name = ident(self.name(*id));
                    let variant = ident(&variant.name);
                    Some(quote!(#name::#variant(#inner)))
                }),
                _ => None,
            },
            _ => None,
        }
    }

    fn owned_each<'v>(
        &self,
        values: impl Iterator<Item = (&'v Value, &'v TypeRef)>,
    ) -> Option<Vec<TokenStream>> {
        values.map(|(value, ty)| self.owned(value, ty)).collect()
    }

    /// The expression of a value that has no known type.
    fn json(&self, value: &Value) -> Option<TokenStream> {
        self.import("@::wire::serde_json", "Value");
        Some(match value {
            Value::Null => quote!(Value::Null),
            Value::Bool(flag) => quote!(Value::Bool(#flag)),
            Value::Number(number) => {
                let digits = match number.as_i128() {
                    Some(whole) => suffixed(whole)?,
                    None => float(number.as_f64()?)?,
                };
                quote!(Value::from(#digits))
            }
            Value::String(text) => quote!(Value::from(#text)),
            Value::Array(items) => {
                let items = items.iter().map(|item| self.json(item));
                let items = items.collect::<Option<Vec<_>>>()?;
                quote!(Value::Array(vec![#(#items),*]))
            }
            // The compiler could not infer the type of an empty collection.
            Value::Object(map) if map.is_empty() => {
                quote!(Value::Object(Default::default()))
            }
            Value::Object(map) => {
                let names = members(map).map(|(name, _)| name);
                let values = members(map).map(|(_, value)| self.json(value));
                let values = values.collect::<Option<Vec<_>>>()?;
                quote!(Value::from_iter([#((#names, #values)),*]))
            }
        })
    }

    fn owned_struct(
        &self,
        id: TypeId,
        object: &Struct,
        members: &Map<String, Value>,
    ) -> Option<TokenStream> {
        let declared = |name: &str| {
            object.fields.iter().any(|field| field.wire == name)
                || object
                    .constants
                    .iter()
                    .any(|(constant, _)| constant == name)
        };
        if !members.keys().all(|name| declared(name)) {
            return None;
        }
        let names = rust_names(self.def(id), object);
        let object = constructor::declared(self.def(id), object);
        let mut fields = Vec::new();
        for (field, name) in object.fields.iter().zip(&names) {
            let value = self.owned_field(field, members.get(&field.wire))?;
            let name = ident(name);
            fields.push(quote!(#name: #value));
        }
        if object.additional_properties.is_some() {
            let rest = ident(&additional_properties_name(&names));
            fields.push(quote!(#rest: std::default::Default::default()));
        }
        let name = ident(self.name(id));
        Some(quote!(#name { #(#fields),* }))
    }

    fn owned_field(&self, field: &Field, value: Option<&Value>) -> Option<TokenStream> {
        let Some(value) = value else {
            return (field.presence != Presence::Required).then(|| quote!(None));
        };
        match (field.presence, value) {
            (Presence::Required, value) => self.owned(value, &field.value.ty),
            (Presence::Optional, Value::Null) => Some(quote!(None)),
            (Presence::Optional, value) => {
                let value = self.owned(value, &field.value.ty)?;
                Some(quote!(Some(#value)))
            }
            (Presence::Nullable, Value::Null) => {
                self.import("@::endpoint", "Nullable");
                Some(quote!(Some(Nullable::Null)))
            }
            (Presence::Nullable, value) => {
                self.import("@::endpoint", "Nullable");
                let value = self.owned(value, &field.value.ty)?;
                Some(quote!(Some(Nullable::Value(#value))))
            }
        }
    }
}

/// The name of a field's default constant.
pub(super) fn default_name(field: &str) -> String {
    let plain = field.trim_start_matches("r#");
    format!("DEFAULT_{}", constant_name(plain.trim_matches('_')))
}

/// A whole number as it is written in Rust, with its sign.
pub(super) fn integer(value: i128) -> TokenStream {
    let digits = Literal::u128_unsuffixed(value.unsigned_abs());
    match value < 0 {
        true => quote!(-#digits),
        false => quote!(#digits),
    }
}

/// An integer with its type as a suffix, unless it has the type that Rust assumes.
fn suffixed(value: i128) -> Option<TokenStream> {
    if i32::try_from(value).is_ok() {
        return Some(integer(value));
    }
    match i64::try_from(value) {
        Ok(number) => Some(quote!(#number)),
        Err(_) => u64::try_from(value).ok().map(|number| quote!(#number)),
    }
}

/// The length up to which a float is written without an exponent.
const LONGEST_FLOAT: usize = 24;

/// A float as it is written in Rust, with its sign, and with its point or its exponent.
pub(super) fn float(value: f64) -> Option<TokenStream> {
    if !value.is_finite() {
        return None;
    }
    let digits = match value.abs() {
        short if short.to_string().len() <= LONGEST_FLOAT => Literal::f64_unsuffixed(short),
        long => format!("{long:e}").parse().ok()?,
    };
    Some(match value.is_sign_negative() && value != 0.0 {
        true => quote!(-#digits),
        false => quote!(#digits),
    })
}
