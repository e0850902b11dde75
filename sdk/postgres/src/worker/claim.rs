//! The claims of a worker, which are leases on items.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio_postgres::types::Type;

use crate::error::Result;
use crate::store::{Parameters, Store};

/// The largest number of items that one statement claims.
const LARGEST: i64 = 200;
/// The largest number of leases that one statement ends.
const SWEPT: i64 = 1_000;

/// An item that this worker has claimed.
pub(super) struct Claimed {
    pub(super) id: i64,
    pub(super) attempt: i32,
    pub(super) token: String,
    pub(super) endpoint: String,
    pub(super) input: String,
}

/// Claims items and renews their leases. Clones belong to the same worker.
#[derive(Clone)]
pub(super) struct Claims {
    store: Store,
    batch: Option<String>,
    worker: Arc<str>,
    lease: Duration,
    /// The items whose leases are renewed. An item whose claim was committed but got no reply is
    /// not among them, so that its lease ends.
    held: Arc<Mutex<HashSet<i64>>>,
}

impl Claims {
    pub(super) fn new(store: Store, batch: Option<String>, lease: Duration) -> Self {
        let name = format!("{}-{:016x}", std::process::id(), fastrand::u64(..));
        Self {
            store,
            batch,
            worker: name.into(),
            lease,
            held: Arc::default(),
        }
    }

    /// Claims up to `most` items of one batch, as many as its limits allow.
    ///
    /// If the reply is lost, the items are free again when their leases end, since nothing was
    /// sent.
    pub(super) async fn next(&self, most: usize) -> Result<Vec<Claimed>> {
        let most = i64::try_from(most).unwrap_or(LARGEST).min(LARGEST);
        let rows = self
            .store
            .query(
                CLAIM,
                &[
                    (&self.batch, Type::TEXT),
                    (&most, Type::INT8),
                    (&&*self.worker, Type::TEXT),
                    (&self.lease.as_secs_f64(), Type::FLOAT8),
                ],
            )
            .await?;
        let claimed = rows.iter().map(|row| Claimed {
            id: row.get("id"),
            attempt: row.get("attempt"),
            token: row.get("token"),
            endpoint: row.get("endpoint"),
            input: row.get("input"),
        });
        let claimed: Vec<Claimed> = claimed.collect();
        self.held().extend(claimed.iter().map(|item| item.id));
        Ok(claimed)
    }

    /// Commits the intent to submit the items. Returns those that this worker still has, and
    /// those that it no longer has. While the database is not available, this waits.
    pub(super) async fn intend(
        &self,
        claimed: Vec<Claimed>,
    ) -> Result<(Vec<Claimed>, Vec<Claimed>)> {
        let ids: Vec<i64> = claimed.iter().map(|item| item.id).collect();
        let attempts: Vec<i32> = claimed.iter().map(|item| item.attempt).collect();
        let rows = self
            .store
            .query_until_answered(
                INTEND,
                &[
                    (&ids, Type::INT8_ARRAY),
                    (&attempts, Type::INT4_ARRAY),
                    (&&*self.worker, Type::TEXT),
                    (&self.lease.as_secs_f64(), Type::FLOAT8),
                ],
            )
            .await?;
        let mine: HashSet<i64> = rows.iter().map(|row| row.get(0)).collect();
        let claimed = claimed.into_iter();
        Ok(claimed.partition(|item| mine.contains(&item.id)))
    }

    /// Stops renewing the lease of an item.
    pub(super) fn forget(&self, id: i64) {
        self.held().remove(&id);
    }

