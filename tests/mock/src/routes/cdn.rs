//! Uploads to the CDN with a token (as the official Python client uses it).

use std::collections::HashMap;

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::uploads::{check_complete, file_path, refused, store_part};
use crate::{
    call::Call,
    hosts::Host,
    reply::{Answer, Reply},
    route::{Access, Entry, Handler, Route},
    storage::{PartsError, Upload},
};

pub(super) const ROUTES: &[Entry] = &[
    Entry {
        host: Host::Rest,
        method: Method::POST,
        pattern: "/storage/auth/token",
        route: Route::StorageToken,
        access: Access::Key,
        handler: Handler::Now(token),
    },
    row(
        Method::POST,
        "/files/upload/multipart",
        Route::CdnMultipart,
        begin,
    ),
    row(Method::POST, "/files/upload", Route::CdnUpload, upload),
    row(
        Method::PUT,
        "/files/{path..}/multipart/{upload}/{part}",
        Route::CdnPart,
        part,
    ),
    row(
        Method::POST,
        "/files/{path..}/multipart/{upload}/complete",
        Route::CdnComplete,
        complete,
    ),
];

const fn row(
    method: Method,
    pattern: &'static str,
    route: Route,
    handler: fn(&Call) -> Answer,
) -> Entry {
    Entry {
        host: Host::Cdn,
        method,
        pattern,
        route,
        access: Access::Open,
        handler: Handler::Now(handler),
    }
}

fn token(call: &Call) -> Answer {
    if call.request.query_param("storage_type").as_deref() != Some("fal-cdn-v3") {
        return Err(
            Reply::detail(StatusCode::BAD_REQUEST, "storage_type has to be fal-cdn-v3").into(),
        );
    }
    let body = json!({
        "token": call.shared.tokens.cdn(&call.shared.seed),
        "token_type": "Bearer",
        "base_url": call.origin.base(Host::Cdn),
        "expires_at": call.shared.config.cdn_token_expiry,
    });
    Ok(Reply::json(StatusCode::OK, &body))
}

/// Refuses callers without a token that was given out here: a key is none.
fn check_token(call: &Call) -> Result<(), Box<Reply>> {
    let token = call
        .header("authorization")
        .and_then(|value| value.strip_prefix("Bearer "));
    let good = token.is_some_and(|token| call.shared.tokens.is_cdn(token));
    let refusal = Reply::detail(StatusCode::UNAUTHORIZED, "Invalid CDN token");
    good.then_some(()).ok_or_else(|| refusal.into())
}

fn new_upload(call: &Call) -> Result<(String, Upload), Box<Reply>> {
    let id = call.shared.seed.token();
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

fn upload(call: &Call) -> Answer {
    check_token(call)?;
    check_complete(call)?;
    let (_, upload) = new_upload(call)?;
    let url = access_url(call, &upload.path);
    call.shared.storage.finish(upload, call.body.clone());
    Ok(Reply::json(StatusCode::OK, &json!({ "access_url": url })))
}

fn begin(call: &Call) -> Answer {
    check_token(call)?;
    let (id, upload) = new_upload(call)?;
    let url = access_url(call, &upload.path);
    call.shared.storage.begin(&id, upload);
    Ok(Reply::json(
        StatusCode::OK,
        &json!({ "access_url": url, "uploadId": id }),
    ))
}

/// The upload that the path names, if it belongs to the file that the path names.
fn known(call: &Call) -> Result<Upload, Box<Reply>> {
    let upload = call.shared.storage.upload(call.param("upload"));
    let ours = |upload: &Upload| upload.path == call.param("path") && upload.signature.is_empty();
    upload
        .filter(ours)
        .ok_or_else(|| refused(&PartsError::NoUpload))
}

fn part(call: &Call) -> Answer {
    check_token(call)?;
    known(call)?;
    store_part(call, call.param("upload"))
}

/// The CDN takes parts in any order: the official Python client names them in the order in which their uploads ended.
fn in_order(mut listed: Value) -> Value {
    if let Some(parts) = listed.get_mut("parts").and_then(Value::as_array_mut) {
        parts.sort_by_key(|part| part.get("partNumber").and_then(Value::as_u64));
    }
    listed
}

fn complete(call: &Call) -> Answer {
    check_token(call)?;
    let upload = known(call)?;
    let listed = in_order(call.json().unwrap_or_default());
    let done = call.shared.storage.complete(call.param("upload"), &listed);
    done.map_err(|error| refused(&error))?;
    Ok(Reply::json(
        StatusCode::OK,
        &json!({ "access_url": access_url(call, &upload.path) }),
    ))
}
