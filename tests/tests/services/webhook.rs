//! Webhooks.

use std::time::{Duration, UNIX_EPOCH};

use fal_mock::{Route, WebhookScript};
use fal_sdk::ErrorKind;
use fal_sdk::webhook::{Outcome, Verifier, VerifyError, WebhookEvent};
use fal_tests::sample::{SampleInput, client, output, script, server};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

pub(super) type Headers = Vec<(String, String)>;

pub(super) fn vectors() -> Value {
    serde_json::from_str(include_str!("../../fixtures/vectors/webhook_verify.json")).unwrap()
}

pub(super) fn headers(case: &Value) -> Headers {
    let pairs = case["headers"].as_object().unwrap();
    pairs
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}

#[tokio::test]
async fn the_protocols_vectors() {
    let vectors = vectors();
    let verifier = Verifier::with_jwks(&vectors["jwks"]).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 17);
    for case in cases {
        let name = &case["name"];
        let now = UNIX_EPOCH + Duration::from_secs(case["now"].as_u64().unwrap());
        let body = case["body_utf8"].as_str().unwrap().as_bytes();
        let verified = verifier.verify_at(&headers(case), body, now).await;
        assert_eq!(
            verified.is_ok(),
            case["valid"] == true,
            "{name}: {verified:?}"
        );
        let Err(error) = verified else { continue };
        let fits = match case["reason"].as_str().unwrap() {
            "timestamp" => matches!(
                error,
                VerifyError::Stale(301) | VerifyError::MalformedHeader("x-fal-webhook-timestamp")
            ),
            "length" | "hex" => {
                matches!(
                    error,
                    VerifyError::MalformedHeader("x-fal-webhook-signature")
                )
            }
            "missing" => matches!(error, VerifyError::MissingHeader(_)),
            _ => matches!(error, VerifyError::Forged),
        };
        assert!(fits, "{name}: {error:?}");
        assert_eq!(error.status(), 401);
        assert!(!error.to_string().is_empty());
    }
}

/// Every part of a good delivery, spoiled in turn.
#[tokio::test]
async fn whatever_is_changed_is_noticed() {
    let vectors = vectors();
    let verifier = Verifier::with_jwks(&vectors["jwks"]).unwrap();
    let case = &vectors["cases"][0];
    let now = UNIX_EPOCH + Duration::from_secs(case["now"].as_u64().unwrap());
    let body = case["body_utf8"].as_str().unwrap().as_bytes();
    let good = headers(case);
    verifier.verify_at(&good, body, now).await.unwrap();
    for at in 0..body.len() {
        let mut other = body.to_vec();
        other[at] ^= 1;
        let error = verifier.verify_at(&good, &other, now).await.unwrap_err();
        assert!(matches!(error, VerifyError::Forged), "{at}");
    }
    for header in 0..good.len() {
        for value in [
            "",
            "x",
            "\u{e9}",
            "a\nb",
            "99999999999999999999",
            "-5",
            "+5",
            " 1",
        ] {
            let mut other = good.clone();
            value.clone_into(&mut other[header].1);
            verifier.verify_at(&other, body, now).await.unwrap_err();
        }
        let mut other = good.clone();
        other[header].1 = "0".repeat(1 << 20);
        verifier.verify_at(&other, body, now).await.unwrap_err();
        other.remove(header);
        let error = verifier.verify_at(&other, body, now).await.unwrap_err();
        assert!(matches!(error, VerifyError::MissingHeader(_)), "{error:?}");
    }
    // Another time: a replay.
    let later = now + Duration::from_secs(3_600);
    let error = verifier.verify_at(&good, body, later).await.unwrap_err();
    assert!(matches!(error, VerifyError::Stale(3610)), "{error:?}");
    let error = verifier.verify(&good, body).await.unwrap_err();
    assert!(matches!(error, VerifyError::Stale(_)), "{error:?}");
}

#[test]
fn key_sets_without_a_key_are_refused() {
    for jwks in [
        json!(null),
        json!({}),
        json!({"keys": []}),
        json!({"keys": [{"kty": "RSA", "n": "x"}]}),
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}]}),
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "***"}]}),
        json!({"keys": [{"kty": "OKP", "crv": "X25519", "x": "snOZi7qtEko7-224f7btI8jBGl7XQIE_Lh_3sqEZlCw"}]}),
    ] {
        assert!(Verifier::with_jwks(&jwks).is_err(), "{jwks}");
    }
}

