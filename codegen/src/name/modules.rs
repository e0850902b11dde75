//! Module paths, which mirror endpoint ids.

use std::collections::BTreeMap;

use super::case::module_name;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::ledger::Ledger;
use crate::source::EndpointId;

/// The name of the module that has the shared types of a family.
pub const SHARED: &str = "types";

/// The module path of every endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Modules {
    /// The module name of each id prefix (`fal-ai`, `fal-ai/flux` …).
    names: BTreeMap<String, String>,
}

impl Modules {
    /// Names the modules of all endpoints. If two segments would have the same module name, the one that has it in the ledger
    /// keeps it, else the first in order.
    pub fn assign(
        endpoints: &[(EndpointId, String)],
        ledger: &Ledger,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut modules = Self::default();
        let mut taken: BTreeMap<String, &str> = BTreeMap::new();
        for (prefix, name) in &ledger.modules {
            taken.insert(path_of(prefix, name), prefix);
        }
        let mut given_way = Vec::new();
        let (known, new): (Vec<_>, Vec<_>) = endpoints.iter().partition(|(id, _)| ledger.knows(id));
        for (id, document) in known.into_iter().chain(new) {
            for prefix in prefixes(id) {
                if modules.names.contains_key(prefix) {
                    continue;
                }
                let wanted = natural_name(prefix);
                let mut name = ledger.modules.get(prefix).unwrap_or(&wanted).clone();
                while taken
                    .get(&path_of(prefix, &name))
                    .is_some_and(|owner| *owner != prefix)
                {
                    name.push('_');
                }
                if name != wanted {
                    given_way.push((document, prefix, wanted));
                }
                taken.insert(path_of(prefix, &name), prefix);
                modules.names.insert(prefix.to_owned(), name);
            }
        }
        for (document, prefix, wanted) in given_way {
            if let Some(other) = taken.get(&path_of(prefix, &wanted)) {
                diagnostics.push(clash(document, prefix, other, &modules.names[prefix]));
            }
        }
        modules
    }

    /// The modules whose names were made longer because another module has the short name, for the ledger.
    pub fn given_way(&self) -> BTreeMap<String, String> {
        let names = self.names.iter();
        let names = names.filter(|(prefix, name)| **name != natural_name(prefix));
        names
            .map(|(prefix, name)| (prefix.clone(), name.clone()))
            .collect()
    }

    /// The module path of an id, or of a part of one.
    pub fn path(&self, id: &str) -> Vec<&str> {
        let ends = id.match_indices('/').map(|(end, _)| end);
        ends.chain([id.len()])
            .filter_map(|end| self.names.get(&id[..end]))
            .map(String::as_str)
            .collect()
    }
}

/// The name of a module, unless another module has it.
fn natural_name(prefix: &str) -> String {
    let mut name = module_name(prefix.rsplit('/').next().unwrap_or(prefix));
    if name == SHARED {
        name.push('_');
    }
    name
}

/// The path of a module: the prefix of its parent module, and a name.
fn path_of(prefix: &str, name: &str) -> String {
    let parent = prefix.rsplit_once('/').map_or("", |(parent, _)| parent);
    format!("{parent}/{name}")
}

/// The prefixes of an id that end at a segment: `a`, `a/b` and `a/b/c` of `a/b/c`.
fn prefixes(id: &EndpointId) -> impl Iterator<Item = &str> {
    let text = id.as_str();
    let ends = text.match_indices('/').map(|(end, _)| end);
    ends.chain([text.len()]).map(|end| &text[..end])
}

fn clash(document: &str, prefix: &str, other: &str, name: &str) -> Diagnostic {
    let location = Location::new(document, "/info/x-fal-metadata/endpointId");
    let message = format!("`{prefix}` and `{other}` have the same module name");
    Diagnostic::new(Severity::Note, Code::NameTaken, location, message)
        .fallback(format!("`{prefix}` is the module `{name}`"))
}
