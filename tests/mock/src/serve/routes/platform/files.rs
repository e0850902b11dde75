//! Access rules, signed links, and the account's default lifecycle.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{invalid, not_found};
use crate::{
    http::reply::{Answer, Reply, ok},
    serve::{call::Call, context::Context},
    store::files::{Acl, StoredFile},
};

/// The file at `url`, with its path below `/files/`.
fn file(context: &Context, call: &Call) -> Result<(Arc<StoredFile>, String), Box<Reply>> {
    let url = call
        .request
        .query_param("url")
        .ok_or_else(|| invalid("url: required"))?;
    let path = url
        .split_once("/files/")
        .map(|(_, path)| path.split('?').next().unwrap_or(path).to_owned());
    let known = path.and_then(|path| Some((context.stores.files.file(&path)?, path)));
    known.ok_or_else(|| not_found("File not found"))
}

pub(super) fn acl(context: &Context, call: &Call) -> Answer {
    let (file, _) = file(context, call)?;
    ok(&file.acl)
}

pub(super) fn set_acl(context: &Context, call: &Call) -> Answer {
    let (_, path) = file(context, call)?;
    let acl: Acl = serde_json::from_value(call.json().unwrap_or_default())
        .map_err(|error| invalid(format!("the body is not an access rule: {error}")))?;
    context.stores.files.set_acl(&path, acl.clone());
    ok(&acl)
}

pub(super) fn sign(context: &Context, call: &Call) -> Answer {
    let (_, path) = file(context, call)?;
    let body = call.json().unwrap_or_default();
    let seconds = body.get("expiration_seconds").and_then(Value::as_u64);
    if !seconds.is_some_and(|seconds| (1..=604_800).contains(&seconds)) {
        return Err(invalid(
            "expiration_seconds: a whole number from 1 to 604800",
        ));
    }
    let signature = context.seed.token();
    context.stores.files.sign(&path, &signature);
    let url = call.request.query_param("url").unwrap_or_default();
    let url = url.split('?').next().unwrap_or_default();
    ok(&json!({ "signed_url": format!("{url}?signature={signature}") }))
}

pub(super) fn settings(context: &Context, _: &Call) -> Answer {
    ok(&context.stores.files.settings().unwrap_or_else(|| json!({})))
}

pub(super) fn set_settings(context: &Context, call: &Call) -> Answer {
    let settings = call
        .json()
        .filter(Value::is_object)
        .ok_or_else(|| invalid("the body is not an object"))?;
    let seconds = settings.get("expiration_duration_seconds");
    if seconds.is_some_and(|seconds| {
        !seconds.is_null() && seconds.as_u64().is_none_or(|seconds| seconds == 0)
    }) {
        return Err(invalid(
            "expiration_duration_seconds: a whole number above 0",
        ));
    }
    context.stores.files.set_settings(settings.clone());
    ok(&settings)
}
