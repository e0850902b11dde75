//! Workers, which claim items and submit them.

mod claim;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use fal_sdk::{Client, Submit};
use futures_util::future::{Either, select};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub(crate) use self::claim::sweep;
use self::claim::{Claimed, Claims};
use crate::error::Result;
use crate::settle::{Failure, ItemKey, Outcome, Settler};
use crate::store::{Pause, Store};

/// How long an item waits after a refusal that it did not cause, such as a rate limit.
const DEFERRED: Duration = Duration::from_secs(5);
/// How long an item waits after a refusal whose cause a person has to correct, such as the key or
/// the balance of the account.
const DEFERRED_LONG: Duration = Duration::from_secs(60);
/// The pause between claims while there is nothing to claim.
const IDLE: Duration = Duration::from_millis(500);

/// How long a worker waits for more slots to become free before it claims again.
const LINGER: Duration = Duration::from_millis(20);

type ChangeOptions = dyn Fn(Submit<Value>) -> Submit<Value> + Send + Sync;

/// Claims items of batches and submits them. Any number of workers, on any machines, share the
/// work.
///
/// An item goes through these states, each of which is committed before the next step:
///
/// 1. *claimed*: this worker has the item for the time of a [lease](Self::lease), which it
///    renews. If the worker dies, the item is free again after the lease.
/// 2. *submitting*: the submit request is being sent. If the worker dies, it is unknown whether
///    there is a job: the item becomes *unknown*, and is submitted again only by
///    [`Batch::resubmit_unknown`](crate::Batch::resubmit_unknown). A webhook that arrives for the
///    item still records its outcome.
/// 3. *submitted*: the request id is recorded. No worker is needed any more; the
///    [receiver](crate::Receiver) or the [reconciler](crate::Reconciler) records the outcome.
#[must_use = "a worker does nothing until it is run"]
pub struct Worker {
    client: Client,
    store: Store,
    batch: Option<String>,
    webhook: Option<String>,
    options: Arc<ChangeOptions>,
    concurrency: usize,
    lease: Duration,
    check_after: Option<Duration>,
    ends_when_empty: bool,
}

impl Worker {
    /// Creates a worker for all batches of a store.
    pub fn new(client: Client, store: Store) -> Self {
        Self {
            client,
            store,
            batch: None,
            webhook: None,
            options: Arc::new(|submit| submit),
            concurrency: 16,
            lease: Duration::from_secs(60),
            check_after: None,
            ends_when_empty: false,
        }
    }

    /// Lets the worker submit only the items of this batch. By default it serves all batches of
    /// the store.
    pub fn batch(mut self, name: impl Into<String>) -> Self {
        self.batch = Some(name.into());
        self
    }

    /// Sets the URL to which fal posts the outcomes, and at which a
    /// [`Receiver`](crate::Receiver) takes them. A query parameter that identifies the item is
    /// added to it. Without a webhook, the [`Reconciler`](crate::Reconciler) requests every
    /// outcome.
    pub fn webhook(mut self, url: impl Into<String>) -> Self {
        self.webhook = Some(url.into());
        self
    }

    /// Sets a function that changes the options of every submit, such as
    /// `|submit| submit.priority(Priority::Low)`.
    pub fn options(
        mut self,
        change: impl Fn(Submit<Value>) -> Submit<Value> + Send + Sync + 'static,
    ) -> Self {
        self.options = Arc::new(change);
        self
    }

