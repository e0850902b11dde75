//! Single documents.

use hyper::{Method, StatusCode};

use crate::{
    call::Call,
    hosts::Host,
    reply::{Answer, Reply},
    route::{Access, Entry, Handler, Route},
};

pub(super) const ROUTES: &[Entry] = &[Entry {
    host: Host::Fal,
    method: Method::GET,
    pattern: "/api/openapi/queue/openapi.json",
    route: Route::Document,
    access: Access::Open,
    handler: Handler::Now(document),
}];

/// The document as it was given; an unknown id is 404 with the body `null`.
fn document(call: &Call) -> Answer {
    let id = call.request.query_param("endpoint_id").unwrap_or_default();
    let endpoint = call.shared.endpoint(&id);
    Ok(
        match endpoint
            .as_ref()
            .and_then(|endpoint| endpoint.document.clone())
        {
            Some(document) => Reply::json_text(StatusCode::OK, document),
            None => Reply::json_text(StatusCode::NOT_FOUND, "null"),
        },
    )
}
