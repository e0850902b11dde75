//! Uploads by signed URLs (as the official JavaScript client uses them).

use std::collections::HashMap;

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    call::Call,
    hosts::Host,
    reply::{Answer, Reply},
    route::{Access, Entry, Handler, Route},
    storage::{PartsError, Upload},
};

pub(super) const ROUTES: &[Entry] = &[
    asked("/storage/upload/initiate", Route::StorageInitiate),
    asked(
        "/storage/upload/initiate-multipart",
        Route::StorageInitiateMultipart,
    ),
    signed(
        Method::POST,
        "/uploads/{upload}/complete",
        Route::SignedComplete,
        complete,
    ),
    signed(
        Method::PUT,
        "/uploads/{upload}/{part}",
        Route::SignedPart,
        part,
    ),
    signed(
        Method::POST,
        "/uploads/{upload}/{part}",
        Route::SignedPart,
        part_url,
    ),
    signed(Method::PUT, "/uploads/{upload}", Route::SignedUpload, whole),
];

const fn asked(pattern: &'static str, route: Route) -> Entry {
    Entry {
        host: Host::Rest,
        method: Method::POST,
        pattern,
        route,
        access: Access::Key,
        handler: Handler::Now(initiate),
    }
}

const fn signed(
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

const STORAGE_TYPES: [&str; 2] = ["fal-cdn-v3", "gcs"];

/// Promises a place for a file. The signed URL leads back here; its query has to be kept when its path is extended.
fn initiate(call: &Call) -> Answer {
    let kind = call.request.query_param("storage_type").unwrap_or_default();
    if !STORAGE_TYPES.contains(&kind.as_str()) {
        let words = format!(
            "storage_type: `{kind}` is not one of {}",
            STORAGE_TYPES.join(", ")
        );
        return Err(Reply::detail(StatusCode::BAD_REQUEST, &words).into());
    }
    let body = call.json().unwrap_or_default();
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    let content_type = text("content_type").ok_or_else(|| missing("content_type"))?;
    let name = text("file_name").ok_or_else(|| missing("file_name"))?;
    let (id, signature) = (call.shared.seed.token(), call.shared.seed.token());
    let upload = Upload {
        path: file_path(&id, &name),
        name,
        content_type,
        signature: signature.clone(),
        // The official Python client sends its key to the bucket too, and gets away with it.
        signed_alone: kind != "gcs",
        lifecycle: call.lifecycle()?,
        parts: HashMap::new(),
    };
    let cdn = call.origin.base(Host::Cdn);
    let reply = json!({
        "upload_url": format!("{cdn}/uploads/{id}?signature={signature}&expires=4102444800"),
        "file_url": format!("{cdn}/files/{}", upload.path),
    });
    call.shared.storage.begin(&id, upload);
    Ok(Reply::json(StatusCode::OK, &reply))
}

/// Unguessable, and readable by people; only plain characters of the name survive.
pub(super) fn file_path(id: &str, name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last
        .chars()
        .map(|letter| if plain(letter) { letter } else { '_' })
        .collect();
    format!("b/{}/{}_{name}", &id[..8], &id[8..])
}

pub(super) fn missing(field: &str) -> Box<Reply> {
    let item =
        json!({ "loc": ["body", field], "msg": "Field required", "type": "missing", "input": {} });
    Reply::json(
        StatusCode::UNPROCESSABLE_ENTITY,
        &json!({ "detail": [item] }),
    )
    .into()
}

/// The upload that a signed URL allows. A URL that is signed takes no other credential.
fn allowed(call: &Call) -> Result<(String, Upload), Box<Reply>> {
    let id = call.param("upload").to_owned();
    let upload = call.shared.storage.upload(&id);
    let upload = upload.ok_or_else(|| refused(&PartsError::NoUpload))?;
    if upload.signed_alone && call.header("authorization").is_some() {
        let words =
            "Only one auth mechanism allowed: the URL is signed, Authorization has to be left out";
        return Err(Reply::detail(StatusCode::BAD_REQUEST, words).into());
    }
    let signature = call.request.query_param("signature");
    if signature.is_none_or(|signature| signature != upload.signature || signature.is_empty()) {
        return Err(Reply::detail(StatusCode::FORBIDDEN, "The signature does not match").into());
    }
    Ok((id, upload))
}

fn whole(call: &Call) -> Answer {
    let (_, upload) = allowed(call)?;
    if call.header("content-type") != Some(&upload.content_type) {
        let words = format!("The URL is signed for content type {}", upload.content_type);
        return Err(Reply::detail(StatusCode::FORBIDDEN, &words).into());
    }
    check_complete(call)?;
    let file = call.shared.storage.finish(upload, call.body.clone());
    Ok(Reply::empty(StatusCode::OK).with("etag", &file.etag))
}

/// A body that broke off makes no file.
pub(super) fn check_complete(call: &Call) -> Result<(), Box<Reply>> {
    let cut = Reply::detail(StatusCode::BAD_REQUEST, "The body broke off");
    call.body.complete.then_some(()).ok_or_else(|| cut.into())
}

fn part(call: &Call) -> Answer {
    let (id, _) = allowed(call)?;
    store_part(call, &id)
}

/// Keeps a part; clients read its tag from the body or from the header.
pub(super) fn store_part(call: &Call, id: &str) -> Answer {
    let number = number(call)?;
    check_complete(call)?;
    let etag = call.shared.storage.add_part(id, number, call.body.clone());
    let etag = etag.ok_or_else(|| refused(&PartsError::NoUpload))?;
    let body = json!({ "partNumber": number, "etag": etag });
    Ok(Reply::json(StatusCode::OK, &body).with("etag", &etag))
}

/// From 1 to 10,000, as buckets count.
fn number(call: &Call) -> Result<u32, Box<Reply>> {
    let number = call
        .param("part")
        .parse()
        .ok()
        .filter(|number| (1..=10_000).contains(number));
    number.ok_or_else(|| {
        Reply::detail(StatusCode::BAD_REQUEST, "Part numbers go from 1 to 10000").into()
    })
}

/// The bucket's way: every part gets a URL of its own.
fn part_url(call: &Call) -> Answer {
    let (id, _) = allowed(call)?;
    let number = number(call)?;
    let url = format!(
        "{}/uploads/{id}/{number}?{}",
        call.origin.base(Host::Cdn),
        call.request.query
    );
    Ok(Reply::json(StatusCode::OK, &json!({ "upload_url": url })))
}

fn complete(call: &Call) -> Answer {
    let (id, _) = allowed(call)?;
    let listed = call.json().unwrap_or_default();
    let file = call
        .shared
        .storage
        .complete(&id, &listed)
        .map_err(|error| refused(&error))?;
    Ok(Reply::json(StatusCode::OK, &json!({ "etag": file.etag })))
}

pub(super) fn refused(error: &PartsError) -> Box<Reply> {
    let status = match error {
        PartsError::NoUpload => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    };
    Reply::detail(status, &error.to_string()).into()
}
