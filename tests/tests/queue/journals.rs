//! Journals of batches: who may use them, and what they keep.

use std::future::IntoFuture;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use fal_mock::{Failure, Fault, Hold, Route};
use fal_sdk::{Client, ErrorKind};
use fal_tests::sample::{KEY, SampleInput, client, script, server};
use serde_json::json;

const COUNT: usize = 6;
const PROCESS: &str = "journals::another_process";

fn inputs(count: usize) -> Vec<SampleInput> {
    (0..count)
        .map(|number| SampleInput::new(number.to_string()))
        .collect()
}

/// Not a test by itself: what the process does that the next test starts.
#[tokio::test]
async fn another_process() {
    let Ok(journal) = std::env::var("FAL_TEST_JOURNAL") else {
        return;
    };
    let url = std::env::var("FAL_TEST_URL").unwrap();
    let fal = Client::builder().key(KEY).base_url(url).build().unwrap();
    let outcomes = fal.batch(inputs(COUNT)).journal(journal).await.unwrap();
    assert!(outcomes.iter().all(Result::is_ok));
}

fn start_process(journal: &Path, url: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([PROCESS, "--exact"])
        .env("FAL_TEST_JOURNAL", journal)
        .env("FAL_TEST_URL", url)
        .spawn()
        .unwrap()
}

/// Two processes on one journal would pay for each job twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_belongs_to_one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("batch.jsonl");
    let server = server(script().hold(Hold::Running)).await;
    let fal = client(&server);
    let mut other = start_process(&journal, &server.url());
    while server.jobs().len() < COUNT {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let error = fal
        .batch(inputs(COUNT))
        .journal(&journal)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage, "{error:?}");
    let words = error.to_string();
    assert!(words.contains(&other.id().to_string()), "{words}");
    assert!(words.contains("nothing was submitted"), "{words}");
    // Killed, it holds the journal no more, though its note is still there.
    other.kill().unwrap();
    other.wait().unwrap();
    let resumed = tokio::spawn(fal.batch(inputs(COUNT)).journal(&journal).into_future());
    while !resumed.is_finished() {
        tokio::time::sleep(Duration::from_millis(10)).await;
        server.release_all();
    }
    let outcomes = resumed.await.unwrap().unwrap();
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(server.jobs_created(), COUNT as u64);
    let mut left = std::fs::read_dir(folder.path()).unwrap();
    let left = left.next().unwrap().unwrap().file_name();
    assert_eq!(left, "batch.jsonl", "the note is gone with the batch");
}

#[tokio::test]
async fn a_time_limit_cancels_the_job_also_of_an_earlier_run() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(script().hold(Hold::Running)).await;
    let fal = client(&server);
    for is_resumed in [false, true] {
        let journal = folder.path().join(is_resumed.to_string());
        let batch = || fal.batch(inputs(1)).journal(&journal);
        if is_resumed {
            let stopped = tokio::spawn(batch().into_future());
            while !std::fs::read_to_string(&journal).is_ok_and(|text| text.contains("accepted")) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            stopped.abort();
        }
        let limited = batch().options(|submit| submit.timeout(Duration::from_secs(3)));
        let outcomes = limited.await.unwrap();
        let error = outcomes[0].as_ref().unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        let job = server.jobs().pop().unwrap();
        assert_eq!(error.request_id(), Some(job.request_id.as_str()));
        let cancelled = server.requests_to(Route::Cancel).pop().unwrap();
        assert!(cancelled.path.contains(&job.request_id), "{cancelled:?}");
    }
    assert_eq!(server.jobs_created(), 2);
}

#[tokio::test]
async fn details_come_from_the_run_and_from_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("batch.jsonl");
    let script = script().header("x-fal-billable-units", "2.5");
    let server = server(script).await;
    let fal = client(&server);
    let mut seen = Vec::new();
    for _ in 0..2 {
        let batch = fal.batch(inputs(2)).journal(&journal).concurrency(1);
        let outcomes = batch.detailed().await.unwrap();
        for (job, outcome) in server.jobs().iter().zip(outcomes) {
            let detailed = outcome.unwrap();
            assert_eq!(detailed.request_id.as_ref(), Some(&job.request_id));
            assert_eq!(detailed.billable_units, Some(2.5));
            assert_eq!(detailed.raw["seed"], 42);
            seen.push(detailed);
        }
    }
    assert_eq!(seen[..2], seen[2..]);
    assert_eq!(server.jobs_created(), 2);
}

#[tokio::test]
async fn single_inputs_have_options_of_their_own() {
    let server = server(script()).await;
    let batch = client(&server).batch(inputs(3)).concurrency(1);
    let batch = batch.options_by_index(|index, submit| match index {
        1 => submit.header("x-mine", "yes"),
        _ => submit,
    });
    assert!(batch.await.unwrap().iter().all(Result::is_ok));
    let sent = server.requests_to(Route::Submit);
    let marked: Vec<bool> = sent
        .iter()
        .map(|request| request.header("x-mine").is_some())
        .collect();
    assert_eq!(marked, [false, true, false]);
}

