//! Points in time, and lengths of time buckets, in the form that the platform reads.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::open_enum;
use crate::transport::timestamp;

open_enum! {
    /// The length of the time buckets for which figures are listed.
    pub enum Timeframe: String {
        Minute = "minute",
        Hour = "hour",
        Day = "day",
        Week = "week",
        Month = "month",
    }
}

/// A point in time, as an argument of the platform API.
///
/// A [`SystemTime`] converts into it, and so does a string in the platform's format
/// (`2026-01-31`, `2026-01-31T10:00:00Z`), which is sent unchanged. With the features
/// `chrono`, `jiff` and `time`, the types of these crates convert into it, too. Fractions of
/// a second are dropped from all types but strings.
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
        let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX / 2);
        let unix = match time.duration_since(UNIX_EPOCH) {
            Ok(since) => seconds(since),
            Err(before) => {
                let before = before.duration();
                -seconds(before) - i64::from(before.subsec_nanos() > 0)
            }
        };
        Self(timestamp::format(unix))
    }
}

#[cfg(feature = "chrono")]
impl<Z: chrono::TimeZone> From<chrono::DateTime<Z>> for Timestamp {
    fn from(time: chrono::DateTime<Z>) -> Self {
        Self(timestamp::format(time.timestamp()))
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for Timestamp {
    fn from(time: jiff::Timestamp) -> Self {
        let into_second = i64::from(time.subsec_nanosecond() < 0);
        Self(timestamp::format(time.as_second() - into_second))
    }
}

#[cfg(feature = "jiff")]
impl From<&jiff::Zoned> for Timestamp {
    fn from(time: &jiff::Zoned) -> Self {
        time.timestamp().into()
    }
}

#[cfg(feature = "time")]
impl From<time::OffsetDateTime> for Timestamp {
    fn from(time: time::OffsetDateTime) -> Self {
        Self(timestamp::format(time.unix_timestamp()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half a second before and after the epoch, and a day that a leap year has.
    const SECONDS: [(i64, &str); 3] = [
        (-1, "1969-12-31T23:59:59Z"),
        (0, "1970-01-01T00:00:00Z"),
        (1_709_208_000, "2024-02-29T12:00:00Z"),
    ];

    #[test]
    fn points_in_time_are_written_as_the_platform_reads_them() {
        for (seconds, text) in SECONDS {
            let half = Duration::from_millis(500);
            let whole = Duration::from_secs(seconds.unsigned_abs());
            let time = match seconds < 0 {
                true => UNIX_EPOCH - whole + half,
                false => UNIX_EPOCH + whole + half,
            };
            assert_eq!(Timestamp::from(time).as_str(), text);
        }
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn of_chrono() {
        for (seconds, text) in SECONDS {
            let time = chrono::DateTime::from_timestamp(seconds, 500_000_000).unwrap();
            assert_eq!(Timestamp::from(time).as_str(), text);
        }
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn of_jiff() {
        for (seconds, text) in SECONDS {
            let half = jiff::SignedDuration::from_millis(500);
            let time = jiff::Timestamp::from_second(seconds).unwrap() + half;
            assert_eq!(Timestamp::from(time).as_str(), text);
            let zoned = time.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(3)));
            assert_eq!(Timestamp::from(&zoned).as_str(), text);
        }
    }

    #[cfg(feature = "time")]
    #[test]
    fn of_time() {
        for (seconds, text) in SECONDS {
            let time = time::OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let time = time + Duration::from_millis(500);
            assert_eq!(Timestamp::from(time).as_str(), text);
        }
    }
}
