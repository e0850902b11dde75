//! Equivalence classes of equal types.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::digest::digest;
use super::shared::Named;
use crate::ir::{Docs, NameHint, Shape, TypeDef, TypeId, Usage};
use crate::name::type_name;

/// Everything in which equal types agree. The ids in it are indices of classes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Identity {
    name: String,
    /// The name that decides how variants are named.
    natural: String,
    shape: Shape,
    docs: Docs,
    field_docs: Vec<Docs>,
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
    /// The digest of the shape, which the ledger stores.
    pub(super) digest: String,
}

/// Sorts the types of all endpoints into classes. A class comes after the classes that its
/// types contain.
pub(super) fn classify(endpoints: &[Named<'_>]) -> Vec<EquivalenceClass> {
    let mut classes: Vec<EquivalenceClass> = Vec::new();
    let mut known: HashMap<Identity, usize> = HashMap::new();
    for (index, named) in endpoints.iter().enumerate() {
        let mut class_of: BTreeMap<TypeId, usize> = BTreeMap::new();
        let fields = named.endpoint.types.fields_of();
        for (id, def) in named.endpoint.types.iter() {
            let identity = identify(index, named, id, def, &class_of);
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
            found.usage.sent |= def.usage.sent;
            found.usage.received |= def.usage.received;
            class_of.insert(id, class);
        }
    }
    classes
}

fn identify(
    index: usize,
    named: &Named<'_>,
    id: TypeId,
    def: &TypeDef,
    class_of: &BTreeMap<TypeId, usize>,
) -> Identity {
    let mut shape = def.shape.clone();
    let mut known = true;
    for value in shape.values_mut() {
        value.ty.for_each_id_mut(&mut |id| match class_of.get(id) {
            Some(class) => id.0 = *class,
            None => known = false,
        });
    }
    let is_input = def.hint == NameHint::Root("Input");
    let name = match &def.hint {
        NameHint::Root(role) => {
            let family = named.endpoint.id.family();
            let last = family.rsplit('/').next().unwrap_or(family);
            format!("{}{role}", type_name(last))
        }
        _ => named.names.get(id).to_owned(),
    };
    let alone = is_input || def.recursive || !known;
    Identity {
        natural: match &def.hint {
            NameHint::Root(_) => name.clone(),
            hint => hint.natural_name().to_owned(),
        },
        name,
        shape,
        docs: def.docs.clone(),
        field_docs: def.field_docs.clone(),
        alone: alone.then_some((index, id)),
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
        }
    }

    /// The name that all types of the class have in their endpoints.
    pub(super) fn name(&self) -> &str {
        &self.identity.name
    }

    /// Whether its types may be shared.
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
            hint: NameHint::Declared(self.identity.natural.clone()),
            usage: self.usage,
            pointer: String::new(),
            property_pointers: BTreeMap::new(),
            recursive: false,
        }
    }
}
