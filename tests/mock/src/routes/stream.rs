//! Model streaming (as the official clients read it).

use std::{collections::VecDeque, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use hyper::Method;
use serde_json::{Map, Value};

use super::{
    realtime,
    run::{Ask, ask_for},
    status::frame,
};
use crate::{
    call::Call,
    hosts::Host,
    job::{self, Outcome},
    reply::Reply,
    route::{Access, Entry, Handler, Pending, Route},
};

pub(super) const ROUTES: &[Entry] = &[row(Method::POST), row(Method::GET)];

const fn row(method: Method) -> Entry {
    Entry {
        host: Host::Run,
        method,
        pattern: "/{app..}/stream",
        route: Route::ModelStream,
        access: Access::KeyOrToken,
        handler: Handler::Later(events),
    }
}

/// Answers with the model's partial outputs as events; there is no last event but the end.
fn events(mut call: Call) -> Pending {
    Box::pin(async move {
        if call.upgrade.is_some() {
            return realtime::open(&mut call);
        }
        let own = format!("{}/stream", call.param("app"));
        let id = if call
            .shared
            .endpoint(&own)
            .is_some_and(|found| found.document.is_some())
        {
            own
        } else {
            call.param("app").to_owned()
        };
        let input = if call.request.method == Method::GET {
            query_input(&call)
        } else {
            call.bytes()
        };
        let ask = ask_for(&call, &id, input)?;
        Ok(answer(&call, ask))
    })
}

/// Clients that may only GET put the input into the query, each value as text.
fn query_input(call: &Call) -> Bytes {
    let pairs = form_urlencoded::parse(call.request.query.as_bytes());
    let fields = pairs.filter(|(key, _)| key != "fal_jwt_token");
    let value = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let object: Map<String, Value> = fields
        .map(|(key, text)| (key.into_owned(), value(&text)))
        .collect();
    Value::Object(object).to_string().into()
}

fn answer(call: &Call, ask: Ask) -> Reply {
    let id = call.shared.seed.uuid();
    let mut script = ask.script;
    // A failure comes after the scripted events, if there are any.
    let late = script.failure.take_if(|_| script.stream_events.is_some());
    let outcome = job::produce(&ask.endpoint, &script, &ask.input, &call.origin);
    if !outcome.is_success() || script.raw.is_some() {
        return outcome.reply(&id);
    }
    let mut frames = frames(script.stream_events.as_deref(), &outcome);
    frames.extend(late.map(|failure| error_frame(&failure.body)));
    let step = Duration::from_millis(script.stream_step_ms.unwrap_or(0));
    let paced = stream::unfold((frames, false), move |(mut frames, begun)| async move {
        let next = frames.pop_front()?;
        if begun && !step.is_zero() {
            tokio::time::sleep(step).await;
        }
        Some((Ok(next), (frames, true)))
    });
    Reply::events(paced.boxed()).request_id(&id)
}

/// The scripted events, else the one output.
fn frames(events: Option<&[Value]>, outcome: &Outcome) -> VecDeque<Bytes> {
    match events {
        Some(events) => events
            .iter()
            .map(|event| frame(event.to_string().as_bytes()))
            .collect(),
        None => VecDeque::from([frame(&outcome.body)]),
    }
}

/// There is no official format of errors within a stream; this is the one that event streams suggest.
fn error_frame(body: &Value) -> Bytes {
    format!("event: error\ndata: {body}\n\n").into()
}
