//! The `use` lines of a module.

use std::collections::{BTreeMap, BTreeSet};

/// The items that a module imports.
#[derive(Debug)]
pub(super) struct Imports {
    /// Names that the module defines itself.
    defined: BTreeSet<String>,
    used: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

impl Imports {
    pub(super) fn new(defined: BTreeSet<String>) -> Self {
        Self {
            defined,
            used: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, module: &'static str, name: &'static str) {
        self.used.entry(module).or_default().insert(name);
    }

    /// Whether the module has a type of that name itself.
    pub(super) fn defines(&self, name: &str) -> bool {
        self.defined.contains(name)
    }

    /// The text of the lines. A module of the runtime is written `@::endpoint`, of the
    /// standard library `std::collections`.
    pub(super) fn text(&self, root: &str) -> String {
        let mut std_lines = String::new();
        let mut lines = String::new();
        let mut modules: Vec<_> = self.used.iter().collect();
        // The imports of macros, which are at the root of the runtime, come last.
        modules.sort_by_key(|(module, _)| (**module == "@", **module));
        for (module, names) in modules {
            let names: Vec<&str> = names.iter().copied().collect();
            let list = match names.as_slice() {
                [only] => (*only).to_owned(),
                several => format!("{{{}}}", several.join(", ")),
            };
            match module.strip_prefix('@') {
                Some(path) => lines.push_str(&format!("use {root}{path}::{list};\n")),
                None => std_lines.push_str(&format!("use {module}::{list};\n")),
            }
        }
        if !std_lines.is_empty() && !lines.is_empty() {
            std_lines.push('\n');
        }
        std_lines + &lines
    }
}
