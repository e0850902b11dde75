//! How many parts of an upload are sent at once.

use std::time::{Duration, Instant};

/// Starts with few parts at once and adds more for as long as that makes the upload faster.
/// Two parts fill a connection with a short delay; one with a long delay needs many.
pub(super) struct Ramp {
    at_once: usize,
    most: usize,
    /// The highest rate of a round so far, in bytes per second.
    best: f64,
    round: Round,
}

/// A round of as many parts as are sent at once. After each round, that number is adjusted.
struct Round {
    since: Instant,
    bytes: u64,
    parts: usize,
}

impl Ramp {
    /// How many parts are sent at once at first.
    const FIRST: usize = 2;
    /// The factor by which a round must be faster than the best so far for parts to be added.
    const GAIN: f64 = 1.1;

    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self {
            at_once: most.min(Self::FIRST),
            most,
            best: 0.0,
            round: Round::begin(),
        }
    }

    pub(super) fn at_once(&self) -> usize {
        self.at_once
    }

    /// Counts a part that is stored.
    pub(super) fn stored(&mut self, bytes: u64) {
        self.round.bytes += bytes;
        self.round.parts += 1;
        if self.round.parts >= self.at_once {
            let round = std::mem::replace(&mut self.round, Round::begin());
            self.decide(round.bytes, round.since.elapsed());
        }
    }

    fn decide(&mut self, bytes: u64, time: Duration) {
        let rate = bytes as f64 / time.as_secs_f64().max(f64::MIN_POSITIVE);
        if rate > self.best * Self::GAIN {
            let more = self.at_once + self.at_once.div_ceil(2);
            self.at_once = more.min(self.most);
            self.best = rate;
        }
    }
}

impl Round {
    fn begin() -> Self {
        Self {
            since: Instant::now(),
            bytes: 0,
            parts: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many parts are sent at once after rounds of these rates.
    fn after(most: usize, rates: &[u64]) -> Vec<usize> {
        let mut ramp = Ramp::new(most);
        let decided = rates.iter().map(|rate| {
            ramp.decide(*rate, Duration::from_secs(1));
            ramp.at_once()
        });
        decided.collect()
    }

    #[test]
    fn parts_are_added_while_that_makes_it_faster() {
        assert_eq!(after(8, &[100, 190, 300, 310, 600]), [3, 5, 8, 8, 8]);
    }

    #[test]
    fn a_full_line_gets_no_more_parts() {
        assert_eq!(after(8, &[100, 105, 90, 109]), [3, 3, 3, 3]);
    }

    #[test]
    fn a_line_that_becomes_faster_slowly_is_noticed() {
        assert_eq!(after(8, &[100, 105, 108, 111]), [3, 3, 3, 5]);
    }

    #[test]
    fn never_more_than_allowed_and_never_none() {
        assert_eq!(Ramp::new(1).at_once(), 1);
        assert_eq!(Ramp::new(0).at_once(), 1);
        assert_eq!(after(1, &[100, 200]), [1, 1]);
    }

    #[test]
    fn a_round_is_as_many_parts_as_are_sent_at_once() {
        let mut ramp = Ramp::new(8);
        ramp.stored(10);
        assert_eq!(ramp.at_once(), 2);
        ramp.stored(10);
        assert_eq!(ramp.at_once(), 3);
    }
}