#[test]
fn payloads() {
    let text = include_str!("../../fixtures/vectors/webhook_payloads.json");
    let vectors: Value = serde_json::from_str(text).unwrap();
    let bodies: Vec<Vec<u8>> = vectors["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| serde_json::to_vec(&case["body"]).unwrap())
        .collect();
    let event = |at: usize| WebhookEvent::<Value>::read(&bodies[at]).unwrap();
    let good = event(0);
    assert_eq!(
        (good.request_id.as_str(), good.gateway_request_id.as_deref()),
        ("r", Some("g"))
    );
    assert!(good.outcome.into_result().unwrap()["images"][0]["url"].is_string());

    let Outcome::Failed(error) = event(1).outcome else {
        panic!("a failed job");
    };
    assert_eq!(error.kind(), ErrorKind::JobFailed);
    assert_eq!(error.status(), Some(422));
    assert_eq!(error.request_id(), Some("r"));
    assert_eq!(error.field_errors()[0].pointer(), "/prompt");
    assert!(error.is_validation());

    let Outcome::NotSent(why) = event(2).outcome else {
        panic!("an output that was not sent");
    };
    assert!(why.contains("not JSON serializable"));

    let bare = event(3);
    assert_eq!(bare.gateway_request_id, None);
    assert_eq!(bare.outcome.into_result().unwrap_err().message(), "x");
}

#[test]
fn bodies_that_are_no_webhooks() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "{\"request_id\": 5}",
        "{\"request_id\": \"\"}",
        "<html>",
        "\u{0}",
    ] {
        let error = WebhookEvent::<SampleInput>::read(body.as_bytes())
            .map(|_| ())
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
    }
    // An output of another shape is kept.
    let body = json!({"request_id": "r", "status": "OK", "payload": {"video": 5}}).to_string();
    let event = WebhookEvent::<SampleInput>::read(body.as_bytes()).unwrap();
    assert_eq!(event.payload, json!({"video": 5}));
    let error = event.outcome.into_result().unwrap_err();
    assert_eq!(
        (error.kind(), error.request_id()),
        (ErrorKind::Decode, Some("r"))
    );
}

/// Takes deliveries on a port of its own and answers 200.
pub(super) async fn receiver() -> (String, mpsc::UnboundedReceiver<(Headers, Vec<u8>)>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = Vec::new();
            let delivery = loop {
                let mut block = [0; 4096];
                let read = socket.read(&mut block).await.unwrap_or(0);
                request.extend_from_slice(&block[..read]);
                if let Some(delivery) = delivery(&request) {
                    break delivery;
                }
                assert!(read > 0, "the delivery broke off");
            };
            sender.send(delivery).unwrap();
            let _ = socket
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .await;
        }
    });
    (url, receiver)
}

fn delivery(request: &[u8]) -> Option<(Headers, Vec<u8>)> {
    let end = request.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&request[..end]).unwrap();
    let headers: Headers = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let (_, length) = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    let body = &request[end + 4..];
    (body.len() == length.parse::<usize>().unwrap()).then(|| (headers.clone(), body.to_vec()))
}

#[tokio::test]
async fn deliveries_are_verified_and_typed() {
    for key in [0, 1] {
        let mut hook = WebhookScript::default();
        hook.key = key;
        let server = server(script().webhook(hook)).await;
        let fal = client(&server);
        let (url, mut deliveries) = receiver().await;
        let job = fal
            .submit(SampleInput::new("a"))
            .webhook(&url)
            .await
            .unwrap();
        let (headers, body) = deliveries.recv().await.unwrap();
        let verifier = Verifier::of(&fal);
        let event = verifier
            .event::<SampleInput>(&headers, &body)
            .await
            .unwrap();
        assert_eq!(event.request_id, job.request_id());
        assert!(event.user_id.is_some());
        assert_eq!(event.payload, output());
        assert_eq!(event.outcome.into_result().unwrap().seed, 42);
        // The keys are asked for once, without the account's key.
        verifier.verify(&headers, &body).await.unwrap();
        assert_eq!(server.count(Route::Jwks), 1);
        assert_eq!(
            server.requests_to(Route::Jwks)[0].header("authorization"),
            None
        );
    }
}

#[tokio::test]
async fn bad_deliveries_are_refused() {
    for (bad_signature, age_s) in [(true, 0), (false, 400), (false, -400)] {
        let mut hook = WebhookScript::default();
        hook.bad_signature = bad_signature;
        hook.age_s = age_s;
        let server = server(script().webhook(hook)).await;
        let fal = client(&server);
        let (url, mut deliveries) = receiver().await;
        fal.submit(SampleInput::new("a"))
            .webhook(&url)
            .await
            .unwrap();
        let (headers, body) = deliveries.recv().await.unwrap();
        let verifier = Verifier::of(&fal);
        for _ in 0..50 {
            let error = verifier.event::<Value>(&headers, &body).await.unwrap_err();
            assert_eq!(
                matches!(error, VerifyError::Forged),
                bad_signature,
                "{error:?}"
            );
        }
        // A flood of forged deliveries is none of questions.
        assert!(server.count(Route::Jwks) <= 1);
    }
}

#[tokio::test]
async fn an_output_that_was_not_sent_is_fetched_by_its_id() {
    let mut hook = WebhookScript::default();
    hook.payload_error = Some("too large".to_owned());
    let server = server(script().webhook(hook)).await;
    let fal = client(&server);
    let (url, mut deliveries) = receiver().await;
    fal.submit(SampleInput::new("a"))
        .webhook(&url)
        .await
        .unwrap();
    let (headers, body) = deliveries.recv().await.unwrap();
    let event = Verifier::of(&fal)
        .event::<SampleInput>(&headers, &body)
        .await
        .unwrap();
    assert!(matches!(&event.outcome, Outcome::NotSent(why) if why == "too large"));
    assert_eq!(event.job(&fal).unwrap().result().await.unwrap().seed, 42);
    let error = WebhookEvent::<Value>::read(&body)
        .unwrap()
        .job(&fal)
        .map(|_| ())
        .unwrap_err();
    assert!(error.to_string().contains("Endpoint::job"), "{error}");
}
