//! Timestamps as the servers write them (RFC 3339), in Unix seconds.
//!
//! Implemented here, since a date library would add more to every user's build than these
//! lines.

/// Reads a timestamp such as `2026-01-01T00:00:00+00:00`. A fraction of a second is
/// dropped. Returns `None` for a date that does not exist, such as February 30.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = bytes.get(from..to)?;
        let all = digits.iter().all(u8::is_ascii_digit);
        all.then(|| {
            digits
                .iter()
                .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
        })
    };
    let is = |at: usize, wanted: &[u8]| bytes.get(at).is_some_and(|byte| wanted.contains(byte));
    let marked = is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":");
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let real = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    if !marked || !real {
        return None;
    }
    let rest = text.get(19..)?;
    let zone = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            (zone.len() < fraction.len()).then_some(zone)?
        }
    };
    let local = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(local - offset(zone)?)
}

/// The offset from UTC in seconds: 0 for `Z`, otherwise from text such as `+02:00`.
fn offset(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes() {
        b"Z" | b"z" => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let [h1, h2, b':', m1, m2] = *digits else {
        return None;
    };
    let two = |tens: u8, ones: u8| {
        let are_digits = tens.is_ascii_digit() && ones.is_ascii_digit();
        are_digits.then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let hours = two(h1, h2).filter(|hours| *hours < 24)?;
    let minutes = two(m1, m2).filter(|minutes| *minutes < 60)?;
    Some(sign * (hours * 3_600 + minutes * 60))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let (next_year, next_month) = match month {
        12 => (year + 1, 1),
        _ => (year, month + 1),
    };
    days(next_year, next_month, 1) - days(year, month, 1)
}

/// Days since 1970-01-01 in the Gregorian calendar. The calculation lets years begin in
/// March, so that the leap day is the last day of a year.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Writes a timestamp in the form that servers read.
pub(crate) fn format(unix: i64) -> String {
    let (day, second) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let march = (5 * of_year + 2) / 153;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = years + era * 400 + i64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{:02}T{:02}:{:02}:{:02}Z",
        of_year - (153 * march + 2) / 5 + 1,
        second / 3_600,
        second / 60 % 60,
        second % 60,
    )
}

/// Checks that `parse` returns, for any bytes, nothing or a time in the years 0 to 9999, with a day's tolerance for the offset.
#[cfg(any(test, fuzzing))]
pub(crate) fn check_any(bytes: &[u8]) {
    let first = days(0, 1, 1) * 86_400 - 86_400;
    let last = days(10_000, 1, 1) * 86_400 + 86_400;
    if let Some(read) = parse(&String::from_utf8_lossy(bytes)) {
        assert!((first..=last).contains(&read), "{read}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutation::each_mutation;

    #[test]
    fn only_real_dates_are_read() {
        assert_eq!(parse("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(parse("2026-01-01T00:00:00+00:00"), Some(1_767_225_600));
        assert_eq!(
            parse("2026-01-01T02:00:00.123456+02:00"),
            Some(1_767_225_600)
        );
        assert_eq!(parse("2025-12-31T21:30:00-02:30"), Some(1_767_225_600));
        assert_eq!(parse("2024-02-29T12:00:00Z"), Some(1_709_208_000));
        for bad in [
            "",
            "tomorrow",
            "2026-13-01T00:00:00Z",
            "2026-01-01",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00+é",
            "2026-02-31T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-01-01T00:00:00+255:00",
            "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+00:60",
            "2026-01-01T00:00:00+0:00",
            "2026-01-01T00:00:00++1:00",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00.1.2Z",
            "2026-01-01T00:00:0012Z",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn written_and_read_again() {
        for unix in [
            0,
            951_782_400,
            1_709_208_000,
            1_767_225_599,
            4_102_444_800,
            -1,
        ] {
            assert_eq!(parse(&format(unix)), Some(unix), "{}", format(unix));
        }
        assert_eq!(format(1_767_225_600), "2026-01-01T00:00:00Z");
    }

    #[test]
    fn mutated_timestamps() {
        let seeds: [&[u8]; 3] = [
            b"2026-01-01T00:00:00+00:00",
            b"2025-12-31 21:30:00.123456-02:30",
            b"2024-02-29t23:59:60Z",
        ];
        each_mutation("timestamp", &seeds, check_any);
    }
}
