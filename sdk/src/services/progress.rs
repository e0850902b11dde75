//! The progress of a transfer.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Serialize, Serializer};

use crate::contract::wire::Object;

/// The progress of an upload or a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of bytes transferred so far. It decreases when a part has to be sent or
    /// fetched again.
    pub done: u64,
    /// The total number of bytes; `None` while it is unknown.
    pub total: Option<u64>,
}

impl Progress {
    /// Returns the fraction that is done, from 0 to 1; `None` while the total is unknown.
    pub fn fraction(&self) -> Option<f64> {
        let total = self.total?;
        Some(match total {
            0 => 1.0,
            _ => (self.done as f64 / total as f64).min(1.0),
        })
    }
}

/// Writes, for example, `12.5 MiB of 40.0 MiB`, or `300 B of 2048 B` if the total is less
/// than 1 MiB.
impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MEBIBYTE: u64 = 1 << 20;
        let is_small = self.total.unwrap_or(self.done) < MEBIBYTE;
        let size = |bytes: u64| match is_small {
            true => format!("{bytes} B"),
            false => format!("{:.1} MiB", bytes as f64 / MEBIBYTE as f64),
        };
        f.write_str(&size(self.done))?;
        match self.total {
            Some(total) => write!(f, " of {}", size(total)),
            None => Ok(()),
        }
    }
}

/// Writes `done` in bytes, and `total` and `fraction` where they are known.
impl Serialize for Progress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = Object::begin(serializer);
        object.required("done", &self.done);
        object.optional("total", &self.total);
        object.optional("fraction", &self.fraction());
        object.end()
    }
}

pub(crate) type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// Adds up the bytes that the parts of a transfer have moved, and reports the sum.
#[derive(Clone)]
pub(crate) struct Meter(Option<Arc<Inner>>);

struct Inner {
    done: AtomicU64,
    total: Option<u64>,
    on_progress: OnProgress,
}

impl Meter {
    pub(crate) fn new(on_progress: Option<OnProgress>, total: Option<u64>) -> Self {
        Self(on_progress.map(|on_progress| {
            Arc::new(Inner {
                done: AtomicU64::new(0),
                total,
                on_progress,
            })
        }))
    }

    /// Counts bytes that were moved already.
    pub(crate) fn add(&self, bytes: u64) {
        self.change(0, bytes);
    }

    /// The counter of one part. It is called with how much of the part has moved in the
    /// current attempt.
    pub(crate) fn part(&self) -> impl Fn(u64) + Send + Sync + 'static {
        let (meter, counted) = (self.clone(), AtomicU64::new(0));
        move |moved| {
            let before = counted.swap(moved, Ordering::Relaxed);
            meter.change(before, moved);
        }
    }

    fn change(&self, before: u64, now: u64) {
        let Some(inner) = self.0.as_ref().filter(|_| before != now) else {
            return;
        };
        let added = now.wrapping_sub(before);
        let done = inner.done.fetch_add(added, Ordering::Relaxed);
        (inner.on_progress)(Progress {
            done: done.wrapping_add(added),
            total: inner.total,
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn parts_add_up_and_fall_back() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&seen);
        let meter = Meter::new(
            Some(Arc::new(move |progress: Progress| {
                told.lock().unwrap().push(progress.done);
            })),
            Some(10),
        );
        let (first, second) = (meter.part(), meter.part());
        first(4);
        second(2);
        first(0);
        first(5);
        meter.add(3);
        assert_eq!(*seen.lock().unwrap(), [4, 6, 2, 7, 10]);
    }

    #[test]
    fn shares() {
        let progress = |done, total| Progress { done, total };
        assert_eq!(progress(5, Some(10)).fraction(), Some(0.5));
        assert_eq!(progress(0, Some(0)).fraction(), Some(1.0));
        assert_eq!(progress(5, None).fraction(), None);
        assert_eq!(
            progress(1 << 20, Some(2 << 20)).to_string(),
            "1.0 MiB of 2.0 MiB"
        );
        assert_eq!(progress(0, Some(300)).to_string(), "0 B of 300 B");
        assert_eq!(progress(300, None).to_string(), "300 B");
        let written = |progress| serde_json::to_string(&progress).unwrap();
        assert_eq!(
            written(progress(5, Some(10))),
            r#"{"done":5,"total":10,"fraction":0.5}"#
        );
        assert_eq!(written(progress(5, None)), r#"{"done":5}"#);
    }
}
