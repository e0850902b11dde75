//! What would lead the key astray, and does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fal_mock::{Fault, Hold, MockServer, Route};
use fal_sdk::{Client, Credentials, ErrorKind, Host, Job};
use fal_tests::sample::{ENDPOINT, KEY, SampleInput, client, script, server};
use serde_json::json;

#[tokio::test]
async fn foreign_urls_in_a_submits_reply_are_not_followed() {
    let evil = server(script()).await;
    let port = evil.address().port();
    let own = server(script()).await;
    let own_port = own.address().port();
    for base in [
        evil.urls().queue.clone(),
        format!("http://localhost:{port}/queue"),
        // The part before the @ is a user name.
        format!("http://127.0.0.1:{own_port}@127.0.0.1:{port}/queue"),
        format!("http://127.0.0.1:{own_port}%40127.0.0.1:{port}/queue"),
        // The right host under another name, scheme or path.
        format!("https://127.0.0.1:{own_port}/queue"),
        format!("http://localhost:{own_port}/queue"),
        format!("http://127.0.0.1:{own_port}/queue-of-another"),
        format!("http://127.0.0.1:{own_port}/queue/../run"),
        format!("http://user:pw@127.0.0.1:{own_port}/queue"),
        "file:///etc".to_owned(),
        "no url at all".to_owned(),
    ] {
        let own_before = own.total();
        own.inject(Fault::ForeignUrls { base: base.clone() }.on(Route::Submit));
        let output = client(&own).subscribe(SampleInput::new("a")).await;
        assert_eq!(output.map(|output| output.seed).ok(), Some(42), "{base}");
        assert_eq!(own.total() - own_before, 3, "{base}");
        let routes = own
            .requests()
            .into_iter()
            .skip(usize::try_from(own_before).unwrap());
        let app = "/acme/sample/requests/";
        assert!(
            routes.skip(1).all(|request| request.path.starts_with(app)),
            "{base}"
        );
    }
    assert_eq!(evil.total(), 0);
}

#[tokio::test]
async fn foreign_urls_in_a_serialised_job_are_not_followed() {
    let evil = server(script()).await;
    let own = server(script()).await;
    let fal = client(&own);
    let job = fal.submit(SampleInput::new("a")).await.unwrap();
    let id = job.request_id();
    let forged = json!({
        "endpoint": ENDPOINT,
        "request_id": id,
        "status_url": format!("{}/acme/sample/requests/{id}/status", evil.urls().queue),
        "response_url": format!("{}/acme/sample/requests/{id}", evil.urls().queue),
        "cancel_url": format!("{}/acme/sample/requests/of-another/cancel", own.urls().queue),
    });
    let job: Job<SampleInput> = serde_json::from_value(forged).unwrap();
    let job = fal.attach(&job);
    assert_eq!(job.result().await.unwrap().seed, 42);
    job.cancel().await.unwrap();
    let cancelled = &own.requests_to(Route::Cancel)[0].path;
    assert_eq!(*cancelled, format!("/acme/sample/requests/{id}/cancel"));
    assert_eq!(evil.total(), 0);
}

#[tokio::test]
async fn redirects_carry_neither_key_nor_input_away() {
    let evil = server(script()).await;
    for status in [301, 302, 303, 307, 308] {
        let own = server(script()).await;
        let fal = client(&own);
        let target = format!("{}/{ENDPOINT}?token=secret-token", evil.urls().queue);
        let job = fal.submit(SampleInput::new("a")).await.unwrap();
        for route in [
            Route::Run,
            Route::Submit,
            Route::Result,
            Route::Status,
            Route::Cancel,
            Route::StatusStream,
        ] {
            own.inject(Fault::redirect(status, &target).on(route));
        }
        let errors = [
            fal.run(SampleInput::new("a")).await.unwrap_err(),
            fal.submit(SampleInput::new("a")).await.unwrap_err(),
            job.result().await.unwrap_err(),
            job.cancel().await.unwrap_err(),
        ];
        for error in errors {
            let shown = format!("{error} {error:?}");
            assert!(shown.contains("redirected"), "{shown}");
            assert!(!shown.contains("secret-token"), "{shown}");
        }
    }
    assert_eq!(evil.total(), 0);
}

