//! Journals of `Client::batch` in the database.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fal_sdk::journal::{Claim, Event, Finished, History, Journal, JournalError, JournalFuture};
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use crate::error::{Error, ErrorKind, Result};
use crate::settle::plain;
use crate::store::{Parameter, Parameters, Store};
use crate::worker::wait_for_schema;

/// The pause between claims while other programs have all remaining items.
const WAITING: Duration = Duration::from_millis(200);
/// The largest number of items that one claim considers.
const WINDOW: usize = 2_000;
/// The largest number of inputs that one statement adds.
const CHUNK: usize = 5_000;

/// A journal of [`Client::batch`](fal_sdk::Client::batch) in a [`Store`], for
/// [`Batch::with_journal`](fal_sdk::Batch::with_journal).
///
/// Several programs may run the same batch, with the same inputs in the same order. Each input is
/// submitted by one of them, and each program returns all outcomes. A program claims an item with
/// a lease, which it renews; if the program ends, others continue with the item. For a batch
/// whose inputs are not all in one program, use [`Worker`](crate::Worker)s.
pub struct PostgresJournal {
    store: Store,
    name: String,
    lease: Duration,
    holder: String,
    opened: Mutex<Option<Opened>>,
    /// Held while an item is claimed, so that one task claims at a time. An item that this
    /// program holds but has not returned is then one whose claim got no reply.
    claiming: tokio::sync::Mutex<()>,
}

struct Opened {
    journal: i64,
    /// The indexes of the items that were not returned yet.
    waiting: BTreeSet<i64>,
    renewal: JoinHandle<()>,
}

impl PostgresJournal {
    /// Creates a journal of this name. Nothing is sent: it is created in the database when a
    /// batch starts.
    pub fn new(store: Store, name: impl Into<String>) -> Self {
        Self {
            store,
            name: name.into(),
            lease: Duration::from_secs(60),
            holder: format!("{}-{:016x}", std::process::id(), fastrand::u64(..)),
            opened: Mutex::default(),
            claiming: tokio::sync::Mutex::default(),
        }
    }

