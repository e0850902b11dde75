//! The reconciler, which requests the outcomes from fal that no webhook delivered.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use fal_sdk::{Client, Job, StatusMode};
use futures_util::stream::{self, StreamExt};
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use crate::error::Result;
use crate::settle::{Failure, ItemKey, Outcome, Settler};
use crate::store::{Pause, Store};
use crate::worker::{stops_before, sweep, wait_for_schema};

/// After how many checks a job that fal does not know counts as failed. The first check of a new
/// job can be too early.
const DENIALS: i32 = 3;
/// How many requests are under way at once.
const CONCURRENCY: usize = 16;

/// Requests the outcomes of jobs that no webhook delivered, and ends the leases of workers that
/// have stopped.
///
/// A job is checked for the first time after [`check_after`](crate::Worker::check_after), and
/// then less and less often. Any number of reconcilers can run; they share one
/// [rate](Self::rate_per_second).
#[must_use = "a reconciler does nothing until it is run"]
pub struct Reconciler {
    client: Client,
    store: Store,
    rate: f64,
    interval: Duration,
    longest: Duration,
}

/// An item whose job is due to be checked.
struct Due {
    key: ItemKey,
    endpoint: String,
    request_id: String,
    job: Option<String>,
    checks: i32,
}

impl Due {
    /// # Errors
    /// When a column does not have its type, which another program must have changed.
    fn read(row: &Row) -> Result<Self> {
        let request_id: String = row.try_get("request_id")?;
        Ok(Self {
            key: ItemKey {
                id: Some(row.try_get("id")?),
                token: Some(row.try_get("token")?),
                request_id: Some(request_id.clone()),
                attempt: Some(row.try_get("attempt")?),
            },
            endpoint: row.try_get("endpoint")?,
            request_id,
            job: row.try_get("job")?,
            checks: row.try_get("checks")?,
        })
    }
}

impl Reconciler {
    /// Creates a reconciler for all batches of a store.
    pub fn new(client: Client, store: Store) -> Self {
        Self {
            client,
            store,
            rate: 5.0,
            interval: Duration::from_secs(2),
            longest: Duration::from_secs(600),
        }
    }

    /// Sets how many jobs per second are checked, by all reconcilers of the store together.
    /// Default: 5. The range is 0.01 to 10,000.
    pub fn rate_per_second(mut self, jobs: f64) -> Self {
        self.rate = jobs.clamp(0.01, 10_000.0);
        self
    }

    /// Sets the first and the longest time between two checks of a job that has not finished.
    /// The time doubles with each check. Default: 2 s and 10 minutes.
    pub fn interval(mut self, first: Duration, longest: Duration) -> Self {
        self.interval = first.max(Duration::from_millis(10));
        self.longest = longest.max(self.interval);
        self
    }

    /// Runs the reconciler until an error occurs.
    ///
    /// # Errors
    /// When the schema is of another version of this crate, a permission is missing, or the
    /// database refuses a statement. While the database is not available, the reconciler waits.
    pub async fn run(self) -> Result<()> {
        self.run_until(std::future::pending()).await
    }

