//! Tokens for sockets and streams (fal docs, `inference/real-time`, and the older form of released clients).

use std::time::Duration;

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::uploads::missing;
use crate::{
    call::Call,
    hosts::Host,
    reply::{Answer, Reply},
    route::{Access, Entry, Handler, Route},
};

pub(super) const ROUTES: &[Entry] = &[
    row("/tokens", Route::Token, classic),
    row("/tokens/realtime", Route::RealtimeToken, documented),
];

const fn row(pattern: &'static str, route: Route, handler: fn(&Call) -> Answer) -> Entry {
    Entry {
        host: Host::Rest,
        method: Method::POST,
        pattern,
        route,
        access: Access::Key,
        handler: Handler::Now(handler),
    }
}

/// `{"allowed_apps": ["<alias>"], "token_expiration": 120}` → a bare string.
fn classic(call: &Call) -> Answer {
    let token = grant(call, "token_expiration")?;
    Ok(Reply::json(StatusCode::OK, &token))
}

/// `{"allowed_apps": ["owner/alias/realtime"], "duration": 120}` → an object.
fn documented(call: &Call) -> Answer {
    let token = grant(call, "duration")?;
    Ok(Reply::json(StatusCode::OK, &json!({ "token": token })))
}

fn grant(call: &Call, duration: &str) -> Result<String, Box<Reply>> {
    let body = call.json().unwrap_or_default();
    let apps = body.get("allowed_apps").and_then(Value::as_array);
    let apps = apps.ok_or_else(|| missing("allowed_apps"))?;
    let apps = apps
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let seconds = body.get(duration).and_then(Value::as_u64).unwrap_or(120);
    // A day is more than any client asks for, and keeps the arithmetic of moments safe.
    let life = Duration::from_secs(seconds.min(86_400));
    Ok(call.shared.tokens.realtime(&call.shared.seed, apps, life))
}
