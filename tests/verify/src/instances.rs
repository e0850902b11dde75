//! Values to judge against a schema, made from the schema.
//!
//! For every place in it: what the document offers (examples, defaults), a small and a
//! full value, each option alone, each bound and the value beyond it, each listed value
//! and an unlisted one, every member of a union, every wrong type, `null` and absence,
//! lists of every length that matters. One place is varied at a time inside an otherwise
//! small value; at the end come mixtures. Whether a value is valid is not decided here:
//! that is the oracle's part.
//!
//! A schema can refer to the same component twice, which can do the same, so that its
//! values double with every level. [`Limits`] hold against that.

mod list;
mod number;
mod object;
mod sample;
mod text;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use fal_codegen::source::push_pointer;
use serde_json::{Map, Value, json};

use super::keywords::{Keywords, alternatives, items};
use super::root_schema::RootSchema;
use super::tolerance::discriminator_value;
use sample::Extent;

/// A value, and what is special about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// The value.
    pub value: Value,
    /// The purpose of the value, such as `below the minimum`.
    pub purpose: &'static str,
    /// The JSON pointer of the varied position.
    pub pointer: String,
}

impl Instance {
    fn new(purpose: &'static str, value: impl Into<Value>) -> Self {
        Self {
            value: value.into(),
            purpose,
            pointer: String::new(),
        }
    }

    /// Whether the value is meant to be valid, as far as the schema tells.
    pub fn is_meant_to_be_valid(&self) -> bool {
        const PURPOSES: &[&str] = &[
            "default",
            "example",
            "full",
            "listed value",
            "one member",
            "small",
        ];
        PURPOSES.contains(&self.purpose)
    }
}

/// The instances of a schema.
#[derive(Debug)]
pub struct Instances {
    /// The instances, each value once.
    pub all: Vec<Instance>,
    /// Whether there would be more instances without [`Limits`].
    pub is_cut: bool,
}

/// Makes the instances of a schema: the same ones for the same schema and seed.
pub fn instances(schema: &RootSchema, seed: u64) -> Instances {
    let limits = Limits::default();
    let maker = Maker {
        root: schema,
        limits: &limits,
        chain: Vec::new(),
        depth: 0,
    };
    let mut all = maker.variants("value", schema.schema());
    all.extend(maker.mixtures(schema.schema(), &mut fastrand::Rng::with_seed(seed)));
    let mut seen = HashSet::new();
    all.retain(|instance| seen.insert(instance.value.to_string()));
    Instances {
        all,
        is_cut: limits.are_reached(),
    }
}

/// The parts of the limits that the instances of one schema have used up.
#[derive(Default)]
struct Limits {
    /// How often each component was varied in full, by its reference.
    varied: RefCell<HashMap<String, usize>>,
    /// The nodes (members, items and scalars) of all instances.
    nodes: Cell<usize>,
    /// The nodes of the sample that is being made, if there is one.
    sample: Cell<Option<usize>>,
    /// The samples that were made, by what they depend on.
    samples: RefCell<HashMap<String, Value>>,
}

impl Limits {
    /// How often a component is varied in full; after that only a few of its values are tried.
    const MOST_VARIED: usize = 24;
    /// The number of nodes after which no further instances are made.
    const MOST_NODES: usize = 500_000;
    /// Instances of up to this many nodes are kept even then.
    const SMALL: usize = 1_000;

    fn are_reached(&self) -> bool {
        self.nodes.get() > Self::MOST_NODES
    }

    fn count(&self, nodes: usize) {
        self.nodes.set(self.nodes.get() + nodes);
    }
}

/// Makes values for the places of one schema.
#[derive(Clone)]
struct Maker<'a> {
    root: &'a RootSchema,
    limits: &'a Limits,
    /// The references that were followed to come here: a recursive schema is entered
    /// once.
    chain: Vec<String>,
    depth: usize,
}

