//! One connection while it is open: the messages that are sent and received.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::Sink;
use tokio::sync::mpsc::{self, OwnedPermit, error::SendError};
use tokio::time::{Instant, Interval, MissedTickBehavior};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{self, Message};

use super::codec::{self, Decoded};
use super::control::{self, Control};
use super::link::Socket;
use super::message::Frame;
use super::unproven::Unproven;
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};

/// The interval of pings.
const PING: Duration = Duration::from_secs(20);
/// The longest time without anything from the server.
const SILENCE: Duration = Duration::from_secs(65);

/// A command of the program.
pub(super) enum Command {
    Send(Frame),
    /// Close the connection.
    Close,
}

/// A message for the program.
pub(super) enum Event {
    Value(Decoded),
    Frame(Frame),
}

/// How a connection ended.
pub(super) enum End {
    /// The program has dropped both directions.
    Finished,
    /// The server closed the connection with 1000, or after an error that the program
    /// has received.
    Closed,
    /// The server closes the connection because nothing was sent for a long time.
    Idle,
    /// The server refused the token.
    Unauthorized,
    Lost(Error),
}

/// The channels from and to the program.
pub(super) struct Ends {
    pub(super) outgoing: mpsc::Receiver<Command>,
    pub(super) incoming: mpsc::Sender<Result<Event>>,
    /// Messages that go before those of the program.
    pub(super) queue: VecDeque<Frame>,
}

pub(super) struct Session<'e> {
    socket: Socket,
    ends: &'e mut Ends,
    raw: bool,
    write: Write,
    /// A message that waits for room in the program's channel.
    held: Option<Result<Event>>,
    room: Option<BoxFuture<Result<Permit, SendError<()>>>>,
    nobody_listens: BoxFuture<()>,
    senders_gone: bool,
    closing: bool,
    ping: Interval,
    heard: Instant,
    reported: bool,
    /// Whether something was sent since the last message of the app.
    unanswered: bool,
    unproven: Unproven,
    proven: bool,
}

type Permit = OwnedPermit<Result<Event>>;

enum Write {
    Nothing,
    Feeding(Message),
    Flushing,
}

impl<'e> Session<'e> {
    pub(super) fn new(socket: Socket, ends: &'e mut Ends, raw: bool) -> Self {
        let listening = ends.incoming.clone();
        let mut ping = tokio::time::interval_at(Instant::now() + PING, PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            socket,
            ends,
            raw,
            write: Write::Nothing,
            held: None,
            room: None,
            nobody_listens: Box::pin(async move { listening.closed().await }),
            senders_gone: false,
            closing: false,
            ping,
            heard: Instant::now(),
            reported: false,
            unanswered: false,
            unproven: Unproven::default(),
            proven: false,
        }
    }

