//! The context in which one module is written.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::constructor::checks_presence;
use super::doc::Doc;
use super::doc_sentences::{CallExample, type_doc};
use super::imports::Imports;
use crate::ir::{
    ConstrainedType, Docs, Enum, FieldsOf, Shape, TypeDef, TypeId, TypeRef, TypeStore,
};
use crate::name::variant_names;

/// The types of a module, their names, and what the module needs to import.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) store: &'a TypeStore,
    pub(super) names: BTreeMap<TypeId, String>,
    pub(super) imports: RefCell<Imports>,
    /// For each type, the fields that have it.
    pub(super) fields: BTreeMap<TypeId, FieldsOf<'a>>,
    /// The example in the documentation of the endpoint's input, if the module has that type.
    pub(super) call_example: Option<CallExample>,
    /// Whether the code is in a caller's crate, where a struct can only be created by its constructor.
    pub(super) is_outside: bool,
    ruled: BTreeSet<TypeId>,
    media: BTreeSet<TypeId>,
    /// The names of the variants of enums, which are computed when the first one is needed.
    variants: RefCell<BTreeMap<TypeId, Vec<String>>>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(store: &'a TypeStore, names: BTreeMap<TypeId, String>) -> Self {
        let defined = names.values().cloned().collect();
        Self {
            store,
            names,
            imports: RefCell::new(Imports::new(defined)),
            fields: store.fields_of(),
            call_example: None,
            is_outside: false,
            ruled: closure(store, |def| {
                has_own_rules(def) || has_own_media(def) || checks_presence(def)
            }),
            media: closure(store, has_own_media),
            variants: RefCell::default(),
        }
    }

    /// The name of a variant of an enum. The names of all its variants are computed together, and kept.
    pub(super) fn variant_name(&self, id: TypeId, listed: &Enum, index: usize) -> Option<String> {
        let mut known = self.variants.borrow_mut();
        let names = known.entry(id);
        let names = names.or_insert_with(|| variant_names(&listed.values));
        names.get(index).cloned()
    }

    pub(super) fn name(&self, id: TypeId) -> &str {
        self.names.get(&id).map_or("Unnamed", String::as_str)
    }

    pub(super) fn def(&self, id: TypeId) -> &'a TypeDef {
        self.store.get(id)
    }

    /// Whether a type, or a type that it contains, has constraints.
    pub(super) fn has_rules(&self, id: TypeId) -> bool {
        self.ruled.contains(&id)
    }

    /// Whether a value of the type contains media.
    pub(super) fn has_media(&self, ty: &TypeRef) -> bool {
        let mut found = is_media(ty);
        ty.for_each_id(&mut |id| found |= self.media.contains(&id));
        found
    }

    /// The documentation of a type. `fallback` is its first sentence if the document has no description, and `sentences` follow
    /// the description.
    pub(super) fn type_doc(
        &self,
        (name, docs): (&str, &Docs),
        fallback: &str,
        sentences: &[String],
    ) -> Doc {
        let mut doc = type_doc(docs, fallback);
        if !sentences.is_empty() {
            doc.push_markdown(&sentences.join(" "));
        }
        let example = self.call_example.as_ref();
        if let Some(example) = example.filter(|example| example.input == name) {
            doc.push_code(example.attributes, &example.code);
        }
        doc
    }

    /// Records that the module imports an item of the runtime.
    pub(super) fn import(&self, module: &'static str, name: &'static str) {
        self.imports.borrow_mut().add(module, name);
    }
}

/// The types for which `holds` is true of themselves or of a type that they contain.
fn closure(store: &TypeStore, holds: impl Fn(&TypeDef) -> bool) -> BTreeSet<TypeId> {
    let mut found: BTreeSet<TypeId> = store
        .iter()
        .filter(|(_, def)| holds(def))
        .map(|(id, _)| id)
        .collect();
    loop {
        let before = found.len();
        for (id, def) in store.iter() {
            let mut contains = false;
            for value in def.shape.values() {
                value
                    .ty
                    .for_each_id(&mut |inner| contains |= found.contains(&inner));
            }
            if contains {
                found.insert(id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn has_own_rules(def: &TypeDef) -> bool {
    fn ruled(value: &ConstrainedType) -> bool {
        value.has_checks() || value.ty.inner().iter().any(ruled)
    }
    !matches!(def.shape, Shape::Enum(_)) && def.shape.values().into_iter().any(ruled)
}

fn has_own_media(def: &TypeDef) -> bool {
    def.shape.values().iter().any(|value| is_media(&value.ty))
}

fn is_media(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Media => true,
        other => other.inner().iter().any(|value| is_media(&value.ty)),
    }
}
