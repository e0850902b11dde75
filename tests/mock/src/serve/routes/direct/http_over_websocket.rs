//! HTTP over a websocket (fal docs, `inference/websockets`).

use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::request::unknown_application;
use crate::{
    http::reply::Answer,
    models::{
        endpoint::Endpoint,
        outcome::{Outcome, produce},
    },
    protocol::host::Origin,
    script::Script,
    serve::{
        call::Call,
        context::Context,
        socket::{self, Socket},
        table::Pending,
    },
};

pub(super) fn connect(context: Arc<Context>, mut call: Call) -> Pending {
    Box::pin(async move { open(context, &mut call) })
}

fn open(context: Arc<Context>, call: &mut Call) -> Answer {
    let id = call.param("app").to_owned();
    let endpoint = context.models.endpoint(&id);
    let endpoint = endpoint.ok_or_else(|| unknown_application(&id))?;
    let (reply, upgrade) = socket::accept(call)?;
    let session = Session {
        script: context.models.script(&endpoint.id, Script::default()),
        context: Arc::clone(&context),
        origin: call.origin.clone(),
        endpoint,
        path: id,
    };
    context.tasks.spawn(async move {
        if let Some(socket) = Socket::open(upgrade).await {
            // It returns when the connection is closed.
            let _ = session.serve(socket).await;
        }
    });
    Ok(reply)
}

struct Session {
    context: Arc<Context>,
    origin: Origin,
    endpoint: Arc<Endpoint>,
    script: Script,
    path: String,
}

impl Session {
    /// Answers one request after the other until the connection is closed.
    async fn serve(&self, mut socket: Socket) -> Option<()> {
        loop {
            let message = socket.next().await?;
            let records = &self.context.stores.records;
            records.add_message(&self.path, &message);
            let input = message.into_data();
            let outcome = produce(&self.endpoint, &self.script, &input, &self.origin);
            self.reply(&mut socket, &outcome).await?;
        }
    }

    async fn reply(&self, socket: &mut Socket, outcome: &Outcome) -> Option<()> {
        let id = self.context.seed.uuid();
        let status = outcome.status.as_u16();
        let start = json!({ "type": "start", "request_id": id, "status": status, "headers": headers(outcome) });
        socket.send(Message::text(start.to_string())).await?;
        socket.send(body(outcome)).await?;
        let end = json!({ "type": "end", "request_id": id, "status": status, "time_to_first_byte_seconds": 0.0 });
        socket.send(Message::text(end.to_string())).await
    }
}

fn headers(outcome: &Outcome) -> Map<String, Value> {
    let text = |value: &hyper::header::HeaderValue| value.to_str().unwrap_or_default().into();
    outcome
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect()
}

/// The body as a message, which is text if the body is.
fn body(outcome: &Outcome) -> Message {
    match std::str::from_utf8(&outcome.body) {
        Ok(text) => Message::text(text),
        Err(_) => Message::Binary(outcome.body.clone()),
    }
}