impl Maker<'_> {
    /// The instances of a place. `name` is what the place is called, and makes texts
    /// that differ from those of other places.
    fn variants(&self, name: &str, schema: &Value) -> Vec<Instance> {
        let Some(inner) = self.enter(schema).filter(|_| !self.limits.are_reached()) else {
            return Vec::new();
        };
        if !self.may_vary(&inner) {
            return self.few_variants(name, schema);
        }
        let keywords = self.root.effective(schema);
        let mut instances = offered(&keywords);
        for (union, member) in alternatives(&keywords) {
            let member = member_schema(&keywords, union, member, self.root);
            instances.extend(inner.variants(name, &member));
        }
        instances.extend(listed(&keywords));
        for kind in kinds(&keywords) {
            instances.extend(match kind {
                "string" => text::variants(name, &keywords),
                "integer" => number::integers(&keywords),
                "number" => number::floats(&keywords),
                "boolean" => [true, false].map(|it| Instance::new("boolean", it)).into(),
                "array" => inner.lists(name, &keywords),
                "object" => inner.objects(&keywords),
                _ => Vec::new(),
            });
        }
        instances.extend(any_types());
        instances
    }

    /// Whether the components that lead from here to `inner` may be varied in full once
    /// more.
    fn may_vary(&self, inner: &Self) -> bool {
        let mut varied = self.limits.varied.borrow_mut();
        let entered = inner.chain[self.chain.len()..].iter();
        let counts = entered.map(|reference| {
            let count = varied.entry(reference.clone()).or_default();
            *count += 1;
            *count
        });
        counts.max().unwrap_or(0) <= Limits::MOST_VARIED
    }

    fn few_variants(&self, name: &str, schema: &Value) -> Vec<Instance> {
        let small = self.sample(name, schema, Extent::Small);
        let full = self.sample(name, schema, Extent::Full);
        vec![
            Instance::new("small", small),
            Instance::new("full", full),
            Instance::new("null", Value::Null),
        ]
    }

    /// A maker for the inside of a schema; none if it is entered for the second time.
    fn enter(&self, schema: &Value) -> Option<Self> {
        const DEEPEST: usize = 24;
        let mut inner = self.clone();
        inner.depth += 1;
        let parts = schema.as_object().into_iter();
        let parts = parts.flat_map(|keywords| items(keywords, "allOf"));
        for part in std::iter::once(schema).chain(parts) {
            if let Some(reference) = part.get("$ref").and_then(Value::as_str) {
                inner.chain.push(reference.to_owned());
            }
        }
        let new = &inner.chain[self.chain.len()..];
        let is_recursive = new.iter().any(|reference| self.chain.contains(reference));
        (!is_recursive && inner.depth <= DEEPEST).then_some(inner)
    }

    /// The instances of one member or item inside the value that holds it, whose other
    /// members or items are `others`.
    fn inside<'v>(
        &self,
        key: &str,
        variants: Vec<Instance>,
        others: impl Iterator<Item = &'v Value>,
        wrap: impl Fn(Value) -> Value,
    ) -> Vec<Instance> {
        let others: usize = others.map(nodes).sum();
        let wrapped = variants.into_iter().filter_map(|variant| {
            let nodes = 1 + others + nodes(&variant.value);
            let is_kept = nodes <= Limits::SMALL || !self.limits.are_reached();
            is_kept.then(|| {
                self.limits.count(nodes);
                Instance {
                    value: wrap(variant.value),
                    pointer: push_pointer("", key) + &variant.pointer,
                    purpose: variant.purpose,
                }
            })
        });
        wrapped.collect()
    }
}

/// The number of members, items and scalars in a value.
fn nodes(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(nodes).sum(),
        Value::Object(members) => members.values().map(nodes).sum(),
        _ => 0,
    }
}

/// The values that the document itself offers.
fn offered(keywords: &Keywords) -> Vec<Instance> {
    let one = |keyword: &'static str| {
        let value = keywords.get(keyword).cloned();
        value.map(|value| Instance::new(keyword, value))
    };
    let named = keywords.get("examples").and_then(Value::as_object);
    let named = named.into_iter().flatten();
    let named = named.filter_map(|(_, example)| example.get("value"));
    let examples = items(keywords, "examples").chain(named).cloned();
    let first = one("default").into_iter().chain(one("example"));
    first
        .chain(examples.map(|value| Instance::new("example", value)))
        .collect()
}

/// Every listed value, and one that is not listed.
fn listed(keywords: &Keywords) -> Vec<Instance> {
    let constant = keywords.get("const").into_iter();
    let values = constant.chain(items(keywords, "enum"));
    let instances = values.flat_map(|value| {
        let unlisted = match value {
            Value::String(_) => Some(json!("not-a-listed-value")),
            Value::Number(_) => Some(json!(918_273)),
            _ => None,
        };
        let unlisted = unlisted.map(|value| Instance::new("unlisted value", value));
        std::iter::once(Instance::new("listed value", value.clone())).chain(unlisted)
    });
    instances.collect()
}

/// A member of a union, with what the schema says beside the union.
pub fn member_schema(keywords: &Keywords, union: &str, member: &Value, root: &RootSchema) -> Value {
    const OF_THE_WHOLE: &[&str] = &["default", "discriminator", "example", "examples"];
    let mut others = keywords.clone();
    others.retain(|keyword, _| keyword != union && !OF_THE_WHOLE.contains(&keyword.as_str()));
    let mut parts = vec![member.clone()];
    let discriminator = keywords.get("discriminator");
    parts.extend(discriminator.and_then(|it| discriminator_value(it, member, root)));
    parts.extend((!others.is_empty()).then_some(Value::Object(others)));
    match parts.len() {
        1 => member.clone(),
        _ => json!({ "allOf": parts }),
    }
}

/// The types that the schema allows. Where it does not name them they follow from its
/// other keywords; a schema without such keywords allows everything, and the values of
/// every type that each place is tried with are enough for it.
fn kinds(keywords: &Map<String, Value>) -> Vec<&str> {
    const IMPLIED: &[(&str, &[&str])] = &[
        (
            "object",
            &["properties", "additionalProperties", "required"],
        ),
        ("array", &["items", "prefixItems", "minItems", "maxItems"]),
        ("string", &["minLength", "maxLength", "pattern"]),
        ("number", &["minimum", "maximum", "multipleOf"]),
    ];
    let has = |keyword: &&str| keywords.contains_key(*keyword);
    match keywords.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ if ["anyOf", "oneOf", "enum", "const"].iter().any(has) => Vec::new(),
        _ => {
            let implied = IMPLIED.iter().find(|(_, words)| words.iter().any(has));
            implied.map(|(kind, _)| *kind).into_iter().collect()
        }
    }
}

/// Values of every type.
fn any_types() -> Vec<Instance> {
    let others = [
        json!("a text"),
        json!(7),
        json!(0.25),
        json!(true),
        json!([]),
        json!(["a text"]),
        json!({}),
        json!({ "an": "object" }),
    ];
    let null = Instance::new("null", Value::Null);
    let others = others.map(|value| Instance::new("another type", value));
    std::iter::once(null).chain(others).collect()
}

#[cfg(test)]
mod tests;