#[tokio::test]
async fn ids_cannot_climb_out_of_their_route() {
    let own = server(script()).await;
    let fal = client(&own);
    for id in [
        "../../../x",
        "a/b",
        "..",
        ".",
        "",
        "a?b",
        "a#b",
        "a%2f..",
        "a\nb",
        "a b",
        "\u{e9}",
    ] {
        let error = fal.job::<SampleInput>(id).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{id:?}");
        assert!(!error.to_string().contains('\n'));
    }
    for id in [
        "../x/y",
        "a/../b",
        "a//b",
        "/a/b",
        "a/b/",
        "a/b?c",
        "https://fal.run/a/b",
        "a/b\r\nc",
        "a/%2e%2e",
    ] {
        assert!(fal.endpoint(id).is_err(), "{id:?}");
    }
    assert_eq!(own.total(), 0);
}

/// A request id from outside is checked as one from the caller is.
#[tokio::test]
async fn a_reply_cannot_name_an_id_that_climbs() {
    let own = server(script()).await;
    for id in [json!("../../../x"), json!(""), json!(7), json!(null)] {
        let reply = json!({"request_id": id, "status": "IN_QUEUE"});
        own.inject(Fault::json(200, reply).on(Route::Submit));
        let error = client(&own)
            .subscribe(SampleInput::new("a"))
            .await
            .unwrap_err();
        assert!(error.is_outcome_unknown(), "{error:?}");
        assert!(error.raw_body().is_some());
    }
    assert_eq!(own.total(), 4);
}

#[test]
fn plain_http_is_for_this_machine_unless_asked_for() {
    let build = |url: &str| Client::builder().key("k").base_url(url).build();
    for url in [
        "http://127.0.0.1:1",
        "http://localhost:1",
        "http://[::1]:1",
        "https://example.com",
    ] {
        build(url).unwrap();
    }
    for url in [
        "http://example.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "ftp://x",
        "x",
    ] {
        assert!(build(url).is_err(), "{url}");
    }
    let with = |url: &str| Client::builder().key("k").host(Host::Queue, url);
    let error = with("http://example.com").build().unwrap_err();
    assert!(error.to_string().contains("allow_http"), "{error}");
    with("http://example.com").allow_http(true).build().unwrap();
    let error = with("https://user:hunter2@example.com")
        .build()
        .unwrap_err();
    assert!(!format!("{error:?} {error}").contains("hunter2"), "{error}");
    assert!(with("https://example.com?x=1").build().is_err());
}

#[test]
fn malformed_keys_are_refused_without_being_shown() {
    for key in [
        "secret-1\n",
        "secret-1\r\nx-evil: 1",
        " secret-1",
        "Key secret-1",
        "secret-1\u{e9}",
        "secret-1\0",
    ] {
        let error = Client::new(key).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("malformed"), "{shown}");
        assert!(!shown.contains("secret-1"), "{shown}");
    }
    assert!(Client::new("").is_err());
}

#[tokio::test]
async fn the_key_is_nowhere_to_be_seen() {
    let own = server(script().hold(Hold::Queued)).await;
    let fal = client(&own);
    let job = fal.submit(SampleInput::new("a")).await.unwrap();
    own.inject(Fault::Drop.on(Route::Run));
    let error = fal.run(SampleInput::new("a")).await.unwrap_err();
    let endpoint = fal.endpoint(ENDPOINT).unwrap();
    let shown = [
        format!("{fal:?} {fal:#?}"),
        format!("{:?}", Client::builder().key(KEY)),
        format!("{:?}", Credentials::key(KEY).unwrap()),
        format!("{job:?} {}", serde_json::to_string(&job).unwrap()),
        format!("{error} {error:?} {:?}", std::error::Error::source(&error)),
        format!("{endpoint:?}"),
    ];
    for text in shown {
        assert!(!text.contains("test-secret"), "{text}");
    }
}

