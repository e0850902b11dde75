//! Webhooks while their public keys are hard to get.

use std::time::Duration;

use fal_mock::{Fault, Route};
use fal_sdk::webhook::{Verifier, VerifyError};
use fal_tests::sample::{SampleInput, script};
use futures_util::future::join_all;

use super::Section;
use crate::row::{Expected, Observation, Row};
use crate::setup::{Setup, Transport};

pub(super) fn rows(transport: Transport) -> Vec<Row> {
    let section = Section("Webhooks");
    let expected = |outcome: &str| Expected {
        outcome: outcome.to_owned(),
        ..Expected::output()
    };
    vec![
        section.row(
            "no keys for 20 deliveries at once",
            "verify",
            expected("no keys"),
            no_keys(transport),
        ),
        section.row(
            "a slow key server, and a forged delivery before a good one",
            "verify",
            expected("verified"),
            forged_before_good(transport),
        ),
        section.row(
            "the key server fails after the keys were fetched",
            "verify",
            expected("verified"),
            cached_keys(transport),
        ),
        section.row(
            "the delivery is changed by one byte",
            "verify",
            expected("forged"),
            forged(transport),
        ),
    ]
}

type Headers = Vec<(String, String)>;

/// A delivery that is signed now. Its receiver does not exist: the server keeps what
/// it tried to send.
async fn delivered(transport: Transport) -> (Setup, Verifier, Headers, Vec<u8>) {
    let setup = Setup::new(transport, script()).await;
    let fal = setup.client();
    let nobody = "http://127.0.0.1:1/hook";
    let submitted = fal.submit(SampleInput::new("a")).webhook(nobody).await;
    submitted.expect("a server without faults");
    let delivery = loop {
        if let Some(delivery) = setup.server.deliveries().pop() {
            break delivery;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let verifier = Verifier::of(&fal);
    let headers = delivery.headers.into_iter().collect();
    (setup, verifier, headers, delivery.body.to_vec())
}

fn observe(setup: &Setup, outcome: &Result<(), VerifyError>) -> Observation {
    let seen = setup.observe::<()>(&Ok(()));
    let outcome_name = match outcome {
        Ok(()) => "verified",
        Err(VerifyError::Keys(_)) => "no keys",
        Err(VerifyError::Forged) => "forged",
        Err(_) => "refused",
    };
    Observation {
        outcome: outcome_name.to_owned(),
        words: outcome
            .as_ref()
            .map_or_else(|error| setup.plain(&error.to_string()), |()| String::new()),
        ..seen
    }
}

async fn no_keys(transport: Transport) -> Observation {
    let (setup, verifier, headers, body) = delivered(transport).await;
    setup
        .server
        .inject(Fault::status(404).on(Route::Jwks).always());
    let outcomes = join_all((0..20).map(|_| verifier.verify(&headers, &body))).await;
    let is_one = setup.server.count(Route::Jwks) == 1;
    let all_fail = outcomes.iter().all(Result::is_err);
    let outcome = outcomes.into_iter().next().expect("20 outcomes");
    let seen = observe(&setup, &outcome);
    let seen = seen.promise(is_one, "they share one request for the keys");
    seen.promise(all_fail, "they fail together")
}

async fn forged_before_good(transport: Transport) -> Observation {
    let (setup, verifier, headers, body) = delivered(transport).await;
    let verifier = verifier.refetch_after(Duration::ZERO);
    if let Err(error) = verifier.verify(&headers, &body).await {
        return observe(&setup, &Err(error));
    }
    // As slow as the row may take: a good delivery does not wait for it.
    let slow = Fault::Delay { ms: 60_000 };
    setup.server.inject(slow.on(Route::Jwks).always());
    let (forger, its_headers) = (verifier.clone(), headers.clone());
    let forged = tokio::spawn(async move { forger.verify(&its_headers, b"another").await });
    while setup.server.count(Route::Jwks) < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let outcome = verifier.verify(&headers, &body).await;
    let is_waiting = !forged.is_finished();
    forged.abort();
    observe(&setup, &outcome).promise(is_waiting, "the good one goes ahead")
}

async fn cached_keys(transport: Transport) -> Observation {
    let (setup, verifier, headers, body) = delivered(transport).await;
    let verifier = verifier.refetch_after(Duration::ZERO);
    if let Err(error) = verifier.verify(&headers, &body).await {
        return observe(&setup, &Err(error));
    }
    setup
        .server
        .inject(Fault::nginx(503).on(Route::Jwks).always());
    let forged = verifier.verify(&headers, b"another").await;
    let outcome = verifier.verify(&headers, &body).await;
    let is_forged = matches!(forged, Err(VerifyError::Forged));
    observe(&setup, &outcome).promise(is_forged, "the forged one is known as such")
}

async fn forged(transport: Transport) -> Observation {
    let (setup, verifier, headers, mut body) = delivered(transport).await;
    body[0] ^= 1;
    observe(&setup, &verifier.verify(&headers, &body).await)
}
