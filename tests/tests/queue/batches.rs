use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fal_mock::{Failure, Fault, Hold, MockServer, Route};
use fal_sdk::wire::serde;
use fal_sdk::{Client, Decode, DecodeError, Error, ErrorKind, Input, Priority, Validate};
use fal_tests::sample::{SampleInput, SampleOutput, client, script, server};
use serde_json::json;

fn inputs(count: usize) -> Vec<SampleInput> {
    (0..count)
        .map(|number| SampleInput::new(number.to_string()))
        .collect()
}

async fn resume(fal: &Client, count: usize, journal: &Path) -> Vec<Result<SampleOutput, Error>> {
    fal.batch(inputs(count)).journal(journal).await.unwrap()
}

/// How many jobs each input became.
fn jobs_per_input(server: &MockServer, count: usize) -> Vec<usize> {
    let mut jobs = vec![0; count];
    for job in server.jobs() {
        let input: serde_json::Value = serde_json::from_slice(&job.input).unwrap();
        jobs[input["prompt"].as_str().unwrap().parse::<usize>().unwrap()] += 1;
    }
    jobs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outcomes_stand_at_the_places_of_their_inputs() {
    let server = server(script()).await;
    let told: Arc<Mutex<Vec<usize>>> = Arc::default();
    let log = Arc::clone(&told);
    let mut all = inputs(30);
    all[7].num_frames = Some(1);
    let outcomes = client(&server)
        .batch(all)
        .concurrency(4)
        .options(|submit| submit.priority(Priority::Low).tag("batch", "yes"))
        .on_done(move |place, _| log.lock().unwrap().push(place))
        .await
        .unwrap();
    for (place, outcome) in outcomes.iter().enumerate() {
        match place {
            7 => assert!(outcome.as_ref().unwrap_err().is_validation()),
            _ => assert_eq!(outcome.as_ref().unwrap().seed, 42),
        }
    }
    told.lock().unwrap().sort_unstable();
    assert_eq!(*told.lock().unwrap(), (0..30).collect::<Vec<_>>());
    let sent = &server.requests_to(Route::Submit)[0];
    assert_eq!(sent.header("x-fal-queue-priority"), Some("low"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_jobs_are_under_way_than_asked_for() {
    let server = server(script().hold(Hold::Running)).await;
    let call = client(&server)
        .batch(inputs(9))
        .concurrency(3)
        .into_future();
    let batch = tokio::spawn(call);
    for round in 1..=3_usize {
        while server.jobs().len() < 3 * round {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(server.jobs().len(), 3 * round);
        server.release_all();
    }
    assert!(batch.await.unwrap().unwrap().iter().all(Result::is_ok));
}

/// A program that is killed over and over pays for each input once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_batch_goes_on_without_paying_twice() {
    const COUNT: usize = 40;
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("batch.jsonl");
    let server = server(script().run(Duration::from_millis(20))).await;
    for round in 0..6_u64 {
        let call = client(&server)
            .batch(inputs(COUNT))
            .concurrency(5)
            .journal(&journal)
            .into_future();
        let batch = tokio::spawn(call);
        tokio::time::sleep(Duration::from_millis(10 + 9 * round)).await;
        batch.abort();
        let _ = batch.await;
    }
    let outcomes = resume(&client(&server), COUNT, &journal).await;
    let jobs = jobs_per_input(&server, COUNT);
    for (place, outcome) in outcomes.iter().enumerate() {
        assert!(
            jobs[place] <= 1,
            "input {place} was paid for {} times",
            jobs[place]
        );
        match outcome {
            Ok(output) => assert_eq!(output.seed, 42),
            // Killed in the middle of its submit; it may be a job or not.
            Err(error) => assert!(error.is_outcome_unknown(), "{error:?}"),
        }
    }
    // Once more: everything is there, and nothing is sent for what is done.
    let before = server.total();
    let again = resume(&client(&server), COUNT, &journal).await;
    assert_eq!(server.total(), before);
    let good = |outcomes: &[Result<SampleOutput, Error>]| {
        outcomes.iter().filter(|outcome| outcome.is_ok()).count()
    };
    assert_eq!(good(&again), good(&outcomes));
}

#[tokio::test]
async fn an_intent_without_an_answer_is_not_submitted_again_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("batch.jsonl");
    let server = server(script()).await;
    let fal = client(&server);
    server.inject(Fault::Drop.on(Route::Submit).handled());
    let first = resume(&fal, 1, &journal).await;
    assert!(first[0].as_ref().unwrap_err().is_outcome_unknown());
    for _ in 0..2 {
        let again = resume(&fal, 1, &journal).await;
        let error = again[0].as_ref().unwrap_err();
        assert!(error.is_outcome_unknown(), "{error:?}");
        assert!(error.to_string().contains("resubmit_unknown"), "{error}");
    }
    assert_eq!(server.jobs_created(), 1);
    let asked = fal
        .batch(inputs(1))
        .journal(&journal)
        .resubmit_unknown(true);
    assert_eq!(asked.await.unwrap()[0].as_ref().unwrap().seed, 42);
    assert_eq!(server.jobs_created(), 2);
}

#[tokio::test]
async fn what_was_refused_or_failed_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("batch.jsonl");
    let refusing = server(script()).await;
    let fal = client(&refusing);
    refusing.inject(Fault::locked().on(Route::Submit));
    assert!(
        resume(&fal, 1, &journal).await[0]
            .as_ref()
            .unwrap_err()
            .is_balance()
    );
    assert_eq!(
        resume(&fal, 1, &journal).await[0].as_ref().unwrap().seed,
        42
    );
    assert_eq!(refusing.jobs_created(), 1);

    let journal = folder.path().join("failing.jsonl");
    let failing = server(script().fail(Failure::new(422, json!({"detail": "no"})))).await;
    for _ in 0..2 {
        let outcomes = resume(&client(&failing), 1, &journal).await;
        assert!(outcomes[0].as_ref().unwrap_err().is_job_failed());
    }
    assert_eq!(
        failing.jobs_created(),
        1,
        "a failed job is not paid for again"
    );
}

#[tokio::test]
async fn a_journal_of_other_inputs_or_without_sense_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("batch.jsonl");
    let server = server(script()).await;
    let fal = client(&server);
    resume(&fal, 2, &journal).await;
    let text = std::fs::read_to_string(&journal).unwrap();
    assert!(!text.contains("secret"), "{text}");

    let others = vec![SampleInput::new("0"), SampleInput::new("other")];
    let error = fal.batch(others).journal(&journal).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage, "{error:?}");
    let error = fal.batch(inputs(1)).journal(&journal).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "{error:?}");
    let same = inputs(2)
        .iter()
        .map(|input| json!(input))
        .collect::<Vec<_>>();
    let elsewhere = fal.endpoint("acme/other").unwrap().batch(same);
    let error = elsewhere.journal(&journal).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage, "{error:?}");

    // The end of a program in the middle of a line is no harm.
    std::fs::write(&journal, format!("{text}{{\"item\":1,\"ev")).unwrap();
    assert!(resume(&fal, 2, &journal).await.iter().all(Result::is_ok));
    std::fs::write(&journal, format!("nonsense\n{text}")).unwrap();
    let error = fal.batch(inputs(2)).journal(&journal).await.unwrap_err();
    assert!(error.to_string().contains("line 1"), "{error}");
    assert_eq!(server.jobs_created(), 2);
}

