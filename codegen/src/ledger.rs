//! The ledger: assignments that stay the same when documents change. It has the features of each endpoint, the names of
//! modules that would otherwise have had the name of another module, and the names of shared types.
//!
//! `generate` reads the ledger, keeps its assignments, adds new ones and removes those of endpoints that are gone. The
//! ledger is stored as canonical JSON.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::source::{EndpointId, canonical, push_pointer};

const GROUPS: &str = "groups.json";
const NAMES: &str = "names.json";

/// The features and names that earlier runs assigned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Families that have a feature of their own, whatever their size.
    pub pinned: Vec<String>,
    /// The features that enable each endpoint, by endpoint id, the oldest first.
    pub groups: BTreeMap<String, Vec<String>>,
    /// The names of modules that were made longer because another module has the short name, by the part of an id that they
    /// stand for.
    pub modules: BTreeMap<String, String>,
    /// The shared types by family and name; types that are common to all families are under `*`.
    pub names: BTreeMap<String, BTreeMap<String, SharedName>>,
}

/// The ledger's entry of a shared type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SharedName {
    /// The digest of the type's shape.
    pub digest: String,
    /// The ids of the endpoints that mention the type.
    pub endpoints: BTreeSet<String>,
    /// Whether only one of the endpoints is listed, as in an older form of the ledger.
    pub is_partial: bool,
    /// The wire names of a struct's fields in their order, if it has several fields.
    pub order: Vec<String>,
    /// The name that the type has in its endpoints, if the shared name does not end with it.
    pub original: Option<String>,
}

impl SharedName {
    /// Whether an endpoint mentions the type, as far as is known.
    pub(crate) fn lists(&self, id: &str) -> bool {
        self.is_partial || self.endpoints.contains(id)
    }

    /// Whether types that have a name in their endpoints can have this entry under a shared name.
    pub(crate) fn is_of(&self, shared: &str, name: &str) -> bool {
        match &self.original {
            Some(original) => original == name,
            None => shared.ends_with(name),
        }
    }

    fn to_json(&self) -> Value {
        let mut entry = json!({ "digest": self.digest, "endpoints": self.endpoints });
        if !self.order.is_empty() {
            entry["order"] = json!(self.order);
        }
        if let Some(original) = &self.original {
            entry["original"] = json!(original);
        }
        entry
    }

    /// Reads an entry, or one of the older form `digest endpoint`.
    fn read(pointer: &str, value: &Value) -> Result<Self, String> {
        let (digest, endpoints, order) = match value {
            Value::String(text) => {
                let mut words = text.split(' ').map(str::to_owned);
                (words.next(), words.collect(), Vec::new())
            }
            value => {
                let digest = value["digest"].as_str().map(str::to_owned);
                let list = |key: &str| match &value[key] {
                    Value::Null => Ok(Vec::new()),
                    listed => texts(NAMES, &push_pointer(pointer, key), listed),
                };
                (
                    digest,
                    list("endpoints")?.into_iter().collect(),
                    list("order")?,
                )
            }
        };
        let digest = digest
            .ok_or_else(|| format!("{NAMES}#{pointer}: expected an object with a `digest`"))?;
        Ok(Self {
            digest,
            endpoints,
            is_partial: value.is_string(),
            order,
            original: match &value["original"] {
                Value::Null => None,
                Value::String(name) => Some(name.clone()),
                _ => {
                    let pointer = push_pointer(pointer, "original");
                    return Err(format!("{NAMES}#{pointer}: expected a string"));
                }
            },
        })
    }
}

impl Ledger {
    /// Reads a ledger from the texts of its two files, `groups.json` and `names.json`. A missing file counts as empty.
    ///
    /// # Errors
    /// When a text is not a file of a ledger. The error says which file, and why.
    pub fn read(groups: Option<&str>, names: Option<&str>) -> Result<Self, String> {
        let mut ledger = Self::default();
        for (key, value) in &parse(GROUPS, groups)? {
            match key.as_str() {
                "pinned" => ledger.pinned = texts(GROUPS, "/pinned", value)?,
                "endpoints" => {
                    ledger.groups =
                        map(GROUPS, "/endpoints", value, |pointer, value| match value {
                            Value::String(feature) => Ok(vec![feature.clone()]),
                            several => texts(GROUPS, pointer, several),
                        })?;
                }
                "modules" => {
                    ledger.modules = map(GROUPS, "/modules", value, |pointer, value| {
                        let name = value.as_str().map(str::to_owned);
                        name.ok_or_else(|| format!("{GROUPS}#{pointer}: expected a string"))
                    })?;
                }
                other => {
                    return Err(format!(
                        "{GROUPS}#/{other}: unknown key; expected `endpoints`, `modules` and `pinned`"
                    ));
                }
            }
        }
        for (family, value) in &parse(NAMES, names)? {
            let named = map(NAMES, &push_pointer("", family), value, SharedName::read)?;
            ledger.names.insert(family.clone(), named);
        }
        Ok(ledger)
    }

    /// Whether an earlier run had an endpoint.
    pub(crate) fn knows(&self, id: &EndpointId) -> bool {
        self.groups.contains_key(id.as_str())
    }

    /// Returns the text of `groups.json`: features and modules.
    pub fn groups_json(&self) -> String {
        let features = |features: &Vec<String>| match features.as_slice() {
            [only] => json!(only),
            several => json!(several),
        };
        let endpoints = self.groups.iter();
        let endpoints = endpoints.map(|(id, listed)| (id.clone(), features(listed)));
        let endpoints: Map<String, Value> = endpoints.collect();
        let mut groups = json!({ "endpoints": endpoints, "pinned": self.pinned });
        if !self.modules.is_empty() {
            groups["modules"] = json!(self.modules);
        }
        canonical::to_string(&groups)
    }

    /// Returns the text of `names.json`: the names of shared types.
    pub fn names_json(&self) -> String {
        let scope = |names: &BTreeMap<String, SharedName>| -> Map<String, Value> {
            let names = names.iter();
            names
                .map(|(name, entry)| (name.clone(), entry.to_json()))
                .collect()
        };
        let scopes = self.names.iter();
        let scopes = scopes.map(|(family, names)| (family.clone(), Value::Object(scope(names))));
        canonical::to_string(&Value::Object(scopes.collect()))
    }
}

fn parse(file: &str, text: Option<&str>) -> Result<Map<String, Value>, String> {
    let Some(text) = text else {
        return Ok(Map::new());
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(format!("{file}: expected an object")),
        Err(error) => Err(format!("{file}: {error}")),
    }
}

fn texts(file: &str, pointer: &str, value: &Value) -> Result<Vec<String>, String> {
    let texts = value.as_array().and_then(|items| {
        let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
        texts.collect()
    });
    texts.ok_or_else(|| format!("{file}#{pointer}: expected an array of strings"))
}

fn map<T>(
    file: &str,
    pointer: &str,
    value: &Value,
    read: impl Fn(&str, &Value) -> Result<T, String>,
) -> Result<BTreeMap<String, T>, String> {
    let members = value.as_object();
    let members = members.ok_or_else(|| format!("{file}#{pointer}: expected an object"))?;
    let members = members.iter();
    let members =
        members.map(|(name, value)| Ok((name.clone(), read(&push_pointer(pointer, name), value)?)));
    members.collect()
}
