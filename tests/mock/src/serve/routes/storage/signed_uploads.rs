//! Uploads to signed URLs, in the form that the official JavaScript client uses.

use std::collections::HashMap;

use hyper::StatusCode;
use serde_json::{Value, json};

use super::{check_complete, file_path, number, refused, store_part};
use crate::{
    http::reply::{Answer, Reply, missing, ok, refusal},
    protocol::host::Host,
    serve::{call::Call, context::Context},
    store::files::{PartsError, Upload},
};

const STORAGE_TYPES: [&str; 2] = ["fal-cdn-v3", "gcs"];

/// Begins an upload. Clients keep the query of the signed URL when they extend its path.
pub(super) fn initiate(context: &Context, call: &Call) -> Answer {
    let kind = call.request.query_param("storage_type").unwrap_or_default();
    if !STORAGE_TYPES.contains(&kind.as_str()) {
        let words = format!(
            "storage_type: `{kind}` is not one of {}",
            STORAGE_TYPES.join(", ")
        );
        return Err(refusal(StatusCode::BAD_REQUEST, &words));
    }
    let body = call.json().unwrap_or_default();
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    let content_type = text("content_type").ok_or_else(|| missing("content_type"))?;
    let name = text("file_name").ok_or_else(|| missing("file_name"))?;
    let (id, signature) = (context.seed.token(), context.seed.token());
    let upload = Upload {
        path: file_path(&id, &name),
        name,
        content_type,
        signature: signature.clone(),
        // With this storage type, the official Python client sends its key, too.
        signed_alone: kind != "gcs",
        lifecycle: call.lifecycle()?,
        parts: HashMap::new(),
    };
    let cdn = call.origin.base(Host::Cdn);
    let reply = json!({
        "upload_url": format!("{cdn}/uploads/{id}?signature={signature}&expires=4102444800"),
        "file_url": format!("{cdn}/files/{}", upload.path),
    });
    context.stores.files.begin(&id, upload);
    ok(&reply)
}

/// The upload that a signed URL names. It is refused if the request also has another credential.
fn allowed(context: &Context, call: &Call) -> Result<(String, Upload), Box<Reply>> {
    let id = call.param("upload").to_owned();
    let upload = context.stores.files.upload(&id);
    let upload = upload.ok_or_else(|| refused(&PartsError::NoUpload))?;
    if upload.signed_alone && call.header("authorization").is_some() {
        let words =
            "Only one auth mechanism allowed: the URL is signed, Authorization has to be left out";
        return Err(refusal(StatusCode::BAD_REQUEST, words));
    }
    let signature = call.request.query_param("signature");
    if signature.is_none_or(|signature| signature != upload.signature || signature.is_empty()) {
        return Err(refusal(
            StatusCode::FORBIDDEN,
            "The signature does not match",
        ));
    }
    Ok((id, upload))
}

pub(super) fn whole(context: &Context, call: &Call) -> Answer {
    let (_, upload) = allowed(context, call)?;
    if call.header("content-type") != Some(&upload.content_type) {
        let words = format!("The URL is signed for content type {}", upload.content_type);
        return Err(refusal(StatusCode::FORBIDDEN, &words));
    }
    check_complete(call)?;
    let file = context.stores.files.finish(upload, call.body.clone());
    Ok(Reply::empty(StatusCode::OK).with("etag", &file.etag))
}

pub(super) fn part(context: &Context, call: &Call) -> Answer {
    let (id, _) = allowed(context, call)?;
    store_part(context, call, &id)
}

/// The signed URL of a part.
pub(super) fn part_url(context: &Context, call: &Call) -> Answer {
    let (id, _) = allowed(context, call)?;
    let number = number(call)?;
    let url = format!(
        "{}/uploads/{id}/{number}?{}",
        call.origin.base(Host::Cdn),
        call.request.query
    );
    ok(&json!({ "upload_url": url }))
}

pub(super) fn complete(context: &Context, call: &Call) -> Answer {
    let (id, _) = allowed(context, call)?;
    let listed = call.json().unwrap_or_default();
    let file = context
        .stores
        .files
        .complete(&id, &listed)
        .map_err(|error| refused(&error))?;
    ok(&json!({ "etag": file.etag }))
}
