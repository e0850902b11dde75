//! Points and stretches of time, as the platform takes them.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::open_enum;
use crate::transport::timestamp;

open_enum! {
    /// The length of the stretches of time that figures are given for.
    pub enum Timeframe: String {
        Minute = "minute",
        Hour = "hour",
        Day = "day",
        Week = "week",
        Month = "month",
    }
}

/// A point in time: a [`SystemTime`], or a text as the platform takes it
/// (`2026-01-31`, `2026-01-31T10:00:00Z`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp(String);

impl Timestamp {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let unix = match time.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX / 2),
            Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX / 2),
        };
        Self(timestamp::format(unix))
    }
}
