//! Direct calls over one websocket, one after the other.
//!
//! Source: <https://fal.ai/docs/documentation/model-apis/inference/websockets>.

use std::future::IntoFuture;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{FutureExt, SinkExt, StreamExt};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};
use tokio_tungstenite::tungstenite::Message;

use super::link::{Link, Socket};
use super::session;
use crate::calls::call::{Payload, local_media, unwritable};
use crate::calls::detailed::{Answer, Detailed};
use crate::calls::run;
use crate::contract::wire::check_finite;
use crate::services::input_media::upload_media;
use crate::transport::box_future::BoxFuture;
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Http, Operation, Reply, unknown};
use crate::transport::opaque::opaque;
use crate::transport::redact::Secrets;
use crate::transport::trace;

/// A builder for a websocket that calls are made over. It is opened when this is awaited: see
/// [`Client::socket`](crate::Client::socket).
#[must_use = "a connection is made when this is awaited"]
pub struct SocketCallsBuilder<P> {
    http: Http,
    endpoint: Result<EndpointId>,
    payload: PhantomData<fn() -> P>,
}

impl<P: Payload> SocketCallsBuilder<P> {
    pub(crate) fn new(http: Http, endpoint: Result<EndpointId>) -> Self {
        Self {
            http,
            endpoint,
            payload: PhantomData,
        }
    }
}

impl<P: Payload> IntoFuture for SocketCallsBuilder<P> {
    type Output = Result<SocketCalls<P>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut link = Link::for_calls(self.http, &self.endpoint?);
            let socket = link.connect().await?;
            Ok(SocketCalls {
                link,
                socket: Some(socket),
                payload: PhantomData,
            })
        })
    }
}

/// Direct calls over one websocket, one after the other, so that only the first one
/// needs a handshake.
pub struct SocketCalls<P> {
    link: Link,
    socket: Option<Socket>,
    payload: PhantomData<fn() -> P>,
}

impl<P: Payload> SocketCalls<P> {
    /// Calls the model. If the connection was closed since the last call, a new one is made.
    /// If the connection breaks during the call, the call fails and is not repeated, since it
    /// could be paid for twice; the next call connects again.
    ///
    /// # Errors
    /// As for [`Client::run`](crate::Client::run).
    pub async fn run(&mut self, input: P) -> Result<P::Output> {
        Ok(self.run_detailed(input).await?.output)
    }

    /// Calls the model, and returns the output with the request id and the raw
    /// JSON.
    ///
    /// # Errors
    /// As for [`Client::run`](crate::Client::run).
    pub async fn run_detailed(&mut self, mut input: P) -> Result<Detailed<P::Output>> {
        let endpoint = self.link.endpoint().shared();
        let call = async {
            let reply = self.call(&mut input).await;
            if let Ok(reply) = &reply {
                trace::request_id_of(|| reply.request_id());
            }
            reply
                .and_then(|reply| Answer::of(reply, Operation::Run)?.decode())
                .map_err(|error| error.with_endpoint(Arc::clone(&endpoint)))
        };
        trace::call("socket", &endpoint, call).await
    }

    async fn call(&mut self, input: &mut P) -> Result<Reply> {
        let http = self.link.http().clone();
        if http.settings().validate {
            input.check()?;
        }
        check_finite(input)?;
        upload_media(&http, local_media(input)).await?;
        let body = serde_json::to_string(input).map_err(unwritable)?;
        let mut socket = self.connected().await?;
        let timeout = http.settings().timeouts.run;
        let limit = http.settings().limits.output;
        let secrets = http.settings().credentials.secrets();
        let mut reply = Gathered::default();
        let exchange = exchange(&mut socket, body, limit, &mut reply);
        within(timeout, exchange).await.map_err(|error| {
            open_outcome(error)
                .with_secrets(&secrets)
                .with_request_id(reply.request_id())
        })?;
        let reply = reply.into_reply(secrets).map_err(unknown)?;
        self.socket = Some(socket);
        match reply.status.is_success() {
            true => Ok(reply),
            false => Err(run::error(&reply, Operation::Run)),
        }
    }

    /// The connection of the last call if it is still open, otherwise a new one.
    async fn connected(&mut self) -> Result<Socket> {
        if let Some(mut socket) = self.socket.take()
            && stands(&mut socket).await
        {
            return Ok(socket);
        }
        self.link.connect().await
    }
}

