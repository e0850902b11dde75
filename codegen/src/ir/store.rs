//! The store of an endpoint's types.

use std::collections::{BTreeMap, BTreeSet};

use super::{ConstrainedType, Docs, Field, FileKind, Presence, Shape, TypeId, TypeRef};

/// A type: its shape, its documentation, and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDef {
    /// The shape of the type.
    pub shape: Shape,
    /// The documentation of the type.
    pub docs: Docs,
    /// The documentation of each field of a struct, in the order of the fields.
    pub field_docs: Vec<Docs>,
    /// Where the order of a struct's fields comes from.
    pub order: FieldOrder,
    /// Where the type's name comes from.
    pub hint: NameHint,
    /// Whether the type is sent, received or both.
    pub usage: Usage,
    /// The JSON pointer of the schema in its document.
    pub pointer: String,
    /// The JSON pointer of each property of a struct, constants included, by wire name.
    pub property_pointers: BTreeMap<String, String>,
    /// Whether the type contains itself.
    pub recursive: bool,
}

/// Where the order of a struct's fields comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldOrder {
    /// The document does not order the fields: they are ordered by name.
    #[default]
    ByName,
    /// The document orders the fields.
    Given,
    /// The document does not order the fields: they have the order of the ledger, or of an equal type whose document orders them.
    Taken,
}

/// A suggestion for a type's name, and how strong it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NameHint {
    /// The type is the endpoint's input or output, and is named after the endpoint.
    Root(&'static str),
    /// The type is a component, and has the component's name.
    Declared(String),
    /// The type is written in place. It is named after the field, or, where that name is taken, after the field and the type
    /// around it.
    Derived {
        /// The name of the type around it.
        parent: String,
        /// The suggested name.
        name: String,
    },
}

/// Whether a type is sent, received or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// The type is part of an input.
    pub sent: bool,
    /// The type is part of an output.
    pub received: bool,
}

/// The fields that have a type, directly, in a list or as an alternative of a union.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldsOf<'a> {
    /// The wire names of the fields.
    pub names: BTreeSet<&'a str>,
    /// Whether a field holds one such value, and not a list of them.
    pub is_single: bool,
}

impl<'a> FieldsOf<'a> {
    fn of(wire: &'a str) -> Self {
        Self {
            names: BTreeSet::from([wire]),
            is_single: true,
        }
    }

    /// Adds the fields of another type that contains this one, as an item of a list if `is_item`.
    pub fn extend(&mut self, other: &Self, is_item: bool) {
        self.names.extend(&other.names);
        self.is_single |= other.is_single && !is_item;
    }
}

/// Visits the types inside a value, and whether each is the type of a list's items there.
fn each_use(ty: &TypeRef, is_item: bool, visit: &mut dyn FnMut(TypeId, bool)) {
    match ty {
        TypeRef::Named(id) | TypeRef::Boxed(id) => visit(*id, is_item),
        other => {
            let is_list = matches!(other, TypeRef::List(_) | TypeRef::Array(..));
            for value in other.inner() {
                each_use(&value.ty, is_item || is_list, visit);
            }
        }
    }
}

/// The types of an endpoint. A type has a larger id than the types that it contains, unless it contains itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TypeStore {
    types: Vec<TypeDef>,
}

impl TypeStore {
    /// Adds a type, and returns its id.
    pub fn add(&mut self, def: TypeDef) -> TypeId {
        self.types.push(def);
        TypeId(self.types.len() - 1)
    }

    /// The type with this id.
    pub fn get(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// The type with this id, mutably.
    pub fn get_mut(&mut self, id: TypeId) -> &mut TypeDef {
        &mut self.types[id.0]
    }

    /// All types with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.types
            .iter()
            .enumerate()
            .map(|(index, def)| (TypeId(index), def))
    }

    /// Keeps the types that have a new id, in their order, and replaces all ids by the new ones.
    pub fn renumber(&mut self, new_ids: &BTreeMap<TypeId, TypeId>) {
        let old = std::mem::take(&mut self.types);
        for (index, mut def) in old.into_iter().enumerate() {
            if new_ids.get(&TypeId(index)) != Some(&TypeId(self.types.len())) {
                continue;
            }
            for value in def.shape.values_mut() {
                value.ty.for_each_id_mut(&mut |id| {
                    *id = new_ids.get(id).copied().unwrap_or(*id);
                });
            }
            self.types.push(def);
        }
    }

    /// For each type, the fields that have it, directly, in a list or as an alternative of a union.
    pub fn fields_of<'a>(&'a self) -> BTreeMap<TypeId, FieldsOf<'a>> {
        let mut found: BTreeMap<TypeId, FieldsOf<'a>> = BTreeMap::new();
        // In this order, the fields of a union are known before those of its alternatives.
        for (index, def) in self.types.iter().enumerate().rev() {
            let union = found.get(&TypeId(index)).cloned().unwrap_or_default();
            let mut add = |value: &ConstrainedType, fields: &FieldsOf<'a>| {
                each_use(&value.ty, false, &mut |id, is_item| {
                    found.entry(id).or_default().extend(fields, is_item);
                });
            };
            match &def.shape {
                Shape::Struct(object) => {
                    for field in &object.fields {
                        add(&field.value, &FieldsOf::of(&field.wire));
                    }
                }
                Shape::Union(forms) => {
                    for variant in &forms.variants {
                        add(&variant.value, &union);
                    }
                }
                Shape::Enum(_) => {}
            }
        }
        found
    }

    /// The number of types in the store.
    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Whether the store has no types.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }
}

impl TypeDef {
    /// The wire names of a struct's fields, in their order; empty for other types.
    pub fn field_names(&self) -> Vec<String> {
        match &self.shape {
            Shape::Struct(object) => object
                .fields
                .iter()
                .map(|field| field.wire.clone())
                .collect(),
            Shape::Enum(_) | Shape::Union(_) => Vec::new(),
        }
    }

    /// Whether the type is received and describes a file, but is not one of the runtime's file types because its fields
    /// differ.
    pub fn is_file_like(&self) -> bool {
        let Shape::Struct(object) = &self.shape else {
            return false;
        };
        let is_url = |field: &Field| {
            let required = field.presence == Presence::Required;
            field.wire == "url" && field.value.ty == TypeRef::Text && required
        };
        let facts = object.fields.iter();
        let facts = facts.filter(|field| FileKind::is_common(&field.wire));
        !self.usage.sent && object.fields.iter().any(is_url) && facts.count() > 1
    }
}

impl NameHint {
    /// The name that the type gets unless it is taken.
    pub fn natural_name(&self) -> &str {
        match self {
            Self::Root(role) => role,
            Self::Declared(name) | Self::Derived { name, .. } => name,
        }
    }
}
