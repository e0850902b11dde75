//! Finds the values that a rule applies to inside options, lists and maps.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::{Validate, Validator, rule};
use crate::contract::media::Media;
use crate::contract::wire::Nullable;

/// A value that is, or contains, values of type `T`.
pub trait Contains<T: ?Sized> {
    /// Calls `rule` with each value of type `T`. Violations are reported at the pointer of
    /// that value.
    fn visit(&self, check: &mut Validator, rule: &mut dyn FnMut(&mut Validator, &T));
}

macro_rules! leaves {
    ($($ty:ty),*) => {$(
        impl Contains<$ty> for $ty {
            fn visit(&self, check: &mut Validator, rule: &mut dyn FnMut(&mut Validator, &$ty)) {
                rule(check, self);
            }
        }
    )*};
}

leaves!(i64, u64, f64, Media);

/// An integer of any size. One that does not fit in 64 bits was parsed as a float.
impl Contains<i128> for Number {
    fn visit(&self, check: &mut Validator, rule: &mut dyn FnMut(&mut Validator, &i128)) {
        let whole = self.as_i128();
        let number = whole.or_else(|| self.as_f64().map(|number| number as i128));
        if let Some(number) = number {
            rule(check, &number);
        }
    }
}

impl Contains<str> for String {
    fn visit(&self, check: &mut Validator, rule: &mut dyn FnMut(&mut Validator, &str)) {
        rule(check, self);
    }
}

/// Rules of strings apply to the URL of media. Media that is not uploaded yet has none.
impl Contains<str> for Media {
    fn visit(&self, check: &mut Validator, rule: &mut dyn FnMut(&mut Validator, &str)) {
        if let Some(url) = self.as_url() {
            rule(check, url);
        }
    }
}

impl<T: ?Sized, C: Contains<T>> Contains<T> for BTreeMap<String, C> {
    fn visit(&self, check: &mut Validator, rule: &mut dyn FnMut(&mut Validator, &T)) {
        for (name, item) in self {
            check.at(name, |check| item.visit(check, rule));
        }
    }
}

/// A list, or an option of one.
pub trait Items {
    /// Returns the number of items; `None` for an option without a list.
    fn count(&self) -> Option<usize>;
    /// Returns the indices of two equal items, if there are any.
    fn first_duplicate(&self) -> Option<(usize, usize)>;
}

/// An object whose properties have any name, or an option of one.
pub trait Properties {
    /// Returns the number of properties; `None` for an option without an object.
    fn count(&self) -> Option<usize>;
}

impl<T> Properties for BTreeMap<String, T> {
    fn count(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl Properties for Map<String, Value> {
    fn count(&self) -> Option<usize> {
        Some(self.len())
    }
}

/// A list, a map, or an option of one, whose items are visited one by one.
pub trait EachItem {
    /// The type of an item.
    type Item;

    /// Calls `rule` with each item. Violations are reported at the pointer of the item.
    fn each_item(&self, check: &mut Validator, rule: &mut dyn FnMut(&mut Validator, &Self::Item));
}

impl<T> EachItem for BTreeMap<String, T> {
    type Item = T;

    fn each_item(&self, check: &mut Validator, rule: &mut dyn FnMut(&mut Validator, &T)) {
        for (name, item) in self {
            check.at(name, |check| rule(check, item));
        }
    }
}

macro_rules! no_rules {
    ($($ty:ty),*) => {$(
        impl Validate for $ty {}
    )*};
}

no_rules!(bool, i64, u64, f64, String, Number, Value, Map<String, Value>);

/// Checks that a URL is one that a server can open: see [`Rule::Url`](super::Rule::Url) and
/// [`Rule::RemoteUrl`](super::Rule::RemoteUrl).
impl Validate for Media {
    fn check(&self, check: &mut Validator) {
        if let Some(url) = self.as_url()
            && let Some(rule) = rule::url(url)
        {
            check.report(rule::quote(url), rule);
        }
    }
}

impl<T: Validate> Validate for Box<T> {
    fn check(&self, check: &mut Validator) {
        (**self).check(check);
    }
}

impl<T: Validate> Validate for BTreeMap<String, T> {
    fn check(&self, check: &mut Validator) {
        for (name, item) in self {
            check.nested(name, item);
        }
    }
}

/// Implements all traits of this module for options, whose value may be absent.
macro_rules! options {
    ($($option:ident::$value:ident),*) => {$(
        impl<T: ?Sized, C: Contains<T>> Contains<T> for $option<C> {
            fn visit(&self, check: &mut Validator, rule: &mut dyn FnMut(&mut Validator, &T)) {
                if let Some(value) = self.$value() {
                    value.visit(check, rule);
                }
            }
        }

        impl<C: Items> Items for $option<C> {
            fn count(&self) -> Option<usize> {
                self.$value().and_then(Items::count)
            }

            fn first_duplicate(&self) -> Option<(usize, usize)> {
                self.$value().and_then(Items::first_duplicate)
            }
        }

        impl<C: Properties> Properties for $option<C> {
            fn count(&self) -> Option<usize> {
                self.$value().and_then(Properties::count)
            }
        }

        impl<C: EachItem> EachItem for $option<C> {
            type Item = C::Item;

            fn each_item(
                &self,
                check: &mut Validator,
                rule: &mut dyn FnMut(&mut Validator, &C::Item),
            ) {
                if let Some(value) = self.$value() {
                    value.each_item(check, rule);
                }
            }
        }

        impl<T: Validate> Validate for $option<T> {
            fn check(&self, check: &mut Validator) {
                if let Some(value) = self.$value() {
                    value.check(check);
                }
            }
        }
    )*};
}

options!(Option::as_ref, Nullable::value);

/// Implements the traits of this module for lists, whose items may break rules.
macro_rules! lists {
    ($([$($length:tt)*] $list:ty;)*) => {$(
        impl<T: ?Sized, C: Contains<T> $($length)*> Contains<T> for $list {
            fn visit(&self, check: &mut Validator, rule: &mut dyn FnMut(&mut Validator, &T)) {
                for (index, item) in self.iter().enumerate() {
                    check.at_index(index, |check| item.visit(check, rule));
                }
            }
        }

        impl<C: PartialEq $($length)*> Items for $list {
            fn count(&self) -> Option<usize> {
                Some(self.len())
            }

            fn first_duplicate(&self) -> Option<(usize, usize)> {
                self.iter().enumerate().find_map(|(second, item)| {
                    let first = self[..second].iter().position(|other| other == item)?;
                    Some((first, second))
                })
            }
        }

        impl<C $($length)*> EachItem for $list {
            type Item = C;

            fn each_item(&self, check: &mut Validator, rule: &mut dyn FnMut(&mut Validator, &C)) {
                for (index, item) in self.iter().enumerate() {
                    check.at_index(index, |check| rule(check, item));
                }
            }
        }

        impl<C: Validate $($length)*> Validate for $list {
            fn check(&self, check: &mut Validator) {
                for (index, item) in self.iter().enumerate() {
                    check.at_index(index, |check| item.check(check));
                }
            }
        }
    )*};
}

lists! {
    [] Vec<C>;
    [] [C];
    [, const N: usize] [C; N];
}