/// Whether the connection is still open after a time without a call. Nothing of the next call
/// was written yet, so it can use another connection.
async fn stands(socket: &mut Socket) -> bool {
    // The runtime has to poll the socket for what arrived in the meantime.
    tokio::task::yield_now().await;
    loop {
        match socket.next().now_or_never() {
            None => return true,
            Some(None | Some(Err(_) | Ok(Message::Close(_)))) => return false,
            // A message that arrived before the input was sent is not a reply to it.
            Some(Some(Ok(_))) => {}
        }
    }
}

async fn within<T>(timeout: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(timeout, work)
        .await
        .unwrap_or_else(|_| {
            let message = "the call over the websocket got no reply in time";
            Err(Error::new(ErrorKind::Timeout, message))
        })
}

/// The error of a call whose reply is incomplete. As for a direct run, the outcome is not
/// known, unless the reply only exceeded this client's limit.
fn open_outcome(error: Error) -> Error {
    match error.kind() {
        ErrorKind::TooLarge => error.with_hint("the limit is set with `ClientBuilder::limits`"),
        _ => unknown(error),
    }
}

/// Sends an input and gathers the frames of its reply.
async fn exchange(
    socket: &mut Socket,
    body: String,
    limit: usize,
    reply: &mut Gathered,
) -> Result<()> {
    let message = Message::text(body);
    socket.send(message).await.map_err(session::lost)?;
    loop {
        let message = match socket.next().await {
            Some(message) => message.map_err(session::lost)?,
            None => return Err(Error::closed(1006, "")),
        };
        let done = match message {
            Message::Text(text) => reply.text(&text, limit)?,
            Message::Binary(bytes) => reply.body(&bytes, limit)?,
            Message::Close(frame) => {
                let frame = frame.as_ref();
                let code = frame.map_or(1005, |frame| u16::from(frame.code));
                return Err(Error::closed(code, frame.map_or("", |frame| &frame.reason)));
            }
            _ => false,
        };
        if done {
            return Ok(());
        }
    }
}

/// The frames of a reply.
#[derive(Default)]
struct Gathered {
    start: Option<Map<String, Value>>,
    body: BytesMut,
}

impl Gathered {
    /// Adds a text message. It describes the reply if it is JSON with a `type` and a
    /// `request_id`; otherwise it is part of the body. Returns whether the reply is complete.
    fn text(&mut self, text: &str, limit: usize) -> Result<bool> {
        let about = serde_json::from_str::<Value>(text)
            .ok()
            .and_then(|value| match value {
                Value::Object(members) if members.contains_key("request_id") => Some(members),
                _ => None,
            });
        let kind = about
            .as_ref()
            .and_then(|members| members.get("type")?.as_str());
        match kind {
            Some("start") if self.start.is_none() => {
                self.start = about;
                Ok(false)
            }
            Some("end") => Ok(true),
            _ => self.body(text.as_bytes(), limit),
        }
    }

    fn body(&mut self, bytes: &[u8], limit: usize) -> Result<bool> {
        if self.body.len() + bytes.len() > limit {
            let message = format!("the reply is larger than {limit} bytes");
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        self.body.extend_from_slice(bytes);
        Ok(false)
    }

    fn request_id(&self) -> Option<Arc<str>> {
        let id = self.start.as_ref()?.get("request_id")?.as_str()?;
        Some(Arc::from(id))
    }

    fn into_reply(self, secrets: Secrets) -> Result<Reply> {
        let start = self.start.unwrap_or_default();
        let status = start
            .get("status")
            .and_then(Value::as_u64)
            .and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok())
            .ok_or_else(|| {
                let message = "the reply over the websocket has no status";
                Error::new(ErrorKind::Decode, message)
            })?;
        let mut headers = HeaderMap::new();
        let listed = start.get("headers").and_then(Value::as_object);
        for (name, value) in listed.into_iter().flatten() {
            insert(&mut headers, name, value.as_str().unwrap_or_default());
        }
        if let Some(id) = start.get("request_id").and_then(Value::as_str) {
            insert(&mut headers, "x-fal-request-id", id);
        }
        Ok(Reply {
            status,
            headers,
            body: Bytes::from(self.body),
            secrets,
        })
    }
}

fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        headers.insert(name, value);
    }
}

opaque! { SocketCalls<P>, SocketCallsBuilder<P> }