    /// Carries messages both ways until the connection ends.
    pub(super) async fn run(mut self) -> (End, Unproven) {
        let end = std::future::poll_fn(|context| self.poll(context)).await;
        if !matches!(end, End::Lost(_)) {
            // The close message is optional; how the connection ended is known already.
            let goodbye = self.socket.close(Some(normal()));
            let _ = tokio::time::timeout(Duration::from_secs(2), goodbye).await;
        }
        (end, self.unproven)
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<End> {
        if let Poll::Ready(Err(error)) = self.poll_write(context) {
            // Messages that arrived before the failure are delivered first.
            return match self.poll_read(context) {
                Poll::Ready(end) => Poll::Ready(end),
                Poll::Pending => Poll::Ready(self.failed(error)),
            };
        }
        if let Poll::Ready(end) = self.poll_read(context) {
            return Poll::Ready(end);
        }
        if self.senders_gone && self.nobody_listens.as_mut().poll(context).is_ready() {
            return Poll::Ready(End::Finished);
        }
        self.poll_ping(context)
    }

    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<tungstenite::Result<()>> {
        loop {
            match &mut self.write {
                Write::Nothing => {
                    let message = ready!(self.poll_message(context));
                    self.write = Write::Feeding(message);
                }
                Write::Feeding(message) => {
                    ready!(Pin::new(&mut self.socket).poll_ready(context))?;
                    let message = std::mem::replace(message, Message::Ping(Bytes::new()));
                    self.write = Write::Flushing;
                    Pin::new(&mut self.socket).start_send(message)?;
                }
                Write::Flushing => {
                    ready!(Pin::new(&mut self.socket).poll_flush(context))?;
                    self.write = Write::Nothing;
                }
            }
        }
    }

    /// The next message to be sent.
    fn poll_message(&mut self, context: &mut Context<'_>) -> Poll<Message> {
        if self.closing {
            return Poll::Pending;
        }
        if let Some(frame) = self.ends.queue.pop_front() {
            return Poll::Ready(self.note(frame));
        }
        if self.senders_gone {
            return Poll::Pending;
        }
        match ready!(self.ends.outgoing.poll_recv(context)) {
            Some(Command::Send(frame)) => Poll::Ready(self.note(frame)),
            Some(Command::Close) => {
                self.closing = true;
                Poll::Ready(Message::Close(Some(normal())))
            }
            None => {
                self.senders_gone = true;
                Poll::Pending
            }
        }
    }

    fn note(&mut self, frame: Frame) -> Message {
        self.unanswered = true;
        if !self.proven && !self.raw {
            self.unproven.keep(frame.clone());
        }
        frame.into()
    }

    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<End> {
        loop {
            ready!(self.poll_deliver(context));
            let Some(message) = ready!(Pin::new(&mut self.socket).poll_next(context)) else {
                return Poll::Ready(self.gone());
            };
            self.heard = Instant::now();
            match message {
                Err(error) => return Poll::Ready(self.failed(error)),
                Ok(Message::Close(frame)) => return Poll::Ready(self.closed(frame.as_ref())),
                Ok(message) => {
                    if let Some(end) = Frame::of(message).and_then(|frame| self.take(frame)) {
                        return Poll::Ready(end);
                    }
                }
            }
        }
    }

    /// Delivers the held message to the program, once its channel has room.
    fn poll_deliver(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.held.is_none() {
            return Poll::Ready(());
        }
        let incoming = &self.ends.incoming;
        let room = self
            .room
            .get_or_insert_with(|| Box::pin(incoming.clone().reserve_owned()));
        let permit = ready!(room.as_mut().poll(context));
        self.room = None;
        // Without a receiver, the message is dropped.
        if let (Ok(permit), Some(event)) = (permit, self.held.take()) {
            permit.send(event);
        }
        Poll::Ready(())
    }

    /// Handles a message of the server.
    fn take(&mut self, frame: Frame) -> Option<End> {
        if self.raw {
            self.held = Some(Ok(Event::Frame(frame)));
            return None;
        }
        let decoded = match codec::decode(&frame) {
            Ok(decoded) => decoded,
            Err(source) => {
                self.held = Some(Err(malformed(&frame, source)));
                return None;
            }
        };
        match control::classify(&decoded.value) {
            Control::Skip => {}
            Control::Idle => return Some(self.given_up()),
            Control::Unauthorized => return Some(End::Unauthorized),
            Control::Failed(error) => {
                self.reported = true;
                self.held = Some(Err(error));
            }
            Control::Data => {
                self.proven = true;
                self.unanswered = false;
                self.unproven.clear();
                self.held = Some(Ok(Event::Value(decoded)));
            }
        }
        None
    }

    fn closed(&self, frame: Option<&CloseFrame>) -> End {
        // A close frame without a code: RFC 6455, 7.1.5.
        let code = frame.map_or(1005, |frame| u16::from(frame.code));
        match code {
            1000 | 1005 => End::Closed,
            _ if self.reported || self.closing => End::Closed,
            code => End::Lost(Error::closed(code, frame.map_or("", |frame| &frame.reason))),
        }
    }

    /// The end of a connection that the server closes because it received nothing for a long
    /// time. An input that was sent meanwhile is lost with the connection.
    fn given_up(&self) -> End {
        match self.unanswered {
            false => End::Idle,
            true => End::Lost(Error::new(
                ErrorKind::Closed,
                "the server closed the idle connection while an input was on its way",
            )),
        }
    }

    /// How a connection ended that ended without a close message.
    fn gone(&self) -> End {
        match self.closing || self.reported {
            true => End::Closed,
            false => End::Lost(Error::closed(1006, "")),
        }
    }

    fn failed(&self, error: tungstenite::Error) -> End {
        match self.gone() {
            End::Lost(_) => End::Lost(lost(error)),
            end => end,
        }
    }

    fn poll_ping(&mut self, context: &mut Context<'_>) -> Poll<End> {
        while self.ping.poll_tick(context).is_ready() {
            // While the program does not take received messages, no more are read.
            if self.held.is_some() {
                self.heard = Instant::now();
            }
            if self.heard.elapsed() > SILENCE {
                let message = format!("nothing arrived from the server for {SILENCE:?}");
                return Poll::Ready(End::Lost(Error::new(ErrorKind::Timeout, message)));
            }
            if matches!(self.write, Write::Nothing) {
                self.write = Write::Feeding(Message::Ping(Bytes::new()));
                if let Poll::Ready(Err(error)) = self.poll_write(context) {
                    return Poll::Ready(self.failed(error));
                }
            }
        }
        Poll::Pending
    }
}

fn normal() -> CloseFrame {
    CloseFrame {
        code: CloseCode::Normal,
        reason: "".into(),
    }
}

fn malformed(frame: &Frame, source: crate::contract::wire::DecodeError) -> Error {
    Error::decode("a message from the server cannot be read", source)
        .with_hint("the message is in `raw_body()`")
        .with_body(Bytes::copy_from_slice(frame.as_bytes()))
}

/// The error for a failure of the connection.
pub(super) fn lost(error: tungstenite::Error) -> Error {
    match error {
        tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed => {
            Error::closed(1006, "")
        }
        tungstenite::Error::Capacity(source) => {
            let message = format!("a message from the server is too large: {source}");
            Error::new(ErrorKind::TooLarge, message)
                .with_hint("the limit is set with `Realtime::max_message_size`")
        }
        source => {
            let message = format!("the realtime connection broke: {source}");
            Error::new(ErrorKind::Closed, message)
                .with_close_code(1006)
                .with_source(source)
        }
    }
}
