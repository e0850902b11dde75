//! A batch in the database: its limits, its items, and its progress.

mod limits;
mod new_item;

use std::collections::BTreeMap;

use tokio_postgres::types::Type;

pub use self::limits::Limits;
pub use self::new_item::NewItem;
use crate::error::{Error, ErrorKind, Result};
use crate::store::{Parameters, Store};

/// The largest number of items that one statement adds.
const CHUNK: usize = 1_000;

/// A batch of jobs in a [`Store`]: returned by [`Store::batch`]. Any number of programs can add
/// items to a batch of the same name, and any number of [`Worker`](crate::Worker)s submit them.
#[derive(Debug, Clone)]
pub struct Batch {
    store: Store,
    name: String,
}

/// The outcome of adding items to a batch: returned by [`Batch::add`].
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Added {
    /// The number of items that were added.
    pub new: usize,
    /// The number of items that the batch already had, with the same key and input.
    pub known: usize,
    /// The keys and the errors of the items that cannot be run, for example because their
    /// input breaks a rule of its schema, or because the batch has their key with another
    /// input. Only these were not added.
    pub invalid: Vec<(String, String)>,
}

/// The number of items of a batch in each state, and their cost: returned by
/// [`Batch::progress`].
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of items by state, such as `pending` or `done`. The crate's page lists the
    /// states.
    pub states: BTreeMap<String, u64>,
    /// The cost of the finished jobs. A job whose billed units are unknown counts with
    /// [`Limits::job_cost`].
    pub spent: f64,
    /// The most that the jobs in flight, and those of unknown outcome, can cost.
    pub reserved: f64,
    /// Whether the batch is paused.
    pub paused: bool,
}

impl Progress {
    /// Returns the number of items in a state, such as `done`.
    pub fn count(&self, state: &str) -> u64 {
        self.states.get(state).copied().unwrap_or_default()
    }

    /// Returns the number of items that wait, are being submitted, or were submitted and have
    /// no outcome yet. Items of unknown outcome (`unknown`) are not counted.
    pub fn remaining(&self) -> u64 {
        let states = ["pending", "claimed", "submitting", "submitted"];
        states.iter().map(|state| self.count(state)).sum()
    }
}

impl Store {
    /// Returns the batch of this name. Nothing is sent: [`Batch::create`] creates it in the
    /// database.
    pub fn batch(&self, name: impl Into<String>) -> Batch {
        Batch {
            store: self.clone(),
            name: name.into(),
        }
    }
}

impl Batch {
    /// Returns the name of the batch.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Creates the batch, or sets its limits if it exists.
    ///
    /// # Errors
    /// When a limit is out of range, or the database refuses the statement. While the database
    /// is not available, this waits.
    pub async fn create(&self, limits: &Limits) -> Result<()> {
        limits.check()?;
        let concurrency = limits.concurrency;
        let concurrency = concurrency.map(|jobs| i32::try_from(jobs).unwrap_or(i32::MAX));
        let money = |amount: f64| format!("{amount:.6}");
        let statement = "
            INSERT INTO fal_batch.batches
                (name, priority, concurrency, rate_per_second, budget, job_cost, unit_price)
            VALUES ($1, $2, $3, $4, $5::numeric, $6::numeric, $7::numeric)
            ON CONFLICT (name) DO UPDATE SET
                priority = excluded.priority, concurrency = excluded.concurrency,
                rate_per_second = excluded.rate_per_second, budget = excluded.budget,
                job_cost = excluded.job_cost, unit_price = excluded.unit_price";
        self.store
            .query_until_answered(
                statement,
                &[
                    (&self.name, Type::TEXT),
                    (&limits.priority, Type::INT4),
                    (&concurrency, Type::INT4),
                    (&limits.rate_per_second, Type::FLOAT8),
                    (&limits.budget.map(money), Type::TEXT),
                    (&money(limits.job_cost), Type::TEXT),
                    (&limits.unit_price.map(money), Type::TEXT),
                ],
            )
            .await?;
        Ok(())
    }

