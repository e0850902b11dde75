//! When webhooks are tried again.

use std::time::Duration;

/// When webhooks are delivered again, and which user id and time they carry.
///
/// The default is fal's: 15 s for the first attempt, 120 s for later ones, up to 31 retries. How long fal pauses is not known:
/// here one second at first, doubling up to five minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookPolicy {
    /// How long the first attempt may take.
    pub first_timeout: Duration,
    /// How long later attempts may take.
    pub later_timeout: Duration,
    /// How often a delivery is repeated.
    pub retries: u64,
    /// The pause before the first retry; it doubles from then on.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// The user id that deliveries carry.
    pub user_id: String,
    /// The Unix time at which deliveries claim to be signed; the current time if `None`.
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
    /// Creates a policy with short pauses: `retries` of them, each of `pause`.
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
