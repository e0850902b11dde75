//! Every fault against every operation: what the caller learns, how many jobs the
//! server saw, and that nothing is lost. *Lost* means that the caller holds
//! neither the output, nor the request id, nor word that the outcome is unknown,
//! although a job was made.

mod rows;

use std::time::Duration;

use ErrorKind::{Api, Redirect, Timeout, Transport};
use Learns::{Kind, Output};
use fal_mock::{CutAt, Fault, Injection, MockServer, Route};
use fal_sdk::{Client, Error, ErrorKind, Limits, StatusMode, Timeouts};
use fal_tests::sample::{KEY, SampleInput, SampleOutput, builder, script, server};
use rows::{Learns, Row, rows};

/// A client whose limits on time are short where a row waits for one of them, and
/// long elsewhere: a busy machine is no fault.
fn client(server: &MockServer, row: &Row) -> Client {
    let mut timeouts = Timeouts::default();
    match row.name {
        "stalled" => timeouts.idle = Duration::from_secs(4),
        "late head" | "silence" => {
            timeouts.request = Duration::from_secs(8);
            timeouts.result = Duration::from_secs(8);
            timeouts.run = Duration::from_secs(8);
        }
        _ => {}
    }
    timeouts.stream_idle = Duration::from_secs(4);
    timeouts.unreachable = Duration::from_millis(100);
    let mut limits = Limits::default();
    limits.output = 1 << 16;
    limits.reply = 1 << 16;
    builder(server)
        .timeouts(timeouts)
        .limits(limits)
        .retry(
            fal_sdk::retry::RetryPolicy::default()
                .attempts(2)
                .base_delay(Duration::from_millis(5)),
        )
        .build()
        .unwrap()
}

/// Longer than any of the client's limits: nothing waits for ever.
const AGES: Duration = Duration::from_secs(180);

async fn ends<T>(name: &str, call: impl IntoFuture<Output = T>) -> T {
    tokio::time::timeout(AGES, call.into_future())
        .await
        .unwrap_or_else(|_| panic!("{name}: still waiting"))
}

fn check(row: &Row, expected: Learns, outcome: &Result<SampleOutput, Error>, server: &MockServer) {
    let name = row.name;
    match (expected, outcome) {
        (Output, Ok(output)) => assert_eq!(output.seed, 42, "{name}"),
        (Kind(kind), Err(error)) => {
            assert_eq!(error.kind(), kind, "{name}: {error:?}");
            assert!(error.to_string().contains(row.words), "{name}: {error}");
            assert!(!error.to_string().contains("token=abc"), "{name}: {error}");
            assert!(!error.to_string().contains(KEY), "{name}: {error}");
        }
        (expected, outcome) => panic!("{name}: {outcome:?}, and not {expected:?}"),
    }
    assert_nothing_lost(name, outcome, server);
}

fn assert_nothing_lost(name: &str, outcome: &Result<SampleOutput, Error>, server: &MockServer) {
    assert!(server.jobs_created() <= 1, "{name}: duplicated");
    let Err(error) = outcome else { return };
    if server.jobs_created() == 1 {
        let known = error.request_id().is_some() || error.is_outcome_unknown();
        assert!(known, "{name}: lost, {error:?}");
        assert!(
            !error.is_retryable() || error.is_job_failed(),
            "{name}: {error:?}"
        );
    }
}

