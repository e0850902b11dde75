//! Inputs that cannot be sent as they are meant.

use fal_sdk::wire::serde_json::Value;
use fal_sdk::{Error, ErrorKind, Input, Media, Validate, wire};
use fal_tests::sample::{client, script, server};
use serde_json::json;

const APP: &str = "acme/numbers";

/// An input with numbers, for an app that takes anything.
#[derive(Debug, Clone, PartialEq)]
struct Numbers {
    film: Media,
    strength: Option<f64>,
    weights: Option<Vec<f64>>,
}

wire! {
    Numbers {
        film: required,
        strength: optional,
        weights: optional,
    }
}

impl Validate for Numbers {}

impl Input for Numbers {
    const ENDPOINT: &'static str = APP;
    type Output = Value;

    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        visit(&mut self.film);
    }
}

/// A film that would have to be uploaded, and a strength.
fn numbers(strength: f64) -> Numbers {
    Numbers {
        film: Media::bytes("film", "video/mp4"),
        strength: Some(strength),
        weights: Some(vec![1.0, 2.5]),
    }
}

fn assert_refused<T>(outcome: Result<T, Error>, words: &str) {
    let Err(error) = outcome else {
        panic!("{words}: sent")
    };
    assert_eq!(error.kind(), ErrorKind::Encode, "{error}");
    let said = error.to_string();
    for part in [words, APP, "nothing was sent", "finite"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

/// In JSON it would be `null`: another call, at its full price.
#[tokio::test]
async fn a_number_that_json_does_not_have_is_refused() {
    let server = server(script()).await;
    let fal = client(&server);
    let nan = || numbers(f64::NAN);
    assert_refused(fal.run(nan()).await, "/strength: NaN");
    let unchecked = fal.submit(nan()).validate(false);
    assert_refused(unchecked.await, "/strength: NaN");
    let endless = fal.subscribe(numbers(f64::INFINITY));
    assert_refused(endless.await, "/strength: inf");
    assert_refused(fal.stream(nan()).await, "/strength: NaN");
    let with_extra = fal.run(nan()).extra("/brand_new", 0.5);
    assert_refused(with_extra.await, "/strength: NaN");
    let mut listed = numbers(1.0);
    listed.weights = Some(vec![0.0, f64::NEG_INFINITY]);
    let mut outcomes = fal.batch([listed]).await.unwrap();
    assert_refused(outcomes.remove(0), "/weights/1: -inf");
    assert_eq!(server.total(), 0, "not even the film was uploaded");
}

#[tokio::test]
async fn every_other_number_is_sent() {
    let server = fal_mock::MockServer::builder();
    let server = server.any_app().start().await.unwrap();
    let fal = client(&server);
    for strength in [f64::MAX, f64::MIN_POSITIVE, -0.0, 0.1] {
        fal.run(numbers(strength)).await.unwrap();
        let sent = server.requests_to(fal_mock::Route::Run).pop().unwrap();
        assert_eq!(sent.json().unwrap()["strength"], json!(strength));
    }
}
