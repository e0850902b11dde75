//! Random numbers from a seed: with the same seed and the same order of calls, ids are the same.

use std::sync::atomic::{AtomicU64, Ordering};

/// A random number generator without a lock (SplitMix64), so that concurrent requests do not wait for each other.
#[derive(Debug)]
pub(crate) struct Seed {
    start: u64,
    drawn: AtomicU64,
}

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Seed {
    pub(crate) fn new(start: u64) -> Self {
        Self {
            start,
            drawn: AtomicU64::new(0),
        }
    }

    /// The next 64 bits.
    pub(crate) fn next(&self) -> u64 {
        let drawn = self.drawn.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        scramble(self.start.wrapping_add(drawn.wrapping_mul(STEP)))
    }

    /// A random number in `0.0..1.0`.
    pub(crate) fn unit(&self) -> f64 {
        let bits = u32::try_from(self.next() >> 32).unwrap_or(u32::MAX);
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }

    /// A random version 4 UUID.
    pub(crate) fn uuid(&self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }

    /// A random text of 32 hexadecimal digits.
    pub(crate) fn token(&self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }
}

fn scramble(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_ids() {
        let (one, two) = (Seed::new(7), Seed::new(7));
        let ids: Vec<_> = (0..100).map(|_| one.uuid()).collect();
        assert!(ids.iter().all(|id| *id == two.uuid()));
        assert!(
            ids.iter()
                .all(|id| id.len() == 36 && id.as_bytes()[14] == b'4')
        );
        assert_ne!(ids[0], Seed::new(8).uuid());
    }

    #[test]
    fn units_stay_in_range() {
        let seed = Seed::new(0);
        assert!(
            (0..1000)
                .map(|_| seed.unit())
                .all(|unit| (0.0..1.0).contains(&unit))
        );
    }
}
