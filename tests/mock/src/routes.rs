//! The routes, a file for each family.

mod documents;
mod files;
mod models;
mod queue;
mod result;
mod run;
mod status;
mod submit;

use crate::route::Entry;

/// Every route; where two patterns match a path, the first one wins.
pub(crate) static TABLE: &[&[Entry]] = &[
    queue::ROUTES,
    run::ROUTES,
    documents::ROUTES,
    models::ROUTES,
    files::ROUTES,
];