    /// Sets how many submit requests this worker sends at once, from 1 to 1,000. Default: 16.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.clamp(1, 1_000);
        self
    }

    /// Sets how long an item stays claimed by a worker that has stopped responding. All workers
    /// of a store should have the same lease. It is measured by the clock of the database, not by
    /// those of the machines. Default: 60 s. The shortest is 1 s.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_secs(1));
        self
    }

    /// Sets how long after its submit a job is checked by the
    /// [`Reconciler`](crate::Reconciler), if no webhook has arrived. Default: 10 minutes with a
    /// webhook, otherwise 1 s.
    pub fn check_after(mut self, pause: Duration) -> Self {
        self.check_after = Some(pause);
        self
    }

    /// Lets the worker end when no item is left to be submitted. By default it waits for more
    /// items.
    pub fn ends_when_empty(mut self) -> Self {
        self.ends_when_empty = true;
        self
    }

    /// Runs the worker until an error occurs or, with
    /// [`ends_when_empty`](Self::ends_when_empty), no item is left.
    ///
    /// # Errors
    /// When the schema is of another version of this crate, a permission is missing, or the
    /// database refuses a statement. While the database is not available, the worker waits.
    pub async fn run(self) -> Result<()> {
        self.run_until(std::future::pending()).await
    }

    /// Runs the worker until `stop` is ready. It then claims no more items, and ends when the
    /// submits that have begun are recorded.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub async fn run_until(self, stop: impl Future<Output = ()> + Send) -> Result<()> {
        wait_for_schema(&self.store).await?;
        let claims = Claims::new(self.store.clone(), self.batch.clone(), self.lease);
        let mut renewal = JoinSet::new();
        renewal.spawn(claims.clone().renew());
        let running = Arc::new(Running {
            settler: Settler::new(self.store.clone()),
            client: self.client.clone(),
            webhook: self.webhook.clone(),
            options: Arc::clone(&self.options),
            lease: self.lease,
            check_after: self.first_check(),
            refused_until: Mutex::default(),
        });
        let mut submits = JoinSet::new();
        tokio::pin!(stop);
        let outcome = self.work(&claims, &running, &mut submits, stop).await;
        while submits.join_next().await.is_some() {}
        claims.release().await;
        outcome
    }

    /// Claims and submits items until none is left or `stop` is ready. It never stops between
    /// the intent to submit an item and the submit.
    async fn work(
        &self,
        claims: &Claims,
        running: &Arc<Running>,
        submits: &mut JoinSet<()>,
        mut stop: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> Result<()> {
        let slots = Arc::new(Semaphore::new(self.concurrency));
        let mut pause = Pause::default();
        loop {
            let ready = async {
                // After this, at least one slot is free.
                drop(slots.acquire().await);
                running.wait_for_fal().await;
            };
            if stops_before(&mut stop, ready).await {
                return Ok(());
            }
            // Waits for more free slots, so that one statement fills several.
            let half = u32::try_from(self.concurrency.div_ceil(2)).unwrap_or(1);
            drop(tokio::time::timeout(LINGER, slots.acquire_many(half)).await);
            while submits.try_join_next().is_some() {}
            let claimed = match claims.next(slots.available_permits().max(1)).await {
                Ok(claimed) => claimed,
                Err(error) if error.is_transient() => {
                    self.store.wait(&error, &mut pause).await;
                    continue;
                }
                Err(error) => return Err(error),
            };
            pause = Pause::default();
            if claimed.is_empty() {
                if self.ends_when_empty && claims.is_nothing_left().await? {
                    return Ok(());
                }
                let idle = tokio::time::sleep(IDLE.mul_f64(0.5 + fastrand::f64()));
                if stops_before(&mut stop, idle).await {
                    return Ok(());
                }
                continue;
            }
            let begun = Instant::now();
            let (mine, lost) = claims.intend(claimed).await?;
            let may_send = mine.into_iter().map(|item| (item, true));
            // The database was not available for so long that the leases have passed. The intent
            // may still have been committed, and only this worker knows that nothing was sent.
            let may_not = lost.into_iter().map(|item| (item, false));
            for (item, may_send) in may_send.chain(may_not) {
                let running = Arc::clone(running);
                let (claims, slots) = (claims.clone(), Arc::clone(&slots));
                let slot = slots.acquire_owned().await;
                submits.spawn(async move {
                    let (_slot, id) = (slot, item.id);
                    running.submit(item, begun, may_send).await;
                    claims.forget(id);
                });
            }
        }
    }

    fn first_check(&self) -> Duration {
        self.check_after.unwrap_or(match self.webhook {
            Some(_) => Duration::from_secs(600),
            None => Duration::from_secs(1),
        })
    }
}

/// Waits for work, and returns whether `stop` was ready before it.
pub(crate) async fn stops_before(
    stop: &mut Pin<&mut impl Future<Output = ()>>,
    work: impl Future<Output = ()>,
) -> bool {
    matches!(select(stop, std::pin::pin!(work)).await, Either::Left(_))
}

