//! The public keys of webhooks (fal docs, `inference/webhooks`).

use hyper::StatusCode;

use crate::{
    background::webhook,
    http::reply::{Answer, Reply},
    serve::{
        call::Call,
        context::Context,
        table::{Entry, rows},
    },
};

pub(super) fn rows() -> Vec<Entry> {
    rows! {
        Rest, Open => {
            GET "/.well-known/jwks.json" => Jwks, Now(keys);
        }
    }
}

fn keys(_: &Context, _: &Call) -> Answer {
    Ok(Reply::json(StatusCode::OK, &webhook::jwks()).with("cache-control", "max-age=86400"))
}
