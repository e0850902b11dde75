//! Model streams, in the form that the official clients read.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use hyper::{Method, header::CONTENT_TYPE};
use serde_json::{Map, Value};

use super::{
    realtime,
    request::{self, ModelRequest},
};
use crate::{
    http::reply::{Reply, event},
    models::outcome::{Outcome, produce},
    serve::{call::Call, context::Context, table::Pending},
};

/// Answers with the model's partial outputs as events. The stream ends without a final event.
pub(super) fn events(context: Arc<Context>, mut call: Call) -> Pending {
    Box::pin(async move {
        if call.upgrade.is_some() {
            return realtime::open(context, &mut call);
        }
        let own = format!("{}/stream", call.param("app"));
        let id = if context.models.known(&own).is_some() {
            own
        } else {
            call.param("app").to_owned()
        };
        let input = if call.request.method == Method::GET {
            query_input(&call)
        } else {
            call.bytes()
        };
        let request = request::read_with(&context, &call, &id, input)?;
        context.stores.records.add_direct_call(&call.request);
        Ok(answer(&context, &call, request))
    })
}

/// The input of a GET request, whose values are texts in the query.
fn query_input(call: &Call) -> Bytes {
    let pairs = form_urlencoded::parse(call.request.query.as_bytes());
    let fields = pairs.filter(|(key, _)| key != "fal_jwt_token");
    let value = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let object: Map<String, Value> = fields
        .map(|(key, text)| (key.into_owned(), value(&text)))
        .collect();
    Value::Object(object).to_string().into()
}

fn answer(context: &Context, call: &Call, request: ModelRequest) -> Reply {
    let id = context.seed.uuid();
    let mut script = request.script;
    // A failure comes after the scripted events, if there are any.
    let late = script.failure.take_if(|_| script.stream_events.is_some());
    let outcome = produce(&request.endpoint, &script, &request.input, &call.origin);
    if !outcome.is_success() || script.raw.is_some() {
        return outcome.reply(&id);
    }
    let mut frames = frames(script.stream_events.as_deref(), &outcome);
    frames.extend(late.map(|failure| error_event(&failure.body)));
    let step = Duration::from_millis(script.stream_step_ms.unwrap_or(0));
    let paced = stream::unfold((frames, false), move |(mut frames, begun)| async move {
        let next = frames.pop_front()?;
        if begun && !step.is_zero() {
            tokio::time::sleep(step).await;
        }
        Some((Ok(next), (frames, true)))
    });
    let mut reply = Reply::events(paced.boxed());
    let scripted = outcome.headers.iter();
    for (name, value) in scripted.filter(|(name, _)| *name != CONTENT_TYPE) {
        reply.headers.insert(name, value.clone());
    }
    reply.request_id(&id)
}

/// The events of the script, or the output as the only event.
fn frames(events: Option<&[Value]>, outcome: &Outcome) -> VecDeque<Bytes> {
    match events {
        Some(events) => events
            .iter()
            .map(|value| event(value.to_string().as_bytes()))
            .collect(),
        None => VecDeque::from([event(&outcome.body)]),
    }
}

/// An event with an error. fal does not document a format for errors in a stream.
fn error_event(body: &Value) -> Bytes {
    format!("event: error\ndata: {body}\n\n").into()
}