/// What an extra adds is part of the input: its job is another one. How a job is
/// queued is not.
#[tokio::test]
async fn a_journal_of_other_extras_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(script()).await;
    let fal = client(&server);
    let batch = |journal: &str, extras: &[(&str, i64)]| {
        let extras = extras.to_vec();
        let batch = fal.batch(inputs(1)).journal(folder.path().join(journal));
        batch.options(move |submit| {
            let mut submit = submit;
            for (pointer, value) in &extras {
                submit = submit.extra(*pointer, *value);
            }
            submit
        })
    };
    let none: &[(&str, i64)] = &[];
    let one: &[(&str, i64)] = &[("/steps", 1)];
    batch("none", none).await.unwrap();
    batch("one", one).await.unwrap();
    let others = [
        ("none", one),
        ("one", none),
        ("one", &[("/steps", 2)]),
        ("one", &[("/other", 1)]),
        ("one", &[("/steps", 1), ("/other", 1)]),
    ];
    for (journal, extras) in others {
        let error = batch(journal, extras).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{journal} {extras:?}");
        assert!(error.to_string().contains("extras"), "{error}");
    }
    let again = batch("one", one).options(|submit| submit.priority(Priority::Low).tag("a", "b"));
    assert_eq!(again.await.unwrap()[0].as_ref().unwrap().seed, 42);
    assert_eq!(server.jobs_created(), 2);
}

/// An output whose type is the caller's, and panics.
struct Trap;

impl Decode for Trap {
    fn decode(value: &serde_json::Value) -> Result<Self, DecodeError> {
        assert_ne!(value["seed"], 1, "the caller's own fault");
        Ok(Self)
    }
}

struct TrapInput(u64);

impl serde::Serialize for TrapInput {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({"__mock": {"output": {"seed": self.0}}}).serialize(serializer)
    }
}

impl Validate for TrapInput {}

impl Input for TrapInput {
    const ENDPOINT: &'static str = "acme/trap";
    type Output = Trap;
}

/// What panics takes no other's result with it: those are paid for.
#[tokio::test]
async fn a_panic_is_the_outcome_of_its_own_input() {
    let server = MockServer::builder().any_app().start().await.unwrap();
    let outcomes = client(&server)
        .batch([0, 1, 2].map(TrapInput))
        .concurrency(1)
        .await
        .unwrap();
    let good: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(good, [true, false, true]);
    assert!(outcomes[1].as_ref().is_err_and(Error::is_outcome_unknown));
}