/// Waits for the database, and checks its schema.
pub(crate) async fn wait_for_schema(store: &Store) -> Result<()> {
    let mut pause = Pause::default();
    loop {
        match store.check().await {
            Err(error) if error.is_transient() => store.wait(&error, &mut pause).await,
            checked => return checked,
        }
    }
}

/// The parts of a worker that its submits share.
struct Running {
    settler: Settler,
    client: Client,
    webhook: Option<String>,
    options: Arc<ChangeOptions>,
    lease: Duration,
    check_after: Duration,
    /// The time until which nothing is submitted.
    refused_until: Mutex<Option<Instant>>,
}

impl Running {
    /// Waits while fal refuses all jobs for a reason that is not in the items, such as a rate
    /// limit.
    async fn wait_for_fal(&self) {
        loop {
            let until = *self.refused_until();
            let wait = until.map(|until| until.saturating_duration_since(Instant::now()));
            match wait {
                Some(wait) if !wait.is_zero() => tokio::time::sleep(wait).await,
                _ => return,
            }
        }
    }

    fn refused_until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.refused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Submits an item whose intent was committed, and records the outcome of the submit.
    async fn submit(&self, item: Claimed, begun: Instant, may_send: bool) {
        let key = ItemKey {
            id: Some(item.id),
            token: Some(item.token.clone()),
            request_id: None,
            attempt: Some(item.attempt),
        };
        // If the machine slept or the database was slow, another worker may have the item by
        // now. Nothing was sent, so the item is released.
        let (key, outcome) = match may_send && begun.elapsed() < self.lease {
            true => self.send(item, key).await,
            false => (key, Outcome::Deferred(late(), Duration::ZERO)),
        };
        if let Outcome::Deferred(_, pause) = &outcome {
            *self.refused_until() = Instant::now().checked_add(*pause);
        }
        // An error here means that the database refuses the statement. The webhook still finds
        // the item, or the lease ends and the outcome is unknown.
        let _ = self.settler.settle(key, outcome).await;
    }

    async fn send(&self, item: Claimed, mut key: ItemKey) -> (ItemKey, Outcome) {
        let input: Value = match serde_json::from_str(&item.input) {
            Ok(input) => input,
            Err(error) => return (key, Outcome::Refused(unreadable(&error))),
        };
        let endpoint = match self.client.endpoint(&item.endpoint) {
            Ok(endpoint) => endpoint,
            Err(error) => return (key, Outcome::Refused(Failure::of(&error))),
        };
        let mut submit = (self.options)(endpoint.submit(input));
        if let Some(url) = &self.webhook {
            submit = submit.webhook(webhook_of(url, &item));
        }
        let outcome = match submit.await {
            Ok(job) => {
                key.request_id = Some(job.request_id().to_owned());
                Outcome::Accepted {
                    job: serde_json::to_value(&job).unwrap_or_default(),
                    check_after: self.check_after,
                }
            }
            Err(error) => refusal(&error),
        };
        (key, outcome)
    }
}

/// The outcome of an item whose submit failed with this error.
fn refusal(error: &fal_sdk::Error) -> Outcome {
    let failure = Failure::of(error);
    match error {
        error if error.is_outcome_unknown() => Outcome::Unknown(failure),
        error if error.is_auth() || error.is_balance() => Outcome::Deferred(failure, DEFERRED_LONG),
        error if error.is_retryable() || error.is_connection() || error.is_rate_limited() => {
            Outcome::Deferred(failure, error.retry_after().unwrap_or(DEFERRED))
        }
        _ => Outcome::Refused(failure),
    }
}

fn late() -> Failure {
    Failure {
        kind: "timeout".to_owned(),
        message: "the lease passed before the item was submitted".to_owned(),
        units: None,
    }
}

fn unreadable(error: &serde_json::Error) -> Failure {
    Failure {
        kind: "encode".to_owned(),
        message: format!("the input cannot be read: {error}"),
        units: None,
    }
}

/// The URL with the query parameter by which the receiver finds the item.
fn webhook_of(url: &str, item: &Claimed) -> String {
    let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
    let separator = if url.contains('?') { '&' } else { '?' };
    let marked = format!("{url}{separator}fal_item={}.{}", item.id, item.token);
    match fragment {
        "" => marked,
        fragment => format!("{marked}#{fragment}"),
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("batch", &self.batch)
            .field("webhook", &self.webhook)
            .field("concurrency", &self.concurrency)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}
