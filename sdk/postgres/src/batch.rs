//! A batch in the database: its limits, its items, and how far it is.

use std::collections::BTreeMap;

use fal_sdk::Input;
use serde_json::Value;
use tokio_postgres::types::Type;

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

/// The limits of a batch. They hold for all workers together, and can be changed while the
/// batch runs.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// Of two batches, the one of higher priority is served first.
    pub priority: i32,
    /// How many jobs may be in flight, from the claim to the outcome.
    pub concurrency: Option<u32>,
    /// How many jobs may be submitted per second.
    pub rate_per_second: Option<f64>,
    /// How much the batch may cost, in the currency of [`job_cost`](Self::job_cost). The most
    /// that the jobs in flight can cost is reserved, so that the batch stops before the budget
    /// is passed.
    pub budget: Option<f64>,
    /// The most that a job costs. A budget needs it. It is also what a job counts as whose
    /// billed units are not known: deliveries of webhooks do not have them.
    pub job_cost: f64,
    /// The price of a billed unit, to turn the units of results into money.
    pub unit_price: Option<f64>,
}

impl Limits {
    /// Returns limits that limit nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Sets [`priority`](Self::priority).
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// Sets [`concurrency`](Self::concurrency).
    #[must_use]
    pub fn concurrency(mut self, jobs: u32) -> Self {
        self.concurrency = Some(jobs);
        self
    }

    /// Sets [`rate_per_second`](Self::rate_per_second).
    #[must_use]
    pub fn rate_per_second(mut self, jobs: f64) -> Self {
        self.rate_per_second = Some(jobs);
        self
    }

    /// Sets [`budget`](Self::budget), and the most that a job costs.
    #[must_use]
    pub fn budget(mut self, budget: f64, job_cost: f64) -> Self {
        self.budget = Some(budget);
        self.job_cost = job_cost;
        self
    }

    /// Sets [`unit_price`](Self::unit_price).
    #[must_use]
    pub fn unit_price(mut self, price: f64) -> Self {
        self.unit_price = Some(price);
        self
    }

    fn check(&self) -> Result<()> {
        let wrong = |message: &str| Err(Error::new(ErrorKind::Usage, message));
        let is_amount = |amount: f64| (0.0..1e12).contains(&amount);
        let amounts = [self.budget, Some(self.job_cost), self.unit_price];
        if !amounts.into_iter().flatten().all(is_amount) {
            return wrong("an amount of money must be a number from 0 to below 10^12");
        }
        if self.budget.is_some() && self.job_cost == 0.0 {
            return wrong("a budget needs `job_cost`, the most that a job costs");
        }
        match self.rate_per_second {
            Some(rate) if !rate.is_finite() || rate <= 0.0 => {
                wrong("the rate must be a number above 0")
            }
            _ => Ok(()),
        }
    }
}

/// An item to be added to a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct NewItem {
    key: String,
    endpoint: String,
    input: Result<Value, String>,
    priority: i32,
}

impl NewItem {
    /// Creates an item with a typed input, which is checked against the rules of its schema.
    /// Files and bytes in it must have been uploaded: another machine cannot read them. The key
    /// identifies the item in its batch.
    pub fn new<I: Input>(key: impl Into<String>, input: &I) -> Self {
        let valid = input.validate().map_err(|error| error.to_string());
        let input = valid.and_then(|()| {
            let value = serde_json::to_value(input);
            value.map_err(|error| format!("the input cannot be written as JSON: {error}"))
        });
        Self {
            key: key.into(),
            endpoint: I::ENDPOINT.to_owned(),
            input,
            priority: 0,
        }
    }

    /// Creates an item with JSON for an endpoint, which is not checked before it is submitted.
    pub fn json(key: impl Into<String>, endpoint: impl Into<String>, input: Value) -> Self {
        Self {
            key: key.into(),
            endpoint: endpoint.into(),
            input: Ok(input),
            priority: 0,
        }
    }

    /// Sets the priority within the batch: higher ones are submitted first.
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    fn problem(&self) -> Option<String> {
        if self.key.is_empty() || self.key.contains('\0') || self.key.len() > 1_000 {
            let message = "the key must have 1 to 1000 bytes, and no NUL character";
            return Some(message.to_owned());
        }
        if let Err(error) = fal_sdk::EndpointId::parse(&self.endpoint) {
            return Some(error.to_string());
        }
        self.input.as_ref().err().cloned()
    }
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

    /// How many items have neither an outcome nor an outcome that is unknown.
    pub fn remaining(&self) -> u64 {
        let states = ["pending", "claimed", "submitting", "submitted"];
        states.iter().map(|state| self.count(state)).sum()
    }
}

impl Batch {
    pub(crate) fn new(store: Store, name: String) -> Self {
        Self { store, name }
    }

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
