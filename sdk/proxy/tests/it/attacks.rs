//! What must not get through: to other hosts, to other endpoints, to other routes. Each row
//! is a request that a browser, or a program in its place, can make.

use fal_sdk::Client;
use reqwest::Method;

use crate::{KEY, Proxy, input, mock, refused};

/// The method, the URL in the header, and the reason of the refusal.
const ATTACKS: &[(&str, &str, &str)] = &[
    // No URL, or none that two programs read alike.
    ("POST", "", "invalid_target"),
    ("POST", "fal.run/acme/painter/fast", "invalid_target"),
    ("POST", "//fal.run/acme/painter/fast", "invalid_target"),
    ("POST", "/acme/painter/fast", "invalid_target"),
    ("POST", "https:fal.run/acme/painter/fast", "invalid_target"),
    (
        "POST",
        "https:\\\\fal.run\\acme\\painter\\fast",
        "invalid_target",
    ),
    (
        "POST",
        "https://fal.run/acme\\painter/fast",
        "invalid_target",
    ),
    (
        "POST",
        "https://fal.run/acme/painter/fast#",
        "invalid_target",
    ),
    (
        "POST",
        "https://fal.run/acme/painter/fast#@evil.example",
        "invalid_target",
    ),
    (
        "POST",
        "https://FAL.RUN/acme/painter/fast",
        "invalid_target",
    ),
    (
        "POST",
        "HTTPS://fal.run/acme/painter/fast",
        "invalid_target",
    ),
    (
        "POST",
        "https://fal.run:443/acme/painter/fast",
        "invalid_target",
    ),
    (
        "POST",
        "https://fal%2erun/acme/painter/fast",
        "invalid_target",
    ),
    ("POST", "https://fal.run", "invalid_target"),
    (
        "POST",
        "https://fal.run/acme/painter/fast https://evil.example",
        "invalid_target",
    ),
    // Other schemes.
    ("POST", "http://fal.run/acme/painter/fast", "invalid_target"),
    ("POST", "wss://fal.run/acme/painter/fast", "invalid_target"),
    ("POST", "ftp://fal.run/acme/painter/fast", "invalid_target"),
    ("GET", "file:///etc/passwd", "invalid_target"),
    ("GET", "data:text/html,hello", "invalid_target"),
    ("GET", "javascript:alert(1)", "invalid_target"),
    // Credentials in the URL.
    (
        "POST",
        "https://fal.run@evil.example/acme/painter/fast",
        "invalid_target",
    ),
    (
        "POST",
        "https://fal.run:x@evil.example/acme/painter/fast",
        "invalid_target",
    ),
    (
        "POST",
        "https://evil.example@fal.run/acme/painter/fast",
        "invalid_target",
    ),
    // Other hosts, and names that look like fal's.
    (
        "POST",
        "https://evil.example/acme/painter/fast",
        "foreign_host",
    ),
    (
        "POST",
        "https://evil.example/?https://fal.run/acme/painter/fast",
        "foreign_host",
    ),
    (
        "POST",
        "https://evil.example\\@fal.run/acme/painter/fast",
        "foreign_host",
    ),
    (
        "POST",
        "https://fal.run.evil.example/acme/painter/fast",
        "foreign_host",
    ),
    (
        "POST",
        "https://evil-fal.run/acme/painter/fast",
        "foreign_host",
    ),
    (
        "POST",
        "https://notfal.run/acme/painter/fast",
        "foreign_host",
    ),
    (
        "POST",
        "https://api.fal.run/acme/painter/fast",
        "foreign_host",
    ),
    ("POST", "https://fal.run./acme/painter/fast", "foreign_host"),
    (
        "POST",
        "https://fal.run:8443/acme/painter/fast",
        "foreign_host",
    ),
    (
        "POST",
        "https://fal.run:80/acme/painter/fast",
        "foreign_host",
    ),
    (
        "POST",
        "https://xn--fl-7kc.run/acme/painter/fast",
        "foreign_host",
    ),
    (
        "POST",
        "https://fal.run%00.evil.example/acme/painter/fast",
        "invalid_target",
    ),
    (
        "POST",
        "https://falrun.com/acme/painter/fast",
        "foreign_host",
    ),
    ("GET", "https://127.0.0.1/", "foreign_host"),
    ("GET", "https://0x7f000001/", "foreign_host"),
    ("GET", "https://[::ffff:127.0.0.1]/", "foreign_host"),
    (
        "GET",
        "http://169.254.169.254/latest/meta-data",
        "invalid_target",
    ),
    ("GET", "https://localhost/", "foreign_host"),
    // Other endpoints.
    ("POST", "https://fal.run/acme/other", "endpoint_not_allowed"),
    (
        "POST",
        "https://fal.run/acme/painter",
        "endpoint_not_allowed",
    ),
    (
        "POST",
        "https://fal.run/acme/painter/fast/other",
        "endpoint_not_allowed",
    ),
    (
        "POST",
        "https://fal.run/acme/painter/fast/stream/stream",
        "endpoint_not_allowed",
    ),
    (
        "POST",
        "https://fal.run/acme/painter/fasT",
        "endpoint_not_allowed",
    ),
    (
        "POST",
        "https://fal.run/acme/other/stream",
        "endpoint_not_allowed",
    ),
    (
        "POST",
        "https://queue.fal.run/acme/other",
        "endpoint_not_allowed",
    ),
    (
        "POST",
        "https://queue.fal.run/acme/painter/fast/stream",
        "endpoint_not_allowed",
    ),
    (
        "POST",
        "https://queue.fal.run/workflows/acme/painter/fast",
        "endpoint_not_allowed",
    ),
    // Ways around the path.
    (
        "POST",
        "https://fal.run/acme/painter/fast/../../other",
        "invalid_target",
    ),
    (
        "POST",
        "https://fal.run/acme/painter/fast/%2e%2e/%2e%2e/other",
        "invalid_target",
    ),
    (
        "POST",
        "https://fal.run/acme/painter/fast/..%2f..%2fother",
        "route_not_allowed",
    ),
    (
        "POST",
        "https://fal.run/acme/painter%2ffast",
        "route_not_allowed",
    ),
    (
        "POST",
        "https://fal.run/acme/painter/fast%00",
        "route_not_allowed",
    ),
    (
        "POST",
        "https://fal.run/acme/painter/fas%74",
        "route_not_allowed",
    ),
    (
        "POST",
        "https://fal.run/acme//painter/fast",
        "route_not_allowed",
    ),
    (
        "POST",
        "https://fal.run//acme/painter/fast",
        "route_not_allowed",
    ),
    (
        "POST",
        "https://fal.run/acme/painter/fast/",
        "route_not_allowed",
    ),
    (
        "POST",
        "https://fal.run/acme/painter/fast;x=1",
        "route_not_allowed",
    ),
    ("POST", "https://fal.run/", "route_not_allowed"),
    ("POST", "https://fal.run/1234-painter", "route_not_allowed"),
    (
        "POST",
        "https://fal.run/acme/painter/requests/r-1/cancel",
        "route_not_allowed",
    ),
    // Jobs of other endpoints, and other routes of jobs.
    (
        "GET",
        "https://queue.fal.run/acme/other/requests/r-1",
        "endpoint_not_allowed",
    ),
    (
        "GET",
        "https://queue.fal.run/acme/other/requests/r-1/status",
        "endpoint_not_allowed",
    ),
    (
        "GET",
        "https://queue.fal.run/acme/other/requests/r-1/status/stream",
        "endpoint_not_allowed",
    ),
    (
        "PUT",
        "https://queue.fal.run/acme/other/requests/r-1/cancel",
        "endpoint_not_allowed",
    ),
    (
        "GET",
        "https://queue.fal.run/acme/painter/fast/requests/r-1",
        "route_not_allowed",
    ),
    (
        "GET",
        "https://queue.fal.run/acme/painter/requests/",
        "route_not_allowed",
    ),
    (
        "GET",
        "https://queue.fal.run/acme/painter/requests/r-1/other",
        "route_not_allowed",
    ),
    (
        "GET",
        "https://queue.fal.run/acme/painter/requests/r%2d1",
        "route_not_allowed",
    ),
    (
        "GET",
        "https://queue.fal.run/acme/painter/requests/r-1/requests/r-2",
        "route_not_allowed",
    ),
    (
        "GET",
        "https://queue.fal.run/acme/painter/requests",
        "route_not_allowed",
    ),
    // Methods that are not the route's.
    (
        "GET",
        "https://fal.run/acme/painter/fast",
        "method_not_allowed",
    ),
    (
        "PUT",
        "https://fal.run/acme/painter/fast",
        "method_not_allowed",
    ),
    (
        "DELETE",
        "https://fal.run/acme/painter/fast",
        "method_not_allowed",
    ),
    (
        "OPTIONS",
        "https://fal.run/acme/painter/fast",
        "method_not_allowed",
    ),
    (
        "GET",
        "https://queue.fal.run/acme/painter/fast",
        "method_not_allowed",
    ),
    (
        "POST",
        "https://queue.fal.run/acme/painter/requests/r-1",
        "method_not_allowed",
    ),
    (
        "POST",
        "https://queue.fal.run/acme/painter/requests/r-1/cancel",
        "method_not_allowed",
    ),
    (
        "HEAD",
        "https://queue.fal.run/acme/painter/requests/r-1",
        "method_not_allowed",
    ),
    // Parameters that do more than the route.
    (
        "POST",
        "https://queue.fal.run/acme/painter/fast?fal_webhook=https://evil.example",
        "query_not_allowed",
    ),
    (
        "POST",
        "https://queue.fal.run/acme/painter/fast?fal%5Fwebhook=https://evil.example",
        "query_not_allowed",
    ),
    (
        "POST",
        "https://queue.fal.run/acme/painter/fast?a=b",
        "query_not_allowed",
    ),
    (
        "POST",
        "https://queue.fal.run/acme/painter/fast?",
        "query_not_allowed",
    ),
    (
        "POST",
        "https://fal.run/acme/painter/fast?fal_jwt_token=t",
        "query_not_allowed",
    ),
    (
        "GET",
        "https://queue.fal.run/acme/painter/requests/r-1/status?logs=1&fal_webhook=x",
        "query_not_allowed",
    ),
    (
        "GET",
        "https://queue.fal.run/acme/painter/requests/r-1?logs=1",
        "query_not_allowed",
    ),
    (
        "PUT",
        "https://queue.fal.run/acme/painter/requests/r-1/cancel?a",
        "query_not_allowed",
    ),
    // Other services, and storage that is not allowed.
    ("GET", "https://api.fal.ai/v1/keys", "route_not_allowed"),
    ("POST", "https://api.fal.ai/v1/keys", "route_not_allowed"),
    (
        "DELETE",
        "https://api.fal.ai/v1/models/requests/r-1/payloads",
        "route_not_allowed",
    ),
    (
        "GET",
        "https://api.fal.ai/v1/account/billing",
        "route_not_allowed",
    ),
    ("POST", "https://rest.fal.ai/tokens/", "route_not_allowed"),
    (
        "POST",
        "https://rest.fal.ai/storage/auth/token?storage_type=fal-cdn-v3",
        "route_not_allowed",
    ),
    (
        "POST",
        "https://rest.fal.ai/storage/upload/initiate?storage_type=fal-cdn-v3",
        "route_not_allowed",
    ),
    (
        "POST",
        "https://v3.fal.media/files/upload",
        "route_not_allowed",
    ),
    (
        "GET",
        "https://fal.ai/api/openapi/queue/openapi.json",
        "foreign_host",
    ),
];

