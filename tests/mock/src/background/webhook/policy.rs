//! The policy for repeating deliveries of webhooks.

use std::time::Duration;

/// Settings for the delivery of webhooks: when a delivery is repeated, and which user id and time it has.
///
/// The defaults are those of fal: 15 s for the first attempt, 120 s for later ones, up to 31 retries. How long fal pauses
/// between attempts is not known; this server pauses for 1 s at first, and twice as long after each attempt, up to 5 minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookPolicy {
    /// How long the first attempt may take. Default: 15 s.
    pub first_timeout: Duration,
    /// How long later attempts may take. Default: 120 s.
    pub later_timeout: Duration,
    /// How often a delivery is repeated. Default: 31.
    pub retries: u64,
    /// The pause before the first retry; it doubles with each retry. Default: 1 s.
    pub first_pause: Duration,
    /// The longest pause between two attempts. Default: 5 minutes.
    pub longest_pause: Duration,
    /// The user id in the headers of deliveries.
    pub user_id: String,
    /// The time of the signature, as Unix time in seconds; `None` means the current time.
    pub signed_at: Option<i64>,
}

impl Default for WebhookPolicy {
    fn default() -> Self {
        Self {
            first_timeout: Duration::from_secs(15),
            later_timeout: Duration::from_secs(120),
            retries: 31,
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(300),
            user_id: "auth0|mock-user".to_owned(),
            signed_at: None,
        }
    }
}

impl WebhookPolicy {
    /// Creates a policy with `retries` retries, and a pause of `pause` before each.
    #[must_use]
    pub fn fast(retries: u64, pause: Duration) -> Self {
        Self {
            retries,
            first_pause: pause,
            longest_pause: pause,
            ..Self::default()
        }
    }

    /// The pause after an attempt, counted from 1.
    pub(super) fn pause(&self, attempt: u64) -> Duration {
        let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        let factor = 2_u32.checked_pow(doublings).unwrap_or(u32::MAX);
        self.first_pause
            .saturating_mul(factor)
            .min(self.longest_pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let policy = WebhookPolicy::default();
        let seconds = |attempt| policy.pause(attempt).as_secs();
        assert_eq!(
            [seconds(1), seconds(2), seconds(9), seconds(40)],
            [1, 2, 256, 300]
        );
    }
}
