//! The public keys of webhooks (fal docs, `inference/webhooks`).

use hyper::{Method, StatusCode};

use crate::{
    call::Call,
    hosts::Host,
    reply::{Answer, Reply},
    route::{Access, Entry, Handler, Route},
    webhook,
};

pub(super) const ROUTES: &[Entry] = &[Entry {
    host: Host::Rest,
    method: Method::GET,
    pattern: "/.well-known/jwks.json",
    route: Route::Jwks,
    access: Access::Open,
    handler: Handler::Now(keys),
}];

fn keys(_call: &Call) -> Answer {
    Ok(Reply::json(StatusCode::OK, &webhook::jwks()).with("cache-control", "max-age=86400"))
}
