//! The connections of a client, with pools of their own for each tokio runtime.
//!
//! A connection is driven by the runtime in which it was made. In another runtime, a
//! request over it could wait forever, so runtimes do not share pools.

use std::mem;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::Url;
use tokio::runtime::Id;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::body::Outgoing;
use super::operation::Operation;
use super::pool::{Pool, Protocol, Trust};
use super::request::Request;
use crate::transport::error::Result;
use crate::transport::lock::lock;
use crate::transport::runtime;

/// What connections are used for. Those of one purpose share a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// All requests that have no purpose of their own below.
    Calls,
    /// Status streams, which would otherwise use up the stream limit of a shared
    /// HTTP/2 connection and keep every other call waiting. A pool makes a single HTTP/2
    /// connection, so there is a numbered pool for each.
    Streams(usize),
    /// Large files and parts of them, encrypted. Over HTTP/1.1, each that is under way has a
    /// connection of its own. On an HTTP/2 connection they would be encrypted one after the
    /// other, and share what the server accepts before it has read it.
    Uploads,
    /// Downloads, which lead to public addresses only.
    Downloads,
    /// Websockets, which begin as HTTP/1.1.
    #[cfg(feature = "realtime")]
    Sockets,
}

impl Purpose {
    /// The purpose of a request whose reply is read at once.
    pub(super) fn of(request: &Request) -> Self {
        let is_large = |body: &Outgoing| body.len() >= LARGE;
        let is_large = request.outgoing.as_ref().is_some_and(is_large);
        match request.operation {
            Operation::Upload if is_large && is_encrypted(&request.url) => Self::Uploads,
            _ => Self::Calls,
        }
    }

    fn protocol(self) -> Protocol {
        match self {
            Self::Calls | Self::Streams(_) => Protocol::Any,
            Self::Uploads => Protocol::Http1,
            Self::Downloads => Protocol::PublicOnly,
            #[cfg(feature = "realtime")]
            Self::Sockets => Protocol::Http1Only,
        }
    }
}

/// The pools of a client, made when they are first needed.
pub(super) struct Connections {
    pool: Pool,
    open: Mutex<OpenPools>,
}

#[derive(Default)]
struct OpenPools {
    pools: Vec<Open>,
    /// The client that was built to check the settings, until it is needed.
    unused: Option<(Trust, reqwest::Client)>,
}

/// A pool of connections, for one purpose in one runtime.
struct Open {
    trust: Trust,
    lease: Lease,
}

/// A pool to send a request over.
#[derive(Clone)]
pub(super) struct Lease {
    pub(super) client: reqwest::Client,
    purpose: Purpose,
    runtime: Id,
    since: Instant,
    /// The turns of the first requests; closed once there was a reply.
    turns: Arc<Semaphore>,
}

/// How many requests are sent over a pool at once before its first reply. The HTTP library learns
/// that a server speaks HTTP/2 only from a connection, so until then it makes one for each.
const FIRST_AT_ONCE: usize = 8;

/// How long other requests wait for the first reply: about as long as it would take them to
/// connect.
const LONGEST_WAIT: Duration = Duration::from_millis(250);

/// The length from which a file or a part of one is worth a connection of its own: that of the
/// smallest part. A small file that follows others would pay for a handshake.
const LARGE: u64 = 5 << 20;

/// For how many runtimes pools are kept. A program that starts one runtime after another, such as
/// a set of tests, leaves pools behind that are no longer used.
const MOST_RUNTIMES: usize = 8;

/// How old a pool must be before a timeout replaces it, so that many calls that
/// time out together replace it once.
const REPLACED_AFTER: Duration = Duration::from_millis(500);

impl Connections {
    /// # Errors
    /// When the HTTP library cannot be set up like this.
    pub(super) fn new(pool: Pool) -> Result<Self> {
        // Reports wrong settings when the client is built.
        let trust = pool.trust(false);
        let client = pool.build(Protocol::Any, trust)?;
        let open = OpenPools {
            pools: Vec::new(),
            unused: Some((trust, client)),
        };
        Ok(Self {
            pool,
            open: Mutex::new(open),
        })
    }

    /// The pool for requests to a URL with a purpose, in the current runtime.
    ///
    /// # Errors
    /// When it is called outside any runtime, and when the HTTP library cannot be
    /// set up.
    pub(super) fn lease(&self, purpose: Purpose, url: &Url) -> Result<Lease> {
        let runtime = runtime::current()?;
        let trust = self.pool.trust(is_encrypted(url));
        let mut open = lock(&self.open);
        let known = open.pools.iter().find(|Open { lease, trust: of }| {
            lease.runtime == runtime && lease.purpose == purpose && *of == trust
        });
        if let Some(known) = known {
            return Ok(known.lease.clone());
        }
        let protocol = purpose.protocol();
        let client = match open.take_unused(protocol, trust) {
            Some(unused) => unused,
            None => self.pool.build(protocol, trust)?,
        };
        let turns = Semaphore::new(FIRST_AT_ONCE);
        if !matches!(protocol, Protocol::Any | Protocol::PublicOnly) {
            turns.close();
        }
        let lease = Lease {
            client,
            purpose,
            runtime,
            since: Instant::now(),
            turns: Arc::new(turns),
        };
        open.add(Open {
            trust,
            lease: lease.clone(),
        });
        Ok(lease)
    }

