//! Answers requests from a recording.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use futures_util::StreamExt as _;
use hyper::{StatusCode, http::request::Parts};
use serde_json::{Value, json};

use super::{
    address::{self, Upstream},
    body::{RecordedBody, data, with_data},
    exchange::{Exchange, RecordedReply, RecordedRequest},
    folder::Folder,
    headers,
    listen::{Answers, NO_WEBSOCKETS, Server, serve},
    mismatch,
    redact::Redactor,
};
use crate::{
    error::Error,
    http::reply::{Reply, ReplyBody},
    protocol::host::Urls,
    serve::listen::bind,
    sync::lock,
};

/// A server that answers from a recording, without a key and without a network. It stops when it is dropped.
///
/// The same requests get the same replies in the same order. If a request only reads, repeated equal replies are skipped, so that
/// waiting for a job is quick, and after its last reply it gets that reply again. Any other request that was not recorded, or
/// not that often, is answered with 421 and a diff to the most similar recorded request. [`mismatches`](Self::mismatches) has
/// these messages, too.
#[derive(Debug)]
pub struct Replay {
    tape: Arc<Tape>,
    server: Server,
    urls: Urls,
}

/// Configures a [`Replay`].
#[derive(Debug, Clone)]
#[must_use = "call `start`"]
pub struct ReplayBuilder {
    folder: PathBuf,
    address: SocketAddr,
    repeat: bool,
}