#[tokio::test]
async fn nothing_but_allowed_calls_gets_through() {
    let proxy = Proxy::start(|proxy| proxy).await;
    for (method, target, reason) in ATTACKS {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let is_head = method == Method::HEAD;
        let request = proxy.request(method, target).body(input().to_string());
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 400, "{target}");
        if !is_head {
            assert_eq!(
                refused(response).await,
                (400, (*reason).to_owned()),
                "{target}"
            );
        }
    }
    assert_eq!(proxy.mock.total(), 0, "nothing reached fal");
    assert!(ATTACKS.len() > 90);
}

#[tokio::test]
async fn the_url_comes_once_and_as_text() {
    let proxy = Proxy::start(|proxy| proxy).await;
    let bare = proxy.http.post(&proxy.url).send().await.unwrap();
    assert_eq!(refused(bare).await, (400, "missing_target".to_owned()));
    let allowed = format!("https://fal.run/{}", crate::MODEL);
    let twice = proxy.request(Method::POST, &allowed);
    let twice = twice.header("x-fal-target-url", "https://evil.example/");
    let twice = twice.send().await.unwrap();
    assert_eq!(refused(twice).await, (400, "invalid_target".to_owned()));
    let look_alike = "https://f\u{0430}l.run/acme/painter/fast".as_bytes();
    let bytes = proxy.http.post(&proxy.url);
    let bytes = bytes.header("x-fal-target-url", look_alike);
    let bytes = bytes.send().await.unwrap();
    assert_eq!(refused(bytes).await, (400, "invalid_target".to_owned()));
    assert_eq!(proxy.mock.total(), 0);
}

