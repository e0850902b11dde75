use std::time::Duration;

use fal_mock::{Fault, Hold, Route};
use fal_sdk::Limits;
use fal_tests::sample::{SampleInput, builder, client, script, server};

/// A stream that is cut anywhere costs neither the job nor a log line.
#[tokio::test]
async fn cut_streams_are_opened_again() {
    use fal_mock::CutAt;
    for at in [CutAt::Frame, CutAt::Line, CutAt::Char] {
        for clean in [true, false] {
            let script = script()
                .queue([1, 0], Duration::from_millis(15))
                .run(Duration::from_millis(60))
                .log("caf\u{e9}")
                .log_at(Duration::from_millis(40), "INFO", "done");
            let server = server(script).await;
            let fault = Fault::CutStream {
                frames: 1,
                at,
                clean,
            };
            server.inject(fault.on(Route::StatusStream).times(2));
            let lines = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
            let seen = lines.clone();
            let output = client(&server)
                .subscribe(SampleInput::new("a"))
                .logs(true)
                .on_update(move |update| {
                    let logs = update.status.logs.iter().map(|log| log.message.clone());
                    seen.lock().unwrap().extend(logs);
                })
                .await
                .unwrap();
            assert_eq!(output.seed, 42);
            assert_eq!(
                *lines.lock().unwrap(),
                ["caf\u{e9}", "done"],
                "{at:?} {clean}"
            );
            assert!(server.count(Route::StatusStream) >= 2);
        }
    }
}

#[tokio::test]
async fn without_any_stream_jobs_are_polled() {
    for fault in [
        Fault::status(404),
        Fault::status(405),
        Fault::nginx(502),
        Fault::html(),
        Fault::Drop,
        Fault::CutStream {
            frames: 0,
            at: fal_mock::CutAt::Frame,
            clean: true,
        },
        Fault::ContentType {
            value: "application/json".to_owned(),
        },
    ] {
        let server = server(script().run(Duration::from_millis(30))).await;
        server.inject(fault.clone().on(Route::StatusStream).always());
        let output = client(&server).subscribe(SampleInput::new("a")).await;
        assert_eq!(output.map(|output| output.seed).ok(), Some(42), "{fault:?}");
        assert!(server.count(Route::StatusStream) <= 4, "{fault:?}");
        assert!(server.count(Route::Status) > 0);
    }
}

/// Failing looks at the status end nothing: the job goes on whatever they say.
#[tokio::test]
async fn failing_looks_are_repeated() {
    for fault in [
        Fault::nginx(502),
        Fault::status(500),
        Fault::platform(503, "runner_disconnected", "Runner disconnected"),
        Fault::Drop,
        Fault::html(),
        Fault::MalformedJson,
        Fault::too_many_requests(None),
    ] {
        let server = server(script().run(Duration::from_millis(30))).await;
        server.inject(Fault::status(404).on(Route::StatusStream).always());
        server.inject(fault.clone().on(Route::Status).times(3));
        let output = client(&server).subscribe(SampleInput::new("a")).await;
        assert_eq!(output.map(|output| output.seed).ok(), Some(42), "{fault:?}");
        assert_eq!(server.jobs_created(), 1);
    }
}

/// More jobs than streams: some stream, the others poll, all end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_cap_jobs_poll() {
    let server = server(script().hold(Hold::Running)).await;
    let mut limits = Limits::default();
    limits.status_streams = 4;
    let fal = builder(&server).limits(limits).build().unwrap();
    let waiting: Vec<_> = (0..20)
        .map(|number| {
            let fal = fal.clone();
            tokio::spawn(async move { fal.subscribe(SampleInput::new(number.to_string())).await })
        })
        .collect();
    while server.count(Route::Status) < 32 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(server.count(Route::StatusStream), 4);
    server.release_all();
    for job in waiting {
        assert_eq!(job.await.unwrap().unwrap().seed, 42);
    }
    assert_eq!(server.jobs_created(), 20);
}
