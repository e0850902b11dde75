//! Runtimes: several of them, none, and threads that may wait.

use std::task::{Context, Poll, Waker};
use std::time::Duration;

use fal_sdk::{BoxFuture, Client, Error, ErrorKind, blocking};
use fal_tests::sample::{SampleInput, client, script, server};
use tokio::runtime::{Builder, Runtime};

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A server on a runtime of its own, which goes on beside those of the test.
fn served() -> (Runtime, fal_mock::MockServer) {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = runtime.block_on(server(script()));
    (runtime, server)
}

/// A connection is driven by the runtime that made it; another one must not wait for it.
#[test]
fn a_client_is_used_by_two_runtimes_in_turn() {
    let (_runtime, server) = served();
    let fal = client(&server);
    let runtimes = [current_thread(), current_thread()];
    let call = |fal: Client| async move {
        fal.run(SampleInput::new("a")).await?;
        fal.subscribe(SampleInput::new("a")).await
    };
    for turn in 0..6 {
        let limited = async {
            let limit = Duration::from_secs(30);
            tokio::time::timeout(limit, call(fal.clone()))
                .await
                .expect("in time")
        };
        let output = runtimes[turn % 2].block_on(limited);
        assert_eq!(output.unwrap().seed, 42, "turn {turn}");
    }
    assert_eq!(server.jobs_created(), 6);
}

/// The error of a call that fails.
fn failing<T, C>(call: C) -> BoxFuture<Error>
where
    C: IntoFuture<Output = Result<T, Error>, IntoFuture: Send + 'static>,
{
    let call = call.into_future();
    Box::pin(async move {
        match call.await {
            Ok(_) => panic!("it succeeded"),
            Err(error) => error,
        }
    })
}

fn poll_once<T>(mut future: BoxFuture<T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match future.as_mut().poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for a runtime that is not there"),
    }
}

#[test]
fn outside_any_runtime_it_is_an_error() {
    let (_runtime, server) = served();
    let fal = client(&server);
    let job = fal.job::<SampleInput>("some-job").unwrap();
    let mut updates = job.updates().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, "data").unwrap();
    let input = || SampleInput::new("a");
    let download = || fal.download("https://v3.fal.media/a");
    let calls = [
        failing(fal.run(input())),
        failing(fal.submit(input())),
        failing(fal.subscribe(input()).cancel_on_drop(true)),
        failing(fal.stream(input())),
        failing(fal.batch([input()])),
        failing(fal.storage().upload_file(&path)),
        failing(download().timeout(Duration::from_secs(1)).bytes()),
        failing(download().to_path(folder.path().join("copy"))),
        failing(job.status()),
        failing(job.result()),
        failing(job.cancel()),
        failing(async move { updates.next().await.unwrap() }),
    ];
    for call in calls {
        let error = poll_once(call);
        assert_eq!(error.kind(), ErrorKind::Usage, "{error:?}");
        assert!(
            error.to_string().contains("outside a tokio runtime"),
            "{error}"
        );
    }
    assert_eq!(server.jobs_created(), 0);
}

/// Threads of `spawn_blocking` belong to a runtime, and may wait.
#[test]
fn blocking_waits_where_it_may() {
    let (_runtime, server) = served();
    let fal = blocking::Client::new(client(&server)).unwrap();
    for runtime in [
        current_thread(),
        Builder::new_multi_thread().enable_all().build().unwrap(),
    ] {
        let (waiting, waits) = (fal.clone(), fal.clone());
        runtime.block_on(async move {
            let call = move || waiting.subscribe(SampleInput::new("a")).send();
            let output = tokio::task::spawn_blocking(call).await.unwrap();
            assert_eq!(output.unwrap().seed, 42);

            let refused = || waits.subscribe(SampleInput::new("a")).send().unwrap_err();
            let in_root = refused();
            assert_eq!(in_root.kind(), ErrorKind::Usage, "{in_root:?}");
            let in_task = tokio::spawn({
                let waits = waits.clone();
                async move { waits.subscribe(SampleInput::new("a")).send().unwrap_err() }
            });
            assert_eq!(in_task.await.unwrap().kind(), ErrorKind::Usage);
        });
        let entered = runtime.enter();
        assert_eq!(
            fal.subscribe(SampleInput::new("a")).send().unwrap().seed,
            42
        );
        drop(entered);
    }
    assert_eq!(server.jobs_created(), 4);
}
