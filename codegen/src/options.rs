//! The settings of a run of the generator, besides the documents.

use std::collections::{BTreeMap, BTreeSet};

use crate::emit::Runtime;
use crate::fixup::Fixups;
use crate::ledger::Ledger;

/// The settings of a run of the generator.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The crate in which the generated code finds the runtime. Default: the crate that the code is part of.
    pub runtime: Runtime,
    /// The names and features that earlier runs assigned. Default: an empty ledger.
    pub ledger: Ledger,
    /// The ids of all known models, with or without documents. A model's feature depends on the number of known models of its
    /// family, so that it does not depend on which document comes first.
    pub known_ids: BTreeSet<String>,
    /// The catalog's entry of each endpoint, by endpoint id.
    pub listings: BTreeMap<String, Listing>,
    /// The corrections that are applied to documents while they are read. Default: those of this project.
    pub fixups: Fixups,
    /// Whether the `#[cfg(feature = "…")]` lines are left out, for a crate other than `fal-sdk`, which does not have the
    /// features. Default: `false`.
    pub ungated: bool,
    /// Whether every type implements `schemars::JsonSchema`, behind the feature `schemars` of the crate that the code is part
    /// of. Each module then includes a file `….schema.json` beside it, so that the files must be written as the
    /// [plan](crate::Outcome::plan) says, and [`Outcome::inline`](crate::Outcome::inline) cannot be used. Default: `false`.
    pub schemars: bool,
}

/// The catalog's entry of an endpoint: descriptions and prices that its document does not have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The model's display name.
    pub title: Option<String>,
    /// One sentence on what the model does.
    pub description: Option<String>,
    /// The kind of the model: `inference` or `training`.
    pub kind: Option<String>,
    /// The price of a call, as Markdown.
    pub price: Option<String>,
}
