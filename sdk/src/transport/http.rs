//! Requests to fal's servers. No other module sends the key.
//!
//! The layers above describe a [`Request`] and read a [`Reply`]. Connections, the key,
//! retries, limits and the meaning of the transport's errors are handled here.

mod address;
pub(crate) mod allowed_hosts;
mod array_tail;
mod attempt_event;
mod backup;
pub(crate) mod body;
mod connections;
pub(crate) mod credentials;
mod endpoint_urls;
mod failure;
pub(crate) mod hosts;
#[cfg(feature = "jsonschema")]
pub(crate) mod input_schemas;
pub(crate) mod limits;
mod operation;
mod pool;
pub(crate) mod proxy;
pub(crate) mod public_addresses;
mod reply;
mod request;
pub(crate) mod retry;
mod settings;
pub(crate) mod sse;
mod stream_slots;
#[cfg(feature = "forward")]
pub(crate) mod target;
pub(crate) mod tokens;
mod transport;
mod walk;

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::select;
use reqwest::Url;
use tokio::sync::Semaphore;

use allowed_hosts::AllowedHosts;
use connections::{Connections, Lease, Purpose};
use credentials::Credentials;
use endpoint_urls::EndpointUrls;
pub(crate) use failure::{Failure, unknown};
pub(crate) use hosts::Host;
use hosts::Hosts;
pub use operation::Operation;
pub(crate) use pool::{Customize, Pool};
pub(crate) use reply::{Reply, billable_units, header, request_id};
pub(crate) use request::Request;
use retry::{Budget, Decision};
pub(crate) use settings::Settings;
pub use settings::{PollInterval, StatusMode};
use stream_slots::StreamSlots;
pub(crate) use stream_slots::{QueuedForSlot, StreamSlot};
use tokens::TokenCache;
pub(crate) use transport::Incoming;
use transport::ReadLimits;

use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::runtime;

/// The connections to fal's servers and everything that calls share; cloning it
/// is cheap.
#[derive(Clone)]
pub(crate) struct Http(Arc<Inner>);

struct Inner {
    settings: Settings,
    connections: Connections,
    stream_slots: Arc<StreamSlots>,
    call_slots: Semaphore,
    endpoint_urls: EndpointUrls,
    budget: Budget,
    cdn_token: TokenCache,
    #[cfg(feature = "jsonschema")]
    input_schemas: input_schemas::InputSchemas,
}

impl Http {
    /// # Errors
    /// When the HTTP library cannot be set up with these settings.
    pub(crate) fn new(settings: Settings, pool: Pool) -> Result<Self> {
        let slots = |count: usize| count.clamp(1, Semaphore::MAX_PERMITS);
        Ok(Self(Arc::new(Inner {
            connections: Connections::new(pool)?,
            stream_slots: StreamSlots::new(settings.limits.status_streams),
            call_slots: Semaphore::new(slots(settings.limits.calls)),
            endpoint_urls: EndpointUrls::default(),
            budget: Budget::new(),
            cdn_token: TokenCache::default(),
            #[cfg(feature = "jsonschema")]
            input_schemas: input_schemas::InputSchemas::default(),
            settings,
        })))
    }

