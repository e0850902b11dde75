//! The JSON Schemas of a module's types: a file beside it, and the line that
//! includes it.

use std::collections::BTreeSet;

use super::json;
use super::scope::Scope;
use crate::ir::{Literal, TypeId};

/// The types of a module that have JSON Schemas.
pub(super) struct Schemas<'a> {
    pub(super) scope: &'a Scope<'a>,
    /// Those that stand in the module itself.
    pub(super) own: &'a [TypeId],
}

impl Schemas<'_> {
    /// The file: an object with a schema for each type, by name. A reference is the
    /// name of another type: `{"$ref": "Resolution"}`.
    pub(super) fn text(&self) -> String {
        let name = |id| self.scope.name(id);
        let schemas = self.own.iter().map(|id| {
            let schema = self.scope.def(*id).definition.named(&name);
            (name(*id).to_owned(), schema)
        });
        json::pretty(&Literal::Object(schemas.collect()))
    }

    /// `json_schema! { … }`
    pub(super) fn line(&self, runtime: &str, file: &str) -> String {
        let own: Vec<&str> = self.own.iter().map(|id| self.scope.name(*id)).collect();
        let mut text = format!(
            "#[cfg(feature = \"schemars\")]\n{runtime}::json_schema! {{\n    {file:?}:\n{}",
            wrapped(&own)
        );
        let used = self.used();
        if !used.is_empty() {
            let used: Vec<&str> = used.into_iter().collect();
            text.push_str("    use\n");
            text.push_str(&wrapped(&used));
        }
        text.push_str("}\n");
        text
    }

    /// The types of other modules that the schemas refer to.
    fn used(&self) -> BTreeSet<&str> {
        let ids = self.own.iter();
        ids.flat_map(|id| &self.scope.def(*id).definition.references)
            .filter(|id| !self.own.contains(id))
            .map(|id| self.scope.name(*id))
            .collect()
    }
}

/// Names on as many lines as they need.
fn wrapped(names: &[&str]) -> String {
    const WIDTH: usize = 100;
    let mut text = String::new();
    let mut line = String::new();
    for (index, name) in names.iter().enumerate() {
        let comma = if index + 1 < names.len() { "," } else { "" };
        if !line.is_empty() && line.len() + name.len() + 2 > WIDTH - 4 {
            text.push_str(&format!("    {line}\n"));
            line.clear();
        }
        let space = if line.is_empty() { "" } else { " " };
        line.push_str(&format!("{space}{name}{comma}"));
    }
    text + &format!("    {line}\n")
}
