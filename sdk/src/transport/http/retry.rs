//! Which calls are retried, and after what delay.
//!
//! A call that can cost money is repeated only when the server cannot have
//! accepted it: no connection was made, the HTTP/2 stream was refused, or the
//! reply was 429. No policy can change that.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::operation::Operation;
use crate::transport::error::Error;

/// How failed calls are retried: how often, and after what delays. Which calls may be
/// retried at all is not a setting; the table in [`retry`](crate::retry) lists them.
///
/// All requests of a client also share a retry budget, so that retries do not multiply the
/// load of a server that is failing. It starts with 100 retries and regains a tenth of a
/// retry with each answered request; when it is used up, errors are returned at once.
/// Retries after 429 do not use it.
///
/// ```
/// use std::time::Duration;
/// use fal_sdk::retry::RetryPolicy;
///
/// let policy = RetryPolicy::default().attempts(3).max_delay(Duration::from_secs(5));
/// ```
#[derive(Clone)]
pub struct RetryPolicy {
    attempts: u32,
    base: Duration,
    max: Duration,
    longest_wait: Duration,
    hook: Option<Hook>,
}

type Hook = Arc<dyn Fn(&Attempt<'_>) -> Decision + Send + Sync>;

/// An attempt that failed and could be repeated.
#[derive(Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The purpose of the request.
    pub operation: Operation,
    /// The number of the attempt, counted from 1.
    pub number: u32,
    /// The error of the attempt.
    pub error: &'a Error,
    /// What the policy decides unless [`RetryPolicy::decide_with`] changes it.
    pub decision: Decision,
}

/// What to do after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Wait for this long, then try again.
    RetryAfter(Duration),
    /// Return the error to the caller.
    GiveUp,
}

impl Default for RetryPolicy {
    /// Returns a policy of five attempts, with jittered delays that double from 250 ms up
    /// to 20 s. A `Retry-After` of up to 60 s is honoured.
    fn default() -> Self {
        Self {
            attempts: 5,
            base: Duration::from_millis(250),
            max: Duration::from_secs(20),
            longest_wait: Duration::from_secs(60),
            hook: None,
        }
    }
}

impl RetryPolicy {
    /// Creates a policy that never retries.
    pub fn none() -> Self {
        Self::default().attempts(1)
    }

    /// Sets the total number of attempts, including the first. Default: 5; 0 counts as 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets the longest delay before the second attempt, which doubles with every further
    /// attempt. The actual delay is random, between half of it and all of it. Default:
    /// 250 ms.
    #[must_use]
    pub fn base_delay(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// Sets the delay at which the doubling stops. Default: 20 s. The limit of a
    /// `Retry-After` is [`longest_retry_after`](Self::longest_retry_after).
    #[must_use]
    pub fn max_delay(mut self, max: Duration) -> Self {
        self.max = max;
        self
    }

    /// Sets the longest `Retry-After` to wait for. With a longer one, the error is returned
    /// at once and has it in [`Error::retry_after`](crate::Error::retry_after). Default:
    /// 60 s.
    #[must_use]
    pub fn longest_retry_after(mut self, longest: Duration) -> Self {
        self.longest_wait = longest;
        self
    }

    /// Sets a function that decides after each failed attempt that may be retried, in place
    /// of the number of attempts, the delays and the budget. It is not called where a retry
    /// could be charged twice.
    #[must_use]
    pub fn decide_with<F>(mut self, decide: F) -> Self
    where
        F: Fn(&Attempt<'_>) -> Decision + Send + Sync + 'static,
    {
        self.hook = Some(Arc::new(decide));
        self
    }

    /// Decides after the attempt `number`, which may be repeated.
    pub(crate) fn decide(
        &self,
        operation: Operation,
        number: u32,
        error: &Error,
        budget: &Budget,
    ) -> Decision {
        let decision = self.default_decision(number, error, budget);
        let Some(hook) = &self.hook else {
            return decision;
        };
        hook(&Attempt {
            operation,
            number,
            error,
            decision,
        })
    }

    fn default_decision(&self, number: u32, error: &Error, budget: &Budget) -> Decision {
        let wait = match error.retry_after() {
            Some(wait) if wait > self.longest_wait => return Decision::GiveUp,
            Some(wait) => wait.saturating_add(jitter(self.base)),
            None => self.delay(number),
        };
        // A server that limits the rate cannot be overloaded by retries.
        let allowed = number < self.attempts && (error.is_rate_limited() || budget.spend());
        match allowed {
            true => Decision::RetryAfter(wait),
            false => Decision::GiveUp,
        }
    }

    /// The delay after an attempt. Half of it is fixed and half random, so that callers
    /// whose requests failed together do not repeat them together.
    fn delay(&self, number: u32) -> Duration {
        let doubled = self.base.saturating_mul(1 << (number - 1).min(20));
        let full = doubled.min(self.max);
        full / 2 + jitter(full / 2)
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("attempts", &self.attempts)
            .field("base", &self.base)
            .field("max", &self.max)
            .field("longest_wait", &self.longest_wait)
            .field("hook", &self.hook.is_some())
            .finish()
    }
}

/// A random duration up to `most`.
pub(crate) fn jitter(most: Duration) -> Duration {
    most.mul_f64(fastrand::f64())
}

/// The retry budget of a client, which keeps it from multiplying the load of a server that
/// is failing: every retry costs a token, every answered request earns a tenth of one.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Budget {
    const TOKEN: u32 = 10;
    const MOST: u32 = 100 * Self::TOKEN;

    pub(crate) fn new() -> Self {
        Self(AtomicU32::new(Self::MOST))
    }

    fn spend(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                tokens.checked_sub(Self::TOKEN)
            })
            .is_ok()
    }

    pub(crate) fn earn(&self) {
        if self.0.load(Ordering::Relaxed) < Self::MOST {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}
