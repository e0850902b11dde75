//! How long to wait between two requests for a job's status or result.

use std::time::{Duration, Instant};

use super::status::{State, Status};
use crate::transport::http::PollInterval;
use crate::transport::http::retry::jitter;

/// The longest wait between requests while they fail.
const LONGEST_FAILURE_WAIT: Duration = Duration::from_secs(10);
/// The longest `Retry-After` that delays the next request.
const LONGEST_ASKED_WAIT: Duration = Duration::from_secs(60);
/// The longest wait of a job that is far back in the queue, or that also waits for a
/// status stream.
const LONGEST_STRETCHED_WAIT: Duration = Duration::from_secs(30);

/// The waits between requests about one job.
pub(super) struct PollWait {
    interval: PollInterval,
    requests: i32,
    /// The number of requests that failed one after another.
    failures: u32,
    asked: Option<Duration>,
    /// The first position in the queue, and when it was seen.
    first_position: Option<(i64, Instant)>,
    /// How long the job will be in the queue, at the rate so far.
    queued_for: Option<Duration>,
}

impl PollWait {
    pub(super) fn new(interval: PollInterval) -> Self {
        Self {
            interval,
            requests: 0,
            failures: 0,
            asked: None,
            first_position: None,
            queued_for: None,
        }
    }

    /// The wait before the next request. The more jobs wait for each status stream,
    /// which is the `crowding`, the longer it is at least.
    pub(super) fn next(&mut self, crowding: f64) -> Duration {
        if self.failures > 0 {
            let doubled = self
                .interval
                .first
                .saturating_mul(1 << self.failures.min(8));
            let wait = self.asked.unwrap_or(doubled.min(LONGEST_FAILURE_WAIT));
            return wait.saturating_add(jitter(wait / 4));
        }
        let wait = self.usual();
        self.requests = self.requests.saturating_add(1);
        let crowded = self
            .interval
            .first
            .min(LONGEST_STRETCHED_WAIT)
            .mul_f64((1.0 + crowding.clamp(0.0, 1_000.0)) * spread());
        let queued = self.queued_for.unwrap_or_default() / 2;
        let stretched = crowded.max(queued).min(LONGEST_STRETCHED_WAIT);
        wait.max(stretched)
    }

    fn usual(&self) -> Duration {
        let PollInterval {
            first,
            longest,
            growth,
            ..
        } = self.interval;
        let grown = first.as_secs_f64() * growth.max(1.0).powi(self.requests.min(1_000));
        let wait = grown.min(longest.as_secs_f64()) * spread();
        Duration::try_from_secs_f64(wait)
            .unwrap_or(longest)
            .min(Duration::from_secs(86_400))
    }

    /// Records the job's position in the queue.
    pub(super) fn note(&mut self, status: &Status) {
        self.queued_for = None;
        if status.state != State::InQueue {
            return;
        }
        let Some(position) = status.queue_position.filter(|position| *position > 0) else {
            return;
        };
        let (first, seen) = *self
            .first_position
            .get_or_insert_with(|| (position, Instant::now()));
        let moved = first.saturating_sub(position);
        if moved > 0 {
            let ahead = position as f64 / moved as f64;
            let rest = seen.elapsed().as_secs_f64() * ahead;
            self.queued_for = Duration::try_from_secs_f64(rest).ok();
        }
    }

    /// Records that a request failed, with the `Retry-After` of the reply.
    pub(super) fn failed(&mut self, retry_after: Option<Duration>) {
        self.failures = self.failures.saturating_add(1);
        // A server can ask for any wait; the job may be over long before.
        self.asked = retry_after.map(|wait| wait.min(LONGEST_ASKED_WAIT));
    }

    pub(super) fn succeeded(&mut self) {
        self.failures = 0;
        self.asked = None;
    }
}

/// A factor around 1, so that jobs that began together do not send their requests
/// together.
fn spread() -> f64 {
    0.8 + 0.4 * fastrand::f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::wire::Decode;

    #[test]
    fn no_server_puts_the_next_request_off_for_long() {
        let mut wait = PollWait::new(PollInterval::default());
        for asked in [Duration::from_secs(3_600), Duration::MAX] {
            wait.failed(Some(asked));
            assert!(wait.next(0.0) <= LONGEST_ASKED_WAIT * 5 / 4);
        }
        wait.succeeded();
        assert!(wait.next(0.0) < Duration::from_secs(1));
    }

    #[test]
    fn jobs_that_wait_for_a_stream_poll_less() {
        let mut alone = PollWait::new(PollInterval::default());
        let mut crowded = PollWait::new(PollInterval::default());
        assert!(crowded.next(15.0) > alone.next(0.0) * 8);
        assert!(crowded.next(f64::INFINITY) <= LONGEST_STRETCHED_WAIT);
    }

    #[test]
    fn a_job_far_back_in_the_queue_is_polled_less() {
        let mut wait = PollWait::new(PollInterval::default());
        let at = |position: i64| {
            let status = serde_json::json!({"status": "IN_QUEUE", "queue_position": position});
            Status::decode(&status).unwrap()
        };
        wait.note(&at(1_000));
        assert!(
            wait.next(0.0) < Duration::from_secs(1),
            "no rate is known yet"
        );
        std::thread::sleep(Duration::from_millis(20));
        wait.note(&at(999));
        assert!(wait.next(0.0) > Duration::from_secs(5));
        wait.note(&at(0));
        assert!(wait.next(0.0) < Duration::from_secs(1));
    }
}