/// Most of the time goes by in waiting, so the rows wait together.
async fn for_each_row<F: Future<Output = ()> + Send + 'static>(test: impl Fn(Row) -> F) {
    let mut tests: tokio::task::JoinSet<()> = rows().into_iter().map(test).collect();
    while let Some(outcome) = tests.join_next().await {
        if let Err(error) = outcome {
            std::panic::resume_unwind(error.into_panic());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn submits() {
    for_each_row(|row| async move {
        for handled in [false, true] {
            // A reply that says "not accepted" though the job was made is a lie
            // that no server of fal's tells.
            if handled && matches!(row.submit, Kind(Api | Redirect)) | row.name.starts_with("429") {
                continue;
            }
            let server = server(script()).await;
            let fault = row.fault.clone().on(Route::Submit);
            server.inject(if handled { fault.handled() } else { fault });
            let name = row.name;
            let outcome = ends(name, client(&server, &row).subscribe(SampleInput::new("a"))).await;
            check(&row, row.submit, &outcome, &server);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs() {
    for_each_row(|row| async move {
        let server = server(script()).await;
        server.inject(row.fault.clone().on(Route::Run));
        let outcome = ends(row.name, client(&server, &row).run(SampleInput::new("a"))).await;
        check(&row, row.run, &outcome, &server);
        let may_repeat = row.run == Output || row.name.starts_with("429");
        assert!(
            server.count(Route::Run) <= if may_repeat { 2 } else { 1 },
            "{}",
            row.name
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_that_never_come() {
    for_each_row(|row| async move {
        let server = server(script()).await;
        server.inject(row.fault.clone().on(Route::Result).always());
        let outcome = ends(
            row.name,
            client(&server, &row).subscribe(SampleInput::new("a")),
        )
        .await;
        check(&row, row.result, &outcome, &server);
        if let Err(error) = outcome {
            let id = server.jobs()[0].request_id.clone();
            assert_eq!(error.request_id(), Some(id.as_str()), "{}", row.name);
        }
    })
    .await;
}

/// A fault that passes costs nothing, where it is not an answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_that_come_late() {
    for_each_row(|row| async move {
        let passes = matches!(row.result, Output | Kind(Transport | Timeout))
            || [
                "429",
                "429, 1 s",
                "nginx 502",
                "nginx 503",
                "nginx 504",
                "bare 503",
                "network 520",
                "too early",
                "not found",
            ]
            .contains(&row.name);
        if !passes {
            return;
        }
        let server = server(script()).await;
        server.inject(row.fault.clone().on(Route::Result));
        let outcome = ends(
            row.name,
            client(&server, &row).subscribe(SampleInput::new("a")),
        )
        .await;
        check(&row, Output, &outcome, &server);
    })
    .await;
}

/// Over a stream that fails for ever, and with a status that fails once, every
/// job ends well; with a status that fails for ever, the caller has its id.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statuses() {
    for_each_row(|row| async move {
        if row.name == "429, an hour" {
            return;
        }
        let answers_for_good = matches!(
            row.name,
            "redirect"
                | "key revoked"
                | "locked"
                | "wrong address"
                | "nginx 400"
                | "gone"
                | "key repeated"
                | "app 418"
        );
        for (mode, times) in [
            (StatusMode::Stream, None),
            (StatusMode::Poll, Some(1)),
            (StatusMode::Poll, None),
        ] {
            let server = server(script()).await;
            let route = match mode {
                StatusMode::Stream => Route::StatusStream,
                _ => Route::Status,
            };
            let fault: Injection = row.fault.clone().on(route);
            server.inject(times.map_or(fault.clone().always(), |times| fault.times(times)));
            let name = format!("{}, {mode:?}, {times:?}", row.name);
            let call = client(&server, &row)
                .subscribe(SampleInput::new("a"))
                .status_mode(mode);
            let outcome = ends(&name, call).await;
            let harmless = mode == StatusMode::Stream || row.result == Output;
            match harmless || (times == Some(1) && !answers_for_good) {
                true => assert_eq!(
                    outcome.as_ref().map(|output| output.seed).ok(),
                    Some(42),
                    "{name}: {outcome:?}"
                ),
                false => assert!(outcome.is_err(), "{name}"),
            }
            assert_nothing_lost(&name, &outcome, &server);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancellations() {
    for_each_row(|row| async move {
        let server = server(script().hold(fal_mock::Hold::Queued)).await;
        let fal = client(&server, &row);
        let job = fal.submit(SampleInput::new("a")).await.unwrap();
        server.inject(row.fault.clone().on(Route::Cancel).always());
        let outcome = ends(row.name, job.cancel()).await;
        match outcome {
            // The status of the reply says enough: that a body is spoilt does not matter, and that there is no job is an outcome.
            Ok(_) => assert!(
                row.name == "not found" || [Output, Kind(ErrorKind::Decode)].contains(&row.result),
                "{}",
                row.name
            ),
            Err(error) => {
                assert_eq!(error.request_id(), Some(job.request_id()), "{}", row.name);
                assert!(!error.is_outcome_unknown());
            }
        }
    })
    .await;
}

/// Streams that are cut before the end, over and over, at every kind of place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_that_are_always_cut() {
    for at in [CutAt::Frame, CutAt::Line, CutAt::Char] {
        let server = server(script().run(Duration::from_millis(50)).log("a")).await;
        let fault = Fault::CutStream {
            frames: 1,
            at,
            clean: false,
        };
        server.inject(fault.on(Route::StatusStream).always());
        let fal = fal_tests::sample::client(&server);
        let call = fal.subscribe(SampleInput::new("a")).logs(true);
        let outcome = ends("cut", call).await;
        assert!(outcome.is_ok(), "{outcome:?}");
        assert!(
            server.count(Route::StatusStream) < 20,
            "streams are given up"
        );
    }
}
