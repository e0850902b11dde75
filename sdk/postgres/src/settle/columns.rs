//! The statement that records a group of reports.

use serde_json::Value;
use tokio_postgres::types::Type;

use super::{Outcome, Report, plain};
use crate::error::Result;
use crate::store::{Parameters, Store};

/// The reports of a group, as the columns that the statement has as parameters.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) bytes: usize,
    ids: Vec<Option<i64>>,
    tokens: Vec<Option<String>>,
    request_ids: Vec<Option<String>>,
    attempts: Vec<Option<i32>>,
    what: Vec<&'static str>,
    documents: Vec<Option<String>>,
    metrics: Vec<Option<String>>,
    error_kinds: Vec<Option<String>>,
    errors: Vec<Option<String>>,
    units: Vec<Option<f64>>,
    seconds: Vec<Option<f64>>,
}

impl Columns {
    pub(super) fn push(&mut self, report: &Report) {
        let key = report.key.clone();
        let (mut document, mut metrics, mut failure) = (None, None, None);
        let (mut units, mut seconds) = (None, None);
        let what = match &report.outcome {
            Outcome::Accepted { job, check_after } => {
                document = Some(job.to_string());
                seconds = Some(check_after.as_secs_f64());
                "accepted"
            }
            Outcome::Done {
                output,
                metrics: measured,
                units: billed,
            } => {
                document = Some(output.to_string());
                metrics = (!measured.is_empty()).then(|| Value::from(measured.clone()).to_string());
                units = *billed;
                "done"
            }
            Outcome::Failed(words) => {
                failure = Some(words);
                "failed"
            }
            Outcome::Fetch => "fetch",
            Outcome::Refused(words) => {
                failure = Some(words);
                "refused"
            }
            Outcome::Deferred(words, pause) => {
                failure = Some(words);
                seconds = Some(pause.as_secs_f64());
                "deferred"
            }
            Outcome::Unknown(words) => {
                failure = Some(words);
                "unknown"
            }
        };
        self.bytes += document.as_ref().map_or(0, String::len) + 200;
        self.ids.push(key.id);
        self.tokens.push(key.token);
        self.request_ids.push(key.request_id.map(|id| plain(&id)));
        self.attempts.push(key.attempt);
        self.what.push(what);
        self.documents.push(document);
        self.metrics.push(metrics);
        self.error_kinds
            .push(failure.map(|words| plain(&words.kind)));
        self.errors.push(failure.map(|words| plain(&words.message)));
        let billed = units.or_else(|| failure.and_then(|words| words.units));
        // Units that are not a valid amount are not counted.
        self.units
            .push(billed.filter(|units| units.is_finite() && *units >= 0.0));
        self.seconds.push(seconds);
    }

    /// Records the group, and returns the positions, counted from 1, of the reports whose item
    /// exists.
    pub(super) async fn record(&self, store: &Store) -> Result<Vec<i64>> {
        let parameters: &Parameters<'_> = &[
            (&self.ids, Type::INT8_ARRAY),
            (&self.tokens, Type::TEXT_ARRAY),
            (&self.request_ids, Type::TEXT_ARRAY),
            (&self.attempts, Type::INT4_ARRAY),
            (&self.what, Type::TEXT_ARRAY),
            (&self.documents, Type::TEXT_ARRAY),
            (&self.metrics, Type::TEXT_ARRAY),
            (&self.error_kinds, Type::TEXT_ARRAY),
            (&self.errors, Type::TEXT_ARRAY),
            (&self.units, Type::FLOAT8_ARRAY),
            (&self.seconds, Type::FLOAT8_ARRAY),
        ];
        let rows = store.query_until_answered(SETTLE, parameters).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }
}

