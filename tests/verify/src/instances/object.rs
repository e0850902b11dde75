//! Instances of objects: small, full, with each member varied, and mixtures.

use serde_json::{Map, Value, json};

use super::sample::Extent;
use super::{Instance, Maker};
use crate::keywords::{Keywords, properties, required};

/// The number of mixtures that are made of one object.
const MIXTURES: usize = 24;

impl Maker<'_> {
    /// The instances of an object.
    pub fn objects(&self, keywords: &Keywords) -> Vec<Instance> {
        let small = self.sample_object(keywords, Extent::Small);
        let full = self.sample_object(keywords, Extent::Full);
        let mut more = full.clone();
        more.insert("verify_undeclared".into(), "an undeclared member".into());
        let mut objects = vec![
            Instance::new("small", small.clone()),
            Instance::new("full", full),
            Instance::new("undeclared member", more),
        ];
        for (name, property) in properties(keywords) {
            objects.extend(self.varied_member(&small, name, property));
        }
        for name in required(keywords) {
            let mut without = small.clone();
            without.remove(name);
            let mut missing = Instance::new("missing member", without);
            missing.pointer = format!("/{name}");
            objects.push(missing);
        }
        if let Some(others @ Value::Object(_)) = keywords.get("additionalProperties") {
            objects.extend(self.varied_member(&small, "verify_additional", others));
        }
        objects
    }

    /// The object with one member set to each of its instances, its sample and its full
    /// sample among them.
    fn varied_member(
        &self,
        small: &Map<String, Value>,
        name: &str,
        schema: &Value,
    ) -> Vec<Instance> {
        let samples = [Extent::Small, Extent::Full].map(|extent| {
            let value = self.sample(name, schema, extent);
            Instance::new("one member", value)
        });
        let variants = samples.into_iter().chain(self.variants(name, schema));
        self.inside(name, variants.collect(), small.values(), |value| {
            let mut object = small.clone();
            object.insert(name.to_owned(), value);
            Value::Object(object)
        })
    }

    /// Objects whose members are each absent, plain or any of their instances.
    pub fn mixtures(&self, schema: &Value, random: &mut fastrand::Rng) -> Vec<Instance> {
        let Some(inner) = self.enter(schema) else {
            return Vec::new();
        };
        let keywords = self.root.effective(schema);
        let members: Vec<_> = properties(&keywords)
            .map(|(name, property)| {
                let plain = inner.sample(name, property, Extent::Full);
                let any = inner.variants(name, property);
                (name.as_str(), plain, any)
            })
            .collect();
        if members.is_empty() {
            return Vec::new();
        }
        let required = required(&keywords);
        (0..MIXTURES)
            .map(|_| Instance::new("mixture", mixture(&members, &required, random)))
            .collect()
    }
}

fn mixture(
    members: &[(&str, Value, Vec<Instance>)],
    required: &[&str],
    random: &mut fastrand::Rng,
) -> Value {
    let null = json!(null);
    let mut object = Map::new();
    for (name, plain, any) in members {
        let value = match random.u8(..10) {
            0..3 if !required.contains(name) => continue,
            0..9 => plain,
            _ => random.choice(any).map_or(&null, |instance| &instance.value),
        };
        object.insert((*name).into(), value.clone());
    }
    Value::Object(object)
}
