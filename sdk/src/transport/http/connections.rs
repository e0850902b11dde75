//! The connections of a client, a set of them for each runtime.
//!
//! A connection is driven by the runtime in which it was made. Another runtime that
//! took it from a shared pool would wait for something that nobody does, so each
//! runtime has a pool of its own.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Id;

use super::pool::{Pool, Protocol};
use crate::transport::error::Result;
use crate::transport::runtime;

/// What connections are used for. Those of one purpose share a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Requests of every other kind.
    Calls,
    /// Status streams, which would otherwise use up the stream limit of a shared
    /// HTTP/2 connection and keep every other call waiting.
    Streams,
    /// Downloads, which lead to public addresses only.
    Downloads,
    /// Websockets, which begin as HTTP/1.1.
    #[cfg(feature = "realtime")]
    Sockets,
}

impl Purpose {
    fn protocol(self) -> Protocol {
        match self {
            Self::Calls | Self::Streams => Protocol::Any,
            Self::Downloads => Protocol::PublicOnly,
            #[cfg(feature = "realtime")]
            Self::Sockets => Protocol::Http1,
        }
    }
}

/// The pools of a client, made when they are first needed.
pub(super) struct Connections {
    pool: Pool,
    open: Mutex<Vec<Open>>,
}

/// A pool of connections, for one purpose in one runtime.
struct Open {
    runtime: Id,
    purpose: Purpose,
    client: reqwest::Client,
    since: Instant,
}

/// A pool to send a request over.
pub(super) struct Lease {
    pub(super) client: reqwest::Client,
    purpose: Purpose,
    runtime: Id,
    since: Instant,
}

/// How many pools are kept. A program that starts one runtime after another, such
/// as a set of tests, leaves pools behind that nobody uses.
const MOST: usize = 16;

/// How old a pool must be before a timeout replaces it, so that many calls that
/// time out together replace it once.
const REPLACED_AFTER: Duration = Duration::from_millis(500);

impl Connections {
    /// # Errors
    /// When the HTTP library cannot be set up like this.
    pub(super) fn new(pool: Pool) -> Result<Self> {
        // Reports wrong settings when the client is built.
        pool.build(Protocol::Any)?;
        Ok(Self {
            pool,
            open: Mutex::default(),
        })
    }

    /// The pool for a purpose in the current runtime.
    ///
    /// # Errors
    /// When it is called outside any runtime, and when the HTTP library cannot be
    /// set up.
    pub(super) fn lease(&self, purpose: Purpose) -> Result<Lease> {
        let runtime = runtime::current()?;
        let mut open = self.open();
        let known = open
            .iter()
            .find(|open| open.runtime == runtime && open.purpose == purpose);
        if let Some(known) = known {
            return Ok(known.lease());
        }
        let made = Open {
            runtime,
            purpose,
            client: self.pool.build(purpose.protocol())?,
            since: Instant::now(),
        };
        let lease = made.lease();
        if open.len() >= MOST {
            open.remove(0);
        }
        open.push(made);
        Ok(lease)
    }

    /// Lets no further request use the connections over which one timed out, since they may
    /// be dead without having been closed. Requests under way keep theirs.
    pub(super) fn abandon(&self, lease: &Lease) {
        if lease.since.elapsed() < REPLACED_AFTER {
            return;
        }
        self.open().retain(|open| {
            open.runtime != lease.runtime
                || open.purpose != lease.purpose
                || open.since != lease.since
        });
    }

    fn open(&self) -> MutexGuard<'_, Vec<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn lease(&self) -> Lease {
        Lease {
            client: self.client.clone(),
            purpose: self.purpose,
            runtime: self.runtime,
            since: self.since,
        }
    }
}
