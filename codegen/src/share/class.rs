//! Equivalence classes of equal types.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::digest::digest;
use super::shared::Named;
use crate::ir::{Docs, FieldOrder, NameHint, Presence, Shape, TypeDef, TypeId, Usage};
use crate::ledger::SharedName;
use crate::name::{begin_with_letter, type_name};

/// Everything in which equal types agree. Ids in it are indices of classes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Identity {
    name: String,
    shape: Shape,
    docs: Docs,
    field_docs: Vec<Docs>,
    /// An output with the methods of a file: what is sent has none of them.
    is_file_like: bool,
    /// The type itself, if it is never shared.
    alone: Option<(usize, TypeId)>,
}

/// A class of equal types.
pub(super) struct EquivalenceClass {
    identity: Identity,
    /// The types of the class, each as the index of its endpoint and its id there.
    pub(super) members: Vec<(usize, TypeId)>,
    pub(super) endpoints: BTreeSet<usize>,
    pub(super) families: BTreeSet<String>,
    /// The wire names of the fields that it is the value of.
    pub(super) fields: BTreeSet<String>,
    usage: Usage,
    /// Whether its types are the outputs of their endpoints.
    is_output: bool,
    /// Its types whose fields have the order of another's.
    order_takers: BTreeSet<usize>,
    /// The digest of the shape, which the ledger stores.
    digest: String,
}

/// Sorts the types of all endpoints into classes. A class comes after the classes that its
/// types contain. The order of fields is either a part of what types are, or it is not (`in_any_order`).
pub(super) fn classify(endpoints: &[Named<'_>], in_any_order: bool) -> Vec<EquivalenceClass> {
    let mut classes: Vec<EquivalenceClass> = Vec::new();
    let mut known: HashMap<Identity, usize> = HashMap::new();
    for (index, named) in endpoints.iter().enumerate() {
        let mut class_of: BTreeMap<TypeId, usize> = BTreeMap::new();
        let fields = named.endpoint.types.fields_of();
        for (id, def) in named.endpoint.types.iter() {
            let mut identity = identify((index, named), (id, def), &class_of, &classes);
            if in_any_order {
                identity.forget_order();
            }
            let class = match known.get(&identity) {
                Some(class) => *class,
                None => {
                    let class = EquivalenceClass::new(identity.clone(), &classes);
                    classes.push(class);
                    known.insert(identity, classes.len() - 1);
                    classes.len() - 1
                }
            };
            let found = &mut classes[class];
            found.members.push((index, id));
            found.endpoints.insert(index);
            found.families.insert(named.endpoint.id.family().to_owned());
            let fields = fields.get(&id).into_iter().flatten();
            found.fields.extend(fields.map(|field| (*field).to_owned()));
            if def.order == FieldOrder::Taken {
                found.order_takers.insert(index);
            }
            found.is_output |= def.hint == NameHint::Root("Output");
            found.usage.sent |= def.usage.sent;
            found.usage.received |= def.usage.received;
            class_of.insert(id, class);
        }
    }
    classes
}

fn identify(
    (index, named): (usize, &Named<'_>),
    (id, def): (TypeId, &TypeDef),
    class_of: &BTreeMap<TypeId, usize>,
    classes: &[EquivalenceClass],
) -> Identity {
    let mut shape = def.shape.clone();
    let mut known = true;
    for value in shape.values_mut() {
        value.ty.for_each_id_mut(&mut |id| match class_of.get(id) {
            Some(class) => {
                known &= classes[*class].is_shareable();
                id.0 = *class;
            }
            None => known = false,
        });
    }
    let is_input = def.hint == NameHint::Root("Input");
    let name = match &def.hint {
        NameHint::Root(role) => {
            let family = named.endpoint.id.family();
            let last = family.rsplit('/').next().unwrap_or(family);
            format!("{}{role}", begin_with_letter(&type_name(last)))
        }
        _ => named.names.get(id).to_owned(),
    };
    let alone = is_input || def.recursive || !known;
    Identity {
        name,
        shape,
        docs: def.docs.clone(),
        field_docs: def.field_docs.clone(),
        is_file_like: def.is_file_like(),
        alone: alone.then_some((index, id)),
    }
}

impl Identity {
    fn forget_order(&mut self) {
        if let Shape::Struct(object) = &mut self.shape {
            object.sort_fields(&mut self.field_docs, |field| field.wire.clone());
        }
    }
}

impl EquivalenceClass {
    fn new(identity: Identity, classes: &[Self]) -> Self {
        let inner = |id: TypeId| match classes.get(id.0) {
            Some(class) => class.digest.clone(),
            None => String::new(),
        };
        Self {
            digest: digest(&identity.name, &identity.shape, &inner),
            identity,
            members: Vec::new(),
            endpoints: BTreeSet::new(),
            families: BTreeSet::new(),
            fields: BTreeSet::new(),
            usage: Usage::default(),
            is_output: false,
            order_takers: BTreeSet::new(),
        }
    }

    /// Whether one of these endpoints has the type with the order of another's fields.
    pub(super) fn takes_order(&self, endpoints: &[usize]) -> bool {
        endpoints
            .iter()
            .any(|index| self.order_takers.contains(index))
    }

    pub(super) fn digest(&self) -> &str {
        &self.digest
    }

    /// Its entry in the ledger under a shared name, without endpoints.
    pub(super) fn entry(&self, shared: &str) -> SharedName {
        let order = match self.field_names(|_| true) {
            order if order.len() > 1 => order.into_iter().map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        SharedName {
            digest: self.digest.clone(),
            order,
            original: (!shared.ends_with(self.name())).then(|| self.name().to_owned()),
            ..SharedName::default()
        }
    }

    /// Whether its types are the outputs of their endpoints.
    pub(super) fn is_output(&self) -> bool {
        self.is_output
    }

    /// The wire names of a struct's fields, of those with some presence; none of other types.
    pub(super) fn field_names(&self, wanted: impl Fn(Presence) -> bool) -> Vec<&str> {
        match &self.identity.shape {
            Shape::Struct(object) => {
                let fields = object.fields.iter();
                let fields = fields.filter(|field| wanted(field.presence));
                fields.map(|field| field.wire.as_str()).collect()
            }
            Shape::Enum(_) | Shape::Union(_) => Vec::new(),
        }
    }

    /// The name that all types of the class have in their endpoints.
    pub(super) fn name(&self) -> &str {
        &self.identity.name
    }

    /// Whether the types of the class may be shared.
    pub(super) fn is_shareable(&self) -> bool {
        self.identity.alone.is_none()
    }

    /// The classes that it contains.
    pub(super) fn inner(&self) -> Vec<usize> {
        let mut inner = Vec::new();
        for value in self.identity.shape.values() {
            value.ty.for_each_id(&mut |id| inner.push(id.0));
        }
        inner
    }

    /// The type, with indices into the list of shared types as its ids.
    pub(super) fn def(&self, indices: &HashMap<usize, usize>) -> TypeDef {
        let mut shape = self.identity.shape.clone();
        for value in shape.values_mut() {
            value.ty.for_each_id_mut(&mut |id| {
                if let Some(index) = indices.get(&id.0) {
                    id.0 = *index;
                }
            });
        }
        TypeDef {
            shape,
            docs: self.identity.docs.clone(),
            field_docs: self.identity.field_docs.clone(),
            order: FieldOrder::Given,
            hint: match self.is_output {
                true => NameHint::Root("Output"),
                false => NameHint::Declared(self.identity.name.clone()),
            },
            usage: self.usage,
            pointer: String::new(),
            property_pointers: BTreeMap::new(),
            recursive: false,
        }
    }
}
