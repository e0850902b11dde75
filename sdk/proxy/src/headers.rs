//! The headers that are passed on, in both directions.

use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE,
    DATE, HeaderName, RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue};

/// The URL that the browser's client would call without a proxy.
pub(crate) const TARGET: HeaderName = HeaderName::from_static("x-fal-target-url");
/// The header that tells fal which proxy passed the call on.
const CLIENT_PROXY: HeaderName = HeaderName::from_static("x-fal-client-proxy");
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-fal-request-id");
pub(crate) const BILLABLE_UNITS: HeaderName = HeaderName::from_static("x-fal-billable-units");

/// The headers with the options of calls. Other headers of fal are not passed on, such as the
/// tokens of fal's own apps, and tags, which the owner of the key uses to split costs.
const OPTIONS: [HeaderName; 10] = [
    HeaderName::from_static("x-fal-request-timeout"),
    HeaderName::from_static("x-fal-request-start-timeout"),
    HeaderName::from_static("x-fal-queue-priority"),
    HeaderName::from_static("x-fal-runner-hint"),
    HeaderName::from_static("x-fal-no-retry"),
    HeaderName::from_static("x-fal-object-lifecycle"),
    HeaderName::from_static("x-fal-object-lifecycle-preference"),
    HeaderName::from_static("x-fal-store-io"),
    HeaderName::from_static("x-app-fal-disable-fallback"),
    HeaderName::from_static("x-fal-disable-fallbacks"),
];

/// The headers of a reply that fal's clients read.
const OF_REPLIES: [HeaderName; 15] = [
    CONTENT_TYPE,
    CONTENT_LENGTH,
    CONTENT_ENCODING,
    CONTENT_DISPOSITION,
    DATE,
    RETRY_AFTER,
    HeaderName::from_static("x-ratelimit-reset"),
    REQUEST_ID,
    BILLABLE_UNITS,
    HeaderName::from_static("x-fal-request-timeout-type"),
    HeaderName::from_static("x-fal-error-type"),
    HeaderName::from_static("x-fal-needs-retry"),
    HeaderName::from_static("x-fal-retryable"),
    HeaderName::from_static("x-fal-served-from"),
    HeaderName::from_static("x-fal-runner-hints"),
];

/// The headers of the request to fal.
pub(crate) fn of_request(from: &HeaderMap, has_body: bool) -> HeaderMap {
    let mut to = selected(from, OPTIONS.iter().chain([&ACCEPT]));
    if has_body {
        to.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let own = concat!("fal-proxy/", env!("CARGO_PKG_VERSION"));
    to.insert(CLIENT_PROXY, HeaderValue::from_static(own));
    to
}

/// The headers of the reply to the browser.
pub(crate) fn of_reply(from: &HeaderMap) -> HeaderMap {
    let mut to = selected(from, &OF_REPLIES);
    set_own(&mut to);
    to
}

/// The headers of these names.
fn selected<'n>(from: &HeaderMap, names: impl IntoIterator<Item = &'n HeaderName>) -> HeaderMap {
    let known = |name: &HeaderName| Some((name.clone(), from.get(name)?.clone()));
    names.into_iter().filter_map(known).collect()
}

/// Sets the proxy's own headers of a reply. Replies must not be cached: all calls have the URL of
/// the proxy, so a cache would return the reply to another call.
pub(crate) fn set_own(to: &mut HeaderMap) {
    to.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    to.insert(VARY, HeaderValue::from_static("x-fal-target-url"));
    to.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        pairs.collect()
    }

    #[test]
    fn only_options_of_calls_reach_fal() {
        let sent = of_request(
            &map(&[
                ("accept", "text/event-stream"),
                ("authorization", "Key of:another"),
                ("content-length", "5"),
                ("content-type", "text/plain"),
                ("cookie", "session=1"),
                ("host", "evil.example"),
                ("transfer-encoding", "chunked"),
                ("x-fal-cdn-token", "t"),
                ("x-fal-client-proxy", "other"),
                ("x-fal-queue-priority", "low"),
                ("x-fal-tags", "team=other"),
                ("x-fal-target-url", "https://fal.run/a/b"),
                ("x-forwarded-for", "10.0.0.1"),
            ]),
            true,
        );
        let mut names: Vec<&str> = sent.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "accept",
                "content-type",
                "x-fal-client-proxy",
                "x-fal-queue-priority"
            ]
        );
        assert_eq!(sent[CONTENT_TYPE], "application/json");
        assert_ne!(sent[CLIENT_PROXY], "other");
    }

    #[test]
    fn only_what_clients_read_reaches_the_browser() {
        let got = of_reply(&map(&[
            ("access-control-allow-origin", "*"),
            ("cache-control", "public, max-age=3600"),
            ("connection", "close"),
            ("content-type", "application/json"),
            ("location", "https://evil.example"),
            ("server", "x"),
            ("set-cookie", "a=b"),
            ("transfer-encoding", "chunked"),
            ("x-fal-billable-units", "2"),
            ("x-fal-cdn-token", "t"),
            ("x-fal-request-id", "r-1"),
        ]));
        let mut names: Vec<&str> = got.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "cache-control",
                "content-type",
                "vary",
                "x-content-type-options",
                "x-fal-billable-units",
                "x-fal-request-id",
            ]
        );
        assert_eq!(got[CACHE_CONTROL], "no-store");
    }
}
