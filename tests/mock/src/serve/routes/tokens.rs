//! Tokens for realtime connections and streams, in the documented form (fal docs, `inference/real-time`) and in the older form of
//! released clients.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    http::reply::{Answer, Reply, missing, ok},
    serve::{
        call::Call,
        context::Context,
        table::{Entry, rows},
    },
};

pub(super) fn rows() -> Vec<Entry> {
    rows! {
        Rest, Key => {
            POST "/tokens" => Token, Now(classic);
            POST "/tokens/realtime" => RealtimeToken, Now(documented);
        }
    }
}

/// Answers a request such as `{"allowed_apps": ["<alias>"], "token_expiration": 120}` with a string.
fn classic(context: &Context, call: &Call) -> Answer {
    let token = grant(context, call, "token_expiration")?;
    ok(&token)
}

/// Answers a request such as `{"allowed_apps": ["owner/alias/realtime"], "duration": 120}` with an object.
fn documented(context: &Context, call: &Call) -> Answer {
    let token = grant(context, call, "duration")?;
    ok(&json!({ "token": token }))
}

fn grant(context: &Context, call: &Call, duration: &str) -> Result<String, Box<Reply>> {
    let body = call.json().unwrap_or_default();
    let apps = body.get("allowed_apps").and_then(Value::as_array);
    let apps = apps.ok_or_else(|| missing("allowed_apps"))?;
    let apps = apps
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let seconds = body.get(duration).and_then(Value::as_u64).unwrap_or(120);
    // At most a day, so that the expiry does not overflow.
    let life = Duration::from_secs(seconds.min(86_400));
    Ok(context.stores.tokens.realtime(&context.seed, apps, life))
}
