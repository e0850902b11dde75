//! Converts records to JSON.

use base64::{Engine, prelude::BASE64_STANDARD};
use hyper::HeaderMap;
use serde_json::{Map, Value, json};

use crate::{
    protocol::route::Route,
    store::{
        deliveries::WebhookDelivery,
        info::{FileInfo, JobInfo},
        records::{MessageRecord, RequestRecord},
    },
};

/// The name of a route in JSON.
pub(super) fn name(route: Route) -> String {
    match serde_json::to_value(route) {
        Ok(Value::String(name)) => name,
        _ => format!("{route:?}"),
    }
}

/// Adds the bytes as `text` if they are text, else as `base64`.
fn content(object: &mut Map<String, Value>, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => object.insert("text".to_owned(), text.into()),
        Err(_) => object.insert("base64".to_owned(), BASE64_STANDARD.encode(bytes).into()),
    };
}

fn with_content(value: Value, bytes: &[u8]) -> Value {
    match value {
        Value::Object(mut object) => {
            content(&mut object, bytes);
            Value::Object(object)
        }
        other => other,
    }
}

fn headers(headers: &HeaderMap) -> Value {
    let pair = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
        (
            name.to_string(),
            Value::from(String::from_utf8_lossy(value.as_bytes())),
        )
    };
    Value::Object(headers.iter().map(pair).collect())
}

pub(super) fn request(request: &RequestRecord) -> Value {
    let value = json!({
        "index": request.index,
        "route": request.route.map(name),
        "host": request.host.map(crate::protocol::host::Host::prefix),
        "method": request.method.as_str(),
        "path": request.path,
        "query": request.query,
        "headers": headers(&request.headers),
        "body_len": request.body_len,
        "complete": request.complete,
        "secure": request.secure,
        "version": request.version,
    });
    with_content(value, &request.body)
}

pub(super) fn job(job: &JobInfo) -> Value {
    let value = json!({
        "request_id": job.request_id,
        "endpoint": job.endpoint,
        "webhook": job.webhook,
        "status": job.status,
        "result": job.result,
    });
    with_content(value, &job.input)
}

pub(super) fn file(file: &FileInfo) -> Value {
    json!({
        "path": file.path,
        "name": file.name,
        "content_type": file.content_type,
        "length": file.length,
        "lifecycle": file.lifecycle,
    })
}

pub(super) fn message(message: &MessageRecord) -> Value {
    with_content(
        json!({ "path": message.path, "binary": message.binary }),
        &message.body,
    )
}

pub(super) fn delivery(delivery: &WebhookDelivery) -> Value {
    let headers: Map<String, Value> = delivery
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    let value = json!({
        "request_id": delivery.request_id,
        "url": delivery.url,
        "attempt": delivery.attempt,
        "status": delivery.status,
        "error": delivery.error,
        "headers": headers,
    });
    with_content(value, &delivery.body)
}
