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
    Table::new([
        queue::rows(),
        direct::rows(),
        documents::rows(),
        platform::rows(),
        control::rows(),
        storage::rows(),
        tokens::rows(),
        jwks::rows(),
    ])
}
