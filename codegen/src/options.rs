//! The settings of a run, which its documents do not contain.

use std::collections::{BTreeMap, BTreeSet};

use crate::emit::Runtime;
use crate::fixup::Fixups;
use crate::ledger::Ledger;

/// The settings of a run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where the generated code finds the runtime.
    pub runtime: Runtime,
    /// The names and features that earlier runs assigned.
    pub ledger: Ledger,
    /// The ids of all models that are known, with documents or without. A model's feature depends on them, so that it
    /// does not depend on which document comes first.
    pub known_ids: BTreeSet<String>,
    /// The catalog's entry of each endpoint, by endpoint id.
    pub listings: BTreeMap<String, Listing>,
    /// The corrections that are applied to documents while they are read.
    pub fixups: Fixups,
    /// Leaves out the `#[cfg(feature = "…")]` lines: for code outside `fal-sdk`,
    /// whose crate has no features of these names.
    pub ungated: bool,
    /// Implements `schemars::JsonSchema` for every type, behind the feature
    /// `schemars` of the crate that the code is part of. Beside a module stands the
    /// file `….schema.json` that it includes, so the files must be written as the
    /// [plan](crate::Outcome::plan) says: [`Outcome::inline`](crate::Outcome::inline)
    /// cannot be used then.
    pub schemars: bool,
}

/// What the catalog says of an endpoint beyond its document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The model's display name.
    pub title: Option<String>,
    /// One sentence on what the model does.
    pub description: Option<String>,
    /// `inference` or `training`.
    pub kind: Option<String>,
    /// The price, as Markdown.
    pub price: Option<String>,
}
