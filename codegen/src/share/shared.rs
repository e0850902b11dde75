//! Shared types and where they stand.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ir::{Endpoint, FieldsOf, TypeDef, TypeId};
use crate::name::LocalNames;

/// An endpoint with its names and its features.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The endpoint.
    pub endpoint: &'a Endpoint,
    /// The names of its types.
    pub names: &'a LocalNames,
    /// The cargo features that enable it.
    pub features: &'a [String],
}

/// A type that stands in a module of shared types.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedType {
    /// Its name in that module.
    pub name: String,
    /// The type. The ids in it are indices into the list that it is part of.
    pub def: TypeDef,
    /// The wire names of the fields that it is the value of.
    pub fields: BTreeSet<String>,
    /// Whether a field holds one such value, and not a list of them.
    pub is_single: bool,
    /// The ids of the endpoints that it is the output of.
    pub outputs_of: Vec<String>,
}

impl SharedType {
    /// The fields that it is the value of.
    pub fn fields_of(&self) -> FieldsOf<'_> {
        FieldsOf {
            names: self.fields.iter().map(String::as_str).collect(),
            is_single: self.is_single,
        }
    }
}

/// Where a shared type stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// In the module of all families, at this index of its list.
    Common(usize),
    /// In the module of the family, at this index of its list.
    Family(usize),
}

/// All shared types.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shared {
    /// The types of all families; a type comes after the types that it contains.
    pub common: Vec<SharedType>,
    /// The types of each family. Each list starts with the common types, so that
    /// ids can mean both.
    pub families: BTreeMap<String, Vec<SharedType>>,
    pub(super) homes: HashMap<(usize, TypeId), Home>,
}

impl Shared {
    /// Where a type of an endpoint (by its number) stands, if it is shared.
    pub fn home(&self, endpoint: usize, id: TypeId) -> Option<Home> {
        self.homes.get(&(endpoint, id)).copied()
    }

    /// The shared type at a home, seen from an endpoint of a family.
    pub fn at(&self, family: &str, home: Home) -> Option<&SharedType> {
        match home {
            Home::Common(index) => self.common.get(index),
            Home::Family(index) => self.families.get(family)?.get(index),
        }
    }
}
