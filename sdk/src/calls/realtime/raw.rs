//! Connections for protocols that this library does not implement.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::Settings;
use super::connection::over;
use super::driver::{self, Channels};
use super::link::{Link, Socket};
use super::message::Frame;
use super::session::{Command, Event};
use crate::transport::error::Result;

/// A websocket to an app with a protocol of its own: see
/// [`Realtime::raw`](super::Realtime::raw). Dropping it closes the connection.
#[derive(Debug)]
pub struct RawConnection {
    sender: RawSender,
    receiver: RawReceiver,
}

impl RawConnection {
    pub(super) fn start(link: Link, socket: Socket, settings: Settings) -> Self {
        let Channels { outgoing, incoming } =
            driver::start(link, socket, settings.buffer, false, true);
        Self {
            sender: RawSender { outgoing },
            receiver: RawReceiver { incoming },
        }
    }

    /// Sends a message.
    ///
    /// # Errors
    /// When the connection has ended.
    pub async fn send(&self, frame: Frame) -> Result<()> {
        self.sender.send(frame).await
    }

    /// Waits for the next message; `None` when the connection has ended.
    pub async fn recv(&mut self) -> Option<Result<Frame>> {
        self.receiver.recv().await
    }

    /// Splits the connection into a sender and a receiver, which can be used in different tasks.
    pub fn split(self) -> (RawSender, RawReceiver) {
        (self.sender, self.receiver)
    }

    /// Sends the messages in the buffer, and closes the connection.
    pub async fn close(self) {
        self.sender.close().await;
    }
}

/// The sending direction of a raw connection. Clones send over the same connection.
#[derive(Debug, Clone)]
pub struct RawSender {
    outgoing: mpsc::Sender<Command>,
}

impl RawSender {
    /// Sends a message.
    ///
    /// # Errors
    /// When the connection has ended.
    pub async fn send(&self, frame: Frame) -> Result<()> {
        let sent = self.outgoing.send(Command::Send(frame)).await;
        sent.map_err(|_| over())
    }

    /// Sends the messages in the buffer, and closes the connection for all clones and for the
    /// receiver.
    pub async fn close(&self) {
        // A connection that has ended need not be closed.
        let _ = self.outgoing.send(Command::Close).await;
    }
}

/// The receiving direction of a raw connection: a [`Stream`] of messages.
#[derive(Debug)]
pub struct RawReceiver {
    incoming: mpsc::Receiver<Result<Event>>,
}

impl RawReceiver {
    /// Waits for the next message; `None` when the connection has ended.
    pub async fn recv(&mut self) -> Option<Result<Frame>> {
        StreamExt::next(self).await
    }
}

impl Stream for RawReceiver {
    type Item = Result<Frame>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let event = ready!(self.incoming.poll_recv(context));
            match event.transpose() {
                // A raw connection sends no decoded values.
                Ok(Some(Event::Value(_))) => {}
                Ok(Some(Event::Frame(frame))) => return Poll::Ready(Some(Ok(frame))),
                Ok(None) => return Poll::Ready(None),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}