/// The same for fal's own addresses: those of a client's own are checked as strictly.
#[tokio::test]
async fn addresses_of_the_client_are_no_way_around() {
    let proxy = Proxy::start(|proxy| proxy).await;
    let base = proxy.mock.url();
    for (path, reason) in [
        ("/__mock/requests", "invalid_target"),
        ("/fal/api/openapi/queue/openapi.json", "invalid_target"),
        ("/run/../__mock/requests", "invalid_target"),
        ("/platform/v1/keys", "route_not_allowed"),
        ("/run/acme/other", "endpoint_not_allowed"),
    ] {
        let response = proxy.post(&format!("{base}{path}"), &input()).await;
        assert_eq!(refused(response).await, (400, reason.to_owned()), "{path}");
    }
    assert_eq!(proxy.mock.total(), 0);
    let allowed = format!("{base}/run/{}", crate::MODEL);
    assert_eq!(proxy.post(&allowed, &input()).await.status(), 200);
}

/// Not the browser's own credentials, and not what would change the request on its way.
#[tokio::test]
async fn headers_of_the_browser_do_not_reach_fal() {
    let proxy = Proxy::before(mock(), |proxy| proxy).await;
    let target = format!("https://fal.run/{}", crate::MODEL);
    let response = proxy
        .request(Method::POST, &target)
        .header("authorization", "Key of:another-account")
        .header("cookie", "session=1")
        .header("x-forwarded-for", "10.0.0.1")
        .header("x-fal-cdn-token", "t")
        .header("x-fal-tags", "team=other")
        .header("x-fal-queue-priority", "low")
        .header("content-type", "text/plain")
        .body(input().to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let seen = &proxy.mock.requests()[0];
    assert_eq!(seen.header("authorization"), Some(&*format!("Key {KEY}")));
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.header("x-fal-queue-priority"), Some("low"));
    for name in [
        "cookie",
        "x-forwarded-for",
        "x-fal-cdn-token",
        "x-fal-tags",
        "x-fal-target-url",
    ] {
        assert_eq!(seen.header(name), None, "{name}");
    }
}

#[tokio::test]
async fn the_key_does_not_reach_the_browser() {
    let proxy = Proxy::start(|proxy| proxy).await;
    let secret = KEY.split(':').next_back().unwrap();
    for target in [
        format!("https://fal.run/{}", crate::MODEL),
        "https://evil.example/".to_owned(),
    ] {
        let response = proxy.post(&target, &input()).await;
        let shown = format!(
            "{:?} {}",
            response.headers().clone(),
            response.text().await.unwrap()
        );
        assert!(!shown.contains(secret), "{shown}");
    }
    let client = Client::builder()
        .key(KEY)
        .base_url(proxy.mock.url())
        .build();
    let builder = fal_proxy::ProxyService::builder(client.unwrap()).allow([crate::MODEL]);
    assert!(!format!("{builder:?}").contains(secret));
    let service = builder.allow_everybody().build().unwrap();
    assert!(!format!("{service:?}").contains(secret));
}
