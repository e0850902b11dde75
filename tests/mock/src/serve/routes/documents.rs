//! OpenAPI documents of single models.

use std::sync::Arc;

use hyper::StatusCode;

use crate::{
    http::reply::{Answer, Reply},
    models::served::Models,
    protocol::{host::Host, route::Route},
    serve::{
        access::Access,
        call::Call,
        table::{Rows, method::GET},
    },
};

pub(super) fn rows(models: Arc<Models>) -> Rows<Arc<Models>> {
    let path = "/api/openapi/queue/openapi.json";
    Rows::new(Host::Fal, Access::Open, models).now(GET, path, Route::Document, document)
}

/// Answers with the document, or with 404 and `null` for an unknown id.
fn document(models: &Arc<Models>, call: &Call) -> Answer {
    let id = call.request.query_param("endpoint_id").unwrap_or_default();
    let endpoint = models.endpoint(&id);
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
