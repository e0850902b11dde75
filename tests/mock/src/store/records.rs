//! The records of requests and messages of clients.

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use hyper::{HeaderMap, Method};
use serde::Serialize;
use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;

use super::json;
use crate::{
    protocol::{host::Host, route::Route},
    sync::lock,
};

/// A request as the server received it.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The index in order of arrival, from 0.
    pub index: u64,
    /// The route; `None` if the request matched none.
    pub route: Option<Route>,
    /// The host of fal that the request was sent to; `None` if it was not one of these.
    #[serde(serialize_with = "json::host")]
    pub host: Option<Host>,
    /// The method, such as `POST`.
    #[serde(serialize_with = "json::method")]
    pub method: Method,
    /// The path on the host, without the prefix that selects the host.
    pub path: String,
    /// The query as it was sent, without the question mark.
    pub query: String,
    /// The headers as they were sent.
    #[serde(serialize_with = "json::headers")]
    pub headers: HeaderMap,
    /// The body, up to the length that the server records, which is 1 MiB by default.
    #[serde(flatten, serialize_with = "json::content")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MessageRecord {
    /// The path of the websocket on its host.
    pub path: String,
    /// Whether the message was in a binary frame.
    pub binary: bool,
    /// The content of the message.
    #[serde(flatten, serialize_with = "json::content")]
    pub body: Bytes,
}

/// The latest items of a kind, in order.
struct Latest<T> {
    limit: usize,
    items: Mutex<VecDeque<T>>,
}

impl<T: Clone> Latest<T> {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            items: Mutex::default(),
        }
    }

    /// Adds what `item` returns, which is called while no other item can be added.
    fn add_with(&self, item: impl FnOnce() -> T) -> T {
        if self.limit == 0 {
            return item();
        }
        let mut items = lock(&self.items);
        let item = item();
        if items.len() == self.limit {
            items.pop_front();
        }
        items.push_back(item.clone());
        item
    }

    fn all(&self) -> Vec<T> {
        lock(&self.items).iter().cloned().collect()
    }

    fn clear(&self) {
        lock(&self.items).clear();
    }
}

/// The store of the latest requests, with the number of requests to each route.
pub(crate) struct Records {
    next: AtomicU64,
    counts: Vec<AtomicU64>,
    requests: Latest<Arc<RequestRecord>>,
    direct_calls: Latest<Arc<RequestRecord>>,
    messages: Latest<MessageRecord>,
}

impl Records {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            next: AtomicU64::new(0),
            counts: Route::ALL.iter().map(|_| AtomicU64::new(0)).collect(),
            requests: Latest::new(limit),
            direct_calls: Latest::new(limit),
            messages: Latest::new(limit),
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
        self.requests.add_with(|| {
            record.index = self.next.fetch_add(1, Ordering::Relaxed);
            Arc::new(record)
        })
    }

    /// Records a message of a websocket.
    pub(crate) fn add_message(&self, path: &str, message: &Message) {
        self.messages.add_with(|| MessageRecord {
            path: path.to_owned(),
            binary: message.is_binary(),
            body: message.clone().into_data(),
        });
    }

    /// Records a direct call that is carried out.
    pub(crate) fn add_direct_call(&self, request: &Arc<RequestRecord>) {
        self.direct_calls.add_with(|| Arc::clone(request));
    }

    pub(crate) fn all(&self) -> Vec<Arc<RequestRecord>> {
        self.requests.all()
    }

    pub(crate) fn direct_calls(&self) -> Vec<Arc<RequestRecord>> {
        self.direct_calls.all()
    }

    pub(crate) fn messages(&self) -> Vec<MessageRecord> {
        self.messages.all()
    }

    pub(crate) fn count(&self, route: Route) -> u64 {
        self.counts
            .get(route as usize)
            .map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// The number of all requests, including those that are no longer recorded.
    pub(crate) fn total(&self) -> u64 {
        self.next.load(Ordering::Relaxed)
    }

    pub(crate) fn reset(&self) {
        // No request is numbered meanwhile.
        let mut requests = lock(&self.requests.items);
        requests.clear();
        self.direct_calls.clear();
        self.messages.clear();
        self.next.store(0, Ordering::Relaxed);
        for count in &self.counts {
            count.store(0, Ordering::Relaxed);
        }
    }
}