    /// Lets no further request use the connections over which one timed out, since they may
    /// be dead without having been closed. Requests under way keep theirs.
    pub(super) fn abandon(&self, lease: &Lease) {
        if lease.since.elapsed() < REPLACED_AFTER {
            return;
        }
        lock(&self.open).pools.retain(|Open { lease: open, .. }| {
            open.runtime != lease.runtime
                || open.purpose != lease.purpose
                || open.since != lease.since
        });
    }
}

fn is_encrypted(url: &Url) -> bool {
    matches!(url.scheme(), "https" | "wss")
}

impl Lease {
    /// Waits for the turn of a request. Of hundreds that begin at once, hardly any has to make a
    /// TLS connection, only to find that another one can be used.
    pub(super) async fn turn(&self, url: &Url) -> Option<SemaphorePermit<'_>> {
        if self.turns.is_closed() || !is_encrypted(url) {
            return None;
        }
        // In a box, since only the first requests wait.
        let turn = Box::pin(tokio::time::timeout(LONGEST_WAIT, self.turns.acquire()));
        turn.await.ok()?.ok()
    }

    /// Ends the waiting for turns, since there was a reply.
    pub(super) fn was_answered(&self) {
        if !self.turns.is_closed() {
            self.turns.close();
        }
    }
}

impl OpenPools {
    fn take_unused(&mut self, protocol: Protocol, trust: Trust) -> Option<reqwest::Client> {
        match mem::take(&mut self.unused) {
            Some((of, client)) if protocol == Protocol::Any && of == trust => Some(client),
            other => {
                self.unused = other;
                None
            }
        }
    }

    /// Adds a pool. If it is the first of its runtime, the pools of the runtime that was
    /// seen first may have to go.
    fn add(&mut self, made: Open) {
        let mut runtimes: Vec<Id> = Vec::new();
        for open in &self.pools {
            if !runtimes.contains(&open.lease.runtime) {
                runtimes.push(open.lease.runtime);
            }
        }
        if runtimes.len() >= MOST_RUNTIMES && !runtimes.contains(&made.lease.runtime) {
            let oldest = runtimes[0];
            self.pools.retain(|open| open.lease.runtime != oldest);
        }
        self.pools.push(made);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::transport::http::credentials::Credentials;
    use crate::transport::http::hosts::Hosts;
    use crate::transport::http::settings::Settings;

    fn lease(purpose: Purpose) -> Lease {
        let hosts = Hosts::new(&[], false).unwrap();
        let settings = Settings::new(hosts, Credentials::anonymous());
        let connections = Connections::new(Pool::new(&settings)).unwrap();
        connections.lease(purpose, &url("https")).unwrap()
    }

    fn url(scheme: &str) -> Url {
        Url::parse(&format!("{scheme}://queue.fal.run")).unwrap()
    }

    #[tokio::test]
    async fn many_requests_wait_for_the_reply_to_one_of_the_first() {
        let (lease, secure) = (lease(Purpose::Calls), url("https"));
        let turn = || lease.turn(&secure).now_or_never();
        let mut first: Vec<_> = (0..FIRST_AT_ONCE).map(|_| turn().unwrap()).collect();
        assert!(turn().is_none(), "it waits");
        assert!(lease.turn(&url("http")).now_or_never().is_some());
        assert!(first.pop().unwrap().is_some());
        assert!(
            turn().is_some_and(|turn| turn.is_some()),
            "of one that failed"
        );
        let waiting = lease.clone();
        let waiting = tokio::spawn(async move { waiting.turn(&secure).await.is_some() });
        lease.was_answered();
        assert!(!waiting.await.unwrap(), "no turn is needed any more");
        assert!(lease.turn(&url("https")).now_or_never().is_some());
    }

    #[tokio::test]
    async fn nothing_waits_for_long() {
        let (lease, secure) = (lease(Purpose::Streams(0)), url("https"));
        let mut turns = Vec::new();
        for _ in 0..FIRST_AT_ONCE + 1 {
            turns.push(lease.turn(&secure).await);
        }
        assert_eq!(turns.iter().flatten().count(), FIRST_AT_ONCE);
    }

    #[tokio::test]
    async fn what_needs_connections_of_its_own_does_not_wait() {
        let (lease, secure) = (lease(Purpose::Uploads), url("https"));
        let turns = (0..99).map(|_| lease.turn(&secure).now_or_never());
        assert!(turns.flatten().all(|turn| turn.is_none()));
    }
}
