//! A realtime connection, its sender and its receiver.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use serde_json::Value;
use tokio::sync::mpsc;

use super::codec::{self, Decoded};
use super::driver::{self, Channels};
use super::link::{Link, Socket};
use super::session::{Command, Event};
use super::{Encoding, Settings};
use crate::calls::call::{Payload, local_media, unwritable};
use crate::contract::wire::{Decode, check_finite};
use crate::services::input_media::inline_media;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::opaque::opaque;
use crate::transport::redact::Secrets;

/// A realtime connection: see [`Client::realtime`](crate::Client::realtime). Dropping it
/// closes the connection.
pub struct Connection<P: Payload> {
    sender: Sender<P>,
    receiver: Receiver<P>,
}

impl<P: Payload> Connection<P> {
    pub(super) fn start(link: Link, socket: Socket, settings: Settings) -> Self {
        let endpoint = link.endpoint().shared();
        let secrets = link.http().settings().credentials.secrets();
        let Channels { outgoing, incoming } =
            driver::start(link, socket, settings.buffer, settings.reconnect, false);
        Self {
            sender: Sender {
                outgoing,
                encoding: settings.encoding,
                validate: settings.validate,
                endpoint: Arc::clone(&endpoint),
                payload: PhantomData,
            },
            receiver: Receiver {
                incoming,
                endpoint,
                secrets,
                payload: PhantomData,
            },
        }
    }

    /// Sends an input: see [`Sender::send`].
    ///
    /// # Errors
    /// As for [`Sender::send`].
    pub async fn send(&self, input: P) -> Result<()> {
        self.sender.send(input).await
    }

    /// Waits for the next output: see [`Receiver::recv`].
    pub async fn recv(&mut self) -> Option<Result<Received<P::Output>>> {
        self.receiver.recv().await
    }

    /// Splits the connection into a sender and a receiver, which can be used in different tasks.
    pub fn split(self) -> (Sender<P>, Receiver<P>) {
        (self.sender, self.receiver)
    }

    /// Sends the inputs in the buffer, and closes the connection.
    pub async fn close(self) {
        self.sender.close().await;
    }
}

/// The sending direction of a realtime connection. Clones send over the same connection.
pub struct Sender<P> {
    outgoing: mpsc::Sender<Command>,
    encoding: Encoding,
    validate: bool,
    endpoint: Arc<str>,
    payload: PhantomData<fn(P)>,
}

impl<P: Payload> Sender<P> {
    /// Sends an input. Files, bytes and readers in it are sent as `data:` URIs. This returns
    /// when the input is in the buffer, not when it has arrived; while the
    /// [buffer](super::Realtime::buffer) is full, it waits.
    ///
    /// # Errors
    /// When the input breaks a rule of its schema, has an infinite number or a NaN, contains a
    /// file that cannot be read, or when the connection has ended.
    pub async fn send(&self, mut input: P) -> Result<()> {
        if self.validate {
            input.check().map_err(|error| self.name(error.into()))?;
        }
        check_finite(&input).map_err(|error| self.name(error.into()))?;
        inline_media(local_media(&mut input))
            .await
            .map_err(|error| self.name(error))?;
        let value = serde_json::to_value(&input).map_err(|source| self.name(unwritable(source)))?;
        let frame = codec::encode(&value, self.encoding);
        self.outgoing
            .send(Command::Send(frame))
            .await
            .map_err(|_| self.name(over()))
    }

    /// Sends the inputs in the buffer, and closes the connection for all clones and for the
    /// receiver.
    pub async fn close(&self) {
        // A connection that has ended need not be closed.
        let _ = self.outgoing.send(Command::Close).await;
    }

    /// Returns whether the connection has ended and will not be made again.
    pub fn is_closed(&self) -> bool {
        self.outgoing.is_closed()
    }

    fn name(&self, error: Error) -> Error {
        error.with_endpoint(Arc::clone(&self.endpoint))
    }
}

/// The error for sending over a connection that has ended.
pub(super) fn over() -> Error {
    Error::new(ErrorKind::Closed, "the realtime connection is closed")
        .with_hint("its receiver has reported why")
}

impl<P> Clone for Sender<P> {
    fn clone(&self) -> Self {
        Self {
            outgoing: self.outgoing.clone(),
            encoding: self.encoding,
            validate: self.validate,
            endpoint: Arc::clone(&self.endpoint),
            payload: PhantomData,
        }
    }
}

/// The receiving direction of a realtime connection: a [`Stream`] of the app's outputs.
pub struct Receiver<P> {
    incoming: mpsc::Receiver<Result<Event>>,
    endpoint: Arc<str>,
    /// The secrets that are masked in errors, in case the app repeats them.
    secrets: Secrets,
    payload: PhantomData<fn() -> P>,
}

/// A message from the app.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Received<O> {
    /// The output. Byte strings of MessagePack are base64 strings in it.
    pub output: O,
    /// The output as received, including members that the type `O` does not have.
    pub raw: Value,
    bytes: Vec<(String, Bytes)>,
}

impl<O> Received<O> {
    /// Returns the byte string at a JSON pointer, such as `/images/0/content`, as received and
    /// not encoded as base64; `None` if there is none.
    pub fn bytes(&self, pointer: &str) -> Option<&Bytes> {
        let mut all = self.bytes.iter();
        all.find(|(at, _)| at == pointer).map(|(_, bytes)| bytes)
    }

    /// Returns all byte strings of the message, with their JSON pointers.
    pub fn all_bytes(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.bytes.iter().map(|(at, bytes)| (at.as_str(), bytes))
    }
}

impl<P: Payload> Receiver<P> {
    /// Waits for the next output; `None` when the connection has ended.
    ///
    /// # Errors
    /// An error does not mean that the connection has ended; only `None` does. The usual kinds
    /// of errors are:
    ///
    /// * [`ErrorKind::JobFailed`]: the app failed.
    /// * [`ErrorKind::Decode`]: a message cannot be decoded.
    /// * [`ErrorKind::Closed`]: the connection was lost, or inputs were lost because they were
    ///   sent with a token that the server refused. After a lost connection, the next input
    ///   opens a new one, unless [`reconnect`](super::Realtime::reconnect) is off.
    pub async fn recv(&mut self) -> Option<Result<Received<P::Output>>> {
        let event = self.incoming.recv().await?;
        Some(self.read(event))
    }

    fn read(&self, event: Result<Event>) -> Result<Received<P::Output>> {
        let read = event.and_then(|event| match event {
            Event::Value(decoded) => typed(decoded),
            Event::Frame(frame) => codec::decode(&frame)
                .map_err(|source| Error::new(ErrorKind::Decode, source.to_string()))
                .and_then(typed),
        });
        read.map_err(|error| {
            let error = error.with_secrets(&self.secrets);
            error.with_endpoint(Arc::clone(&self.endpoint))
        })
    }
}

fn typed<O: Decode>(decoded: Decoded) -> Result<Received<O>> {
    match O::decode(&decoded.value) {
        Ok(output) => Ok(Received {
            output,
            raw: decoded.value,
            bytes: decoded.bytes,
        }),
        Err(source) => Err(Error::decode("an output does not match its type", source)
            .with_hint("the output is not lost: it is in `raw_body()`")
            .with_body(Bytes::from(decoded.value.to_string()))),
    }
}

impl<P: Payload> Stream for Receiver<P> {
    type Item = Result<Received<P::Output>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let event = self.incoming.poll_recv(context);
        event.map(|event| event.map(|event| self.read(event)))
    }
}

opaque! { Connection<P: Payload>, Receiver<P> { endpoint }, Sender<P> { endpoint } }
