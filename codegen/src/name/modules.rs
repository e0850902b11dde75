//! Module paths, which mirror endpoint ids.

use std::collections::BTreeMap;

use super::case::module_name;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::source::EndpointId;

/// The module of a family in which its shared types stand.
pub const SHARED: &str = "types";

/// The module path of every endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Modules {
    /// The module name of each id prefix (`fal-ai`, `fal-ai/flux` …).
    names: BTreeMap<String, String>,
}

impl Modules {
    /// Names the modules of all endpoints. Of two segments with the same module name
    /// the first in order keeps it.
    pub fn assign(endpoints: &[(EndpointId, String)], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut modules = Self::default();
        let mut taken: BTreeMap<String, String> = BTreeMap::new();
        for (id, document) in endpoints {
            for prefix in prefixes(id) {
                if modules.names.contains_key(prefix) {
                    continue;
                }
                let (parent, segment) = prefix.rsplit_once('/').unwrap_or(("", prefix));
                let mut name = module_name(segment);
                if name == SHARED {
                    name.push('_');
                }
                let wanted = name.clone();
                while taken.contains_key(&format!("{parent}/{name}")) {
                    name.push('_');
                }
                if name != wanted {
                    let other = &taken[&format!("{parent}/{wanted}")];
                    diagnostics.push(clash(document, prefix, other, &name));
                }
                taken.insert(format!("{parent}/{name}"), prefix.to_owned());
                modules.names.insert(prefix.to_owned(), name);
            }
        }
        modules
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