    /// Runs the reconciler until `stop` is ready. The outcomes that it has requested by then are
    /// recorded.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub async fn run_until(self, stop: impl Future<Output = ()> + Send) -> Result<()> {
        wait_for_schema(&self.store).await?;
        let settler = Settler::new(self.store.clone());
        let mut pause = Pause::default();
        tokio::pin!(stop);
        loop {
            let outcome = match self.check_due(&settler).await {
                Ok(()) => sweep(&self.store).await,
                failed => failed,
            };
            match outcome {
                Ok(()) => pause = Pause::default(),
                Err(error) if error.is_transient() => self.store.wait(&error, &mut pause).await,
                Err(error) => return Err(error),
            }
            if stops_before(&mut stop, tokio::time::sleep(self.tick())).await {
                return Ok(());
            }
        }
    }

    /// Checks the jobs that are due, as many as the rate allows.
    async fn check_due(&self, settler: &Settler) -> Result<()> {
        let due = self.due().await?;
        let checks = stream::iter(due).map(|item| async move {
            let key = item.key.clone();
            if let Some(outcome) = self.ask(item).await {
                settler.settle(key, outcome).await?;
            }
            Ok(())
        });
        let mut checks = checks.buffer_unordered(CONCURRENCY);
        let mut outcome = Ok(());
        while let Some(checked) = checks.next().await {
            outcome = outcome.and(checked);
        }
        outcome
    }

    /// How often a part of the rate is taken: every tenth of a second, or less often if that is
    /// not enough for one job.
    fn tick(&self) -> Duration {
        Duration::from_secs_f64((1.0 / self.rate).max(0.1))
    }

    async fn due(&self) -> Result<Vec<Due>> {
        let tick = self.tick().as_secs_f64();
        let most = (self.rate * tick).round().max(1.0) as i64;
        let rows = self
            .store
            .query(
                DUE,
                &[
                    (&tick, Type::FLOAT8),
                    (&most, Type::INT8),
                    (&self.interval.as_secs_f64(), Type::FLOAT8),
                    (&self.longest.as_secs_f64(), Type::FLOAT8),
                ],
            )
            .await?;
        Ok(rows.iter().filter_map(|row| Due::read(row).ok()).collect())
    }

    /// Requests the outcome of a job. Returns `None` if the job has not ended, or its state
    /// cannot be found out now.
    async fn ask(&self, item: Due) -> Option<Outcome> {
        let job = match self.job(&item) {
            Ok(job) => job,
            Err(error) => return Some(Outcome::Failed(Failure::of(&error))),
        };
        match job.status().await {
            Ok(status) if !status.is_completed() => return None,
            Ok(_) => {}
            Err(error) => return denial(&error, item.checks),
        }
        let result = job
            .result()
            .status_mode(StatusMode::Poll)
            .timeout(Duration::from_secs(60));
        match result.detailed().await {
            Ok(detailed) => Some(Outcome::Done {
                output: detailed.raw,
                metrics: detailed.metrics,
                units: detailed.billable_units,
            }),
            Err(error) if error.is_job_failed() || error.is_expired() => {
                Some(Outcome::Failed(Failure::of(&error)))
            }
            Err(error) => denial(&error, item.checks),
        }
    }

    fn job(&self, item: &Due) -> fal_sdk::Result<Job<Value>> {
        let stored = item.job.as_deref();
        match stored.and_then(|text| serde_json::from_str::<Job<Value>>(text).ok()) {
            Some(job) => Ok(self.client.attach(&job)),
            None => self.client.endpoint(&item.endpoint)?.job(&item.request_id),
        }
    }
}

/// The outcome of a job that fal does not know; `None` if the request failed for another reason,
/// or the job may be known later.
fn denial(error: &fal_sdk::Error, checks: i32) -> Option<Outcome> {
    let is_gone = error.is_not_found() || error.is_expired();
    (is_gone && checks >= DENIALS).then(|| Outcome::Failed(Failure::of(error)))
}

/// Takes a part of the rate, and the jobs that have waited longest. The time of their next check
/// is set at once, so that a reconciler that dies loses none of them.
const DUE: &str = "
WITH turn AS (
    UPDATE fal_batch.pace SET next_at = clock_timestamp() + make_interval(secs => $1)
    WHERE next_at <= clock_timestamp() RETURNING only_row
), due AS MATERIALIZED (
    SELECT i.id FROM fal_batch.items i
    WHERE i.state = 'submitted' AND i.check_at <= clock_timestamp()
        AND EXISTS (SELECT 1 FROM turn)
    ORDER BY i.check_at
    LIMIT $2::bigint
    FOR UPDATE SKIP LOCKED
)
UPDATE fal_batch.items i SET
    checks = i.checks + 1,
    check_at = clock_timestamp()
        + make_interval(secs => least($4, $3 * power(2::float8, least(i.checks, 20))))
WHERE i.id = ANY (ARRAY(SELECT id FROM due))
RETURNING i.id, i.attempt, i.token, i.endpoint, i.request_id, i.job::text AS job, i.checks";

impl fmt::Debug for Reconciler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reconciler")
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}
