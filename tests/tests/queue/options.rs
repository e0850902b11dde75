use std::collections::BTreeMap;
use std::time::Duration;

use fal_mock::{Fault, Route};
use fal_sdk::lifecycle::{Access, Acl, Lifecycle};
use fal_sdk::retry::RetryPolicy;
use fal_sdk::{ErrorKind, Media, Priority, Timeouts, UploadPolicy};
use fal_tests::sample::{KEY, SampleInput, builder, client, script, server};
use serde_json::json;

fn bucket() -> UploadPolicy {
    let fields = [
        ("key", "results/${filename}"),
        ("x-amz-signature", "5ecret"),
    ];
    UploadPolicy::new("https://own.s3.amazonaws.com/", fields)
}

#[tokio::test]
async fn every_option_reaches_the_server() {
    let server = server(script()).await;
    let fal = client(&server);
    let acl = Acl::new(Access::Forbid).rule("me", Access::Allow);
    fal.submit(SampleInput::new("a"))
        .priority(Priority::Low)
        .webhook("https://example.com/hook?a=1&b=2")
        .max_queue_length(7)
        .runner_hint("session-1")
        .start_timeout(Duration::from_millis(2_500))
        .tags([("Team", "design"), ("env", "prod")])
        .lifecycle(Lifecycle::expires_in(Duration::from_secs(3_600)).acl(acl))
        .store_io(false)
        .no_retry()
        .disable_fallback()
        .upload_policy(&bucket())
        .header("x-custom", "mine")
        .header("x-fal-queue-priority", "normal")
        .extra("/brand_new", json!({"deep": 1}))
        .await
        .unwrap();
    let sent = &server.requests_to(Route::Submit)[0];
    let expected: BTreeMap<&str, &str> = [
        ("authorization", format!("Key {KEY}").leak() as &str),
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("x-fal-queue-priority", "low"),
        ("x-fal-runner-hint", "session-1"),
        ("x-fal-request-timeout", "2.5"),
        ("x-fal-request-start-timeout", "2.5"),
        ("x-fal-tags", "team=design,env=prod"),
        ("x-fal-store-io", "0"),
        ("x-fal-no-retry", "1"),
        ("x-app-fal-disable-fallback", "true"),
        ("x-custom", "mine"),
    ]
    .into();
    for (name, value) in expected {
        assert_eq!(sent.header(name), Some(value), "{name}");
    }
    let lifecycle = sent.header("x-fal-object-lifecycle-preference").unwrap();
    let lifecycle: serde_json::Value = serde_json::from_str(lifecycle).unwrap();
    assert_eq!(
        lifecycle,
        json!({
            "expiration_duration_seconds": 3600,
            "initial_acl": {"default": "forbid", "rules": [{"user": "me", "decision": "allow"}]},
        })
    );
    let policy = sent.header("x-app-fal-upload-policy").unwrap();
    assert_eq!(
        serde_json::from_str::<UploadPolicy>(policy).unwrap(),
        bucket()
    );
    assert_eq!(
        sent.query_param("fal_webhook").unwrap(),
        "https://example.com/hook?a=1&b=2"
    );
    assert_eq!(sent.query_param("fal_max_queue_length").unwrap(), "7");
    assert_eq!(sent.json().unwrap()["brand_new"]["deep"], 1);
    let agent = sent.header("user-agent").unwrap();
    assert!(
        agent.starts_with("fal-sdk/") && agent.ends_with("(rust)"),
        "{agent}"
    );
}

#[tokio::test]
async fn what_is_not_set_is_not_sent() {
    let server = server(script()).await;
    client(&server).submit(SampleInput::new("a")).await.unwrap();
    let sent = &server.requests_to(Route::Submit)[0];
    let ours: Vec<&str> = sent
        .headers
        .keys()
        .map(reqwest::header::HeaderName::as_str)
        .filter(|name| name.starts_with("x-"))
        .collect();
    assert_eq!(ours, [""; 0]);
    assert_eq!(sent.query, "");
}

/// Nothing is sent when an option is wrong, and the error says which.
#[tokio::test]
async fn wrong_options_are_reported_before_anything_is_sent() {
    let server = server(script()).await;
    let fal = client(&server);
    let submit = || fal.submit(SampleInput::new("a"));
    let cases = [
        ("header", submit().header("x-bad", "line\r\nx-injected: 1")),
        ("not a valid header name", submit().header("bad name", "x")),
        (
            "authorization",
            submit().header("Authorization", "Key other"),
        ),
        ("host", submit().header("host", "evil.example")),
        ("tags", submit().tag("a b", "x")),
        ("tags", submit().tag("team", "x\r\nx-injected: 1")),
        ("tags", submit().tag("fal.x", "1")),
        (
            "start timeout",
            submit().start_timeout(Duration::from_secs(1)),
        ),
        ("webhook", submit().webhook("not a url")),
        ("webhook", submit().webhook("file:///etc/passwd")),
        ("x-fal-runner-hint", submit().runner_hint("a\nb")),
        ("extra", submit().extra("no-slash", 1)),
        (
            "upload policy",
            submit().upload_policy(&UploadPolicy::new("http://own.example", [("key", "k")])),
        ),
    ];
    for (what, call) in cases {
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert!(error.to_string().contains(what), "{what}: {error}");
        assert!(!error.to_string().contains("injected"), "{error}");
    }
    assert_eq!(server.total(), 0);
}

#[tokio::test]
async fn inputs_are_checked_unless_told_otherwise() {
    let server = server(script()).await;
    let fal = client(&server);
    let mut input = SampleInput::new("a");
    input.num_frames = Some(5);
    let error = fal.run(input.clone()).await.unwrap_err();
    assert!(error.is_validation(), "{error:?}");
    let violation = &error.validation_error().unwrap().violations()[0];
    assert_eq!(violation.pointer, "/num_frames");
    assert_eq!(server.total(), 0);
    fal.run(input).validate(false).await.unwrap();
    assert_eq!(
        server.requests_to(Route::Run)[0].json().unwrap()["num_frames"],
        5
    );
}

#[tokio::test]
async fn media_that_cannot_be_uploaded_stops_the_call() {
    let server = server(script()).await;
    let mut input = SampleInput::new("a");
    input.video_url = Media::path("/no/such/file.mp4");
    client(&server).subscribe(input).await.unwrap_err();
    assert_eq!(server.count(Route::Submit), 0);
}

/// "For ever" is a limit like any other.
#[tokio::test]
async fn no_time_is_too_long_to_be_counted() {
    let server = server(script()).await;
    let mut timeouts = Timeouts::default();
    timeouts.wait = Duration::MAX;
    let policy = RetryPolicy::default().longest_retry_after(Duration::MAX);
    let fal = builder(&server)
        .timeouts(timeouts)
        .retry(policy)
        .build()
        .unwrap();
    let job = fal
        .submit(SampleInput::new("a"))
        .timeout(Duration::MAX)
        .await
        .unwrap();
    assert_eq!(job.result().await.unwrap().seed, 42);
    assert_eq!(job.result().timeout(Duration::MAX).await.unwrap().seed, 42);
    let mut updates = job.updates().unwrap();
    assert!(updates.next().await.unwrap().is_ok());

    let ages = Fault::too_many_requests(Some(Duration::from_secs(u64::MAX)));
    server.inject(ages.on(Route::Submit));
    let refused = fal
        .submit(SampleInput::new("a"))
        .timeout(Duration::from_secs(60))
        .await;
    assert!(refused.unwrap_err().is_rate_limited());
}
