//! HTTP over a websocket (fal docs, `inference/websockets`).

use std::sync::Arc;

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    call::Call,
    documents::Endpoint,
    hosts::{Host, Origin},
    job::{self, Outcome},
    reply::{Answer, Reply},
    route::{Access, Entry, Handler, Pending, Route},
    script::Script,
    socket::{self, Socket},
    state::Shared,
};

pub(super) const ROUTES: &[Entry] = &[Entry {
    host: Host::Ws,
    method: Method::GET,
    pattern: "/{app..}",
    route: Route::HttpOverWebSocket,
    access: Access::Key,
    handler: Handler::Later(connect),
}];

fn connect(mut call: Call) -> Pending {
    Box::pin(async move { open(&mut call) })
}

fn open(call: &mut Call) -> Answer {
    let id = call.param("app").to_owned();
    let endpoint = call.shared.endpoint(&id).ok_or_else(|| {
        let words = format!("Application \"{id}\" not found");
        Reply::detail(StatusCode::NOT_FOUND, &words)
    })?;
    let (reply, upgrade) = socket::accept(call)?;
    let session = Session {
        script: call.shared.script(&endpoint.id, Script::default()),
        shared: Arc::clone(&call.shared),
        origin: call.origin.clone(),
        endpoint,
        path: id,
    };
    call.shared.spawn(async move {
        if let Some(socket) = Socket::open(upgrade).await {
            // Ends when the client goes away.
            let _ = session.serve(socket).await;
        }
    });
    Ok(reply)
}

struct Session {
    shared: Arc<Shared>,
    origin: Origin,
    endpoint: Arc<Endpoint>,
    script: Script,
    path: String,
}

impl Session {
    /// One request after the other, for as long as the client stays.
    async fn serve(&self, mut socket: Socket) -> Option<()> {
        loop {
            let message = socket.next().await?;
            self.shared.recorder.add_message(&self.path, &message);
            let input = message.into_data();
            let outcome = job::produce(&self.endpoint, &self.script, &input, &self.origin);
            self.reply(&mut socket, &outcome).await?;
        }
    }

    async fn reply(&self, socket: &mut Socket, outcome: &Outcome) -> Option<()> {
        let id = self.shared.seed.uuid();
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

/// Text where it is text.
fn body(outcome: &Outcome) -> Message {
    match std::str::from_utf8(&outcome.body) {
        Ok(text) => Message::text(text),
        Err(_) => Message::Binary(outcome.body.clone()),
    }
}