    /// Sets how long an item stays claimed by a program that has stopped responding. Default:
    /// 60 s. The shortest is 1 s.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_secs(1));
        self
    }

    async fn begin(&self, inputs: &[String]) -> Result<()> {
        wait_for_schema(&self.store).await?;
        let journal = self.add_inputs(inputs).await?;
        let statement = "
            SELECT index, input, job IS NOT NULL OR output IS NOT NULL AS is_paid
            FROM fal_batch.journal_items WHERE journal_id = $1 ORDER BY index";
        let rows = self.ask(statement, &[(&journal, Type::INT8)]).await?;
        let is_other = |(position, row): (usize, &Row)| {
            let input: &str = row.get("input");
            inputs.get(position).is_none_or(|known| known != input)
        };
        if rows.len() != inputs.len() || rows.iter().enumerate().any(is_other) {
            let paid = rows.iter().filter(|row| row.get("is_paid")).count();
            let message = format!(
                "the journal `{}` was started with other inputs ({} of them; jobs in it that are \
                 already paid for: {paid}): pass the same inputs and extras in the same order, or \
                 use another journal",
                self.name,
                rows.len()
            );
            return Err(Error::new(ErrorKind::Usage, message));
        }
        let renewal = tokio::spawn(renew(
            self.store.clone(),
            self.holder.clone(),
            journal,
            self.lease,
        ));
        *self.opened() = Some(Opened {
            journal,
            waiting: rows.iter().map(|row| row.get("index")).collect(),
            renewal,
        });
        Ok(())
    }

    /// Creates the journal with its inputs. A journal that is complete is left unchanged.
    async fn add_inputs(&self, inputs: &[String]) -> Result<i64> {
        let make = "INSERT INTO fal_batch.journals (name) VALUES ($1) ON CONFLICT DO NOTHING";
        self.ask(make, &[(&self.name, Type::TEXT)]).await?;
        let find = "SELECT id FROM fal_batch.journals WHERE name = $1";
        let rows = self.ask(find, &[(&self.name, Type::TEXT)]).await?;
        let missing = || Error::new(ErrorKind::Database, REMOVED);
        let journal: i64 = rows.first().map(|row| row.get(0)).ok_or_else(missing)?;
        // The first item is added last, so that a journal which has it is complete. After a
        // program that was killed before that, the batch may start again with any inputs.
        let begun = "SELECT 1 FROM fal_batch.journal_items WHERE journal_id = $1 AND index = 0";
        if !self.ask(begun, &[(&journal, Type::INT8)]).await?.is_empty() {
            return Ok(journal);
        }
        for (number, chunk) in inputs.chunks(CHUNK).enumerate().rev() {
            let first = i64::try_from(number * CHUNK).unwrap_or(i64::MAX);
            let add = "
                INSERT INTO fal_batch.journal_items (journal_id, index, input)
                SELECT $1, $2 + g.position - 1, g.input
                FROM unnest($3::text[]) WITH ORDINALITY AS g (input, position)
                ON CONFLICT (journal_id, index) DO UPDATE SET input = excluded.input
                WHERE NOT EXISTS (
                    SELECT 1 FROM fal_batch.journal_items first
                    WHERE first.journal_id = $1 AND first.index = 0
                )";
            let parameters: &Parameters<'_> = &[
                (&journal, Type::INT8),
                (&first, Type::INT8),
                (&chunk, Type::TEXT_ARRAY),
            ];
            self.ask(add, parameters).await?;
        }
        Ok(journal)
    }

    /// Claims an item that is free or finished. Waits while other programs have all that remain.
    async fn next(&self) -> Result<Option<Claim>> {
        let _turn = self.claiming.lock().await;
        let mut passed = 0;
        loop {
            let (journal, waiting) = {
                let opened = self.opened();
                let opened = opened.as_ref().ok_or_else(not_opened)?;
                // Only a part of them, so that a claim costs the same in a large batch.
                let waiting = opened.waiting.iter().skip(passed).take(WINDOW);
                (opened.journal, waiting.copied().collect::<Vec<i64>>())
            };
            if waiting.is_empty() && passed == 0 {
                return Ok(None);
            }
            let seconds = self.lease.as_secs_f64();
            let parameters: &Parameters<'_> = &[
                (&journal, Type::INT8),
                (&waiting, Type::INT8_ARRAY),
                (&self.holder, Type::TEXT),
                (&seconds, Type::FLOAT8),
            ];
            let rows = match waiting.is_empty() {
                true => Vec::new(),
                false => self.ask(CLAIM, parameters).await?,
            };
            let Some(row) = rows.first() else {
                // Other programs have all of these. After the last part, wait for them.
                passed += waiting.len();
                if waiting.len() < WINDOW {
                    passed = 0;
                    tokio::time::sleep(WAITING).await;
                }
                continue;
            };
            let index: i64 = row.get("index");
            if let Some(opened) = self.opened().as_mut() {
                opened.waiting.remove(&index);
            }
            return read(row).map(Some);
        }
    }

    async fn add_event(&self, index: usize, event: Event<'_>) -> Result<()> {
        let journal = self.opened().as_ref().ok_or_else(not_opened)?.journal;
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        let set = |columns: &str| {
            format!(
                "UPDATE fal_batch.journal_items SET {columns}
                 WHERE journal_id = $1 AND index = $2 RETURNING index"
            )
        };
        let (mut text, mut request_id, mut metrics, mut units) = (None, None, None, None);
        let statement = match event {
            Event::Intent => {
                set("is_open = true, unknown = NULL, request_id = NULL, job = NULL, error = NULL")
            }
            Event::Accepted(job) => {
                text = Some(job.to_string());
                let id = job.get("request_id").and_then(Value::as_str);
                request_id = id.map(plain);
                set("is_open = false, unknown = NULL, job = $3::json, request_id = $4")
            }
            Event::Refused => set("is_open = false"),
            Event::Unknown(message) => {
                text = Some(plain(message));
                set("unknown = $3")
            }
            Event::Failed(message) => {
                text = Some(plain(message));
                set("error = $3")
            }
            Event::Done(finished) => {
                text = Some(finished.output.to_string());
                metrics = Some(Value::from(finished.metrics.clone()).to_string());
                units = finished.billable_units;
                set(
                    "is_open = false, output = $3::json, metrics = $4::json, units = $5,
                     lease_until = NULL, holder = NULL",
                )
            }
        };
        let mut parameters: Vec<Parameter<'_>> = vec![(&journal, Type::INT8), (&index, Type::INT8)];
        if text.is_some() {
            parameters.push((&text, Type::TEXT));
        }
        if matches!(event, Event::Accepted(_)) {
            parameters.push((&request_id, Type::TEXT));
        }
        if metrics.is_some() {
            parameters.push((&metrics, Type::TEXT));
            parameters.push((&units, Type::FLOAT8));
        }
        match self.ask(&statement, &parameters).await?.is_empty() {
            false => Ok(()),
            true => Err(Error::new(ErrorKind::Database, REMOVED)),
        }
    }

    async fn list_unfinished(&self) -> Result<Vec<Claim>> {
        let journal = self.opened().as_ref().ok_or_else(not_opened)?.journal;
        let statement = format!(
            "SELECT {COLUMNS} FROM fal_batch.journal_items i
             WHERE i.journal_id = $1 AND i.output IS NULL AND (i.is_open OR i.job IS NOT NULL)
             ORDER BY i.index"
        );
        let rows = self.ask(&statement, &[(&journal, Type::INT8)]).await?;
        rows.iter().map(read).collect()
    }

    /// Runs a statement until the database answers it, since every statement of a journal may
    /// run twice.
    async fn ask(&self, statement: &str, parameters: &Parameters<'_>) -> Result<Vec<Row>> {
        self.store.query_until_answered(statement, parameters).await
    }

    fn opened(&self) -> MutexGuard<'_, Option<Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for PostgresJournal {
    fn open<'a>(&'a self, inputs: &'a [String]) -> JournalFuture<'a, ()> {
        Box::pin(async move { self.begin(inputs).await.map_err(JournalError::from) })
    }

    fn claim(&self) -> JournalFuture<'_, Option<Claim>> {
        Box::pin(async move { self.next().await.map_err(JournalError::from) })
    }

    fn record<'a>(&'a self, index: usize, event: Event<'a>) -> JournalFuture<'a, ()> {
        Box::pin(async move {
            let recorded = self.add_event(index, event).await;
            recorded.map_err(JournalError::from)
        })
    }

    fn unfinished(&self) -> JournalFuture<'_, Vec<Claim>> {
        Box::pin(async move { self.list_unfinished().await.map_err(JournalError::from) })
    }
}

