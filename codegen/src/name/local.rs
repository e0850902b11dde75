//! The names of an endpoint's own types, from its document alone.
//!
//! - The input and the output are named after the endpoint: `DepthInput`, `DepthOutput`.
//! - A component keeps its name, without the endpoint's id if the name begins with that. If the name is taken, it also says
//!   whether the component is sent or received: `Lora` and `LoraOutput`, or `InputImage` for a component `ImageInput` of the
//!   endpoint `image`.
//! - A type that is written in place is named after its field. If that name is taken, the name of the type that contains it is
//!   put in front.
//! - No name repeats a word, and none begins with a digit.

use std::collections::{BTreeMap, BTreeSet};

use super::case::{
    begin_with_letter, field_name, join, joined, type_name, without_path, without_repeats,
};
use super::distinct::distinct;
use super::reserved::is_reserved_type;
use crate::ir::{Endpoint, FileKind, NameHint, Struct, TypeId};
use crate::source::EndpointId;

/// The name of each type of an endpoint, unique among them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocalNames {
    names: BTreeMap<TypeId, String>,
}

impl LocalNames {
    /// The name of a type.
    pub fn get(&self, id: TypeId) -> &str {
        self.names.get(&id).map_or("Unnamed", String::as_str)
    }
}

/// Names the types of an endpoint: first the input and the output, then components, then types that are written in place.
pub fn assign(endpoint: &Endpoint) -> LocalNames {
    let mut naming = Naming {
        id: &endpoint.id,
        endpoint: endpoint_name(&endpoint.id),
        taken: family_names(endpoint),
        names: BTreeMap::new(),
    };
    for priority in 0..3 {
        for (id, def) in endpoint.types.iter() {
            if naming.priority(&def.hint) == priority {
                naming.name(id, &def.hint, def.usage.sent);
            }
        }
    }
    LocalNames {
        names: naming.names,
    }
}

/// The names of the runtime's file types that the endpoint uses.
fn family_names(endpoint: &Endpoint) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut add = |kind: FileKind| {
        names.insert(kind.name().to_owned());
    };
    endpoint.output.for_each_file(&mut add);
    for (_, def) in endpoint.types.iter() {
        for value in def.shape.values() {
            value.ty.for_each_file(&mut add);
        }
    }
    names
}

/// The part of type names that stands for the endpoint: the last segment of its id, with as many segments before it as are needed
/// for the name to start with a letter.
pub fn endpoint_name(id: &EndpointId) -> String {
    let segments: Vec<&str> = id.segments().collect();
    let mut name = String::new();
    for segment in segments.iter().rev() {
        let rest = std::mem::replace(&mut name, type_name(segment));
        join(&mut name, &rest);
        if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return name;
        }
    }
    format!("Endpoint{name}")
}

struct Naming<'a> {
    id: &'a EndpointId,
    endpoint: String,
    taken: BTreeSet<String>,
    names: BTreeMap<TypeId, String>,
}

impl Naming<'_> {
    fn priority(&self, hint: &NameHint) -> u8 {
        match hint {
            NameHint::Root(_) => 0,
            NameHint::Declared(_) => 1,
            NameHint::Derived { .. } => 2,
        }
    }

    fn name(&mut self, id: TypeId, hint: &NameHint, sent: bool) {
        let natural = self.natural(hint);
        let name = match self.is_free(&natural) {
            true => natural,
            false => self
                .alternatives(hint, &natural, sent)
                .into_iter()
                .find(|name| self.is_free(name))
                .unwrap_or_else(|| self.lengthened(id, hint)),
        };
        self.taken.insert(name.clone());
        self.names.insert(id, name);
    }

    /// The best name, which most types get.
    fn natural(&self, hint: &NameHint) -> String {
        match hint {
            NameHint::Root(role) => format!("{}{role}", self.endpoint),
            NameHint::Declared(name) => letters_first(&without_path(name, self.id.segments())),
            NameHint::Derived { name, .. } => letters_first(name),
        }
    }

    /// The candidates for a type whose best name is taken, the best first. A sent and a received type can come from one component;
    /// the name of the received one then ends with `Output`. A component `LoraInput` of the endpoint `lora` becomes `Lora`, not
    /// `LoraInputInput`.
    fn alternatives(&self, hint: &NameHint, natural: &str, sent: bool) -> Vec<String> {
        let direction = if sent { "Input" } else { "Output" };
        match hint {
            NameHint::Root(_) => Vec::new(),
            NameHint::Declared(_) => {
                let stem = natural.strip_suffix(direction);
                let apart = stem.map_or(format!("{natural}{direction}"), str::to_owned);
                let is_file = FileKind::ALL.iter().any(|kind| kind.name() == apart);
                let apart = Some(apart).filter(|apart| !apart.is_empty() && !is_file);
                let turned = stem.map(|stem| format!("{direction}{stem}"));
                let longer = joined(&self.endpoint, natural);
                [apart, turned, Some(longer)]
                    .into_iter()
                    .flatten()
                    .collect()
            }
            NameHint::Derived { parent, .. } => {
                let behind_parent = letters_first(&joined(parent, natural));
                vec![
                    behind_parent.clone(),
                    joined(&self.endpoint, natural),
                    joined(&behind_parent, direction),
                    joined(natural, "Value"),
                ]
            }
        }
    }

    fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(name) && !is_reserved_type(name)
    }

    fn lengthened(&self, id: TypeId, hint: &NameHint) -> String {
        let natural = letters_first(hint.natural_name());
        let name = joined(&joined(&self.endpoint, &natural), "Type");
        distinct(name, "", &format!("TypeId({})", id.0), |name| {
            self.is_free(name)
        })
    }
}

/// The Rust names of a struct's fields, all different.
pub fn field_names(object: &Struct) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(object.fields.len());
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for field in &object.fields {
        let mut name = field_name(&field.wire);
        if taken.contains(&name) {
            let plain = format!("{}_", name.trim_start_matches("r#"));
            name = distinct(plain, "_", &field.wire, |name| !taken.contains(name));
        }
        taken.insert(name.clone());
        names.push(name);
    }
    names
}

/// The name of the field that holds a struct's additional properties.
pub fn additional_properties_name(names: &[String]) -> String {
    let mut name = "extra".to_owned();
    while names.contains(&name) {
        name.push('_');
    }
    name
}

/// The name of a union's variant, from that of its type.
pub fn union_variant_name(name: &str) -> String {
    match letters_first(name) {
        name if name == "Self" => "SelfValue".to_owned(),
        name => name,
    }
}

/// The name of a type, made to start with a letter and to repeat no word.
fn letters_first(name: &str) -> String {
    match name {
        "" => "Anonymous".to_owned(),
        name => without_repeats(&begin_with_letter(name)),
    }
}
