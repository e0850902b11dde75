//! Passes the requests of a program on to fal, and records them with their replies.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use bytes::Bytes;
use hyper::{
    HeaderMap, StatusCode, header,
    http::{request::Parts, uri::PathAndQuery},
};
use serde_json::{Value, json};

use super::{
    address::{self, Upstream},
    body::{Kind, RecordedBody},
    folder::Folder,
    headers,
    listen::{Answers, NO_WEBSOCKETS, Server, serve},
    replay::recorded,
    tape::{Entry, Tape},
    tee::tee,
};
use crate::{
    error::Error,
    http::reply::{Reply, ReplyBody},
    protocol::host::Urls,
    serve::listen::bind,
};

/// Headers that are not passed on, because they belong to one connection or because the client library sets them.
const OF_CONNECTIONS: [header::HeaderName; 9] = [
    header::ACCEPT_ENCODING,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::EXPECT,
    header::HOST,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// A server that passes requests on to fal, and records them with their replies, so that
/// [`Replay`](crate::Replay) can answer them later. It stops when it is dropped.
///
/// The key, tokens, passwords and signatures of URLs are not recorded: the documentation of the crate lists everything that is
/// left out. Realtime connections and calls over a websocket are not recorded, but refused.
#[derive(Debug)]
pub struct Recorder {
    tape: Arc<Tape>,
    server: Server,
    urls: Urls,
}

/// Configures a [`Recorder`].
#[derive(Debug, Clone)]
#[must_use = "call `start`"]
pub struct RecorderBuilder {
    folder: PathBuf,
    address: SocketAddr,
    upstream: Upstream,
}

impl Recorder {
    /// Creates a builder for a recording in a folder, which is created if there is none.
    pub fn builder(folder: impl Into<PathBuf>) -> RecorderBuilder {
        RecorderBuilder {
            folder: folder.into(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            upstream: Upstream::default(),
        }
    }

    /// The root URL, such as `http://127.0.0.1:4000`, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// The base URL of each of fal's hosts.
    #[must_use]
    pub fn urls(&self) -> &Urls {
        &self.urls
    }

    /// The messages about requests that could not be recorded, one per request.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        self.tape.problems()
    }
}

impl RecorderBuilder {
    /// Sets the port on the loopback interface. The default, 0, means any free port.
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Sets the URL of a server to which requests are passed on instead of fal, such as a [`MockServer`](crate::MockServer). It
    /// has to stand in for all of fal's hosts.
    pub fn upstream(mut self, url: impl Into<String>) -> Self {
        self.upstream = Upstream(Some(url.into().trim_end_matches('/').to_owned()));
        self
    }

    /// Starts the recorder.
    ///
    /// # Errors
    ///
    /// If the folder has a recording already or cannot be written, the port is in use, or TLS cannot be set up.
    pub async fn start(self) -> Result<Recorder, Error> {
        let folder = Folder::create(&self.folder)?;
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let client = match self.upstream.0 {
            Some(_) => client.no_proxy(),
            None => client,
        };
        let client = client.build().map_err(Error::tls)?;
        let (listener, address) = bind(self.address).await?;
        let root = format!("http://{address}");
        let urls = Urls::under(&root);
        let tape = Arc::new(Tape::new(folder, root, self.upstream, client));
        Ok(Recorder {
            server: serve(listener, address, Arc::clone(&tape)),
            urls,
            tape,
        })
    }
}

impl Answers for Tape {
    async fn answer(self: Arc<Self>, parts: Parts, body: Bytes) -> Reply {
        let answer = self.clone().pass_on(&parts, body).await;
        answer.unwrap_or_else(|(status, message)| {
            self.problem(format!("{} {}: {message}", parts.method, parts.uri.path()));
            Reply::detail(status, &message).with("x-fal-error-type", "not_recorded")
        })
    }
}

impl Tape {
    async fn pass_on(
        self: Arc<Self>,
        parts: &Parts,
        body: Bytes,
    ) -> Result<Reply, (StatusCode, String)> {
        if parts.headers.contains_key(header::UPGRADE) {
            return Err((StatusCode::NOT_IMPLEMENTED, NO_WEBSOCKETS.to_owned()));
        }
        let url = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
        let url = address::real(url).ok_or_else(|| {
            let message = "the path does not begin with one of fal's hosts, such as /queue";
            (StatusCode::NOT_FOUND, message.to_owned())
        })?;
        let is_fals = address::host(&url).is_some();
        if !is_fals && !self.was_named(&url) {
            let message = "no reply has named this server, so nothing is passed on to it";
            return Err((StatusCode::FORBIDDEN, message.to_owned()));
        }
        let number = self.next_number();
        let request = recorded(parts, &body, &self.redactor, &self.root).ok_or_else(|| {
            (
                StatusCode::BAD_REQUEST,
                "the request has no address".to_owned(),
            )
        })?;
        let mut headers = parts.headers.clone();
        for name in OF_CONNECTIONS {
            headers.remove(name);
        }
        if !is_fals {
            headers.remove(header::AUTHORIZATION);
        }
        let sending = self
            .client
            .request(parts.method.clone(), self.upstream.target(&url))
            .headers(headers)
            .body(self.outgoing(body))
            .send();
        let reply = sending.await.map_err(|error| {
            let reason = self.redactor.text(&reason(&error));
            let message = format!("the request could not be passed on: {reason}");
            (StatusCode::BAD_GATEWAY, message)
        })?;
        Ok(self.take(Entry::new(number, request, url), reply).await)
    }

    /// The body with local URLs replaced by those of the upstream server.
    fn outgoing(&self, body: Bytes) -> Bytes {
        let Ok(value) = serde_json::from_slice::<Value>(&body) else {
            return body;
        };
        let mut outgoing = value.clone();
        address::make_real(&mut outgoing, &Upstream::default(), &self.root);
        match outgoing == value {
            true => body,
            false => {
                address::make_upstream(&mut outgoing, &self.upstream);
                outgoing.to_string().into()
            }
        }
    }

    async fn take(self: Arc<Self>, mut entry: Entry, reply: reqwest::Response) -> Reply {
        let status = reply.status();
        let mut local = Reply::empty(status);
        local.headers = self.local_headers(reply.headers());
        entry.status = status.as_u16();
        let mut kept = json!(headers::of_reply(reply.headers(), &self.redactor));
        address::make_real(&mut kept, &self.upstream, &self.root);
        entry.headers = kept;
        let content_type = headers::content_type(reply.headers()).to_owned();
        entry.kind = Kind::of(&content_type);
        entry.content_type = content_type;
        if matches!(entry.kind, Kind::Events | Kind::Bytes) {
            local.body = ReplyBody::Stream(tee(self, entry, reply.bytes_stream()));
            return local;
        }
        let bytes = match reply.bytes().await {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("the reply broke off: {}", reason(&error));
                self.problem(format!("{}: {message}", entry.url));
                return Reply::detail(StatusCode::BAD_GATEWAY, &message);
            }
        };
        let value = serde_json::from_slice::<Value>(&bytes).ok();
        let (recorded, outgoing) = match value {
            Some(value) => {
                let (recorded, outgoing) = self.exchange_addresses(value, &entry.url);
                (RecordedBody::Json(recorded), outgoing.to_string().into())
            }
            None => {
                let text = self.redactor.text(&String::from_utf8_lossy(&bytes));
                (RecordedBody::Text(text), bytes)
            }
        };
        self.write(entry, Some(recorded), None);
        local.body = ReplyBody::Full(outgoing);
        local
    }

    fn local_headers(&self, headers: &HeaderMap) -> HeaderMap {
        let mut local = headers.clone();
        for name in OF_CONNECTIONS {
            local.remove(name);
        }
        if let Some(location) = headers
            .get(header::LOCATION)
            .and_then(|it| it.to_str().ok())
        {
            let (_, value) = self.exchange_addresses(json!(location), "");
            if let Ok(value) = value.as_str().unwrap_or_default().try_into() {
                local.insert(header::LOCATION, value);
            }
        }
        local
    }
}

/// The message of an error, followed by those of its causes.
fn reason(error: &reqwest::Error) -> String {
    let mut reason = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        reason = format!("{reason}: {error}");
        cause = error.source();
    }
    reason
}