impl Replay {
    /// Creates a builder for the recording in a folder.
    pub fn builder(folder: impl Into<PathBuf>) -> ReplayBuilder {
        ReplayBuilder {
            folder: folder.into(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            repeat: false,
        }
    }

    /// Starts a server for the recording in a folder, on a free port.
    ///
    /// # Errors
    ///
    /// If the folder has no recording, or a file in it cannot be read.
    pub async fn start(folder: impl Into<PathBuf>) -> Result<Self, Error> {
        Self::builder(folder).start().await
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

    /// The messages for requests that the recording does not have, in the order of the requests.
    #[must_use]
    pub fn mismatches(&self) -> Vec<String> {
        self.tape.state().mismatches.clone()
    }

    /// The recorded requests that were not made, such as `POST https://queue.fal.run/owner/app`.
    #[must_use]
    pub fn unused(&self) -> Vec<String> {
        let state = self.tape.state();
        let entries = self.tape.exchanges.iter().enumerate();
        let unused = entries.filter(|(index, _)| !state.used.contains(index));
        let name = |(_, exchange): (usize, &Exchange)| {
            format!("{} {}", exchange.request.method, exchange.request.url)
        };
        unused.map(name).collect()
    }
}

impl ReplayBuilder {
    /// Sets the port on the loopback interface. The default, 0, means any free port.
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Makes the recording repeat: a request that was made as often as it was recorded gets its replies from the beginning
    /// again, so that a program can be run more than once. A job that is submitted again also runs again.
    pub fn repeat(mut self) -> Self {
        self.repeat = true;
        self
    }

    /// Starts the replay.
    ///
    /// # Errors
    ///
    /// If the folder has no recording, a file in it cannot be read, or the port is in use.
    pub async fn start(self) -> Result<Replay, Error> {
        let exchanges = without_repetitions(Folder::read(&self.folder)?);
        let (listener, address) = bind(self.address).await?;
        let root = format!("http://{address}");
        let tape = Arc::new(Tape {
            folder: self.folder,
            root: root.clone(),
            exchanges,
            repeat: self.repeat,
            redactor: Redactor::default(),
            state: Mutex::default(),
        });
        Ok(Replay {
            server: serve(listener, address, Arc::clone(&tape)),
            urls: Urls::under(&root),
            tape,
        })
    }
}

/// Leaves out replies that equal the one before, for requests that only read.
fn without_repetitions(exchanges: Vec<Exchange>) -> Vec<Exchange> {
    let mut kept: Vec<Exchange> = Vec::new();
    for exchange in exchanges {
        let same = |other: &&Exchange| other.request.is_same(&exchange.request);
        let before = kept.iter().rev().find(same);
        let repeats = before.is_some_and(|before| {
            let (old, new) = (&before.reply, &exchange.reply);
            exchange.request.only_reads() && old.status == new.status && old.body == new.body
        });
        if !repeats {
            kept.push(exchange);
        }
    }
    kept
}

/// A recording, and which of its replies were used.
#[derive(Debug)]
struct Tape {
    folder: PathBuf,
    root: String,
    exchanges: Vec<Exchange>,
    repeat: bool,
    redactor: Redactor,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    used: BTreeSet<usize>,
    mismatches: Vec<String>,
}

impl Answers for Tape {
    async fn answer(self: Arc<Self>, parts: Parts, body: Bytes) -> Reply {
        if parts.headers.contains_key(hyper::header::UPGRADE) {
            return self.mismatch(format!("{}: {NO_WEBSOCKETS}", parts.uri.path()));
        }
        let Some(request) = recorded(&parts, &body, &self.redactor, &self.root) else {
            return self.mismatch(format!("{} does not stand for a URL of fal", parts.uri));
        };
        let Some(index) = self.next(&request) else {
            let recorded: Vec<_> = self.exchanges.iter().map(|it| it.request.clone()).collect();
            return self.mismatch(mismatch::describe(&request, &recorded));
        };
        let exchange = &self.exchanges[index];
        reply(&exchange.reply, &request, self.folder.clone(), &self.root).await
    }
}

impl Tape {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn mismatch(&self, message: String) -> Reply {
        let reply = Reply::detail(StatusCode::MISDIRECTED_REQUEST, &message)
            .with("x-fal-error-type", "replay_mismatch");
        self.state().mismatches.push(message);
        reply
    }

    /// The index of the exchange that answers a request: the first for this request that was not used yet.
    fn next(&self, request: &RecordedRequest) -> Option<usize> {
        let mut state = self.state();
        let entries = self.exchanges.iter().enumerate();
        let all: Vec<usize> = entries
            .filter(|(_, exchange)| exchange.request.is_same(request))
            .map(|(index, _)| index)
            .collect();
        let next = all
            .iter()
            .copied()
            .find(|index| !state.used.contains(index));
        let index = match next {
            Some(index) => index,
            None if request.only_reads() => *all.last()?,
            None if self.repeat => {
                let first = *all.first()?;
                self.rewind(&all, &mut state);
                first
            }
            None => return None,
        };
        state.used.insert(index);
        Some(index)
    }

    /// Marks these exchanges, and those about the jobs that they created, as not used.
    fn rewind(&self, all: &[usize], state: &mut State) {
        for index in all {
            state.used.remove(index);
            let Some(RecordedBody::Json(body)) = &self.exchanges[*index].reply.body else {
                continue;
            };
            let Some(id) = body["request_id"].as_str() else {
                continue;
            };
            let is_about = |index: &usize| {
                let url = &self.exchanges[*index].request.url;
                address::path(url).split('/').any(|part| part == id)
            };
            state.used.retain(|index| !is_about(index));
        }
    }
}

/// The request in the form of a recording; `None` if its URL does not stand for a URL of fal.
pub(super) fn recorded(
    parts: &Parts,
    body: &Bytes,
    redactor: &Redactor,
    root: &str,
) -> Option<RecordedRequest> {
    let authorization = parts.headers.get(hyper::header::AUTHORIZATION);
    if let Some(value) = authorization.and_then(|value| value.to_str().ok()) {
        redactor.learn_authorization(value);
    }
    let url = address::real(parts.uri.path_and_query()?.as_str())?;
    let mut json = serde_json::from_slice::<Value>(body).ok();
    if let Some(value) = &mut json {
        address::make_real(value, &Upstream::default(), root);
    }
    Some(RecordedRequest {
        method: parts.method.as_str().to_owned(),
        body: RecordedBody::of_request(body, json, redactor, &url),
        url: redactor.url(&url),
        headers: headers::of_request(&parts.headers, redactor),
    })
}

/// The recorded reply with URLs of the local server.
async fn reply(
    recorded: &RecordedReply,
    request: &RecordedRequest,
    folder: PathBuf,
    root: &str,
) -> Reply {
    let localize = |value: &mut Value| {
        if !address::keeps_addresses(&request.url) {
            address::make_local(value, root);
        }
    };
    let status = StatusCode::from_u16(recorded.status).unwrap_or(StatusCode::OK);
    let mut reply = Reply::empty(status);
    for (name, value) in &recorded.headers {
        let mut value = json!(value);
        localize(&mut value);
        reply = reply.with(name, value.as_str().unwrap_or_default());
    }
    reply.body = match &recorded.body {
        None | Some(RecordedBody::Bytes { .. }) => ReplyBody::Full(Bytes::new()),
        Some(RecordedBody::Json(value)) => {
            let mut value = value.clone();
            localize(&mut value);
            ReplyBody::Full(value.to_string().into())
        }
        Some(RecordedBody::Text(text)) => ReplyBody::Full(text.clone().into()),
        Some(RecordedBody::Events(frames)) => {
            let frames = frames.iter().map(|frame| match data(frame) {
                Some(mut value) => {
                    localize(&mut value);
                    Ok(Bytes::from(with_data(frame, &value)))
                }
                None => Ok(Bytes::from(frame.clone())),
            });
            let frames: Vec<_> = frames.collect();
            ReplyBody::Stream(futures_util::stream::iter(frames).boxed())
        }
        Some(RecordedBody::File(file)) => {
            match read(folder.join(Path::new(file).file_name().unwrap_or_default())).await {
                Ok(bytes) => ReplyBody::Full(bytes.into()),
                Err(error) => {
                    let message = format!("the recording lacks the file {file}: {error}");
                    return Reply::detail(StatusCode::MISDIRECTED_REQUEST, &message);
                }
            }
        }
    };
    reply
}

/// Reads a file of the recording.
async fn read(file: PathBuf) -> std::io::Result<Vec<u8>> {
    let reading = tokio::task::spawn_blocking(move || std::fs::read(file));
    reading
        .await
        .unwrap_or_else(|error| Err(std::io::Error::other(error)))
}
