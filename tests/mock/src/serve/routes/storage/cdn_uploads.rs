//! Uploads to the CDN with a token, in the form that the official Python client uses.

use std::collections::HashMap;

use hyper::StatusCode;
use serde_json::{Value, json};

use super::{check_complete, file_path, refused, store_part};
use crate::{
    http::reply::{Answer, Reply, ok, refusal},
    protocol::host::Host,
    serve::{call::Call, context::Context},
    store::files::{PartsError, Upload},
};

pub(super) fn token(context: &Context, call: &Call) -> Answer {
    if call.request.query_param("storage_type").as_deref() != Some("fal-cdn-v3") {
        return Err(refusal(
            StatusCode::BAD_REQUEST,
            "storage_type has to be fal-cdn-v3",
        ));
    }
    let body = json!({
        "token": context.stores.tokens.cdn(&context.seed),
        "token_type": "Bearer",
        "base_url": call.origin.base(Host::Cdn),
        "expires_at": context.settings.cdn_token_expiry,
    });
    ok(&body)
}

/// Refuses callers without a CDN token. A key is not enough.
fn check_token(context: &Context, call: &Call) -> Result<(), Box<Reply>> {
    let token = call
        .header("authorization")
        .and_then(|value| value.strip_prefix("Bearer "));
    let good = token.is_some_and(|token| context.stores.tokens.is_cdn(token));
    good.then_some(())
        .ok_or_else(|| refusal(StatusCode::UNAUTHORIZED, "Invalid CDN token"))
}

fn new_upload(context: &Context, call: &Call) -> Result<(String, Upload), Box<Reply>> {
    let id = context.seed.token();
    let name = call
        .header("x-fal-file-name")
        .unwrap_or("upload.bin")
        .to_owned();
    let content_type = call
        .header("content-type")
        .unwrap_or("application/octet-stream")
        .to_owned();
    let upload = Upload {
        path: file_path(&id, &name),
        name,
        content_type,
        signature: String::new(),
        signed_alone: false,
        lifecycle: call.lifecycle()?,
        parts: HashMap::new(),
    };
    Ok((id, upload))
}

fn access_url(call: &Call, path: &str) -> String {
    format!("{}/files/{path}", call.origin.base(Host::Cdn))
}

pub(super) fn upload(context: &Context, call: &Call) -> Answer {
    check_token(context, call)?;
    check_complete(call)?;
    let (_, upload) = new_upload(context, call)?;
    let url = access_url(call, &upload.path);
    context.stores.files.finish(upload, call.body.clone());
    ok(&json!({ "access_url": url }))
}

pub(super) fn begin(context: &Context, call: &Call) -> Answer {
    check_token(context, call)?;
    let (id, upload) = new_upload(context, call)?;
    let url = access_url(call, &upload.path);
    context.stores.files.begin(&id, upload);
    ok(&json!({ "access_url": url, "uploadId": id }))
}

/// The upload that the path names, if it is an upload of the file that the path names.
fn known(context: &Context, call: &Call) -> Result<Upload, Box<Reply>> {
    let upload = context.stores.files.upload(call.param("upload"));
    let ours = |upload: &Upload| upload.path == call.param("path") && upload.signature.is_empty();
    upload
        .filter(ours)
        .ok_or_else(|| refused(&PartsError::NoUpload))
}

pub(super) fn part(context: &Context, call: &Call) -> Answer {
    check_token(context, call)?;
    known(context, call)?;
    store_part(context, call, call.param("upload"))
}

/// Sorts the parts of a list. The official Python client lists them in the order in which their uploads completed.
fn in_order(mut listed: Value) -> Value {
    if let Some(parts) = listed.get_mut("parts").and_then(Value::as_array_mut) {
        parts.sort_by_key(|part| part.get("partNumber").and_then(Value::as_u64));
    }
    listed
}

pub(super) fn complete(context: &Context, call: &Call) -> Answer {
    check_token(context, call)?;
    let upload = known(context, call)?;
    let listed = in_order(call.json().unwrap_or_default());
    let done = context.stores.files.complete(call.param("upload"), &listed);
    done.map_err(|error| refused(&error))?;
    ok(&json!({ "access_url": access_url(call, &upload.path) }))
}
