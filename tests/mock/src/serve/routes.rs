//! The routes, with a module for each family of routes.

mod control;
mod direct;
mod documents;
mod jwks;
mod platform;
mod queue;
mod storage;
mod tokens;

use super::table::Table;

/// The table of all routes.
pub(crate) fn table() -> Table {
    Table::default()
        .with(queue::rows())
        .with(direct::rows())
        .with(documents::rows())
        .with(platform::rows())
        .with(control::rows())
        .with(storage::rows())
        .with(tokens::rows())
        .with(jwks::rows())
}
