//! Types sorted into classes of equals.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Named;
use crate::ir::{Docs, NameHint, Shape, TypeDef, TypeId, Usage};
use crate::name::type_name;

/// Everything that makes two types one. Ids stand for classes here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Identity {
    name: String,
    /// The name that its variants are named by.
    natural: String,
    shape: Shape,
    docs: Docs,
    field_docs: Vec<Docs>,
    /// Only for what is never shared: where it is.
    alone: Option<(usize, TypeId)>,
}

/// A class of equal types.
pub(super) struct Class {
    identity: Identity,
    /// (number of an endpoint, type of it)
    pub(super) members: Vec<(usize, TypeId)>,
    pub(super) endpoints: BTreeSet<usize>,
    pub(super) families: BTreeSet<String>,
    /// The wire names of the fields that it is the value of.
    pub(super) fields: BTreeSet<String>,
    usage: Usage,
    /// A short mark of the shape, stable across runs and machines.
    pub(super) digest: String,
}

/// Sorts the types of all endpoints; what is contained comes first.
pub(super) fn classify(endpoints: &[Named<'_>]) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    let mut known: HashMap<Identity, usize> = HashMap::new();
    for (index, named) in endpoints.iter().enumerate() {
        let mut class_of: BTreeMap<TypeId, usize> = BTreeMap::new();
        let fields = named.endpoint.types.fields_of();
        for (id, def) in named.endpoint.types.iter() {
            let identity = identify(index, named, id, def, &class_of);
            let class = match known.get(&identity) {
                Some(class) => *class,
                None => {
                    let class = Class::new(identity.clone(), &classes);
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
    for slot in shape.slots_mut() {
        slot.ty.for_each_id_mut(&mut |id| match class_of.get(id) {
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

impl Class {
    fn new(identity: Identity, classes: &[Self]) -> Self {
        Self {
            digest: digest(&identity, classes),
            identity,
            members: Vec::new(),
            endpoints: BTreeSet::new(),
            families: BTreeSet::new(),
            fields: BTreeSet::new(),
            usage: Usage::default(),
        }
    }

    /// The name that all its members have where they are.
    pub(super) fn name(&self) -> &str {
        &self.identity.name
    }

    /// Whether it may stand in a module of shared types at all.
    pub(super) fn is_shareable(&self) -> bool {
        self.identity.alone.is_none()
    }

    /// The classes that it contains.
    pub(super) fn inner(&self) -> Vec<usize> {
        let mut inner = Vec::new();
        for slot in self.identity.shape.slots() {
            slot.ty.for_each_id(&mut |id| inner.push(id.0));
        }
        inner
    }

    /// The type, its ids being places.
    pub(super) fn def(&self, places: &HashMap<usize, usize>) -> TypeDef {
        let mut shape = self.identity.shape.clone();
        for slot in shape.slots_mut() {
            slot.ty.for_each_id_mut(&mut |id| {
                if let Some(place) = places.get(&id.0) {
                    id.0 = *place;
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

/// FNV-1a, 64 bits. Documentation is no part of it: a reworded type keeps its
/// name.
fn digest(identity: &Identity, classes: &[Class]) -> String {
    let mut shape = identity.shape.clone();
    let mut inner = String::new();
    for slot in shape.slots_mut() {
        slot.ty.for_each_id_mut(&mut |id| {
            if let Some(class) = classes.get(id.0) {
                inner.push_str(&class.digest);
            }
            id.0 = 0;
        });
    }
    let text = format!("{} {shape:?} {inner}", identity.name);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
