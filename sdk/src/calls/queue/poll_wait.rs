//! How long to wait between two requests for a job's status or result.

use std::time::{Duration, Instant};

use super::status::{State, Status};
use crate::transport::http::PollInterval;
use crate::transport::http::retry::jitter;

/// The longest wait between requests while they fail.
const LONGEST_FAILURE_WAIT: Duration = Duration::from_secs(10);
/// The longest `Retry-After` that delays the next request.
const LONGEST_ASKED_WAIT: Duration = Duration::from_secs(60);
/// The longest wait between requests about a job that is far back in the queue, or that also
/// waits for a status stream.
const LONGEST_STRETCHED_WAIT: Duration = Duration::from_secs(30);
/// For jobs that wait for a status stream: the factors by which their shortest and longest
/// waits between two requests exceed the first and the longest interval of polling. They can
/// be polled less often, since the stream will report their end.
const STREAM_WAIT_FACTORS: (u32, u32) = (20, 10);
/// How many of the jobs that wait for a status stream may request their status within the
/// first interval of polling.
const REQUESTS_PER_INTERVAL: f64 = 64.0;

/// The waits between requests about one job.
pub(super) struct PollWait {
    interval: PollInterval,
    requests: i32,
    /// The number of requests that failed one after another.
    failures: u32,
    asked: Option<Duration>,
    /// The last known state, and the time at which the job entered it.
    state: Option<(State, Instant)>,
    /// The first position in the queue, and when it was seen.
    first_position: Option<(i64, Instant)>,
    /// The estimated time until the job leaves the queue, at the rate so far.
    queued_for: Option<Duration>,
}

impl PollWait {
    pub(super) fn new(interval: PollInterval) -> Self {
        Self {
            interval,
            requests: 0,
            failures: 0,
            asked: None,
            state: None,
            first_position: None,
            queued_for: None,
        }
    }

    /// The wait before the next request. For a job that waits for a status stream, `waiting` is
    /// the number of jobs that wait for one.
    pub(super) fn next(&mut self, waiting: Option<usize>) -> Duration {
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
        let queued = self.queued_for.unwrap_or_default() / 2;
        let until_stream = waiting.map(|waiting| self.until_stream(waiting));
        let stretched = queued.max(until_stream.unwrap_or_default());
        wait.max(stretched.min(LONGEST_STRETCHED_WAIT))
    }

    /// The wait of a job that waits for a status stream. It is proportional to the time that
    /// the job has been in its state, so that its end is noticed with a delay that is small
    /// compared with its duration. It grows with the number of these jobs, so that all of them
    /// can be polled in turn.
    fn until_stream(&self, waiting: usize) -> Duration {
        let first = self.interval.first.min(LONGEST_STRETCHED_WAIT);
        let turn = first.mul_f64(waiting.min(1_000_000) as f64 / REQUESTS_PER_INTERVAL);
        // A job whose state is not known may have ended long ago.
        let Some((state, since)) = &self.state else {
            return turn;
        };
        let (shortest, longest) = STREAM_WAIT_FACTORS;
        let longest = self.interval.longest.saturating_mul(longest);
        let lasted = since.elapsed();
        let proportion = match state {
            State::InQueue => lasted / 2,
            _ => lasted / 6,
        };
        let wait = proportion.min(longest).max(first.saturating_mul(shortest));
        wait.max(turn).mul_f64(spread())
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

    /// Records the job's state and its position in the queue.
    pub(super) fn note(&mut self, status: &Status) {
        let known = self.state.as_ref().map(|(state, _)| state);
        if known != Some(&status.state) {
            self.state = Some((status.state.clone(), Instant::now()));
        }
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
        // The reply can have any `Retry-After`, but the job may end much earlier.
        self.asked = retry_after.map(|wait| wait.min(LONGEST_ASKED_WAIT));
    }

    pub(super) fn succeeded(&mut self) {
        self.failures = 0;
        self.asked = None;
    }
}

/// A random factor around 1, so that jobs that began together do not send their requests at
/// the same times.
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
            assert!(wait.next(None) <= LONGEST_ASKED_WAIT * 5 / 4);
        }
        wait.succeeded();
        assert!(wait.next(None) < Duration::from_secs(1));
    }

    fn status(state: &str, position: Option<i64>) -> Status {
        let status = serde_json::json!({"status": state, "queue_position": position});
        Status::decode(&status).unwrap()
    }

    #[test]
    fn jobs_that_wait_for_a_stream_are_seldom_polled() {
        let mut wait = PollWait::new(PollInterval::default());
        assert!(
            wait.next(Some(1)) < Duration::from_secs(1),
            "it may have ended already"
        );
        wait.note(&status("IN_PROGRESS", None));
        assert!(wait.next(Some(1)) >= Duration::from_secs(4));
        assert!(wait.next(None) < Duration::from_secs(1));
        let crowded = wait.next(Some(5_000));
        assert!(crowded > Duration::from_secs(14) && crowded < Duration::from_secs(26));
        assert_eq!(wait.next(Some(usize::MAX)), LONGEST_STRETCHED_WAIT);
    }

    #[test]
    fn jobs_that_wait_for_a_stream_are_polled_in_proportion_to_the_time_so_far() {
        let ago = |seconds| {
            Instant::now()
                .checked_sub(Duration::from_secs(seconds))
                .unwrap()
        };
        let mut wait = PollWait::new(PollInterval::default());
        wait.state = Some((State::InProgress, ago(60)));
        let running = wait.next(Some(1));
        assert!(running >= Duration::from_secs(8) && running < Duration::from_secs(13));
        wait.state = Some((State::InProgress, ago(3_600)));
        assert!(wait.next(Some(1)) >= Duration::from_secs(24));
    }

    #[test]
    fn a_job_far_back_in_the_queue_is_polled_less() {
        let mut wait = PollWait::new(PollInterval::default());
        let at = |position: i64| status("IN_QUEUE", Some(position));
        wait.note(&at(1_000));
        assert!(
            wait.next(None) < Duration::from_secs(1),
            "no rate is known yet"
        );
        std::thread::sleep(Duration::from_millis(20));
        wait.note(&at(999));
        assert!(wait.next(None) > Duration::from_secs(5));
        wait.note(&at(0));
        assert!(wait.next(None) < Duration::from_secs(1));
    }
}
