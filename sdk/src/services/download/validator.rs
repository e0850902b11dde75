//! Headers that distinguish two versions of a file.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, ETAG, HeaderMap, HeaderName, HeaderValue, LAST_MODIFIED};

/// A header that differs between two versions of a file. Without one, a download that
/// broke off starts again. Source: RFC 9110, 8.8 and 13.1.5.
pub(super) struct Validator {
    name: HeaderName,
    pub(super) value: HeaderValue,
}

impl Validator {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let named = |name: HeaderName| {
            let value = headers.get(&name)?.clone();
            Some(Self { name, value })
        };
        let etag = named(ETAG).filter(|etag| !etag.value.as_bytes().starts_with(b"W/"));
        etag.or_else(|| named(LAST_MODIFIED).filter(|_| is_strong_date(headers)))
    }

    /// Whether these headers do not say that the file has changed.
    pub(super) fn matches(&self, headers: &HeaderMap) -> bool {
        let now = headers.get(&self.name);
        now.is_none_or(|now| *now == self.value)
    }
}

/// Whether `Last-Modified` distinguishes versions. It does not if the file changed in the
/// second in which the reply was made, since it can change again in that second.
fn is_strong_date(headers: &HeaderMap) -> bool {
    let date = |name: HeaderName| -> Option<SystemTime> {
        let text = headers.get(name)?.to_str().ok()?;
        httpdate::parse_http_date(text).ok()
    };
    let age = date(DATE).and_then(|sent| sent.duration_since(date(LAST_MODIFIED)?).ok());
    age.is_some_and(|age| age >= Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(HeaderName, &'static str)| {
            (name.clone(), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_what_tells_versions_apart_for_sure_counts() {
        const NOON: &str = "Sat, 28 Nov 2026 12:00:00 GMT";
        const SECOND_LATER: &str = "Sat, 28 Nov 2026 12:00:01 GMT";
        let name = |pairs: &[_]| Validator::of(&headers(pairs)).map(|found| found.name);
        assert_eq!(name(&[(ETAG, "\"a\""), (LAST_MODIFIED, NOON)]), Some(ETAG));
        assert_eq!(name(&[(ETAG, "W/\"a\"")]), None);
        assert_eq!(name(&[(LAST_MODIFIED, NOON)]), None);
        assert_eq!(name(&[(LAST_MODIFIED, NOON), (DATE, NOON)]), None);
        let old = [(LAST_MODIFIED, NOON), (DATE, SECOND_LATER)];
        assert_eq!(name(&old), Some(LAST_MODIFIED));
        let known = Validator::of(&headers(&old)).unwrap();
        assert!(known.matches(&headers(&[])) && known.matches(&headers(&old)));
        assert!(!known.matches(&headers(&[(LAST_MODIFIED, SECOND_LATER)])));
    }
}