#[tokio::test]
async fn a_provider_is_asked_for_every_request() {
    let own = server(script()).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let provider = Credentials::provider(move || {
        let number = count.fetch_add(1, Ordering::Relaxed);
        async move { Ok::<_, std::io::Error>(format!("key-{number}")) }
    });
    let fal = Client::builder()
        .credentials(provider)
        .base_url(own.url())
        .build()
        .unwrap();
    for _ in 0..2 {
        fal.run(SampleInput::new("a")).await.unwrap();
    }
    let keys: Vec<String> = own
        .requests()
        .iter()
        .map(|request| request.header("authorization").unwrap().to_owned())
        .collect();
    assert_eq!(keys, ["Key key-0", "Key key-1"]);

    let broken = Credentials::provider(|| async { Err::<String, _>("the vault is sealed") });
    let fal = Client::builder()
        .credentials(broken)
        .base_url(own.url())
        .build()
        .unwrap();
    let error = fal.run(SampleInput::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
    let bad =
        Credentials::provider(|| async { Ok::<_, std::io::Error>("rotten-key\n".to_owned()) });
    let fal = Client::builder()
        .credentials(bad)
        .base_url(own.url())
        .build()
        .unwrap();
    let error = fal.submit(SampleInput::new("a")).await.unwrap_err();
    assert!(!format!("{error:?}").contains("rotten"), "{error:?}");
    assert_eq!(own.total(), 2);
}

#[tokio::test]
async fn a_logins_token_travels_as_a_bearer() {
    let own = server(script()).await;
    let strict = MockServer::builder().any_app().key("id:secret");
    let strict = strict.start().await.unwrap();
    let fixed = Credentials::bearer("jwt-fixed").unwrap();
    let renewed = Credentials::bearer_provider(|| async { Ok::<_, String>("jwt-new".to_owned()) });
    for credentials in [fixed, renewed] {
        assert!(!format!("{credentials:?}").contains("jwt"));
        let client = |server: &MockServer| {
            let builder = Client::builder().credentials(credentials.clone());
            builder.base_url(server.url()).build().unwrap()
        };
        let output = client(&own).run(SampleInput::new("a")).await.unwrap();
        assert_eq!(output.seed, 42);
        // A server that refuses the token does not make it visible.
        let refused = client(&strict).run(SampleInput::new("a")).await;
        let error = refused.unwrap_err();
        assert!(error.is_auth(), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("jwt"));
    }
    let requests = own.requests();
    let sent = requests
        .iter()
        .map(|request| request.header("authorization"));
    let sent: Vec<_> = sent.map(Option::unwrap).collect();
    assert_eq!(sent, ["Bearer jwt-fixed", "Bearer jwt-new"]);
    let odd = Credentials::bearer("jwt\n").unwrap_err().to_string();
    assert!(odd.starts_with("the token is malformed"), "{odd}");
}

#[tokio::test]
async fn anonymous_calls_carry_no_key() {
    let own = server(script()).await;
    let fal = Client::builder()
        .credentials(Credentials::anonymous())
        .base_url(own.url())
        .build()
        .unwrap();
    let error = fal.run(SampleInput::new("a")).await.unwrap_err();
    assert!(error.is_auth(), "{error:?}");
    assert_eq!(own.requests()[0].header("authorization"), None);
}

/// Inputs can be private and long: calls show their names alone.
#[tokio::test]
async fn a_call_shows_nothing_of_its_input() {
    let server = server(script()).await;
    let fal = client(&server);
    let shown = [
        format!("{:?}", fal.submit(SampleInput::new("private"))),
        format!("{:?}", fal.subscribe(SampleInput::new("private"))),
        format!("{:?}", fal.run(SampleInput::new("private")).detailed()),
        format!("{:?}", fal.batch([SampleInput::new("private")])),
    ];
    let names = ["Submit", "Subscribe", "WithDetails", "Batch"];
    assert_eq!(shown, names.map(|name| format!("{name} {{ .. }}")));
}
