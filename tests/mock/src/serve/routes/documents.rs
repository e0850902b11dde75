//! OpenAPI documents of single models.

use hyper::StatusCode;

use crate::{
    http::reply::{Answer, Reply},
    serve::{
        call::Call,
        context::Context,
        table::{Entry, rows},
    },
};

pub(super) fn rows() -> Vec<Entry> {
    rows! {
        Fal, Open => {
            GET "/api/openapi/queue/openapi.json" => Document, Now(document);
        }
    }
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
