//! The routes, a file for each family.

mod cdn;
mod control;
mod documents;
mod files;
mod over_socket;
mod platform;
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

pub(crate) use platform::Price;

/// Every route; where two patterns match a path, the first one wins.
pub(crate) static TABLE: &[&[Entry]] = &[
    queue::ROUTES,
    stream::ROUTES,
    run::ROUTES,
    realtime::ROUTES,
    over_socket::ROUTES,
    documents::ROUTES,
    platform::ROUTES,
    control::ROUTES,
    cdn::ROUTES,
    files::ROUTES,
    uploads::ROUTES,
    tokens::ROUTES,
    webhooks::ROUTES,
];
