//! The public keys of webhooks (fal docs, `inference/webhooks`).

use hyper::StatusCode;

use crate::{
    background::webhook,
    http::reply::{Answer, Reply},
    protocol::{host::Host, route::Route},
    serve::{
        access::Access,
        call::Call,
        context::Context,
        table::{Rows, method::GET},
    },
};

pub(super) fn rows() -> Rows {
    let path = "/.well-known/jwks.json";
    Rows::new(Host::Rest, Access::Open).now(GET, path, Route::Jwks, keys)
}

fn keys(_: &Context, _: &Call) -> Answer {
    Ok(Reply::json(StatusCode::OK, &webhook::jwks()).with("cache-control", "max-age=86400"))
}
