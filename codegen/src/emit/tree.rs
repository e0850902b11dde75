//! The tree of modules.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::Endpoint;
use crate::name::{Modules, SHARED};
use crate::share::{Named, Shared};

/// A module for the endpoints whose ids start with a prefix. The root is the module of all endpoints.
#[derive(Default)]
pub(super) struct Node<'a> {
    /// The prefix of the ids; empty at the root.
    pub(super) id: String,
    pub(super) children: BTreeMap<&'a str, Node<'a>>,
    /// The endpoint whose id is the prefix, and its index.
    pub(super) endpoint: Option<(usize, &'a Endpoint)>,
    /// Whether the module has a module of shared types.
    pub(super) has_shared: bool,
    features: BTreeSet<&'a str>,
}

impl<'a> Node<'a> {
    /// The tree of all endpoints.
    pub(super) fn root(
        endpoints: &'a [Named<'a>],
        shared: &'a Shared,
        modules: &'a Modules,
    ) -> Self {
        let mut root = Self {
            has_shared: !shared.common.is_empty(),
            ..Self::default()
        };
        for (index, named) in endpoints.iter().enumerate() {
            root.grow(index, named, shared, modules);
        }
        root
    }

    fn grow(
        &mut self,
        index: usize,
        named: &'a Named<'a>,
        shared: &'a Shared,
        modules: &'a Modules,
    ) {
        let id = &named.endpoint.id;
        let mut node = self;
        let features = || named.features.iter().map(String::as_str);
        node.features.extend(features());
        for (name, segment) in modules.path(id.as_str()).into_iter().zip(id.segments()) {
            let parent = node.id.clone();
            node = node.children.entry(name).or_default();
            node.features.extend(features());
            node.id = match parent.is_empty() {
                true => segment.to_owned(),
                false => format!("{parent}/{segment}"),
            };
            node.has_shared |= node.id == id.family() && shared.families.contains_key(&node.id);
        }
        node.endpoint = Some((index, named.endpoint));
    }

    /// The `pub mod` lines of the child modules. Each has the features of the endpoints below it as a condition, unless this
    /// module has the same condition.
    pub(super) fn child_modules(&self, gated: bool) -> Option<String> {
        let mut text = String::new();
        for (name, child) in &self.children {
            let is_covered = self.is_gated() && self.features == child.features;
            if gated && child.is_gated() && !is_covered {
                text.push_str(&cfg(&child.features));
            }
            text.push_str(&format!("pub mod {name};\n"));
        }
        if self.has_shared {
            text.push_str(&format!("pub mod {SHARED};\n"));
        }
        (!text.is_empty()).then_some(text)
    }

    /// Whether the module is behind features. The root and the module of an owner with several groups are not, because they have
    /// no types of their own.
    fn is_gated(&self) -> bool {
        let is_path = self.id.contains('/') || self.endpoint.is_some();
        is_path || (self.features.len() == 1 && !self.id.is_empty())
    }
}

/// The attribute that compiles an item if any of the features is enabled.
fn cfg(features: &BTreeSet<&str>) -> String {
    /// The longest list that rustfmt leaves on one line.
    const LINE: usize = 70;
    let named: Vec<String> = features
        .iter()
        .map(|feature| format!("feature = \"{feature}\""))
        .collect();
    let line = named.join(", ");
    match named.as_slice() {
        [only] => format!("#[cfg({only})]\n"),
        _ if line.len() <= LINE => format!("#[cfg(any({line}))]\n"),
        several => format!("#[cfg(any(\n    {}\n))]\n", several.join(",\n    ")),
    }
}
