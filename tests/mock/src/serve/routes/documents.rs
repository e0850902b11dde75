//! OpenAPI documents of single models.

use hyper::StatusCode;

use crate::{
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
    let path = "/api/openapi/queue/openapi.json";
    Rows::new(Host::Fal, Access::Open).now(GET, path, Route::Document, document)
}

/// Answers with the document, or with 404 and `null` for an unknown id.
fn document(context: &Context, call: &Call) -> Answer {
    let id = call.request.query_param("endpoint_id").unwrap_or_default();
    let endpoint = context.models.endpoint(&id);
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
