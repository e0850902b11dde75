//! What calls were billed: units on every outcome, and what they cost.

use fal_mock::{Failure, MockServer, Script};
use fal_sdk::{Client, Error};
use fal_tests::sample::{ENDPOINT, SampleInput, client, script, server};
use futures_util::StreamExt;
use serde_json::json;

const UNITS: &str = "x-fal-billable-units";

fn failing() -> Script {
    let body =
        json!({"detail": [{"loc": ["body"], "msg": "no face", "type": "no_media_generated"}]});
    Script::new().fail(Failure::new(422, body).header(UNITS, "0.5"))
}

#[tokio::test]
async fn outputs_have_billed_units_and_a_cost() {
    let script = script().header(UNITS, "2.5");
    let server = MockServer::builder().app(ENDPOINT).script(ENDPOINT, script);
    let server = server.price(ENDPOINT, 0.2, "second").start().await.unwrap();
    let fal = client(&server);
    let price = fal.platform().price(ENDPOINT).await.unwrap();
    let input = || SampleInput::new("a");
    let run = fal.run(input()).detailed().await.unwrap();
    let job = fal.subscribe(input()).detailed().await.unwrap();
    let batch = fal.batch([input()]).detailed().await.unwrap().remove(0);
    for detailed in [run, job, batch.unwrap()] {
        let cost = detailed.cost(&price).unwrap();
        assert_eq!((cost.amount, cost.billable_units), (0.5, 2.5));
        assert_eq!((&*cost.currency, &*cost.unit), ("USD", "second"));
        assert_eq!(cost.to_string(), "about 0.5 USD (2.5 × 0.2 USD per second)");
    }
    let raw = fal.run(input()).raw().await.unwrap();
    assert_eq!(raw.cost(&price).unwrap().amount, 0.5);
    let stream = fal.stream(input()).await.unwrap();
    assert_eq!(stream.billable_units(), Some(2.5));
    let stream = fal.stream(input()).raw().await.unwrap();
    assert_eq!(stream.billable_units(), Some(2.5));
}

#[tokio::test]
async fn failures_have_billed_units_and_a_cost() {
    let server = server(failing()).await;
    let fal = client(&server);
    let price = fal.platform().price(ENDPOINT).await.unwrap();
    for error in failures(&fal).await {
        assert_eq!(error.billable_units(), Some(0.5), "{error}");
        assert_eq!(error.cost(&price).unwrap().amount, 0.5 * price.unit_price);
        let written = serde_json::to_value(&error).unwrap();
        assert_eq!(written["billable_units"], 0.5);
    }
}

/// The error of each kind of call whose model fails.
async fn failures(fal: &Client) -> Vec<Error> {
    let input = || SampleInput::new("a");
    let job = fal.submit(input()).await.unwrap();
    vec![
        fal.run(input()).await.unwrap_err(),
        fal.run(input()).raw().await.unwrap_err(),
        fal.subscribe(input()).await.unwrap_err(),
        job.result().await.unwrap_err(),
        fal.stream(input()).await.map(|_| ()).unwrap_err(),
        fal.batch([input()]).await.unwrap().remove(0).unwrap_err(),
        fal.batch([input()])
            .detailed()
            .await
            .unwrap()
            .remove(0)
            .unwrap_err(),
    ]
}

/// A stream that fails once it has begun, and an output that does not decode, were billed too.
#[tokio::test]
async fn what_fails_after_the_reply_began_was_billed() {
    let late = failing().stream([json!({"seed": 1})], std::time::Duration::ZERO);
    let server = server(late.header(UNITS, "1")).await;
    let fal = client(&server);
    let outputs = fal.stream(SampleInput::new("a")).await.unwrap();
    let errors: Vec<Error> = outputs
        .filter_map(async |output| output.err())
        .collect()
        .await;
    assert!(!errors.is_empty());
    assert!(
        errors
            .iter()
            .all(|error| error.billable_units() == Some(1.0)),
        "{errors:?}"
    );
    server.script(
        ENDPOINT,
        script()
            .output(json!({"seed": "?"}))
            .outputs_verbatim()
            .header(UNITS, "3"),
    );
    for error in [
        fal.run(SampleInput::new("a")).await.unwrap_err(),
        fal.subscribe(SampleInput::new("a")).await.unwrap_err(),
    ] {
        assert_eq!(error.billable_units(), Some(3.0), "{error}");
    }
}

/// What is no amount is not taken for one.
#[tokio::test]
async fn odd_units_are_left_out() {
    for odd in ["", "many", "NaN", "inf", "-1"] {
        let server = server(script().header(UNITS, odd)).await;
        let fal = client(&server);
        let detailed = fal.run(SampleInput::new("a")).detailed().await.unwrap();
        assert_eq!(detailed.billable_units, None, "{odd:?}");
    }
}
