//! Going away: what a dropped call leaves behind, at every stage.

use std::time::Duration;

use fal_mock::{Fault, Hold, MockServer, Route};
use fal_sdk::ErrorKind;
use fal_tests::sample::{SampleInput, client, script, server};

async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

fn is_cancelled(server: &MockServer) -> bool {
    let jobs = server.jobs();
    !jobs.is_empty() && jobs.iter().all(|job| job.result == Some(499))
}

/// Drops a call once it has got so far.
async fn drop_when(server: &MockServer, cancel: bool, stage: impl Fn() -> bool) {
    let call = client(server)
        .subscribe(SampleInput::new("a"))
        .cancel_on_drop(cancel)
        .into_future();
    let task = tokio::spawn(call);
    until("the stage", stage).await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_call_leaves_its_job_alone() {
    let server = server(script().hold(Hold::Queued)).await;
    drop_when(&server, false, || server.count(Route::StatusStream) == 1).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(server.count(Route::Cancel), 0);
    let id = server.jobs()[0].request_id.clone();
    server.release_all();
    let job = client(&server).job::<SampleInput>(id).unwrap();
    assert_eq!(job.result().await.unwrap().seed, 42);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_call_cancels_its_job_if_asked() {
    // While it waits.
    let waiting = server(script().hold(Hold::Queued)).await;
    drop_when(&waiting, true, || waiting.count(Route::StatusStream) == 1).await;
    until("cancelled", || is_cancelled(&waiting)).await;

    // While the reply to its submit is on its way: the job is made already.
    let submitting = server(script().hold(Hold::Queued)).await;
    submitting.inject(Fault::Delay { ms: 300 }.on(Route::Submit).handled());
    drop_when(&submitting, true, || submitting.jobs_created() == 1).await;
    until("cancelled", || is_cancelled(&submitting)).await;
    assert_eq!(submitting.jobs_created(), 1);

    // While its result is fetched: too late, and harmless.
    let fetching = server(script()).await;
    fetching.inject(Fault::Stall { keep: None }.on(Route::Result));
    drop_when(&fetching, true, || fetching.count(Route::Result) == 1).await;
    until("asked", || fetching.count(Route::Cancel) == 1).await;
    assert_eq!(fetching.jobs()[0].result, Some(200));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_ended_cancels_nothing() {
    let server = server(script()).await;
    let call = client(&server)
        .subscribe(SampleInput::new("a"))
        .cancel_on_drop(true);
    call.await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(server.count(Route::Cancel), 0);
}

/// Cancelling, dropping and completing meet in every order that time allows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancel_drop_and_completion_in_any_order() {
    let server = server(script().run(Duration::from_millis(20))).await;
    let fal = client(&server);
    for step in 0..30_u64 {
        let job = fal.submit(SampleInput::new("a")).await.unwrap();
        let waiting = tokio::spawn(job.result().into_future());
        let cancelling = tokio::spawn({
            let job = job.clone();
            async move {
                tokio::time::sleep(Duration::from_millis(step)).await;
                job.cancel().await
            }
        });
        if step % 3 == 0 {
            tokio::time::sleep(Duration::from_millis(step / 2)).await;
            waiting.abort();
        }
        cancelling.await.unwrap().unwrap();
        match waiting.await {
            Ok(Ok(output)) => assert_eq!(output.seed, 42),
            Ok(Err(error)) => assert!(error.is_cancelled(), "{error:?}"),
            Err(aborted) => assert!(aborted.is_cancelled()),
        }
    }
    assert_eq!(server.jobs_created(), 30);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_on_time_cancels_the_job_and_names_it() {
    let server = server(script().hold(Hold::Queued)).await;
    let error = client(&server)
        .subscribe(SampleInput::new("a"))
        .timeout(Duration::from_secs(3))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
    assert!(error.is_timeout() && !error.is_retryable());
    assert_eq!(
        error.request_id(),
        Some(server.jobs()[0].request_id.as_str())
    );
    assert!(is_cancelled(&server), "the cancellation was waited for");
    let words = error.to_string();
    assert!(
        words.contains("removed from the queue")
            || words.contains("cancelling the job was requested"),
        "{words}"
    );
}

/// When the limit passes in the middle of a submit, a job may have been made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_in_the_middle_of_a_submit_leaves_it_open() {
    let server = server(script()).await;
    server.inject(Fault::Delay { ms: 600_000 }.on(Route::Submit).handled());
    let error = client(&server)
        .subscribe(SampleInput::new("a"))
        .timeout(Duration::from_secs(3))
        .await
        .unwrap_err();
    assert!(
        error.is_outcome_unknown() && error.is_timeout(),
        "{error:?}"
    );
    assert_eq!(server.count(Route::Submit), 1);
}

/// A limit on waiting for a job that was submitted before is not its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_on_waiting_leaves_the_job_alone() {
    let server = server(script().hold(Hold::Queued)).await;
    let job = client(&server).submit(SampleInput::new("a")).await.unwrap();
    let waiting = job.result().timeout(Duration::from_millis(100));
    let error = waiting.await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
    assert_eq!(server.count(Route::Cancel), 0);
    server.release_all();
    assert_eq!(job.result().await.unwrap().seed, 42);
}
