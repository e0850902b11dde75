//! The limits of a batch.

use crate::error::{Error, ErrorKind, Result};

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

    pub(super) fn check(&self) -> Result<()> {
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