/// Releases the items if there is a runtime to do it on. Otherwise their leases end.
impl Drop for PostgresJournal {
    fn drop(&mut self) {
        let opened = self.opened().take();
        let Some(opened) = opened else { return };
        opened.renewal.abort();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (store, holder) = (self.store.clone(), self.holder.clone());
            runtime.spawn(async move {
                let statement = "
                    UPDATE fal_batch.journal_items SET holder = NULL, lease_until = NULL
                    WHERE journal_id = $1 AND holder = $2 RETURNING index";
                let parameters: &Parameters<'_> =
                    &[(&opened.journal, Type::INT8), (&holder, Type::TEXT)];
                let _ = store.query(statement, parameters).await;
            });
        }
    }
}

async fn renew(store: Store, holder: String, journal: i64, lease: Duration) {
    let seconds = lease.as_secs_f64();
    loop {
        tokio::time::sleep(lease.div_f64(3.5)).await;
        let statement = "
            UPDATE fal_batch.journal_items
            SET lease_until = clock_timestamp() + make_interval(secs => $3)
            WHERE journal_id = $1 AND holder = $2 RETURNING index";
        let parameters: &Parameters<'_> = &[
            (&journal, Type::INT8),
            (&holder, Type::TEXT),
            (&seconds, Type::FLOAT8),
        ];
        // An error is temporary, or it is reported when the next event is recorded.
        let _ = store.query(statement, parameters).await;
    }
}

fn read(row: &Row) -> Result<Claim> {
    let json = |text: Option<String>| -> Result<Option<Value>> {
        let value = text.map(|text| serde_json::from_str(&text)).transpose();
        value.map_err(|error| {
            let message = format!("the journal has JSON that cannot be read: {error}");
            Error::new(ErrorKind::Database, message)
        })
    };
    let index: i64 = row.try_get("index")?;
    let mut history = History::default();
    history.is_open = row.try_get("is_open")?;
    history.unknown = row.try_get("unknown")?;
    history.job = json(row.try_get("job")?)?;
    if let Some(output) = json(row.try_get("output")?)? {
        let mut finished = Finished::default();
        finished.output = output;
        finished.billable_units = row.try_get("units")?;
        if let Some(Value::Object(metrics)) = json(row.try_get("metrics")?)? {
            finished.metrics = metrics;
        }
        history.finished = Some(finished);
    }
    Ok(Claim::new(
        usize::try_from(index).unwrap_or(usize::MAX),
        history,
    ))
}

fn not_opened() -> Error {
    Error::new(ErrorKind::Usage, "the journal was not opened")
}

const COLUMNS: &str = "i.index, i.is_open, i.unknown, i.job::text AS job, \
                       i.output::text AS output, i.metrics::text AS metrics, i.units";

const REMOVED: &str = "the journal was removed from the database while the batch ran";

/// Claims the first of these items that is free. A finished item is returned without a claim.
const CLAIM: &str = "
WITH free AS MATERIALIZED (
    SELECT i.journal_id, i.index FROM fal_batch.journal_items i
    WHERE i.journal_id = $1 AND i.index = ANY ($2::bigint[])
        AND (i.output IS NOT NULL OR i.holder IS NULL OR i.holder = $3
            OR i.lease_until < clock_timestamp())
    ORDER BY i.index
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
UPDATE fal_batch.journal_items i SET
    holder = CASE WHEN i.output IS NULL THEN $3 END,
    lease_until = CASE
        WHEN i.output IS NULL THEN clock_timestamp() + make_interval(secs => $4)
    END
FROM free WHERE i.journal_id = free.journal_id AND i.index = free.index
RETURNING i.index, i.is_open, i.unknown, i.job::text AS job, i.output::text AS output,
    i.metrics::text AS metrics, i.units";

impl fmt::Debug for PostgresJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresJournal")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
