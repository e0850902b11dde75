//! The assignments that stay although documents change: the feature of each
//! endpoint and the names of shared types.
//!
//! `generate` reads the ledger, keeps what it says, adds what is new and drops
//! what is gone. It is stored as canonical JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::source::{canonical, push_pointer};

/// The features and names that earlier runs assigned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Families that have a feature of their own whatever their size.
    pub pinned: Vec<String>,
    /// The feature of each endpoint, by endpoint id.
    pub groups: BTreeMap<String, String>,
    /// By family and name of a shared type: the digest of its shape, and an endpoint that mentions it.
    pub names: BTreeMap<String, BTreeMap<String, String>>,
}

impl Ledger {
    /// Reads the two files of a ledger, `groups.json` and `names.json`. A file
    /// that is not there is an empty one.
    ///
    /// # Errors
    /// When one of them is not a ledger; the text says which, and why.
    pub fn read(groups: Option<&str>, names: Option<&str>) -> Result<Self, String> {
        let groups = parse("groups.json", groups)?;
        let names = parse("names.json", names)?;
        let mut ledger = Self::default();
        for (key, value) in &groups {
            match key.as_str() {
                "pinned" => ledger.pinned = list("groups.json", "/pinned", value)?,
                "endpoints" => ledger.groups = map("groups.json", "/endpoints", value)?,
                other => {
                    return Err(format!(
                        "groups.json#/{other}: unknown key; expected `pinned` and `endpoints`"
                    ));
                }
            }
        }
        for (family, value) in &names {
            let named = map("names.json", &push_pointer("", family), value)?;
            ledger.names.insert(family.clone(), named);
        }
        Ok(ledger)
    }

    /// The text of `groups.json`.
    pub fn groups_json(&self) -> String {
        canonical::to_string(&json!({ "endpoints": self.groups, "pinned": self.pinned }))
    }

    /// The text of `names.json`.
    pub fn names_json(&self) -> String {
        canonical::to_string(&json!(self.names))
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

fn list(file: &str, pointer: &str, value: &Value) -> Result<Vec<String>, String> {
    let texts = value.as_array().and_then(|items| {
        let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
        texts.collect()
    });
    texts.ok_or_else(|| format!("{file}#{pointer}: expected an array of strings"))
}

fn map(file: &str, pointer: &str, value: &Value) -> Result<BTreeMap<String, String>, String> {
    let texts = value.as_object().and_then(|members| {
        let texts = members
            .iter()
            .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        texts.collect()
    });
    texts.ok_or_else(|| format!("{file}#{pointer}: expected an object of strings"))
}
