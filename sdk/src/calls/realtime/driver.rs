//! Carries the messages of a connection, and connects again when it is lost.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use super::control;
use super::link::{Link, Socket};
use super::session::{Command, End, Ends, Event, Session};
use super::unproven::Unproven;
use crate::transport::error::{Error, Result};
use crate::transport::trace;

/// The program's ends of the channels to the task.
pub(super) struct Channels {
    pub(super) outgoing: mpsc::Sender<Command>,
    pub(super) incoming: mpsc::Receiver<Result<Event>>,
}

/// Starts the task that carries the messages of a connection. It ends when the program
/// has dropped both channels.
pub(super) fn start(
    link: Link,
    socket: Socket,
    buffer: usize,
    reconnect: bool,
    raw: bool,
) -> Channels {
    let (outgoing, commands) = mpsc::channel(buffer);
    let (events, incoming) = mpsc::channel(buffer);
    let ends = Ends {
        outgoing: commands,
        incoming: events,
        queue: VecDeque::new(),
    };
    let driver = Driver {
        link,
        ends,
        reconnect,
        raw,
        refused: false,
    };
    tokio::spawn(trace::in_current_span(driver.run(socket)));
    Channels { outgoing, incoming }
}

struct Driver {
    link: Link,
    ends: Ends,
    reconnect: bool,
    raw: bool,
    /// Whether the server has refused a token since the last connection that worked.
    refused: bool,
}

impl Driver {
    async fn run(mut self, socket: Socket) {
        let mut connected = Some(socket);
        while let Some(socket) = connected.take() {
            let session = Session::new(socket, &mut self.ends, self.raw);
            let (end, unproven) = session.run().await;
            connected = match end {
                End::Finished => None,
                // The code 1000 means that the server ended the connection on purpose.
                End::Closed => None,
                End::Unauthorized => self.with_another_token(unproven).await,
                End::Idle => self.when_needed().await,
                End::Lost(error) => {
                    self.report(error).await;
                    self.when_needed().await
                }
            };
        }
    }

    /// Connects with another token, and sends the inputs again that the server cannot have read
    /// because it refused the first token. Only the last inputs are kept for this.
    async fn with_another_token(&mut self, unproven: Unproven) -> Option<Socket> {
        if !self.link.uses_tokens() || std::mem::replace(&mut self.refused, true) {
            self.report(control::unauthorized()).await;
            return None;
        }
        self.link.forget_token();
        if let Some(loss) = unproven.loss() {
            self.report(loss).await;
        }
        for frame in unproven.into_newest_first() {
            self.ends.queue.push_front(frame);
        }
        match self.link.connect().await {
            Ok(socket) => Some(socket),
            Err(error) => {
                self.report(error).await;
                None
            }
        }
    }

    /// Connects again once there is something to send.
    async fn when_needed(&mut self) -> Option<Socket> {
        if !self.reconnect || self.raw {
            return None;
        }
        self.refused = false;
        loop {
            if self.ends.queue.is_empty() {
                match self.ends.outgoing.recv().await? {
                    Command::Send(frame) => self.ends.queue.push_back(frame),
                    Command::Close => return None,
                }
            }
            match self.link.connect().await {
                Ok(socket) => return Some(socket),
                Err(error) => {
                    // The input is lost with the connection; the program gets the error.
                    self.ends.queue.clear();
                    let is_final = error.is_auth() || error.is_not_found();
                    self.report(error).await;
                    if is_final {
                        return None;
                    }
                }
            }
        }
    }

    async fn report(&self, error: Error) {
        let secrets = self.link.http().settings().credentials.secrets();
        let error = error
            .with_secrets(&secrets)
            .with_endpoint(self.link.endpoint().shared());
        // A program that has dropped its receiver needs no error.
        let _ = self.ends.incoming.send(Err(error)).await;
    }
}