    /// Connections with default settings and without a key.
    ///
    /// # Errors
    /// When the HTTP library cannot be set up.
    pub(crate) fn anonymous() -> Result<Self> {
        let settings = Settings {
            allowed_hosts: AllowedHosts::of_process(),
            ..Settings::new(Hosts::new(&[], false)?, Credentials::anonymous())
        };
        let pool = Pool::new(&settings);
        Self::new(settings, pool)
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The token for the file store.
    pub(crate) fn cdn_token(&self) -> &TokenCache {
        &self.0.cdn_token
    }

    /// The schemas of inputs that were fetched.
    #[cfg(feature = "jsonschema")]
    pub(crate) fn input_schemas(&self) -> &input_schemas::InputSchemas {
        &self.0.input_schemas
    }

    /// The slots for status streams.
    pub(crate) fn stream_slots(&self) -> &Arc<StreamSlots> {
        &self.0.stream_slots
    }

    /// The URL of a path on one of the hosts.
    pub(crate) fn url(&self, host: Host, path: &str) -> Url {
        self.0.settings.hosts.base(host).join(path)
    }

    /// The URL of an endpoint on one of the hosts.
    pub(crate) fn endpoint_url(&self, host: Host, endpoint: &EndpointId) -> Arc<Url> {
        let hosts = &self.0.settings.hosts;
        self.0.endpoint_urls.get(hosts, host, endpoint)
    }

    /// Sends a request, as often as its operation and policy allow. A reply with an error
    /// status is returned like any other.
    ///
    /// # Errors
    /// When no complete reply arrived.
    pub(crate) async fn send(&self, request: &Request) -> Result<Reply> {
        let mut number = 1;
        loop {
            let outcome = self.attempt(request).await;
            let Some(pause) = self.pause(request, number, &outcome) else {
                if outcome.as_ref().is_ok_and(|reply| !reply.is_transient()) {
                    self.0.budget.earn();
                }
                return outcome.map_err(|failure| failure.into_error(request.operation));
            };
            tokio::time::sleep(pause).await;
            number += 1;
        }
    }

    /// Sends a request once.
    pub(crate) async fn attempt(&self, request: &Request) -> Result<Reply, Failure> {
        let _slot = self.slot(request).await?;
        let started = Instant::now();
        let outcome = self.exchange(request).await;
        attempt_event::record(request.operation, started, &outcome);
        outcome
    }

    async fn exchange(&self, request: &Request) -> Result<Reply, Failure> {
        let lease = self.lease(Purpose::of(request), request)?;
        let time_left = request.time_left().map_err(Failure::local)?;
        let operation = request.operation;
        let limits = &self.0.settings.limits;
        let read_limits = ReadLimits {
            success: request.limit,
            error: limits.reply,
            idle: self.0.settings.timeouts.idle,
            tail_of: request.tail_of.map(|array| (array, limits.output)),
        };
        // In a box, since a future of this size costs more to move.
        let reply = Box::pin(async {
            let incoming = self.start(&lease, request).await?;
            if operation.uses_call_slot() {
                self.note_protocol(&incoming);
            }
            incoming.read_within(read_limits).await
        });
        let outcome = tokio::time::timeout(time_left, self.watch(request, reply))
            .await
            .unwrap_or_else(|_| Err(Failure::timeout(operation)));
        self.abandon_after_timeout(&lease, &outcome);
        outcome
    }

    fn lease(&self, purpose: Purpose, request: &Request) -> Result<Lease, Failure> {
        let lease = self.0.connections.lease(purpose, &request.url);
        lease.map_err(Failure::local)
    }

    /// Gives up connections over which a request timed out: they may be dead.
    fn abandon_after_timeout<T>(&self, lease: &Lease, outcome: &Result<T, Failure>) {
        if let Err(failure) = outcome
            && failure.sent
            && failure.error.timed_out()
        {
            self.0.connections.abandon(lease);
        }
    }

    /// Waits for the reply, and gives up if the request's body stops moving.
    async fn watch<T>(
        &self,
        request: &Request,
        reply: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let Some(body) = &request.outgoing else {
            return reply.await;
        };
        let timeouts = &self.0.settings.timeouts;
        let reply_timeout = request.reply_timeout.unwrap_or(timeouts.request);
        // In a box, so that requests with a short body need not have room for it.
        let stalled = Box::pin(async {
            body.stalled(timeouts.idle, reply_timeout).await;
            Err(Failure::timeout(request.operation))
        });
        select(pin!(reply), stalled).await.factor_first().0
    }

    /// Takes note of the protocol that the queue's server speaks.
    fn note_protocol(&self, incoming: &Incoming) {
        if incoming.is_http2() {
            self.0.stream_slots.allow_http2();
        }
    }

    /// Opens the stream of a job's status, over the connection that its slot names.
    pub(crate) async fn open_status_stream(
        &self,
        request: &Request,
        slot: &StreamSlot,
    ) -> Result<Incoming, Failure> {
        let purpose = Purpose::Streams(slot.connection());
        let incoming = self.open_over(purpose, request).await?;
        self.note_protocol(&incoming);
        Ok(incoming)
    }

    /// Opens a reply whose body is read as it arrives. The request is sent once. Replies that
    /// stay open for long have connections of their own.
    pub(crate) async fn open(&self, request: &Request) -> Result<Incoming, Failure> {
        let purpose = match request.operation {
            Operation::StatusStream => Purpose::Streams(0),
            #[cfg(feature = "realtime")]
            Operation::Realtime => Purpose::Sockets,
            Operation::Download => Purpose::Downloads,
            _ => Purpose::Calls,
        };
        if request.operation == Operation::Download {
            self.0.settings.allowed_hosts.note_request(&request.url);
        }
        self.open_over(purpose, request).await
    }

    async fn open_over(&self, purpose: Purpose, request: &Request) -> Result<Incoming, Failure> {
        let lease = self.lease(purpose, request)?;
        let time_left = request.time_left().map_err(Failure::local)?;
        let start = Box::pin(self.start(&lease, request));
        let outcome = tokio::time::timeout(time_left, self.watch(request, start))
            .await
            .unwrap_or_else(|_| Err(Failure::timeout(request.operation)));
        self.abandon_after_timeout(&lease, &outcome);
        outcome
    }

    /// Opens a reply, as often as its operation and policy allow. A reply with an error
    /// status is returned with its body already read.
    ///
    /// # Errors
    /// When no reply arrived.
    pub(crate) async fn open_as_allowed(
        &self,
        request: &Request,
    ) -> Result<Result<Incoming, Reply>> {
        let (limit, idle) = (self.settings().limits.reply, self.settings().timeouts.idle);
        let mut number = 1;
        loop {
            let outcome = match self.open(request).await {
                Ok(incoming) if incoming.is_open() => return Ok(Ok(incoming)),
                Ok(incoming) => incoming.read(limit, limit, idle).await,
                Err(failure) => Err(failure),
            };
            let Some(pause) = self.pause(request, number, &outcome) else {
                let outcome = outcome.map_err(|failure| failure.into_error(request.operation));
                return outcome.map(Err);
            };
            tokio::time::sleep(pause).await;
            number += 1;
        }
    }

    /// Waits for one of the slots for calls, if the request needs one. Each call that has a
    /// slot has a time limit, so a slot becomes free sooner or later.
    async fn slot(&self, request: &Request) -> Result<Option<impl Drop>, Failure> {
        if !request.operation.uses_call_slot() {
            return Ok(None);
        }
        runtime::current().map_err(Failure::local)?;
        let slots = self.0.call_slots.acquire();
        let permit = match request.deadline {
            Some(deadline) => tokio::time::timeout_at(deadline.into(), slots)
                .await
                .map_err(|_| {
                    let message = "the time limit passed while other calls were under way";
                    Failure::local(Error::new(ErrorKind::Timeout, message))
                })?,
            None => slots.await,
        };
        Ok(permit.ok())
    }

    /// Sends the head and the body, and waits for the head of the reply.
    async fn start(&self, lease: &Lease, request: &Request) -> Result<Incoming, Failure> {
        let (url, headers) = self.address(request).await.map_err(Failure::local)?;
        if !self.0.settings.backup_hosts {
            return transport::start(lease, request, url, headers).await;
        }
        Box::pin(backup::start(lease, request, url, headers)).await
    }

    /// How long to wait before the attempt after this one; `None` if there is to be none.
    fn pause(
        &self,
        request: &Request,
        number: u32,
        outcome: &Result<Reply, Failure>,
    ) -> Option<Duration> {
        let error = repeatable(request, outcome)?;
        let policy = request.retry.as_ref().unwrap_or(&self.0.settings.retry);
        match policy.decide(request.operation, number, &error, &self.0.budget) {
            Decision::GiveUp => None,
            Decision::RetryAfter(wait) => {
                let until = limits::moment_after(wait);
                let is_late = request.deadline.is_some_and(|deadline| until >= deadline);
                (!is_late).then_some(wait)
            }
        }
    }
}

/// The error of an attempt that may be repeated; `None` for a success and for
/// what must not be repeated.
fn repeatable(request: &Request, outcome: &Result<Reply, Failure>) -> Option<Error> {
    match outcome {
        Ok(reply) if reply.status.is_success() => None,
        Ok(reply) => {
            let allowed = match request.operation.is_billable() {
                true => reply.status.as_u16() == 429,
                false => (request.is_transient)(reply),
            };
            allowed.then(|| reply.error(request.operation))
        }
        Err(failure) => {
            let allowed = match (failure.error.kind(), failure.sent) {
                (ErrorKind::Connection, _) => true,
                (ErrorKind::Transport | ErrorKind::Timeout, true) => {
                    !request.operation.is_billable()
                }
                _ => false,
            };
            allowed.then(|| failure.error.clone_without_source())
        }
    }
}