/// Finds the items, locks them in the order of their ids, decides the next state of each from its
/// latest state, and changes the counts of their batches by the difference. The statement may run
/// twice: a report that was recorded already changes nothing.
///
/// * An outcome is final: a later one is ignored. If the item had another job, the request id of
///   that job is kept in `other_request_ids`.
/// * The report of a worker about its own claim counts until the item is claimed again, even if
///   the lease has passed: only that worker knows whether it sent the request. An accepted job
///   counts whenever it is reported.
const SETTLE: &str = "
WITH given AS (
    SELECT * FROM unnest(
        $1::bigint[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[],
        $8::text[], $9::text[], $10::float8[], $11::float8[]
    ) WITH ORDINALITY AS g (
        item_id, token, request_id, attempt, what, document, metrics, error_kind, error, units,
        seconds, position
    )
), found AS (
    SELECT g.*, f.id FROM given g
    CROSS JOIN LATERAL (
        SELECT i.id FROM fal_batch.items i WHERE i.id = g.item_id AND i.token = g.token
        UNION ALL
        SELECT i.id FROM fal_batch.items i WHERE i.request_id = g.request_id
        LIMIT 1
    ) f
), locked AS MATERIALIZED (
    SELECT i.* FROM fal_batch.items i
    WHERE i.id = ANY (ARRAY(SELECT id FROM found))
    ORDER BY i.id
    FOR UPDATE
), decided AS (
    SELECT f.*, l.batch_id, l.state AS before, l.reserved AS old_reserved, b.job_cost,
        b.unit_price, l.request_id AS old_request_id,
        (f.request_id IS NOT NULL AND f.request_id IS DISTINCT FROM l.request_id
            AND NOT f.request_id = ANY (l.other_request_ids)) AS is_other_job,
        CASE
            WHEN l.state IN ('done', 'failed') THEN l.state
            WHEN f.request_id = ANY (l.other_request_ids) THEN l.state
            WHEN f.what IN ('done', 'failed') THEN f.what
            WHEN f.what = 'fetch' AND l.state IN ('submitting', 'submitted', 'unknown')
                THEN 'submitted'
            WHEN f.what = 'accepted' AND f.attempt = l.attempt
                AND l.state IN ('submitting', 'unknown', 'pending') THEN 'submitted'
            WHEN f.attempt IS DISTINCT FROM l.attempt
                OR l.state NOT IN ('submitting', 'unknown') THEN l.state
            WHEN f.what = 'refused' THEN 'failed'
            WHEN f.what = 'deferred' THEN 'pending'
            WHEN f.what = 'unknown' THEN 'unknown'
            ELSE l.state
        END AS next
    FROM found f
    JOIN locked l ON l.id = f.id
    JOIN fal_batch.batches b ON b.id = l.batch_id
), priced AS (
    SELECT d.*,
        (d.next IN ('done', 'failed') AND d.before NOT IN ('done', 'failed')) AS is_end,
        (d.next <> d.before) AS is_change,
        CASE
            WHEN d.what = 'refused' THEN 0
            ELSE coalesce(d.units::numeric * d.unit_price, nullif(d.old_reserved, 0), d.job_cost)
        END AS price,
        CASE
            WHEN d.next IN ('submitted', 'unknown')
                THEN coalesce(nullif(d.old_reserved, 0), d.job_cost)
            WHEN d.next IN ('done', 'failed', 'pending') THEN 0
            ELSE d.old_reserved
        END AS new_reserved
    FROM decided d
), changed AS (
    UPDATE fal_batch.items i SET
        state = p.next,
        reserved = p.new_reserved,
        request_id = CASE
            WHEN p.next = 'pending' THEN i.request_id
            ELSE coalesce(i.request_id, p.request_id)
        END,
        other_request_ids = CASE
            WHEN p.is_other_job AND i.request_id IS NOT NULL
                THEN i.other_request_ids || p.request_id
            ELSE i.other_request_ids
        END,
        job = CASE WHEN p.what = 'accepted' THEN coalesce(i.job, p.document::json) ELSE i.job END,
        submitted_at = CASE
            WHEN p.what = 'accepted' OR p.is_end
                THEN coalesce(i.submitted_at, clock_timestamp())
            ELSE i.submitted_at
        END,
        worker = CASE WHEN p.is_change THEN NULL ELSE i.worker END,
        lease_until = CASE WHEN p.is_change THEN NULL ELSE i.lease_until END,
        check_at = CASE
            WHEN p.is_end THEN NULL
            WHEN p.what = 'fetch' AND p.next = 'submitted' THEN clock_timestamp()
            WHEN p.what = 'accepted' AND p.is_change
                THEN clock_timestamp() + make_interval(secs => p.seconds)
            ELSE i.check_at
        END,
        not_before = CASE
            WHEN p.what = 'deferred' AND p.is_change
                THEN clock_timestamp() + make_interval(secs => p.seconds)
            ELSE i.not_before
        END,
        output = CASE WHEN p.is_end AND p.what = 'done' THEN p.document::json ELSE i.output END,
        metrics = CASE WHEN p.is_end THEN p.metrics::json ELSE i.metrics END,
        error_kind = CASE WHEN p.is_change THEN p.error_kind ELSE i.error_kind END,
        error = CASE WHEN p.is_change THEN p.error ELSE i.error END,
        units = CASE WHEN p.is_end THEN p.units ELSE i.units END,
        cost = CASE WHEN p.is_end THEN p.price ELSE i.cost END,
        finished_at = CASE WHEN p.is_end THEN clock_timestamp() ELSE i.finished_at END
    FROM priced p
    WHERE i.id = p.id AND i.id = ANY (ARRAY(SELECT id FROM found))
        AND (p.is_change OR p.is_other_job OR (p.what = 'fetch' AND p.next = 'submitted')
            OR (p.what = 'accepted' AND i.job IS NULL))
), moved AS (
    SELECT p.batch_id,
        sum((p.next IN ('claimed', 'submitting', 'submitted'))::integer
            - (p.before IN ('claimed', 'submitting', 'submitted'))::integer) AS in_flight,
        sum(p.new_reserved - p.old_reserved) AS reserved,
        sum(CASE WHEN p.is_end THEN p.price ELSE 0 END) AS spent
    FROM priced p WHERE p.is_change
    GROUP BY p.batch_id
), counted AS (
    UPDATE fal_batch.batches b SET
        in_flight = b.in_flight + m.in_flight,
        reserved = b.reserved + m.reserved,
        spent = b.spent + m.spent
    FROM moved m WHERE b.id = m.batch_id
)
SELECT position FROM found";
