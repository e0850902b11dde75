//! The delay before a request is sent again.

use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::time::{Duration, SystemTime};

/// The number of attempts and the delays between them. Commands use the default; tests shorten the delays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The number of times that a request is sent, including the first time.
    pub attempts: u32,
    /// The longest delay after the first failure. It doubles with each further failure.
    pub base: Duration,
    /// The longest delay of all, even if a server requests a longer one.
    pub cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            attempts: 5,
            base: Duration::from_millis(500),
            cap: Duration::from_secs(60),
        }
    }
}

impl Backoff {
    /// The delay after failure number `failure`, counted from 0: the one that the server requested, else a random part of a
    /// range that doubles with each failure, so that clients do not send their requests again at the same time.
    #[must_use]
    pub fn wait(&self, failure: u32, asked: Option<Duration>) -> Duration {
        let wait = asked.unwrap_or_else(|| {
            let range = self
                .base
                .saturating_mul(2_u32.saturating_pow(failure))
                .min(self.cap);
            range.mul_f64(0.5 + fastrand::f64() / 2.0)
        });
        wait.min(self.cap)
    }
}

/// The delay that the server requests: `Retry-After` in seconds or as a date, or `x-ratelimit-reset` in seconds.
pub(super) fn asked(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let seconds = |text: &str| {
        let seconds = text.parse::<f64>().ok()?;
        Duration::try_from_secs_f64(seconds).ok()
    };
    let retry_after = text(RETRY_AFTER.as_str());
    retry_after
        .and_then(|text| seconds(text).or_else(|| until(text, now)))
        .or_else(|| text("x-ratelimit-reset").and_then(seconds))
}

fn until(date: &str, now: SystemTime) -> Option<Duration> {
    let date = httpdate::parse_http_date(date).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::{Backoff, asked};
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
    use std::time::{Duration, SystemTime};

    fn asked_for(name: &'static str, value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        );
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        asked(&headers, now)
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(asked_for("retry-after", "3"), Some(Duration::from_secs(3)));
        assert_eq!(
            asked_for("retry-after", "0.5"),
            Some(Duration::from_millis(500))
        );
        let date = "Sun, 06 Nov 1994 08:49:47 GMT";
        assert_eq!(
            asked_for("retry-after", date),
            Some(Duration::from_secs(10))
        );
        let past = "Sun, 06 Nov 1994 08:49:00 GMT";
        assert_eq!(asked_for("retry-after", past), Some(Duration::ZERO));
        assert_eq!(
            asked_for("x-ratelimit-reset", "7"),
            Some(Duration::from_secs(7))
        );
    }

    #[test]
    fn nonsense_is_nothing() {
        for value in ["soon", "-1", "NaN", "inf", ""] {
            assert_eq!(asked_for("retry-after", value), None, "{value}");
        }
        assert_eq!(asked(&HeaderMap::new(), SystemTime::UNIX_EPOCH), None);
    }

    #[test]
    fn waits_double_and_end_at_the_cap() {
        let backoff = Backoff {
            attempts: 5,
            base: Duration::from_millis(100),
            cap: Duration::from_secs(2),
        };
        for (failure, low, high) in [(0, 50, 100), (1, 100, 200), (3, 400, 800), (60, 1000, 2000)] {
            let wait = backoff.wait(failure, None);
            assert!(
                wait >= Duration::from_millis(low) && wait <= Duration::from_millis(high),
                "{wait:?}"
            );
        }
        assert_eq!(
            backoff.wait(0, Some(Duration::from_secs(1))),
            Duration::from_secs(1)
        );
        assert_eq!(
            backoff.wait(0, Some(Duration::from_secs(3600))),
            Duration::from_secs(2)
        );
    }
}
