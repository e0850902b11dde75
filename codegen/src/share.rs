//! Types that endpoints of one family have in common become one type.
//!
//! Two types are one when their natural names, their shapes and what is said
//! about them agree: a name is never shared by shapes that differ, and no
//! endpoint loses a word of its documentation to another's.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ir::{Docs, Endpoint, NameHint, Shape, TypeDef, TypeId, Usage};
use crate::ledger::Ledger;
use crate::name::{LocalNames, type_name};
use crate::source::EndpointId;

/// A type that several endpoints of a family mention.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedType {
    /// Its name in the family's module.
    pub name: String,
    /// What it is; the ids in it are places in the same list.
    pub def: TypeDef,
}

/// The shared types of one family.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SharedTypes {
    /// The types; those that are contained come first.
    pub types: Vec<SharedType>,
    /// (endpoint, type) → place in the list.
    homes: HashMap<(usize, TypeId), usize>,
}

impl SharedTypes {
    /// The shared type that an endpoint's type is, if it is one.
    pub fn home(&self, endpoint: usize, id: TypeId) -> Option<usize> {
        self.homes.get(&(endpoint, id)).copied()
    }
}

/// An endpoint with the names of its types.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// Its number among all endpoints.
    pub index: usize,
    /// The endpoint.
    pub endpoint: &'a Endpoint,
    /// The names.
    pub names: &'a LocalNames,
}

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

struct Class {
    identity: Identity,
    members: Vec<(usize, TypeId)>,
    endpoints: BTreeSet<usize>,
    first: EndpointId,
    usage: Usage,
    digest: String,
}

/// Finds the shared types of a family whose endpoints are behind one feature,
/// and names them by the ledger.
pub fn share(family: &str, endpoints: &[Named<'_>], ledger: &mut Ledger) -> SharedTypes {
    let classes = classify(family, endpoints);
    let hoisted: Vec<usize> = (0..classes.len())
        .filter(|class| classes[*class].endpoints.len() > 1)
        .collect();
    let places: HashMap<usize, usize> = hoisted
        .iter()
        .enumerate()
        .map(|(place, class)| (*class, place))
        .collect();
    let names = name_shared(family, &classes, &hoisted, ledger);
    let mut shared = SharedTypes::default();
    for (class, name) in hoisted.iter().zip(names) {
        let place = shared.types.len();
        let class = &classes[*class];
        shared.types.push(SharedType {
            name,
            def: class.def(&places),
        });
        for member in &class.members {
            shared.homes.insert(*member, place);
        }
    }
    shared
}

fn classify(family: &str, endpoints: &[Named<'_>]) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    let mut known: HashMap<Identity, usize> = HashMap::new();
    for named in endpoints {
        let mut class_of: BTreeMap<TypeId, usize> = BTreeMap::new();
        for (id, def) in named.endpoint.types.iter() {
            let identity = identify(family, named, id, def, &class_of);
            let class = *known.entry(identity.clone()).or_insert_with(|| {
                let digest = digest(&identity, &classes);
                classes.push(Class {
                    identity,
                    members: Vec::new(),
                    endpoints: BTreeSet::new(),
                    first: named.endpoint.id.clone(),
                    usage: Usage::default(),
                    digest,
                });
                classes.len() - 1
            });
            let found = &mut classes[class];
            found.members.push((named.index, id));
            found.endpoints.insert(named.index);
            found.usage.sent |= def.usage.sent;
            found.usage.received |= def.usage.received;
            class_of.insert(id, class);
        }
    }
    classes
}

fn identify(
    family: &str,
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
        alone: alone.then_some((named.index, id)),
    }
}

impl Class {
    fn def(&self, places: &HashMap<usize, usize>) -> TypeDef {
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

/// A wanted name goes to the shape that the ledger gives it to, else to the one
/// that most endpoints mention; the others are called after the first endpoint
/// that mentions them.
fn name_shared(
    family: &str,
    classes: &[Class],
    hoisted: &[usize],
    ledger: &mut Ledger,
) -> Vec<String> {
    let known = ledger.names.remove(family).unwrap_or_default();
    let mut names: BTreeMap<usize, String> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut order = hoisted.to_vec();
    order.sort_by_key(|class| {
        let found = &classes[*class];
        let most_used_first = usize::MAX - found.endpoints.len();
        let name = &found.identity.name;
        (
            known.get(name) != Some(&found.digest),
            most_used_first,
            *class,
        )
    });
    for class in order {
        let found = &classes[class];
        let kept = known.iter().find(|(name, digest)| {
            **digest == found.digest
                && !taken.contains(*name)
                && name.ends_with(&found.identity.name)
        });
        let name = match kept {
            Some((name, _)) => name.clone(),
            None => free_name(found, &taken),
        };
        taken.insert(name.clone());
        names.insert(class, name);
    }
    if !names.is_empty() {
        let record = names
            .iter()
            .map(|(class, name)| (name.clone(), classes[*class].digest.clone()));
        ledger.names.insert(family.to_owned(), record.collect());
    }
    names.into_values().collect()
}

/// The name itself, or with as much of the first endpoint's id before it as
/// makes it free.
fn free_name(class: &Class, taken: &BTreeSet<String>) -> String {
    let segments: Vec<&str> = class.first.segments().collect();
    let name = &class.identity.name;
    let longer = (0..=segments.len()).map(|count| {
        let tail: Vec<String> = segments[segments.len() - count..]
            .iter()
            .map(|segment| type_name(segment))
            .collect();
        tail.concat() + name
    });
    let free = |name: &String| {
        !taken.contains(name) && name.starts_with(|first: char| first.is_ascii_alphabetic())
    };
    let mut last = name.clone();
    for wish in longer {
        if free(&wish) {
            return wish;
        }
        last = wish;
    }
    while !free(&last) {
        last.insert_str(0, "Shared");
    }
    last
}

/// A short mark of a shape, stable across runs and machines (FNV-1a, 64 bits).
/// Documentation is no part of it: a reworded type keeps its name.
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
