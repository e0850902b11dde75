//! Realtime connections: inputs and outputs over one websocket, without a queue.
//!
//! ```no_run
//! # use fal_sdk::{Client, Input, Result};
//! # async fn example<I: Input>(fal: Client, inputs: Vec<I>) -> Result<()> {
//! let (sender, mut receiver) = fal.realtime::<I>().await?.split();
//! for input in inputs {
//!     sender.send(input).await?;
//!     if let Some(received) = receiver.recv().await {
//!         let output = received?.output;
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Messages are encoded as MessagePack unless JSON is chosen. The number of outputs can differ
//! from the number of inputs: an app may answer one input several times, or several inputs
//! once.
//!
//! Source: <https://fal.ai/docs/documentation/model-apis/inference/real-time>, and
//! fal's JavaScript and Python clients.

mod calls;
pub(crate) mod codec;
mod connection;
mod control;
mod driver;
mod link;
mod message;
mod raw;
mod session;
mod token;
mod unproven;

use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

pub use calls::{SocketCalls, SocketCallsBuilder};
pub use connection::{Connection, Received, Receiver, Sender};
pub use message::Frame;
pub use raw::{RawConnection, RawReceiver, RawSender};

use crate::calls::call::Payload;
use crate::transport::box_future::BoxFuture;
use crate::transport::endpoint_id::{EndpointId, path_below};
use crate::transport::error::{BoxError, Error, Result};
use crate::transport::http::Http;
use crate::transport::opaque::opaque;
use link::{Auth, Link};

/// The encoding of the messages that are sent. Received messages are decoded in either
/// encoding, whichever the server uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Encoding {
    /// MessagePack in binary messages.
    #[default]
    MessagePack,
    /// JSON in text messages.
    Json,
}

/// A builder for a realtime connection, which is made when this is awaited: see
/// [`Client::realtime`](crate::Client::realtime).
#[must_use = "a connection is made when this is awaited"]
pub struct Realtime<P> {
    http: Http,
    endpoint: Result<EndpointId>,
    settings: Settings,
    auth: Auth,
    path: Option<String>,
    error: Option<Error>,
    payload: PhantomData<fn() -> P>,
}

/// The settings of a connection.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    encoding: Encoding,
    max_buffering: Option<u8>,
    reconnect: bool,
    buffer: usize,
    max_message: usize,
    validate: bool,
}

impl<P: Payload> Realtime<P> {
    pub(crate) fn new(http: Http, endpoint: Result<EndpointId>) -> Self {
        Self {
            settings: Settings {
                encoding: Encoding::default(),
                max_buffering: None,
                reconnect: true,
                buffer: 16,
                max_message: 64 << 20,
                validate: http.settings().validate,
            },
            http,
            endpoint,
            auth: Auth::token(Duration::from_secs(120)),
            path: None,
            error: None,
            payload: PhantomData,
        }
    }

    /// Sets the encoding of the messages that are sent. Default: MessagePack.
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.settings.encoding = encoding;
        self
    }

    /// Sets how many inputs the server keeps while the app is busy, from 1 to 60. Beyond that
    /// number it drops the oldest. By default the server chooses the number. A value out of
    /// range is an error when the connection is made.
    pub fn max_buffering(mut self, inputs: u8) -> Self {
        match inputs {
            1..=60 => self.settings.max_buffering = Some(inputs),
            _ => {
                let message = "`max_buffering` must be from 1 to 60";
                self.error.get_or_insert(Error::configuration(message));
            }
        }
        self
    }

    /// Sets the path below the endpoint. Default: `realtime`, unless the endpoint's
    /// id ends with it.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Sends the key itself with the handshake. By default, the client requests a token that is
    /// valid only for this app and for two minutes, and sends that. Sending the key saves the
    /// request for a token; do it only if nobody else can read the connection.
    pub fn with_key(mut self) -> Self {
        self.auth = Auth::Key;
        self
    }

    /// Sets how long the token for the handshake is valid, in whole seconds. Default:
    /// 120 s. A connection is not closed when its token expires.
    pub fn token_expiration(mut self, life: Duration) -> Self {
        self.auth = Auth::token(life);
        self
    }

    /// Sets a function that provides the tokens for handshakes. By default, the client requests
    /// them from fal with its key. The function is given the app's path, such as
    /// `fal-ai/app/realtime`. A token is used until the server refuses it.
    pub fn token_provider<F, Fut, E>(mut self, provider: F) -> Self
    where
        F: Fn(String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.auth = Auth::provider(provider);
        self
    }

    /// Sets whether the next input opens a new connection after the last one was lost, or after
    /// the server closed it because nothing was sent. Default: `true`. Inputs that were under
    /// way when the connection was lost are not sent again.
    pub fn reconnect(mut self, reconnect: bool) -> Self {
        self.settings.reconnect = reconnect;
        self
    }

    /// Sets how many messages the client buffers in each direction. When the buffer of inputs
    /// is full, sending waits; when the buffer of outputs is full, nothing more is read from
    /// the connection. Default: 16; 0 counts as 1.
    pub fn buffer(mut self, messages: usize) -> Self {
        self.settings.buffer = messages.max(1);
        self
    }

    /// Sets the size of the largest message that is read, in bytes. A larger one is an error
    /// and ends the connection. Default: 64 MiB.
    pub fn max_message_size(mut self, bytes: usize) -> Self {
        self.settings.max_message = bytes;
        self
    }

    /// Sets whether inputs are checked against their schema before they are sent, in place of
    /// the client's setting.
    pub fn validate(mut self, validate: bool) -> Self {
        self.settings.validate = validate;
        self
    }

    /// Returns a builder for a connection whose messages this library neither encodes nor
    /// decodes, for apps with a protocol of their own. No message is taken for a control
    /// message, and a lost connection is not made again. The path below the endpoint is empty
    /// unless it is set with [`path`](Self::path).
    pub fn raw(self) -> RawRealtime<P> {
        RawRealtime(self)
    }

    fn link(self, default_path: &str) -> Result<(Link, Settings)> {
        let endpoint = self.endpoint?;
        if let Some(error) = self.error {
            return Err(error);
        }
        let path = self.path.as_deref();
        let app = path_below(endpoint.as_str(), path, default_path)?;
        let link = Link::new(self.http, &endpoint, app, self.auth, &self.settings);
        Ok((link, self.settings))
    }
}

impl<P: Payload> IntoFuture for Realtime<P> {
    type Output = Result<Connection<P>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (mut link, settings) = self.link("realtime")?;
            let socket = link.connect().await?;
            Ok(Connection::start(link, socket, settings))
        })
    }
}

/// A builder for a connection with a protocol of the app's own, which is made when this is
/// awaited: see [`Realtime::raw`].
#[must_use = "a connection is made when this is awaited"]
pub struct RawRealtime<P>(Realtime<P>);

impl<P: Payload> IntoFuture for RawRealtime<P> {
    type Output = Result<RawConnection>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (mut link, settings) = self.0.link("")?;
            let socket = link.connect().await?;
            Ok(RawConnection::start(link, socket, settings))
        })
    }
}

opaque! { Realtime<P>, RawRealtime<P> }
