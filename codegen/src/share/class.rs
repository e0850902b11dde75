//! Equivalence classes of equal types.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::digest::digest;
use super::shared::Named;
use crate::ir::{
    Docs, FieldOrder, FieldsOf, NameHint, Presence, Shape, Struct, TypeDef, TypeId, Usage,
};
use crate::ledger::SharedName;
use crate::name::{begin_with_letter, type_name};

/// Everything that equal types have in common. The ids in it are indices of classes. A type that does not mention other types is
/// borrowed and not copied; most equal types are of this kind.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Identity<'a> {
    name: String,
    shape: Cow<'a, Shape>,
    docs: &'a Docs,
    field_docs: Cow<'a, [Docs]>,
    /// Whether the type is received and has the methods of a file, which types that are sent do not have.
    is_file_like: bool,
}

/// A class of equal types.
pub(super) struct EquivalenceClass<'a> {
    name: String,
    /// Everything that its types have in common; `None` if it has only one type, which is never shared.
    identity: Option<Rc<Identity<'a>>>,
    /// The types of the class, each as the index of its endpoint and its id there.
    pub(super) members: Vec<(usize, TypeId)>,
    pub(super) endpoints: BTreeSet<usize>,
    pub(super) families: BTreeSet<&'a str>,
    /// The fields that have the type.
    pub(super) fields: FieldsOf<'a>,
    usage: Usage,
    /// Whether its types are the outputs of their endpoints.
    is_output: bool,
    /// The endpoints whose types take the order of their fields from another type.
    order_takers: BTreeSet<usize>,
    /// The digest of the shape, which is computed when it is first needed: only classes that are shared need it.
    digest: OnceCell<String>,
}

