use std::time::Duration;

use fal_mock::{MockServer, Route};
use fal_sdk::lifecycle::{Access, Acl, Lifecycle};
use fal_sdk::{Client, Credentials, Priority};
use fal_tests::sample::{SampleInput, client, script, server};
use serde_json::Value;

use super::cases;

/// What the last submit carried in a header.
fn last(server: &MockServer, name: &str) -> Option<String> {
    let submits = server.requests_to(Route::Submit);
    submits.last()?.header(name).map(str::to_owned)
}

/// The spelling of the shorter form, under both names.
#[tokio::test]
async fn start_timeouts() {
    let server = server(script()).await;
    let fal = client(&server);
    let mut sent = 0;
    for case in cases("headers.json", "start_timeout_js") {
        let seconds = case["input"].as_f64().filter(|seconds| *seconds >= 0.0);
        let Some(seconds) = seconds else { continue };
        let call = fal.submit(SampleInput::new("a"));
        let outcome = call.start_timeout(Duration::from_secs_f64(seconds)).await;
        assert_eq!(outcome.is_err(), case["error"] == true, "{case}");
        if let Some(expected) = case["expect"].as_str() {
            for name in ["x-fal-request-timeout", "x-fal-request-start-timeout"] {
                assert_eq!(last(&server, name).as_deref(), Some(expected));
            }
            sent += 1;
        }
    }
    assert!(sent > 0);
}

#[tokio::test]
async fn priorities_and_precedence() {
    let server = server(script()).await;
    let fal = client(&server);
    for (priority, name) in [(Priority::Normal, "normal"), (Priority::Low, "low")] {
        fal.submit(SampleInput::new("a"))
            .priority(priority)
            .await
            .unwrap();
        assert_eq!(last(&server, "x-fal-queue-priority").as_deref(), Some(name));
    }
    for case in cases("headers.json", "submit_precedence") {
        let mut call = fal.submit(SampleInput::new("a"));
        for (name, value) in case["user"].as_object().unwrap() {
            call = call.header(name, value.as_str().unwrap());
        }
        if case["priority"] == "low" {
            call = call.priority(Priority::Low);
        }
        if let Some(hint) = case["hint"].as_str() {
            call = call.runner_hint(hint);
        }
        if let Some(seconds) = case["start_timeout"].as_u64() {
            call = call.start_timeout(Duration::from_secs(seconds));
        }
        call.await.unwrap();
        let is_default = case["user"].as_object().unwrap().is_empty();
        for (name, value) in case["expect"].as_object().unwrap() {
            // JavaScript says `normal` always; that is the server's default.
            let expected = if is_default { None } else { value.as_str() };
            assert_eq!(last(&server, name).as_deref(), expected, "{case}");
        }
        for name in case["absent"].as_array().into_iter().flatten() {
            assert_eq!(last(&server, name.as_str().unwrap()), None);
        }
    }
}

#[tokio::test]
async fn tags() {
    let server = server(script()).await;
    let fal = client(&server);
    for case in cases("tags.json", "cases") {
        let tags = case["input"].as_object().unwrap().iter();
        let tags = tags.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned()));
        let outcome = fal.submit(SampleInput::new("a")).tags(tags).await;
        assert_eq!(outcome.is_err(), case["error"] == true, "{case}");
        if outcome.is_err() || case["ok"] == true {
            continue;
        }
        // The order of tags means nothing.
        let split = |text: &str| {
            let mut tags: Vec<String> = text.split(',').map(str::to_owned).collect();
            tags.sort();
            tags
        };
        let sent = last(&server, "x-fal-tags");
        assert_eq!(
            sent.as_deref().map(split),
            case["expect"].as_str().map(split)
        );
    }
}

#[test]
fn lifecycles() {
    for case in cases("lifecycle.json", "expires_in") {
        let Some(name) = case["input"].as_str() else {
            continue;
        };
        let payload = name.parse::<Lifecycle>();
        assert_eq!(payload.is_err(), case["error"] == true, "{case}");
        let payload = payload.ok().and_then(|lifecycle| lifecycle.to_json());
        let seconds = payload.map_or(Value::Null, |json| {
            json["expiration_duration_seconds"].clone()
        });
        assert_eq!(seconds, case["seconds"], "{case}");
    }
    for case in cases("lifecycle.json", "payload") {
        let lifecycle = of_settings(&case["settings"]);
        assert_eq!(
            lifecycle.to_json().unwrap_or_default(),
            case["expect"],
            "{case}"
        );
    }
}

fn of_settings(settings: &Value) -> Lifecycle {
    let name = settings["expires_in"].as_str().unwrap_or("never");
    let lifecycle: Lifecycle = name.parse().unwrap();
    let access = |value: &Value| match value.as_str() {
        Some("allow") => Access::Allow,
        Some("forbid") => Access::Forbid,
        _ => Access::Hide,
    };
    match &settings["initial_acl"] {
        Value::Null => lifecycle,
        acl if acl["default"].is_null() => lifecycle.acl(Acl::default()),
        acl => {
            let rules = acl["rules"].as_array().unwrap().iter();
            let start = Acl::new(access(&acl["default"]));
            lifecycle.acl(rules.fold(start, |acl, rule| {
                acl.rule(rule["user"].as_str().unwrap(), access(&rule["decision"]))
            }))
        }
    }
}

#[tokio::test]
async fn credentials() {
    let server = server(script()).await;
    for case in cases("credentials.json", "cases") {
        let env = case["env"].clone();
        let found = Credentials::from_lookup(|name| env[name].as_str().map(str::to_owned));
        let Some(expected) = case["expect"].as_str() else {
            let error = found.unwrap_err();
            assert!(error.to_string().contains("FAL_KEY"), "{error}");
            continue;
        };
        let fal = Client::builder()
            .credentials(found.unwrap())
            .base_url(server.url())
            .build()
            .unwrap();
        fal.submit(SampleInput::new("a")).await.unwrap();
        assert_eq!(last(&server, "authorization").as_deref(), Some(expected));
    }
}