    /// Adds items to the batch. An item whose key the batch already has is the same item, and
    /// is run and paid for only once. Items that cannot be run are reported in
    /// [`Added::invalid`], and all others are added.
    ///
    /// # Errors
    /// When the batch was not created, or the database refuses the statement. While the database
    /// is not available, this waits.
    pub async fn add(&self, items: impl IntoIterator<Item = NewItem>) -> Result<Added> {
        let mut added = Added::default();
        let mut items = items.into_iter();
        loop {
            let mut chunk = BTreeMap::new();
            let mut is_last = true;
            for item in items.by_ref() {
                match item.problem() {
                    Some(problem) => added.invalid.push((item.key, problem)),
                    None => self.put(&mut chunk, item, &mut added),
                }
                if chunk.len() == CHUNK {
                    is_last = false;
                    break;
                }
            }
            if !chunk.is_empty() {
                self.add_chunk(chunk, &mut added).await?;
            }
            if is_last {
                return Ok(added);
            }
        }
    }

    fn put(&self, chunk: &mut BTreeMap<String, NewItem>, item: NewItem, added: &mut Added) {
        match chunk.get(&item.key) {
            None => drop(chunk.insert(item.key.clone(), item)),
            Some(other) if other.endpoint == item.endpoint && other.input == item.input => {
                added.known += 1;
            }
            Some(_) => added.invalid.push((item.key, OTHER_INPUT.to_owned())),
        }
    }