#[tokio::test]
async fn failed_and_expired_jobs_are_submitted_again_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("failed.jsonl");
    let failing = server(script().fail(Failure::new(422, json!({"detail": "no"})))).await;
    let fal = client(&failing);
    for (resubmit, jobs) in [(true, 1), (false, 1), (true, 2)] {
        let batch = fal.batch(inputs(1)).journal(&journal);
        let outcomes = batch.resubmit_failed(resubmit).await.unwrap();
        assert!(outcomes[0].as_ref().unwrap_err().is_job_failed());
        assert_eq!(failing.jobs_created(), jobs);
    }
    // Another server does not know the job, as if it had expired.
    let fresh = server(script()).await;
    let fal = client(&fresh);
    let expired = fal.batch(inputs(1)).journal(&journal).await.unwrap();
    assert_eq!(expired[0].as_ref().unwrap_err().status(), Some(404));
    assert_eq!(fresh.jobs_created(), 0);
    for _ in 0..2 {
        let batch = fal.batch(inputs(1)).journal(&journal);
        let outcomes = batch.resubmit_failed(true).await.unwrap();
        assert_eq!(outcomes[0].as_ref().unwrap().seed, 42);
        assert_eq!(fresh.jobs_created(), 1);
    }
}

/// What ended the earlier run is said as it was.
#[tokio::test]
async fn a_program_that_stopped_and_a_reply_that_was_lost_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("batch.jsonl");
    let server = server(script()).await;
    let fal = client(&server);
    let words = async || {
        let outcomes = fal.batch(inputs(1)).journal(&journal).await.unwrap();
        let error = outcomes.into_iter().next().unwrap().unwrap_err();
        assert!(error.is_outcome_unknown(), "{error:?}");
        error.to_string()
    };
    server.inject(Fault::Drop.on(Route::Submit).handled());
    words().await;
    let later = words().await;
    assert!(later.contains("could not find out"), "{later}");
    assert!(!later.contains("stopped"), "{later}");
    let text = std::fs::read_to_string(&journal).unwrap();
    let intent = text.lines().next().unwrap();
    std::fs::write(&journal, format!("{intent}\n")).unwrap();
    let later = words().await;
    assert!(
        later.contains("stopped in the middle of the submit"),
        "{later}"
    );
    assert_eq!(server.jobs_created(), 1);
}

/// A journal that cannot be used is not to be thrown away for that.
#[tokio::test]
async fn a_refused_journal_says_how_much_is_paid_already() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("batch.jsonl");
    let server = server(script()).await;
    let fal = client(&server);
    fal.batch(inputs(2)).journal(&journal).await.unwrap();
    let paid = "already paid for: 2";
    let others = vec![SampleInput::new("0"), SampleInput::new("other")];
    let error = fal.batch(others).journal(&journal).await.unwrap_err();
    assert!(error.to_string().contains(paid), "{error}");
    let error = fal.batch(inputs(1)).journal(&journal).await.unwrap_err();
    assert!(error.to_string().contains(paid), "{error}");
    let text = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, format!("{text}nonsense\n")).unwrap();
    let error = fal.batch(inputs(2)).journal(&journal).await.unwrap_err();
    assert!(error.to_string().contains(paid), "{error}");
    assert_eq!(server.jobs_created(), 2);
}

/// However a journal is damaged, a run reads it or refuses it; what it refuses keeps every whole line, for a person to look at.
#[test]
fn mutated_journals_are_read_or_refused() {
    use proptest::{prelude::*, sample::Index, test_runner::TestRunner};
    use std::fs;

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(server(script()));
    let fal = client(&server);
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let run = || runtime.block_on(fal.batch(inputs(2)).journal(&journal).into_future());
    run().unwrap();
    let whole = fs::read(&journal).unwrap();
    // What a damaged journal does not say is submitted again, and fails at once.
    server.inject(Fault::status(422).on(Route::Submit).always());

    let change = (any::<Index>(), any::<Index>(), 0..4_u8, any::<u8>());
    let changes = proptest::collection::vec(change, 1..5);
    let mut runner = TestRunner::new(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").map_or(100, |cases| cases.parse().unwrap()),
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let tried = runner.run(&changes, |changes| {
        let mut bytes = whole.clone();
        for (at, end, kind, byte) in changes {
            let (at, end) = (at.index(bytes.len() + 1), end.index(bytes.len() + 1));
            let (at, end) = (at.min(end), at.max(end));
            match kind {
                0 => bytes.truncate(end),
                1 => drop(bytes.drain(at..end)),
                2 => bytes.insert(at, byte),
                _ => bytes.extend_from_within(at..end),
            }
        }
        fs::write(&journal, &bytes).unwrap();
        if run().is_err() {
            // Half a line at the end, which a process left that was killed, goes in any case.
            let whole_lines = bytes
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1);
            let after = fs::read(&journal).unwrap();
            prop_assert!(bytes.starts_with(&after), "a refused journal was changed");
            prop_assert!(after.len() >= whole_lines, "a refused journal lost a line");
        }
        Ok(())
    });
    tried.unwrap();
}
