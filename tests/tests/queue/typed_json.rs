//! Models without generated types, called with types of the program's own.

use fal_mock::{Route, Script};
use fal_sdk::{ErrorKind, Json};
use fal_tests::sample::{ENDPOINT, client, server};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Serialize)]
struct Prompt {
    prompt: String,
    strength: f64,
}

#[derive(Debug, Deserialize)]
struct Caption {
    caption: String,
}

fn prompt(strength: f64) -> Prompt {
    Prompt {
        prompt: "a cat".to_owned(),
        strength,
    }
}

fn script() -> Script {
    Script::new().output(json!({"caption": "a cat on a mat"}))
}

#[tokio::test]
async fn serde_types_go_in_and_come_out() {
    let server = server(script()).await;
    let endpoint = client(&server).endpoint(ENDPOINT).unwrap();
    let model = endpoint.with_output::<Json<Caption>>();
    let Json(output) = model.subscribe(prompt(0.5)).await.unwrap();
    assert_eq!(output.caption, "a cat on a mat");
    let sent = &server.requests_to(Route::Submit)[0];
    assert_eq!(
        sent.json(),
        Some(json!({"prompt": "a cat", "strength": 0.5}))
    );
    assert_eq!(
        model.run(prompt(1.0)).await.unwrap().caption,
        output.caption
    );
    let job = model.submit(prompt(1.0)).await.unwrap();
    let again = model.job(job.request_id()).unwrap();
    assert_eq!(again.result().await.unwrap().caption, output.caption);
    let outcomes = model.batch([prompt(0.1), prompt(0.2)]).await.unwrap();
    assert!(outcomes.iter().all(Result::is_ok));
    let untyped = endpoint.subscribe(prompt(0.5)).await.unwrap();
    assert_eq!(untyped["caption"], "a cat on a mat");
}

#[tokio::test]
async fn an_output_of_another_shape_is_kept() {
    let server = server(Script::new().output(json!({"text": "a cat"}))).await;
    let endpoint = client(&server).endpoint(ENDPOINT).unwrap();
    let model = endpoint.with_output::<Json<Caption>>();
    let error = model.subscribe(json!({})).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(
        error.to_string().contains("missing field `caption`"),
        "{error}"
    );
    assert_eq!(error.raw_body(), Some(&br#"{"text":"a cat"}"#[..]));
    assert!(error.request_id().is_some());
}

/// `serde_json` would write `null` in its place, and the call would be another one.
#[tokio::test]
async fn a_number_that_json_does_not_have_is_not_sent() {
    let server = server(script()).await;
    let endpoint = client(&server).endpoint(ENDPOINT).unwrap();
    let error = endpoint.subscribe(prompt(f64::NAN)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode);
    assert!(error.message().starts_with("/strength: NaN"), "{error}");
    assert_eq!(server.jobs_created(), 0);
}

#[tokio::test]
async fn media_that_is_no_url_is_caught_before_it_is_paid_for() {
    let server = server(script()).await;
    let fal = client(&server);
    for text in ["walk.mp4", "./walk.mp4", "file:///walk.mp4", ""] {
        let mut input = fal_tests::sample::SampleInput::new("p");
        input.video_url = text.into();
        let error = fal.subscribe(input.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
        assert!(error.to_string().contains("`Media::path`"), "{error}");
        assert_eq!(server.jobs_created(), 0);
    }
    let mut input = fal_tests::sample::SampleInput::new("p");
    input.video_url = "walk.mp4".into();
    let job = fal.submit(input).validate(false).await.unwrap();
    assert_eq!(server.jobs_created(), 1);
    drop(job);
}