    async fn add_chunk(&self, chunk: BTreeMap<String, NewItem>, added: &mut Added) -> Result<()> {
        let count = chunk.len();
        let (mut keys, mut endpoints) = (Vec::new(), Vec::new());
        let (mut inputs, mut priorities) = (Vec::new(), Vec::new());
        for (key, item) in chunk {
            keys.push(key);
            endpoints.push(item.endpoint);
            inputs.push(item.input.unwrap_or_default().to_string());
            priorities.push(item.priority);
        }
        // Only items that existed before the statement are compared, not those that another
        // program adds at the same time.
        let statement = "
            WITH batch AS (SELECT id FROM fal_batch.batches WHERE name = $1),
            given AS (
                SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::integer[])
                    AS g (key, endpoint, input, priority)
            ), new AS (
                INSERT INTO fal_batch.items (batch_id, key, endpoint, input, priority)
                SELECT batch.id, g.key, g.endpoint, g.input::json, g.priority FROM given g, batch
                ON CONFLICT (batch_id, key) DO NOTHING
                RETURNING key
            )
            SELECT batch.id, g.key,
                EXISTS (SELECT 1 FROM new WHERE new.key = g.key) AS is_new,
                coalesce(i.endpoint <> g.endpoint OR i.input::text <> g.input, false) AS is_other
            FROM batch CROSS JOIN given g
            LEFT JOIN fal_batch.items i ON i.batch_id = batch.id AND i.key = g.key";
        let rows = self
            .store
            .query_until_answered(
                statement,
                &[
                    (&self.name, Type::TEXT),
                    (&keys, Type::TEXT_ARRAY),
                    (&endpoints, Type::TEXT_ARRAY),
                    (&inputs, Type::TEXT_ARRAY),
                    (&priorities, Type::INT4_ARRAY),
                ],
            )
            .await?;
        if rows.len() != count {
            return Err(self.missing());
        }
        for row in rows {
            let (key, is_new, is_other): (String, bool, bool) =
                (row.get("key"), row.get("is_new"), row.get("is_other"));
            match (is_new, is_other) {
                (true, _) => added.new += 1,
                (false, false) => added.known += 1,
                (false, true) => added.invalid.push((key, OTHER_INPUT.to_owned())),
            }
        }
        Ok(())
    }

    /// Pauses the batch: no items are claimed until [`resume`](Self::resume). Jobs that were
    /// submitted continue.
    ///
    /// # Errors
    /// When the batch was not created, or the database refuses the statement.
    pub async fn pause(&self) -> Result<()> {
        self.set_paused(true).await
    }

    /// Continues the batch after [`pause`](Self::pause).
    ///
    /// # Errors
    /// When the batch was not created, or the database refuses the statement.
    pub async fn resume(&self) -> Result<()> {
        self.set_paused(false).await
    }

    async fn set_paused(&self, paused: bool) -> Result<()> {
        let statement = "UPDATE fal_batch.batches SET paused = $2 WHERE name = $1 RETURNING id";
        let parameters: &Parameters<'_> = &[(&self.name, Type::TEXT), (&paused, Type::BOOL)];
        let rows = self.store.query_until_answered(statement, parameters);
        match rows.await?.is_empty() {
            true => Err(self.missing()),
            false => Ok(()),
        }
    }

    /// Sets the items of unknown outcome back to the state `pending`, so that they are submitted
    /// again, and returns their number. They may be paid for twice: look for their jobs in fal's
    /// dashboard first.
    ///
    /// # Errors
    /// When the database refuses the statement.
    pub async fn resubmit_unknown(&self) -> Result<u64> {
        self.resubmit("unknown").await
    }

    /// Sets the items whose job failed back to the state `pending`, so that they are submitted
    /// again, and returns their number. They are paid for as new jobs.
    ///
    /// # Errors
    /// When the database refuses the statement.
    pub async fn resubmit_failed(&self) -> Result<u64> {
        self.resubmit("failed").await
    }

    async fn resubmit(&self, state: &str) -> Result<u64> {
        let statement = "
            WITH again AS (
                SELECT i.id, i.batch_id, i.reserved FROM fal_batch.items i
                JOIN fal_batch.batches b ON b.id = i.batch_id
                WHERE b.name = $1 AND i.state = $2
                ORDER BY i.id FOR UPDATE OF i
            ), changed AS (
                UPDATE fal_batch.items i SET
                    state = 'pending', reserved = 0, not_before = NULL, error_kind = NULL,
                    error = NULL, finished_at = NULL, request_id = NULL, job = NULL, cost = NULL,
                    units = NULL, checks = 0,
                    other_request_ids = i.other_request_ids
                        || array_remove(ARRAY[i.request_id], NULL)
                FROM again WHERE i.id = again.id
                RETURNING again.batch_id, again.reserved
            ), freed AS (
                UPDATE fal_batch.batches b SET reserved = b.reserved - f.reserved
                FROM (SELECT batch_id, sum(reserved) AS reserved FROM changed GROUP BY batch_id) f
                WHERE b.id = f.batch_id
            )
            SELECT count(*) FROM changed";
        let rows = self
            .store
            .query_until_answered(statement, &[(&self.name, Type::TEXT), (&state, Type::TEXT)])
            .await?;
        let count: i64 = rows.first().map(|row| row.get(0)).unwrap_or_default();
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Returns the number of items in each state, and their cost.
    ///
    /// # Errors
    /// When the batch was not created, or the database refuses the statement.
    pub async fn progress(&self) -> Result<Progress> {
        let statement = "
            SELECT state, items, spent::float8, reserved::float8, paused
            FROM fal_batch.progress WHERE batch = $1";
        let rows = self
            .store
            .query_until_answered(statement, &[(&self.name, Type::TEXT)])
            .await?;
        let Some(first) = rows.first() else {
            return Err(self.missing());
        };
        let mut progress = Progress {
            spent: first.get(2),
            reserved: first.get(3),
            paused: first.get(4),
            states: BTreeMap::new(),
        };
        for row in &rows {
            let (state, items): (Option<String>, i64) = (row.get(0), row.get(1));
            if let Some(state) = state {
                let items = u64::try_from(items).unwrap_or_default();
                progress.states.insert(state, items);
            }
        }
        Ok(progress)
    }

    fn missing(&self) -> Error {
        let message = format!("there is no batch `{}`: call `Batch::create`", self.name);
        Error::new(ErrorKind::Usage, message)
    }
}

const OTHER_INPUT: &str = "the batch has an item of this key with another input: give it a key \
                           of its own";
