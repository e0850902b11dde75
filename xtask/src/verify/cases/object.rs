//! Objects: small, full, with each member varied, and mixtures.

use serde_json::{Map, Value, json};

use super::sample::{Extent, properties, required};
use super::{Case, Maker};

/// How many mixtures are made of one object.
const MIXTURES: usize = 24;

impl Maker<'_> {
    /// The cases of an object.
    pub fn objects(&self, view: &Map<String, Value>) -> Vec<Case> {
        let small = self.sample_object(view, Extent::Small);
        let full = self.sample_object(view, Extent::Full);
        let mut cases = vec![
            Case::new("small", small.clone()),
            Case::new("full", full.clone()),
        ];
        let mut more = full;
        more["verify_undeclared"] = json!("an undeclared member");
        cases.push(Case::new("undeclared member", more));
        for (name, property) in properties(view) {
            cases.extend(self.varied_member(&small, name, property));
        }
        for name in required(view) {
            let mut without = small.clone();
            without.as_object_mut().map(|members| members.remove(name));
            let mut case = Case::new("missing member", without);
            case.place = format!("/{name}");
            cases.push(case);
        }
        if let Some(others @ Value::Object(_)) = view.get("additionalProperties") {
            cases.extend(self.varied_member(&small, "verify_additional", others));
        }
        cases
    }

    /// The object with one member set to each of its cases, its sample and its
    /// full sample among them.
    fn varied_member(&self, small: &Value, name: &str, schema: &Value) -> Vec<Case> {
        let samples = [Extent::Small, Extent::Full].map(|extent| {
            let value = self.sample(name, schema, extent);
            Case::new("one member", value)
        });
        let variants = samples.into_iter().chain(self.place(name, schema));
        variants
            .map(|case| {
                case.inside(name, |value| {
                    let mut object = small.clone();
                    object[name] = value;
                    object
                })
            })
            .collect()
    }

    /// Objects whose members are each absent, plain or any of their cases.
    pub fn mixtures(&self, schema: &Value, random: &mut fastrand::Rng) -> Vec<Case> {
        let Some(inner) = self.enter(schema) else {
            return Vec::new();
        };
        let view = self.subject.view(schema);
        let members: Vec<_> = properties(&view)
            .map(|(name, property)| {
                let plain = inner.sample(name, property, Extent::Full);
                let any = inner.place(name, property);
                (name.as_str(), plain, any)
            })
            .collect();
        if members.is_empty() {
            return Vec::new();
        }
        let required = required(&view);
        (0..MIXTURES)
            .map(|_| Case::new("mixture", mixture(&members, &required, random)))
            .collect()
    }
}

fn mixture(
    members: &[(&str, Value, Vec<Case>)],
    required: &[&str],
    random: &mut fastrand::Rng,
) -> Value {
    let mut object = Map::new();
    for (name, plain, any) in members {
        match random.u8(..10) {
            0..3 if !required.contains(name) => {}
            0..9 => {
                object.insert((*name).into(), plain.clone());
            }
            _ => {
                let value = random.choice(any).map_or(&Value::Null, |case| &case.value);
                object.insert((*name).into(), value.clone());
            }
        }
    }
    Value::Object(object)
}
