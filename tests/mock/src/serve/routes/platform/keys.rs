//! The account's keys.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::{SUBMITTED_AT, invalid, not_found, paging::Paging};
use crate::{
    http::reply::{Answer, Reply, ok},
    serve::{call::Call, context::Context},
    store::keys::{Key, Scope},
};

pub(super) fn list(context: &Context, call: &Call) -> Answer {
    let paging = Paging::read(call, 100)?;
    let entry = |key: Key| {
        let scope = if key.scope == Scope::Admin {
            "ADMIN"
        } else {
            "API"
        };
        json!({ "key_id": key.id, "alias": key.alias, "scope": scope, "created_at": SUBMITTED_AT })
    };
    let keys: Vec<Value> = context.stores.keys.all().into_iter().map(entry).collect();
    ok(&paging.body("keys", &keys))
}

/// Creates a key. Only this reply has its secret.
pub(super) fn create(context: &Context, call: &Call) -> Answer {
    let body = call.json().unwrap_or_default();
    let alias = body
        .get("alias")
        .and_then(Value::as_str)
        .filter(|alias| !alias.is_empty());
    let alias = alias.ok_or_else(|| invalid("alias: required"))?;
    let (id, secret) = (context.seed.uuid(), context.seed.token());
    let full = format!("{id}:{secret}");
    context.stores.keys.add(Key {
        id: id.clone(),
        alias: alias.to_owned(),
        full: full.clone(),
        scope: Scope::Api,
    });
    let body = json!({ "key_id": id, "key_secret": secret, "key": full });
    Ok(Reply::json(StatusCode::CREATED, &body))
}

pub(super) fn delete(context: &Context, call: &Call) -> Answer {
    if !context.stores.keys.remove(call.param("key")) {
        return Err(not_found("Key not found"));
    }
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
