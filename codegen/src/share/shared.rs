//! Shared types, and the modules that they are in.

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

/// A type in a module of shared types.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedType {
    /// The name of the type in that module.
    pub name: String,
    /// The type. The ids in it are indices into the list that has the type.
    pub def: TypeDef,
    /// The wire names of the fields that have the type.
    pub fields: BTreeSet<String>,
    /// Whether a field holds one such value, and not a list of them.
    pub is_single: bool,
    /// The ids of the endpoints whose output has the type.
    pub outputs_of: Vec<String>,
}

impl SharedType {
    /// The fields that have the type.
    pub fn fields_of(&self) -> FieldsOf<'_> {
        FieldsOf {
            names: self.fields.iter().map(String::as_str).collect(),
            is_single: self.is_single,
        }
    }
}

/// The location of a shared type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// The type is in the module of all families, at this index of its list.
    Common(usize),
    /// The type is in the module of the family, at this index of its list.
    Family(usize),
}

/// All shared types.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shared {
    /// The types that are common to all families. A type comes after the types that it contains.
    pub common: Vec<SharedType>,
    /// The types of each family. Each list starts with the common types that the family uses, so that ids can refer to both.
    pub families: BTreeMap<String, Vec<SharedType>>,
    pub(super) homes: HashMap<(usize, TypeId), Home>,
}

impl Shared {
    /// The location of a type of an endpoint, given by the endpoint's index; `None` if the type is not shared.
    pub fn home(&self, endpoint: usize, id: TypeId) -> Option<Home> {
        self.homes.get(&(endpoint, id)).copied()
    }

    /// The shared type at a location, for an endpoint of the given family.
    pub fn at(&self, family: &str, home: Home) -> Option<&SharedType> {
        match home {
            Home::Common(index) => self.common.get(index),
            Home::Family(index) => self.families.get(family)?.get(index),
        }
    }
}
