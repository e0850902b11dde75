//! Direct runs, and what they share with submitting.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;

use crate::{
    app_id::{self, AppId},
    call::Call,
    documents::Endpoint,
    hosts::Host,
    job,
    reply::Reply,
    route::{Access, Entry, Handler, Pending, Route},
    script::{Failure, Script},
};

pub(super) const ROUTES: &[Entry] = &[Entry {
    host: Host::Run,
    method: Method::POST,
    pattern: "/{app..}",
    route: Route::Run,
    access: Access::Key,
    handler: Handler::Later(run),
}];

/// What a call asks of which endpoint.
pub(super) struct Ask {
    /// `[namespace/]owner/alias`.
    pub(super) app: String,
    pub(super) endpoint: Arc<Endpoint>,
    pub(super) input: Bytes,
    pub(super) script: Script,
}

/// What the call asks of the endpoint in its path.
pub(super) fn ask(call: &Call) -> Result<Ask, Box<Reply>> {
    ask_for(call, call.param("app"), call.bytes())
}

/// Finds the endpoint, and the request's own script in its header or in the input field `__mock`.
pub(super) fn ask_for(call: &Call, id: &str, input: Bytes) -> Result<Ask, Box<Reply>> {
    let app = app_id::parse(id).ok_or_else(|| unknown_application(call, id))?;
    let Some(endpoint) = call.shared.endpoint(id) else {
        return unknown_path(call, app, input).ok_or_else(|| unknown_application(call, id).into());
    };
    let header = call
        .header("x-mock-script")
        .map(serde_json::from_str::<Script>);
    let header = header
        .transpose()
        .map_err(|error| bad_script("header x-mock-script", &error))?;
    let (field, input) =
        own_field(input).map_err(|error| bad_script("input field __mock", &error))?;
    let asked = header.unwrap_or_default().over(field.unwrap_or_default());
    Ok(Ask {
        app: app.app.to_owned(),
        script: call.shared.script(id, asked),
        endpoint,
        input,
    })
}

fn unknown_application(call: &Call, id: &str) -> Reply {
    let name = app_id::parse(id).map_or(id, |id| app_id::alias(id.app));
    let detail = format!("Application \"{name}\" not found");
    Reply::detail(StatusCode::NOT_FOUND, &detail).request_id(&call.shared.seed.uuid())
}

/// A known application takes any path; that there is nothing only comes out when it runs.
fn unknown_path(call: &Call, id: AppId<'_>, input: Bytes) -> Option<Ask> {
    let failure = Failure::new(
        404,
        json!({ "detail": format!("Path /{} not found", id.path) }),
    );
    (!id.path.is_empty() && call.shared.has_app(id.app)).then(|| Ask {
        app: id.app.to_owned(),
        endpoint: Arc::new(Endpoint::bare(&format!("{}/{}", id.app, id.path))),
        input,
        script: Script::new().fail(failure),
    })
}

/// Not fal's doing, so it says so.
fn bad_script(place: &str, error: &serde_json::Error) -> Box<Reply> {
    let words = format!("fal-mock: {place}: {error}");
    Reply::detail(StatusCode::BAD_REQUEST, &words).into()
}

const FIELD: &[u8] = b"\"__mock\"";

/// Takes the field `__mock` out of an input; most inputs do not have it and are not parsed for it.
fn own_field(input: Bytes) -> Result<(Option<Script>, Bytes), serde_json::Error> {
    if !input.windows(FIELD.len()).any(|window| window == FIELD) {
        return Ok((None, input));
    }
    let Ok(Value::Object(mut object)) = serde_json::from_slice(&input) else {
        return Ok((None, input));
    };
    match object.remove("__mock") {
        Some(script) => Ok((
            Some(serde_json::from_value(script)?),
            Value::Object(object).to_string().into(),
        )),
        None => Ok((None, input)),
    }
}

/// One of the account's slots, if they are counted: direct runs do not wait for one (fal docs, `concurrency-limits`).
fn slot(call: &Call) -> Result<Option<OwnedSemaphorePermit>, Box<Reply>> {
    let Some(slots) = call.shared.slots.clone() else {
        return Ok(None);
    };
    slots.try_acquire_owned().map(Some).map_err(|_| {
        let kind = "concurrent_requests_limit";
        let body = json!({ "detail": "Concurrent requests limit reached", "error_type": kind });
        let reply = Reply::json(StatusCode::TOO_MANY_REQUESTS, &body)
            .with("x-fal-error-type", kind)
            .with("x-fal-needs-retry", "1");
        reply.request_id(&call.shared.seed.uuid()).into()
    })
}

/// Answers as the model's server would, after the scripted time.
fn run(call: Call) -> Pending {
    Box::pin(async move {
        let ask = ask(&call)?;
        let _slot = slot(&call)?;
        let time = ask.script.run_ms.unwrap_or(0);
        if time > 0 {
            tokio::time::sleep(Duration::from_millis(time)).await;
        }
        let outcome = job::produce(&ask.endpoint, &ask.script, &ask.input, &call.origin);
        Ok(outcome.reply(&call.shared.seed.uuid()))
    })
}
