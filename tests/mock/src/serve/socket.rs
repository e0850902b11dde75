//! Websockets and their handshake.

use futures_util::{SinkExt, StreamExt};
use hyper::{
    StatusCode,
    header::{CONNECTION, HeaderValue, SEC_WEBSOCKET_ACCEPT, UPGRADE},
    upgrade::{OnUpgrade, Upgraded},
};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        handshake::derive_accept_key,
        protocol::{CloseFrame, Role, WebSocketConfig},
    },
};

use super::call::Call;
use crate::http::reply::Reply;

/// An open websocket.
pub(crate) struct Socket(WebSocketStream<TokioIo<Upgraded>>);

/// Accepts the handshake. Returns the reply, and the connection after it.
pub(crate) fn accept(call: &mut Call) -> Result<(Reply, OnUpgrade), Box<Reply>> {
    let key = call
        .header("sec-websocket-key")
        .map(|key| derive_accept_key(key.as_bytes()));
    let (Some(key), Some(upgrade)) = (key, call.upgrade.take()) else {
        let refusal = Reply::detail(StatusCode::UPGRADE_REQUIRED, "This is a websocket");
        return Err(refusal.with("upgrade", "websocket").into());
    };
    let mut reply = Reply::empty(StatusCode::SWITCHING_PROTOCOLS);
    reply
        .headers
        .insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    reply
        .headers
        .insert(UPGRADE, HeaderValue::from_static("websocket"));
    Ok((reply.with(SEC_WEBSOCKET_ACCEPT.as_str(), &key), upgrade))
}

impl Socket {
    /// Waits until the handshake is complete. Returns `None` if the client closed the connection.
    pub(crate) async fn open(upgrade: OnUpgrade) -> Option<Self> {
        let io = TokioIo::new(upgrade.await.ok()?);
        let config = WebSocketConfig::default()
            .read_buffer_size(8192)
            .write_buffer_size(0);
        let config = config.max_message_size(None).max_frame_size(None);
        Some(Self(
            WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await,
        ))
    }

    /// The next message with content, or `None` if the connection is closed.
    pub(crate) async fn next(&mut self) -> Option<Message> {
        loop {
            match self.0.next().await? {
                Ok(message @ (Message::Text(_) | Message::Binary(_))) => return Some(message),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Sends a message. Returns `None` if the connection is closed.
    pub(crate) async fn send(&mut self, message: Message) -> Option<()> {
        self.0.send(message).await.ok()
    }

    /// Closes the connection with a code. 1006 is never sent: the connection is dropped without a close frame.
    pub(crate) async fn close(mut self, code: u16) {
        if code == 1006 {
            return;
        }
        let frame = CloseFrame {
            code: code.into(),
            reason: "".into(),
        };
        if self.0.close(Some(frame)).await.is_ok() {
            // The connection is closed when the client has sent its close frame.
            while self.0.next().await.is_some_and(|message| message.is_ok()) {}
        }
    }
}
