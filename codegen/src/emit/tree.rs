//! The tree of modules.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::Endpoint;
use crate::name::{Modules, SHARED};
use crate::share::{Named, Shared};

/// A module: a part of an id, or the root of all.
#[derive(Default)]
pub(super) struct Node<'a> {
    /// The part of the id down to here; empty at the root.
    pub(super) id: String,
    pub(super) children: BTreeMap<&'a str, Node<'a>>,
    /// The endpoint with this id, and its number.
    pub(super) endpoint: Option<(usize, &'a Endpoint)>,
    /// Types shared by what is below stand here.
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
        node.features.insert(named.feature);
        for (name, segment) in modules.path(id.as_str()).into_iter().zip(id.segments()) {
            let parent = node.id.clone();
            node = node.children.entry(name).or_default();
            node.features.insert(named.feature);
            node.id = match parent.is_empty() {
                true => segment.to_owned(),
                false => format!("{parent}/{segment}"),
            };
            node.has_shared |= node.id == id.family() && shared.families.contains_key(&node.id);
        }
        node.endpoint = Some((index, named.endpoint));
    }

    /// `pub mod` lines, gated where all below is behind one feature and the
    /// module itself is not.
    pub(super) fn child_modules(&self, gated: bool) -> Option<String> {
        let is_gated = !gated || self.features.len() == 1 && !self.id.is_empty();
        let mut text = String::new();
        for (name, child) in &self.children {
            let feature = child.features.first().filter(|_| child.features.len() == 1);
            if let Some(feature) = feature.filter(|_| !is_gated) {
                text.push_str(&format!("#[cfg(feature = \"{feature}\")]\n"));
            }
            text.push_str(&format!("pub mod {name};\n"));
        }
        if self.has_shared {
            text.push_str(&format!("pub mod {SHARED};\n"));
        }
        (!text.is_empty()).then_some(text)
    }
}