    fn held(&self) -> MutexGuard<'_, HashSet<i64>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Renews the leases of this worker, and ends those of workers that have stopped, until the
    /// future is dropped. Errors of the database are ignored here: they are temporary, or they
    /// stop the worker elsewhere.
    pub(super) async fn renew(self) {
        loop {
            let seconds = self.lease.as_secs_f64();
            let held: Vec<i64> = self.held().iter().copied().collect();
            if !held.is_empty() {
                let parameters: &Parameters<'_> = &[
                    (&&*self.worker, Type::TEXT),
                    (&seconds, Type::FLOAT8),
                    (&held, Type::INT8_ARRAY),
                ];
                let _ = self.store.query(RENEW, parameters).await;
            }
            let _ = sweep(&self.store).await;
            tokio::time::sleep(self.lease.div_f64(3.5)).await;
        }
    }

    /// Releases the items that were claimed and not begun. Without this, their leases end by
    /// themselves.
    pub(super) async fn release(&self) {
        let _ = self
            .store
            .query(RELEASE, &[(&&*self.worker, Type::TEXT)])
            .await;
        let _ = sweep(&self.store).await;
    }

    /// Whether no item waits to be submitted or is being submitted.
    pub(super) async fn is_nothing_left(&self) -> Result<bool> {
        let statement = "
            SELECT NOT EXISTS (
                SELECT 1 FROM fal_batch.items i
                JOIN fal_batch.batches b ON b.id = i.batch_id
                WHERE i.state = 'pending' AND ($1::text IS NULL OR b.name = $1)
            ) AND NOT EXISTS (
                SELECT 1 FROM fal_batch.items i
                JOIN fal_batch.batches b ON b.id = i.batch_id
                WHERE i.state IN ('claimed', 'submitting')
                    AND ($1::text IS NULL OR b.name = $1)
            )";
        let rows = self
            .store
            .query_until_answered(statement, &[(&self.batch, Type::TEXT)])
            .await?;
        Ok(rows.first().is_some_and(|row| row.get(0)))
    }
}

/// Ends the leases that have passed. An item that was not begun is free again; an item whose
/// submit had begun becomes *unknown*, since there may be a job.
pub(crate) async fn sweep(store: &Store) -> Result<()> {
    store.query(SWEEP, &[(&SWEPT, Type::INT8)]).await?;
    Ok(())
}

/// Chooses the batch with the highest priority whose limits allow more jobs, locks its row, so
/// that the limits hold for all workers together, and claims as many items as they allow. Items
/// that other workers are changing are skipped.
///
/// Here and elsewhere, rows are found by an array of ids, since the planner cannot know how few
/// they are and would read the whole table.
const CLAIM: &str = "
WITH chosen AS MATERIALIZED (
    SELECT b.id, b.concurrency, b.in_flight, b.rate_per_second, b.budget, b.spent, b.reserved,
        b.job_cost, b.tokens, b.tokens_at
    FROM fal_batch.batches b
    WHERE ($1::text IS NULL OR b.name = $1)
        AND NOT b.paused
        AND (b.concurrency IS NULL OR b.in_flight < b.concurrency)
        AND (b.budget IS NULL OR b.spent + b.reserved + b.job_cost <= b.budget)
        AND (b.rate_per_second IS NULL OR b.tokens
            + extract(epoch FROM clock_timestamp() - b.tokens_at) * b.rate_per_second >= 1)
        AND (
            -- In the order of the index, so that it is used however few are left.
            SELECT i.id FROM fal_batch.items i
            WHERE i.batch_id = b.id AND i.state = 'pending'
                AND (i.not_before IS NULL OR i.not_before <= clock_timestamp())
            ORDER BY i.priority DESC, i.id LIMIT 1
        ) IS NOT NULL
    ORDER BY b.priority DESC, b.id
    LIMIT 1
    FOR UPDATE
), filled AS MATERIALIZED (
    -- A second's worth of the rate is kept at most.
    SELECT c.*, clock_timestamp() AS at,
        CASE WHEN c.rate_per_second IS NOT NULL THEN least(
            greatest(c.rate_per_second, 1),
            c.tokens + extract(epoch FROM clock_timestamp() - c.tokens_at) * c.rate_per_second
        ) END AS stock
    FROM chosen c
), allowed AS MATERIALIZED (
    SELECT f.*, greatest(0, least(
        $2::bigint,
        coalesce(f.concurrency - f.in_flight, $2),
        coalesce(floor(f.stock)::bigint, $2),
        coalesce(floor((f.budget - f.spent - f.reserved) / nullif(f.job_cost, 0))::bigint, $2)
    )) AS count
    FROM filled f
), picked AS MATERIALIZED (
    SELECT i.id FROM fal_batch.items i
    WHERE i.batch_id = (SELECT id FROM allowed) AND i.state = 'pending'
        AND (i.not_before IS NULL OR i.not_before <= clock_timestamp())
    ORDER BY i.priority DESC, i.id
    LIMIT (SELECT count FROM allowed)
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE fal_batch.items i SET
        state = 'claimed',
        attempt = i.attempt + 1,
        worker = $3,
        lease_until = clock_timestamp() + make_interval(secs => $4),
        reserved = a.job_cost
    FROM allowed a
    WHERE i.id = ANY (ARRAY(SELECT id FROM picked))
    RETURNING i.id, i.attempt, i.token, i.endpoint, i.input::text AS input
), counted AS (
    UPDATE fal_batch.batches b SET
        in_flight = b.in_flight + n.count,
        reserved = b.reserved + n.count * a.job_cost,
        tokens = CASE WHEN a.stock IS NULL THEN b.tokens ELSE a.stock - n.count END,
        tokens_at = CASE WHEN a.stock IS NULL THEN b.tokens_at ELSE a.at END
    FROM allowed a, (SELECT count(*) AS count FROM claimed) n
    WHERE b.id = a.id AND n.count > 0
)
SELECT * FROM claimed ORDER BY id";