/// Sorts the types of all endpoints into classes. A class comes after the classes that its types contain. With `in_any_order`,
/// types whose fields are in different orders are equal.
pub(super) fn classify<'a>(
    endpoints: &[Named<'a>],
    in_any_order: bool,
) -> Vec<EquivalenceClass<'a>> {
    let mut classes: Vec<EquivalenceClass<'a>> = Vec::new();
    let types = endpoints.iter().map(|named| named.endpoint.types.len());
    // A map that grows hashes every identity again, and an identity has all of a type's documentation.
    let mut known: HashMap<Rc<Identity<'a>>, usize> = HashMap::with_capacity(types.sum());
    for (index, named) in endpoints.iter().enumerate() {
        let mut class_of: BTreeMap<TypeId, usize> = BTreeMap::new();
        let fields = named.endpoint.types.fields_of();
        for (id, def) in named.endpoint.types.iter() {
            let name = natural_name(named, id, def);
            let class = match shareable_shape(def, &class_of, &classes) {
                Some(shape) => {
                    let identity = Rc::new(Identity::new(name, shape, def, in_any_order));
                    *known.entry(identity).or_insert_with_key(|identity| {
                        classes.push(EquivalenceClass::shareable(identity));
                        classes.len() - 1
                    })
                }
                None => {
                    classes.push(EquivalenceClass::new(name));
                    classes.len() - 1
                }
            };
            let found = &mut classes[class];
            found.members.push((index, id));
            found.endpoints.insert(index);
            found.families.insert(named.endpoint.id.family());
            if let Some(fields) = fields.get(&id) {
                found.fields.extend(fields, false);
            }
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

/// The shape of a type, with indices of classes as its ids; `None` if the type is never shared: an input, a type that contains
/// itself, and a type that contains one of these.
fn shareable_shape<'a>(
    def: &'a TypeDef,
    class_of: &BTreeMap<TypeId, usize>,
    classes: &[EquivalenceClass<'_>],
) -> Option<Cow<'a, Shape>> {
    let mut mentions_any = false;
    let mut is_shareable = !def.recursive && def.hint != NameHint::Root("Input");
    for value in def.shape.values() {
        value.ty.for_each_id(&mut |id| {
            let class = class_of.get(&id);
            mentions_any = true;
            is_shareable &= class.is_some_and(|class| classes[*class].is_shareable());
        });
    }
    if !is_shareable {
        return None;
    }
    if !mentions_any {
        return Some(Cow::Borrowed(&def.shape));
    }
    let mut shape = def.shape.clone();
    for value in shape.values_mut() {
        value.ty.for_each_id_mut(&mut |id| id.0 = class_of[id]);
    }
    Some(Cow::Owned(shape))
}

/// The name that a shared type has, unless another type has it.
fn natural_name(named: &Named<'_>, id: TypeId, def: &TypeDef) -> String {
    match &def.hint {
        NameHint::Root(role) => {
            let family = named.endpoint.id.family();
            let last = family.rsplit('/').next().unwrap_or(family);
            format!("{}{role}", begin_with_letter(&type_name(last)))
        }
        _ => named.names.get(id).to_owned(),
    }
}

impl<'a> Identity<'a> {
    fn new(name: String, shape: Cow<'a, Shape>, def: &'a TypeDef, in_any_order: bool) -> Self {
        let mut identity = Self {
            name,
            shape,
            docs: &def.docs,
            field_docs: Cow::Borrowed(&def.field_docs),
            is_file_like: def.is_file_like(),
        };
        let is_ordered = |object: &Struct| {
            let fields = &object.fields;
            fields.len() == def.field_docs.len() && fields.is_sorted_by_key(|field| &field.wire)
        };
        if in_any_order && matches!(&*identity.shape, Shape::Struct(object) if !is_ordered(object))
        {
            identity.forget_order();
        }
        identity
    }

    fn forget_order(&mut self) {
        if let Shape::Struct(object) = self.shape.to_mut() {
            object.sort_fields(self.field_docs.to_mut(), |field| field.wire.clone());
        }
    }
}

impl<'a> EquivalenceClass<'a> {
    /// A class of types that may be shared.
    fn shareable(identity: &Rc<Identity<'a>>) -> Self {
        Self {
            identity: Some(identity.clone()),
            ..Self::new(identity.name.clone())
        }
    }

    /// The class of a type that is never shared.
    fn new(name: String) -> Self {
        Self {
            name,
            identity: None,
            digest: OnceCell::new(),
            members: Vec::new(),
            endpoints: BTreeSet::new(),
            families: BTreeSet::new(),
            fields: FieldsOf::default(),
            usage: Usage::default(),
            is_output: false,
            order_takers: BTreeSet::new(),
        }
    }

    /// Whether the type of one of these endpoints takes the order of its fields from another type.
    pub(super) fn takes_order(&self, endpoints: &[usize]) -> bool {
        endpoints
            .iter()
            .any(|index| self.order_takers.contains(index))
    }

    /// The digest of the shape, which the ledger stores; empty for a class that is never shared. `classes` are those of all types.
    pub(super) fn digest(&self, classes: &[Self]) -> &str {
        let inner = |id: TypeId| match classes.get(id.0) {
            Some(class) => class.digest(classes).to_owned(),
            None => String::new(),
        };
        self.digest.get_or_init(|| {
            let shape = self.shape();
            shape.map_or(String::new(), |shape| digest(&self.name, shape, &inner))
        })
    }

    /// The class's entry in the ledger under a shared name, without endpoints.
    pub(super) fn entry(&self, shared: &str, classes: &[Self]) -> SharedName {
        let order = match self.field_names(|_| true) {
            order if order.len() > 1 => order.into_iter().map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        SharedName {
            digest: self.digest(classes).to_owned(),
            order,
            original: (!shared.ends_with(self.name())).then(|| self.name().to_owned()),
            ..SharedName::default()
        }
    }

    /// Whether its types are the outputs of their endpoints.
    pub(super) fn is_output(&self) -> bool {
        self.is_output
    }

    /// The wire names of a struct's fields for which `wanted` is true of the presence; empty for other types.
    pub(super) fn field_names(&self, wanted: impl Fn(Presence) -> bool) -> Vec<&str> {
        match self.shape() {
            Some(Shape::Struct(object)) => {
                let fields = object.fields.iter();
                let fields = fields.filter(|field| wanted(field.presence));
                fields.map(|field| field.wire.as_str()).collect()
            }
            _ => Vec::new(),
        }
    }

    fn shape(&self) -> Option<&Shape> {
        self.identity.as_ref().map(|identity| &*identity.shape)
    }

    /// The name that all types of the class have in their endpoints.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether the types of the class may be shared.
    pub(super) fn is_shareable(&self) -> bool {
        self.identity.is_some()
    }

    /// The classes that it contains.
    pub(super) fn inner(&self) -> Vec<usize> {
        let mut inner = Vec::new();
        for value in self.shape().into_iter().flat_map(Shape::values) {
            value.ty.for_each_id(&mut |id| inner.push(id.0));
        }
        inner
    }

    /// The type, with indices into the list of shared types as its ids; `None` if the type is never shared.
    pub(super) fn def(&self, indices: &HashMap<usize, usize>) -> Option<TypeDef> {
        let identity = self.identity.as_ref()?;
        let mut shape = identity.shape.clone().into_owned();
        for value in shape.values_mut() {
            value.ty.for_each_id_mut(&mut |id| {
                if let Some(index) = indices.get(&id.0) {
                    id.0 = *index;
                }
            });
        }
        Some(TypeDef {
            shape,
            docs: identity.docs.clone(),
            field_docs: identity.field_docs.to_vec(),
            order: FieldOrder::Given,
            hint: match self.is_output {
                true => NameHint::Root("Output"),
                false => NameHint::Declared(self.name.clone()),
            },
            usage: self.usage,
            pointer: String::new(),
            property_pointers: BTreeMap::new(),
            recursive: false,
        })
    }
}
