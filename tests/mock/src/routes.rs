//! The routes, a file for each family.

mod cdn;
mod documents;
mod files;
mod models;
mod over_socket;
mod queue;
mod realtime;
mod result;
mod run;
mod status;
mod stream;
mod submit;
mod tokens;
mod uploads;
mod webhooks;

use crate::route::Entry;

/// Every route; where two patterns match a path, the first one wins.
pub(crate) static TABLE: &[&[Entry]] = &[
    queue::ROUTES,
    stream::ROUTES,
    run::ROUTES,
    realtime::ROUTES,
    over_socket::ROUTES,
    documents::ROUTES,
    models::ROUTES,
    cdn::ROUTES,
    files::ROUTES,
    uploads::ROUTES,
    tokens::ROUTES,
    webhooks::ROUTES,
];
