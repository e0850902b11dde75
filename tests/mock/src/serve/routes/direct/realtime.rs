//! Realtime websockets (fal docs, `inference/real-time`).

use std::{sync::Arc, time::Duration};

use hyper::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::request::unknown_application;
use crate::{
    http::reply::{Answer, Reply, refusal},
    models::{endpoint::Endpoint, outcome::produce, served::Models},
    protocol::host::Origin,
    script::{RealtimeScript, Script},
    serve::{
        access::{self, Access},
        call::Call,
        codec,
        context::Context,
        socket::{self, Socket},
        table::Pending,
    },
};

pub(super) fn connect(context: Arc<Context>, mut call: Call) -> Pending {
    Box::pin(async move {
        if call.upgrade.is_none() && !call.param("app").ends_with("/realtime") {
            // Direct runs use POST; only websockets use GET.
            let refusal = Reply::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
            return Err(refusal.with("allow", "POST").into());
        }
        open(context, &mut call)
    })
}

/// Opens a realtime connection. A wrong token is refused in a frame after the handshake, as released clients expect.
pub(super) fn open(context: Arc<Context>, call: &mut Call) -> Answer {
    let authorized = authorized(&context, call)?;
    check_buffering(call)?;
    let path = call.param("app").to_owned();
    let endpoint = endpoint(&context.models, &path).ok_or_else(|| unknown_application(&path))?;
    let (reply, upgrade) = socket::accept(call)?;
    let session = Session {
        script: context.models.script(&endpoint.id, Script::default()),
        context: Arc::clone(&context),
        origin: call.origin.clone(),
        endpoint,
        path,
        answered: 0,
    };
    context.tasks.spawn(async move {
        if let Some(socket) = Socket::open(upgrade).await {
            if authorized {
                session.run(socket).await;
            } else {
                reject(socket).await;
            }
        }
    });
    Ok(reply.request_id(&context.seed.uuid()))
}

/// Whether the token in the query allows the application. Without a token, a key is required, and a wrong key is refused before the
/// handshake.
fn authorized(context: &Context, call: &Call) -> Result<bool, Box<Reply>> {
    match call.request.query_param("fal_jwt_token") {
        Some(token) => Ok(context.stores.tokens.allows(&token, call.param("app"))),
        None => {
            access::check(&context.stores.keys, &call.request, Access::Key)?;
            Ok(true)
        }
    }
}

fn check_buffering(call: &Call) -> Result<(), Box<Reply>> {
    let asked = call.request.query_param("max_buffering");
    let good = asked.is_none_or(|text| {
        text.parse()
            .is_ok_and(|number: u32| (1..=60).contains(&number))
    });
    let words = "max_buffering has to be from 1 to 60";
    good.then_some(())
        .ok_or_else(|| refusal(StatusCode::BAD_REQUEST, words))
}

/// The endpoint of a path: the known one with the longest id that equals the path or is a prefix of it. If no id is known, but every
/// id is served, the id is the path without `/realtime`.
fn endpoint(models: &Models, path: &str) -> Option<Arc<Endpoint>> {
    let mut ids =
        std::iter::successors(Some(path), |id| id.rsplit_once('/').map(|(above, _)| above));
    let known = ids.find_map(|id| models.known(id));
    known.or_else(|| models.endpoint(path.strip_suffix("/realtime").unwrap_or(path)))
}

async fn reject(mut socket: Socket) {
    let words = json!({ "status": "error", "error": "Unauthorized" });
    if socket.send(codec::encode(&words, false)).await.is_some() {
        socket.close(1008).await;
    }
}

/// A realtime connection.
struct Session {
    context: Arc<Context>,
    origin: Origin,
    endpoint: Arc<Endpoint>,
    script: Script,
    path: String,
    answered: u64,
}

/// The end of a realtime connection.
enum End {
    /// The client closed the connection.
    Gone,
    Close(u16),
}

impl Session {
    async fn run(mut self, mut socket: Socket) {
        let script = self.script.realtime.clone().unwrap_or_default();
        if let Err(End::Close(code)) = self.exchange_messages(&mut socket, &script).await {
            socket.close(code).await;
        }
    }

    async fn exchange_messages(
        &mut self,
        socket: &mut Socket,
        script: &RealtimeScript,
    ) -> Result<(), End> {
        send_all(socket, &script.greeting, false).await?;
        loop {
            let message = next(socket, script).await?;
            let records = &self.context.stores.records;
            records.add_message(&self.path, &message);
            let binary = message.is_binary();
            if let Some(code) = &script.error {
                let error =
                    json!({ "type": "x-fal-error", "error": code, "reason": "as scripted" });
                send_all(socket, &[error], binary).await?;
                return Err(End::Close(1011));
            }
            send_all(socket, &script.before, binary).await?;
            let answer = self.answer(&message);
            for _ in 0..script.answers.unwrap_or(1) {
                send_all(socket, std::slice::from_ref(&answer), binary).await?;
            }
            self.answered += 1;
            if script
                .close_after
                .is_some_and(|after| self.answered >= after)
            {
                return Err(End::Close(script.close_code.unwrap_or(1000)));
            }
        }
    }

    /// The answer to a message: an output, an error object, or the message itself if there is neither a document nor a script.
    fn answer(&self, message: &Message) -> Value {
        let Some(input) = codec::decode(message) else {
            return json!({ "type": "x-fal-error", "error": "BAD_REQUEST", "reason": "neither JSON nor MessagePack" });
        };
        if self.endpoint.document.is_none()
            && self.script.output.is_none()
            && self.script.failure.is_none()
        {
            return input;
        }
        let text = input.to_string();
        let outcome = produce(&self.endpoint, &self.script, text.as_bytes(), &self.origin);
        let value: Value = serde_json::from_slice(&outcome.body).unwrap_or_default();
        if outcome.is_success() {
            return value;
        }
        json!({ "type": "x-fal-error", "error": "BAD_REQUEST", "reason": value["detail"] })
    }
}

async fn send_all(socket: &mut Socket, values: &[Value], binary: bool) -> Result<(), End> {
    for value in values {
        socket
            .send(codec::encode(value, binary))
            .await
            .ok_or(End::Gone)?;
    }
    Ok(())
}

async fn next(socket: &mut Socket, script: &RealtimeScript) -> Result<Message, End> {
    let Some(idle) = script.idle_ms else {
        return socket.next().await.ok_or(End::Gone);
    };
    match tokio::time::timeout(Duration::from_millis(idle), socket.next()).await {
        Ok(message) => message.ok_or(End::Gone),
        Err(_) => {
            let words = json!({ "type": "x-fal-error", "error": "TIMEOUT", "reason": "no inputs, reconnect when needed!" });
            send_all(socket, &[words], false).await?;
            Err(End::Close(1000))
        }
    }
}
