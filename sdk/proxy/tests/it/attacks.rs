//! What must not get through: to other hosts, to other endpoints, to other routes. Each row
//! is a request that a browser, or a program in its place, can make.

use fal_sdk::Client;
use reqwest::Method;

use crate::{KEY, Proxy, input, mock, refused};

/// The rows: the method, the reason of the refusal, and the URL in the header.
fn attacks() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = include_str!("attacks.txt").lines();
    lines.filter(|line| !line.starts_with('#')).map(|line| {
        let (method, rest) = line.split_once(' ').expect(line);
        let (reason, target) = rest.trim_start().split_once(' ').expect(line);
        (method, reason, target.trim_start())
    })
}

#[tokio::test]
async fn nothing_but_allowed_calls_gets_through() {
    let proxy = Proxy::start(|proxy| proxy).await;
    let mut seen = 0;
    for (method, reason, target) in attacks() {
        seen += 1;
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let is_head = method == Method::HEAD;
        let request = proxy.request(method, target).body(input().to_string());
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 400, "{target}");
        if !is_head {
            assert_eq!(
                refused(response).await,
                (400, reason.to_owned()),
                "{target}"
            );
        }
    }
    assert_eq!(proxy.mock.total(), 0, "nothing reached fal");
    assert!(seen > 90, "{seen} attacks");
}

#[tokio::test]
async fn the_url_comes_once_and_as_text() {
    let proxy = Proxy::start(|proxy| proxy).await;
    let bare = proxy.http.post(&proxy.url).send().await.unwrap();
    assert_eq!(refused(bare).await, (400, "missing_target".to_owned()));
    let empty = proxy.request(Method::POST, "").send().await.unwrap();
    assert_eq!(refused(empty).await, (400, "invalid_target".to_owned()));
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