const INTEND: &str = "
UPDATE fal_batch.items i SET
    state = 'submitting',
    lease_until = clock_timestamp() + make_interval(secs => $4)
FROM unnest($1::bigint[], $2::integer[]) AS g (id, attempt)
WHERE i.id = g.id AND i.attempt = g.attempt AND i.worker = $3
    AND i.state IN ('claimed', 'submitting')
RETURNING i.id";

const RENEW: &str = "
UPDATE fal_batch.items SET lease_until = clock_timestamp() + make_interval(secs => $2)
WHERE id = ANY ($3::bigint[]) AND state IN ('claimed', 'submitting') AND worker = $1
RETURNING id";

const RELEASE: &str = "
UPDATE fal_batch.items SET lease_until = '-infinity'
WHERE state = 'claimed' AND worker = $1
RETURNING id";

const SWEEP: &str = "
WITH passed AS MATERIALIZED (
    SELECT i.id, i.batch_id, i.state, i.reserved FROM fal_batch.items i
    WHERE i.state IN ('claimed', 'submitting') AND i.lease_until < clock_timestamp()
    ORDER BY i.lease_until
    LIMIT $1::bigint
    FOR UPDATE SKIP LOCKED
), changed AS (
    UPDATE fal_batch.items i SET
        state = CASE i.state WHEN 'claimed' THEN 'pending' ELSE 'unknown' END,
        reserved = CASE i.state WHEN 'claimed' THEN 0 ELSE i.reserved END,
        worker = NULL,
        lease_until = NULL,
        error_kind = CASE i.state WHEN 'claimed' THEN i.error_kind ELSE 'outcome_unknown' END,
        error = CASE i.state
            WHEN 'claimed' THEN i.error
            ELSE 'a worker stopped in the middle of the submit request: there may be a job'
        END
    WHERE i.id = ANY (ARRAY(SELECT id FROM passed))
    RETURNING i.id
), counted AS (
    UPDATE fal_batch.batches b SET
        in_flight = b.in_flight - n.count,
        reserved = b.reserved - n.reserved
    FROM (
        SELECT batch_id, count(*) AS count,
            coalesce(sum(reserved) FILTER (WHERE state = 'claimed'), 0) AS reserved
        FROM passed GROUP BY batch_id
    ) n
    WHERE b.id = n.batch_id
)
SELECT id FROM changed";
