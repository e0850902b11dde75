//! The records of requests and messages of clients.

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use hyper::{HeaderMap, Method};
use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    protocol::{host::Host, route::Route},
    sync::lock,
};

/// A request as the server received it.
#[derive(Clone)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The index in order of arrival, from 0.
    pub index: u64,
    /// The route; `None` if the request matched none.
    pub route: Option<Route>,
    /// The host of fal that the request was sent to; `None` if it was not one of these.
    pub host: Option<Host>,
    /// The method, such as `POST`.
    pub method: Method,
    /// The path on the host, without the prefix that selects the host.
    pub path: String,
    /// The query as it was sent, without the question mark.
    pub query: String,
    /// The headers as they were sent.
    pub headers: HeaderMap,
    /// The body, up to the length that the server records, which is 1 MiB by default.
    pub body: Bytes,
    /// The length of the whole body, in bytes.
    pub body_len: u64,
    /// Whether the whole body was received: false if the client closed the connection, or if the body was not read because of a
    /// fault.
    pub complete: bool,
    /// Whether the request was sent over TLS.
    pub secure: bool,
    /// The version of HTTP, such as `HTTP/2.0`.
    pub version: String,
}

impl RequestRecord {
    /// The value of a header; `None` if it is absent or not text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The first value of a query parameter, decoded.
    #[must_use]
    pub fn query_param(&self, name: &str) -> Option<String> {
        self.query_params(name).next()
    }

    /// Every value of a query parameter, decoded, in order.
    pub fn query_params<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        form_urlencoded::parse(self.query.as_bytes())
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The body as JSON; `None` if it is not valid JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

impl fmt::Debug for RequestRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, .. } = self;
        write!(
            f,
            "#{} {method} {:?} {path}?{} ",
            self.index, self.host, self.query
        )?;
        write!(f, "{:?} {} bytes", self.route, self.body_len)
    }
}

/// A message that a client sent over a websocket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageRecord {
    /// The path of the websocket on its host.
    pub path: String,
    /// Whether the message was in a binary frame.
    pub binary: bool,
    /// The content of the message.
    pub body: Bytes,
}

/// The store of the latest requests, with the number of requests to each route.
pub(crate) struct Records {
    limit: usize,
    next: AtomicU64,
    counts: Vec<AtomicU64>,
    direct_calls: Mutex<VecDeque<Arc<RequestRecord>>>,
    kept: Mutex<VecDeque<Arc<RequestRecord>>>,
    messages: Mutex<VecDeque<MessageRecord>>,
}

impl Records {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            next: AtomicU64::new(0),
            counts: Route::ALL.iter().map(|_| AtomicU64::new(0)).collect(),
            direct_calls: Mutex::default(),
            kept: Mutex::default(),
            messages: Mutex::default(),
        }
    }

    /// Numbers and records a request.
    pub(crate) fn add(&self, mut record: RequestRecord) -> Arc<RequestRecord> {
        if let Some(count) = record
            .route
            .and_then(|route| self.counts.get(route as usize))
        {
            count.fetch_add(1, Ordering::Relaxed);
        }
        if self.limit == 0 {
            record.index = self.next.fetch_add(1, Ordering::Relaxed);
            return Arc::new(record);
        }
        let mut kept = self.lock();
        record.index = self.next.fetch_add(1, Ordering::Relaxed);
        let record = Arc::new(record);
        if kept.len() == self.limit {
            kept.pop_front();
        }
        kept.push_back(Arc::clone(&record));
        record
    }

    /// Records a message of a websocket.
    pub(crate) fn add_message(&self, path: &str, message: &Message) {
        if self.limit == 0 {
            return;
        }
        let mut messages = lock(&self.messages);
        if messages.len() == self.limit {
            messages.pop_front();
        }
        messages.push_back(MessageRecord {
            path: path.to_owned(),
            binary: message.is_binary(),
            body: message.clone().into_data(),
        });
    }

    pub(crate) fn messages(&self) -> Vec<MessageRecord> {
        let messages = lock(&self.messages);
        messages.iter().cloned().collect()
    }

    pub(crate) fn all(&self) -> Vec<Arc<RequestRecord>> {
        self.lock().iter().cloned().collect()
    }

    pub(crate) fn count(&self, route: Route) -> u64 {
        self.counts
            .get(route as usize)
            .map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// Records a direct call that is carried out.
    pub(crate) fn add_direct_call(&self, request: &Arc<RequestRecord>) {
        if self.limit == 0 {
            return;
        }
        let mut calls = lock(&self.direct_calls);
        if calls.len() == self.limit {
            calls.pop_front();
        }
        calls.push_back(Arc::clone(request));
    }

    pub(crate) fn direct_calls(&self) -> Vec<Arc<RequestRecord>> {
        lock(&self.direct_calls).iter().cloned().collect()
    }

    /// The number of all requests, including those that are no longer recorded.
    pub(crate) fn total(&self) -> u64 {
        self.next.load(Ordering::Relaxed)
    }

    pub(crate) fn reset(&self) {
        let mut kept = self.lock();
        kept.clear();
        lock(&self.messages).clear();
        lock(&self.direct_calls).clear();
        self.next.store(0, Ordering::Relaxed);
        for count in &self.counts {
            count.store(0, Ordering::Relaxed);
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<RequestRecord>>> {
        lock(&self.kept)
    }
}
