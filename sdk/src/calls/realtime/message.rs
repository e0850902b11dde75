//! The messages of a websocket.

use bytes::Bytes;
use tokio_tungstenite::tungstenite::Message;

/// A text or binary message of a websocket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Bytes),
}

impl Frame {
    /// Returns the content of the message as bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }

    /// The frame of a text or binary message; `None` for pings, pongs and close messages.
    pub(super) fn of(message: Message) -> Option<Self> {
        match message {
            Message::Text(text) => Some(Self::Text(text.to_string())),
            Message::Binary(bytes) => Some(Self::Binary(bytes)),
            _ => None,
        }
    }
}

impl From<Frame> for Message {
    fn from(frame: Frame) -> Self {
        match frame {
            Frame::Text(text) => Self::text(text),
            Frame::Binary(bytes) => Self::Binary(bytes),
        }
    }
}
