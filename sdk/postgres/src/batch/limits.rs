//! The limits of a batch.

use crate::error::{Error, ErrorKind, Result};

/// The limits of a batch. They hold for all workers together, and can be changed while the batch
/// runs, with [`Batch::create`](crate::Batch::create).
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// The priority of the batch: batches with a higher one are served first. Default: 0.
    pub priority: i32,
    /// The largest number of jobs in flight, from the claim to the outcome. Default: no limit.
    pub concurrency: Option<u32>,
    /// The largest number of jobs that are submitted per second. Default: no limit.
    pub rate_per_second: Option<f64>,
    /// The most that the batch may cost, in the same currency as `job_cost`. Each job in flight
    /// reserves its `job_cost`, so that the batch stops before the budget is exceeded. Default:
    /// no limit.
    pub budget: Option<f64>,
    /// The most that one job costs, which a budget requires. A job whose billed units are
    /// unknown counts with this cost; that includes all jobs whose outcome a webhook delivers.
    pub job_cost: f64,
    /// The price of a billed unit, with which the cost of a job is computed from its units.
    /// Without it, every job counts with `job_cost`.
    pub unit_price: Option<f64>,
}

impl Limits {
    /// Creates limits without any limit.
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

    /// Sets the [`budget`](Self::budget) and the [most that one job costs](Self::job_cost), in
    /// the same currency.
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
            return wrong("a budget requires `job_cost`, the most that one job costs");
        }
        match self.rate_per_second {
            Some(rate) if !rate.is_finite() || rate <= 0.0 => {
                wrong("the rate must be a number above 0")
            }
            _ => Ok(()),
        }
    }
}
