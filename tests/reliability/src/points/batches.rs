//! Batches and their journals.

use std::path::Path;
use std::time::Duration;

use fal_mock::{Hold, Route};
use fal_sdk::{Client, Error, ErrorKind};
use fal_tests::sample::{SampleInput, script};

use super::Section;
use crate::row::{Expected, Observation, Row};
use crate::setup::{Setup, Transport};

const COUNT: usize = 6;

pub(super) fn rows(transport: Transport) -> Vec<Row> {
    let section = Section("Batches");
    vec![
        section.row(
            "a second batch on the same journal",
            "batch of 6",
            Expected::error(ErrorKind::Usage, "nothing was submitted").counts(6, 6),
            two_on_one_journal(transport),
        ),
        section.row(
            "the batch is stopped three times before its jobs are done",
            "batch of 6",
            Expected::output().counts(6, 6),
            stopped(transport),
        ),
        section.row(
            "the limit on time of an item passes",
            "batch of 1",
            Expected::error(ErrorKind::Timeout, ""),
            limited(transport),
        ),
        section.row(
            "the replies to all submits are lost, and the batch is run again",
            "batch of 6",
            Expected::error(ErrorKind::OutcomeUnknown, "").counts(6, 6),
            lost_replies(transport),
        ),
    ]
}

fn inputs(count: usize) -> Vec<SampleInput> {
    let prompts = (0..count).map(|number| number.to_string());
    prompts.map(SampleInput::new).collect()
}

async fn batch(fal: &Client, journal: &Path) -> Vec<Result<(), Error>> {
    match fal.batch(inputs(COUNT)).journal(journal).await {
        Ok(outcomes) => outcomes
            .into_iter()
            .map(|outcome| outcome.map(drop))
            .collect(),
        Err(error) => vec![Err(error)],
    }
}

/// Until the server has so many jobs.
async fn wait_for_jobs(setup: &Setup, count: usize) {
    while setup.server.jobs().len() < count {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn two_on_one_journal(transport: Transport) -> Observation {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("batch.jsonl");
    let setup = Setup::new(transport, script().hold(Hold::Running)).await;
    let (fal, path) = (setup.client(), journal.clone());
    let first = tokio::spawn(async move { batch(&fal, &path).await });
    wait_for_jobs(&setup, COUNT).await;
    let mut outcomes = batch(&setup.client(), &journal).await;
    setup.server.release_all();
    outcomes.extend(first.await.expect("it does not panic"));
    setup.observe_all(COUNT as u64, &outcomes)
}

async fn stopped(transport: Transport) -> Observation {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("batch.jsonl");
    let setup = Setup::new(transport, script().hold(Hold::Running)).await;
    let is_accepted = || {
        let text = std::fs::read_to_string(&journal).unwrap_or_default();
        text.matches("accepted").count() == COUNT
    };
    for _ in 0..3 {
        let (fal, path) = (setup.client(), journal.clone());
        let stopped = tokio::spawn(async move { batch(&fal, &path).await });
        while !is_accepted() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        stopped.abort();
        let _ = stopped.await;
    }
    setup.server.release_all();
    let outcomes = batch(&setup.client(), &journal).await;
    setup.observe_all(COUNT as u64, &outcomes)
}

async fn limited(transport: Transport) -> Observation {
    let setup = Setup::new(transport, script().hold(Hold::Running)).await;
    let batch = setup.client().batch(inputs(1));
    let batch = batch.options(|submit| submit.timeout(Duration::from_secs(6)));
    let outcomes = batch.await.unwrap_or_else(|error| vec![Err(error)]);
    let is_cancelled = setup.server.count(Route::Cancel) == 1;
    let seen = setup.observe_all(1, &outcomes);
    seen.promise(is_cancelled, "the job is cancelled")
}

async fn lost_replies(transport: Transport) -> Observation {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("batch.jsonl");
    let setup = Setup::new(transport, script()).await;
    let lost = fal_mock::Fault::Truncate { keep: Some(3) };
    setup.server.inject(lost.on(Route::Submit).always());
    batch(&setup.client(), &journal).await;
    setup.server.clear_faults();
    let outcomes = batch(&setup.client(), &journal).await;
    setup.observe_all(COUNT as u64, &outcomes)
}
