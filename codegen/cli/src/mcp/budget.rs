//! The budget of a session: how much all of its calls may cost together.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// The tolerance for rounding errors in sums of floats.
const ROUNDING: f64 = 1e-9;

/// The budget of a session. The expected cost of a call is held, that is, subtracted from the budget before the call is made, so
/// that calls that run at the same time cannot exceed the budget together.
#[derive(Debug, Clone)]
pub(super) struct Budget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The most that may be spent; `None` if there is no limit.
    limit: Option<f64>,
    /// The amount that was spent, and that is held for running calls.
    taken: Mutex<f64>,
}

impl Budget {
    pub(super) fn new(limit: Option<f64>) -> Self {
        Self(Arc::new(Inner {
            limit,
            taken: Mutex::new(0.0),
        }))
    }

    /// Holds the expected cost of a call.
    ///
    /// # Errors
    ///
    /// If less is left in the budget, or if there is a budget and the expected cost is not known.
    pub(super) fn hold(&self, expected: Option<f64>) -> Result<Held, Refused> {
        let amount = match (expected, self.0.limit) {
            (Some(amount), _) => amount,
            (None, None) => 0.0,
            (None, Some(_)) => return Err(Refused::NoPrice),
        };
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(limit) = self.0.limit
            && *taken + amount > limit + ROUNDING
        {
            return Err(Refused::TooLittle {
                expected: amount,
                left: (limit - *taken).max(0.0),
            });
        }
        *taken += amount;
        Ok(Held {
            budget: self.clone(),
            amount,
        })
    }

    /// The amount that is left; `None` if there is no limit.
    pub(super) fn left(&self) -> Option<f64> {
        let taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        Some((self.0.limit? - *taken).max(0.0))
    }
}

/// An amount that is held for a call. It stays subtracted unless it is [released](Self::release), because a call whose outcome is
/// not known may have been paid for.
#[derive(Debug)]
#[must_use]
pub(super) struct Held {
    budget: Budget,
    amount: f64,
}

impl Held {
    /// Returns the amount to the budget, because nothing was submitted.
    pub(super) fn release(self) {
        self.settle(0.0);
    }

    /// Replaces the amount by the call's real cost.
    pub(super) fn settle(self, cost: f64) {
        let taken = &self.budget.0.taken;
        *taken.lock().unwrap_or_else(PoisonError::into_inner) += cost - self.amount;
    }
}

/// The reason why an amount could not be held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Refused {
    /// Less is left in the budget than the call is expected to cost.
    TooLittle {
        /// The expected cost of the call.
        expected: f64,
        /// The amount that is left.
        left: f64,
    },
    /// There is a budget, and the catalog does not say what the call costs.
    NoPrice,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLittle { expected, left } => write!(
                f,
                "the budget of this session has {left:.4} left, and a call is estimated at {expected:.4}; nothing was sent. The user can start the \
                 server with a larger --budget"
            ),
            Self::NoPrice => f.write_str(
                "the catalog has no price for this model, so its cost cannot be compared with the budget of this session; nothing was sent. The user can \
                 start the server with --unlimited",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Refused};

    #[test]
    fn what_is_held_is_taken_until_it_is_settled() {
        let budget = Budget::new(Some(1.0));
        let first = budget.hold(Some(0.6)).unwrap();
        let refused = budget.hold(Some(0.6)).unwrap_err();
        assert_eq!(
            refused,
            Refused::TooLittle {
                expected: 0.6,
                left: 0.4
            }
        );
        first.release();
        let second = budget.hold(Some(0.6)).unwrap();
        second.settle(0.25);
        assert_eq!(budget.left(), Some(0.75));
        // A call without a known outcome may have been paid for.
        drop(budget.hold(Some(0.5)).unwrap());
        assert_eq!(budget.left(), Some(0.25));
        assert_eq!(budget.hold(None).unwrap_err(), Refused::NoPrice);
    }

    #[test]
    fn a_budget_can_be_used_up_in_tenths() {
        let budget = Budget::new(Some(0.3));
        for _ in 0..3 {
            drop(budget.hold(Some(0.1)).unwrap());
        }
        assert!(budget.hold(Some(0.1)).is_err());
    }

    #[test]
    fn without_a_limit_everything_is_allowed() {
        let budget = Budget::new(None);
        budget.hold(Some(1e9)).unwrap().settle(1e9);
        budget.hold(None).unwrap().release();
        assert_eq!(budget.left(), None);
    }
}
