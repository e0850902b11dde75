//! A batch in the database: its limits, its items, and how far it is.

mod limits;
mod new_item;

use std::collections::BTreeMap;

use tokio_postgres::types::Type;

pub use self::limits::Limits;
pub use self::new_item::NewItem;
use crate::error::{Error, ErrorKind, Result};
use crate::store::Store;

/// The most items that one statement adds.
const CHUNK: usize = 1_000;

/// A batch of a [`Store`]: a name, under which any number of programs add items and run them.
#[derive(Debug, Clone)]
pub struct Batch {
    store: Store,
    name: String,
}

/// What became of the items that were added.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Added {
    /// How many items are new.
    pub new: usize,
    /// How many were there already, with the same input.
    pub known: usize,
    /// The keys and the errors of those that cannot be run: their input breaks a rule of its
    /// schema, for example, or the key has another input already. They were not added; the
    /// others were.
    pub invalid: Vec<(String, String)>,
}

/// How many items of a batch are in which state, and what they cost.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of items in each state, by its name in the database.
    pub states: BTreeMap<String, u64>,
    /// What the finished jobs cost, or count as.
    pub spent: f64,
    /// The most that the jobs in flight, and those of unknown outcome, can cost.
    pub reserved: f64,
    /// Whether the batch is paused.
    pub paused: bool,
}

impl Progress {
    /// How many items are in a state.
    pub fn count(&self, state: &str) -> u64 {
        self.states.get(state).copied().unwrap_or_default()
    }

    /// How many items are waiting, being submitted, or submitted and without an outcome. Items of unknown outcome are not
    /// among them.
    pub fn remaining(&self) -> u64 {
        let states = ["pending", "claimed", "submitting", "submitted"];
        states.iter().map(|state| self.count(state)).sum()
    }
}

impl Store {
    /// Returns the batch of this name. Nothing is sent: see [`Batch::create`].
    pub fn batch(&self, name: impl Into<String>) -> Batch {
        Batch {
            store: self.clone(),
            name: name.into(),
        }
    }
}

impl Batch {
    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Creates the batch, or sets the limits of the one that is there.
    ///
    /// # Errors
    /// When a limit is malformed, or the database refuses the statement.
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

    /// Adds items. One whose key is there already is the same item: it is run, and paid for,
    /// once. Items that cannot be run are reported, and the others are added.
    ///
    /// # Errors
    /// When the batch was not created, or the database refuses the statement.
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
        // What was there before is compared; what another program adds meanwhile is its.
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

    /// Stops claiming items until [`resume`](Self::resume). Jobs that were submitted go on.
    ///
    /// # Errors
    /// When the batch was not created, or the database refuses the statement.
    pub async fn pause(&self) -> Result<()> {
        self.set_paused(true).await
    }

    /// Continues after [`pause`](Self::pause).
    ///
    /// # Errors
    /// When the batch was not created, or the database refuses the statement.
    pub async fn resume(&self) -> Result<()> {
        self.set_paused(false).await
    }

    async fn set_paused(&self, paused: bool) -> Result<()> {
        let statement = "UPDATE fal_batch.batches SET paused = $2 WHERE name = $1 RETURNING id";
        let parameters: &[(&(dyn tokio_postgres::types::ToSql + Sync), Type)] =
            &[(&self.name, Type::TEXT), (&paused, Type::BOOL)];
        let rows = self.store.query_until_answered(statement, parameters);
        match rows.await?.is_empty() {
            true => Err(self.missing()),
            false => Ok(()),
        }
    }

    /// Lets the items of unknown outcome be submitted again, and returns how many there are.
    /// They may be paid for twice: look for their jobs in fal's dashboard first.
    ///
    /// # Errors
    /// When the database refuses the statement.
    pub async fn resubmit_unknown(&self) -> Result<u64> {
        self.resubmit("unknown").await
    }

    /// Lets the items whose job failed be submitted again, and returns how many there are. They
    /// are paid for as new jobs.
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

    /// Returns how far the batch is.
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
