//! Connections, streams and limits while a job is waited for.

use std::time::{Duration, Instant};

use fal_mock::{CannedReply, CutAt, Fault, Hold, Route, Script};
use fal_sdk::{Client, ErrorKind, Limits, StatusMode, Timeouts};
use fal_tests::relay::Relay;
use fal_tests::sample::{SampleInput, output, script};
use serde_json::json;

use super::Section;
use crate::row::{Expected, Observation, Row};
use crate::setup::{Setup, Transport, read_model_stream};

pub(super) fn rows(transport: Transport) -> Vec<Row> {
    let section = Section("Connections, streams and limits on time");
    let output = Expected::output;
    let unknown = |words| Expected::error(ErrorKind::OutcomeUnknown, words);
    let mut rows = vec![
        section.row(
            "the connection falls silent while idle; TCP goes on acknowledging",
            "8 submits",
            // HTTP/1 has no pings that would find out: one submit learns it the hard way.
            match transport.is_http2() {
                true => output().counts(9, 9),
                false => unknown("no reply in time").counts(8, 8),
            },
            silent_while_idle(transport),
        ),
        section.row(
            "the connections of a job fall silent",
            "subscribe",
            output(),
            silent_while_waiting(transport),
        ),
        section.row(
            "a line of 256 KiB/s, an input of 3 MiB, 8 s for short calls",
            "submit",
            output(),
            slow_line(transport),
        ),
        section.row(
            "a line that stands still after 1 MiB of the input",
            "submit",
            unknown("").counts(0, 0),
            standing_line(transport),
        ),
        section.row(
            "a status stream of comments only",
            "subscribe",
            output(),
            useless_stream(transport, Fault::OnlyComments { every_ms: 20 }),
        ),
        section.row(
            "a status stream that repeats `IN_PROGRESS` for ever",
            "subscribe",
            output(),
            useless_stream(transport, Fault::AlwaysInProgress { every_ms: 20 }),
        ),
        section.row(
            "2,000 lines of logs, more than the limit for replies",
            "subscribe that polls, with logs",
            output(),
            long_logs(transport),
        ),
        section.row(
            "a model stream of comments only",
            "model stream",
            Expected::error(ErrorKind::Timeout, "").counts(1, 0),
            model_stream(transport, Fault::OnlyComments { every_ms: 20 }),
        ),
        section.row(
            "the error event of a workflow's node",
            "model stream",
            Expected::error(ErrorKind::JobFailed, "node `image`"),
            workflow(transport),
        ),
        section.row(
            "429 with a `Retry-After` by the server's clock of 2020",
            "submit",
            output().counts(2, 1),
            old_clock(transport),
        ),
        section.row(
            "the caller's time limit passes while the job runs",
            "subscribe",
            Expected::error(ErrorKind::Timeout, "cancel"),
            time_limit(transport),
        ),
        section.row(
            "the server restarts while the job runs",
            "subscribe",
            output(),
            restart(transport),
        ),
    ];
    let cuts = [
        (CutAt::Frame, "between frames"),
        (CutAt::Line, "in a line"),
        (CutAt::Char, "in a character"),
    ];
    rows.extend(cuts.map(|(at, place)| {
        section.row(
            &format!("every status stream is cut {place}"),
            "subscribe",
            output(),
            cut_streams(transport, at),
        )
    }));
    let outages = [404, 425, 429, 502, 503, 520, 524];
    rows.extend(outages.map(|status| {
        section.row(
            &format!("HTTP {status}, three times in a row"),
            "result",
            output(),
            outage(transport, status),
        )
    }));
    rows
}

fn input() -> SampleInput {
    SampleInput::new("a")
}

fn short(change: impl FnOnce(&mut Timeouts)) -> Timeouts {
    let mut timeouts = Timeouts::default();
    change(&mut timeouts);
    timeouts
}

async fn relayed(
    transport: Transport,
    rate: Option<usize>,
    timeouts: Timeouts,
) -> (Setup, Relay, Client) {
    let setup = Setup::new(transport, script()).await;
    let relay = Relay::start(setup.server.address(), rate).await;
    let builder = setup.builder_at(relay.address()).timeouts(timeouts);
    let fal = builder.build().expect("a client");
    (setup, relay, fal)
}

async fn silent_while_idle(transport: Transport) -> Observation {
    let timeouts = short(|timeouts| {
        timeouts.keep_alive = Duration::from_secs(1);
        timeouts.request = Duration::from_secs(10);
    });
    let (setup, relay, fal) = relayed(transport, None, timeouts).await;
    let mut outcomes = vec![fal.subscribe(input()).await.map(drop)];
    relay.silence();
    tokio::time::sleep(Duration::from_secs(6)).await;
    for _ in 0..8 {
        outcomes.push(fal.submit(input()).await.map(drop));
    }
    setup.observe_all(9, &outcomes)
}

async fn silent_while_waiting(transport: Transport) -> Observation {
    let timeouts = short(|timeouts| {
        timeouts.keep_alive = Duration::from_secs(1);
        timeouts.request = Duration::from_secs(8);
        timeouts.result = Duration::from_secs(8);
        timeouts.stream_idle = Duration::from_secs(2);
    });
    let (setup, relay, fal) = relayed(transport, None, timeouts).await;
    let submitted = fal.submit(input()).await;
    let job = submitted.expect("a server without faults");
    relay.silence();
    setup.observe(&job.result().await)
}

/// The whole takes longer than the limit; what the system takes in at once does not.
async fn slow_line(transport: Transport) -> Observation {
    let limit = Duration::from_secs(8);
    let timeouts = short(|timeouts| timeouts.request = limit);
    let (setup, _relay, fal) = relayed(transport, Some(256 << 10), timeouts).await;
    let started = Instant::now();
    let outcome = fal.submit(SampleInput::new("x".repeat(3 << 20))).await;
    let is_slow = started.elapsed() > limit;
    setup.observe(&outcome).promise(is_slow, "the line is slow")
}

async fn standing_line(transport: Transport) -> Observation {
    let timeouts = short(|timeouts| timeouts.idle = Duration::from_secs(2));
    let (setup, relay, fal) = relayed(transport, Some(512 << 10), timeouts).await;
    let call = fal.submit(SampleInput::new("x".repeat(4 << 20)));
    let silence = async {
        while relay.passed() < 1 << 20 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        relay.silence();
        std::future::pending().await
    };
    let outcome = tokio::select! {
        outcome = call.into_future() => outcome,
        outcome = silence => outcome,
    };
    setup.observe(&outcome)
}

async fn useless_stream(transport: Transport, fault: Fault) -> Observation {
    let setup = Setup::new(transport, script()).await;
    setup.server.inject(fault.on(Route::StatusStream).always());
    let outcome = setup.client().subscribe(input()).await;
    let is_one = setup.server.count(Route::StatusStream) == 1;
    setup
        .observe(&outcome)
        .promise(is_one, "one stream is enough")
}

async fn cut_streams(transport: Transport, at: CutAt) -> Observation {
    let script = script().run(Duration::from_millis(50)).log("a");
    let setup = Setup::new(transport, script).await;
    let fault = Fault::CutStream {
        frames: 1,
        at,
        clean: false,
    };
    setup.server.inject(fault.on(Route::StatusStream).always());
    let outcome = setup.client().subscribe(input()).logs(true).await;
    let are_given_up = setup.server.count(Route::StatusStream) < 20;
    setup
        .observe(&outcome)
        .promise(are_given_up, "streams are given up")
}

async fn long_logs(transport: Transport) -> Observation {
    let script = (0..2_000).fold(script(), |script, number| {
        script.log(format!("line {number}: {}", "x".repeat(100)))
    });
    let setup = Setup::new(transport, script).await;
    let mut limits = Limits::default();
    limits.reply = 1 << 14;
    let fal = setup.builder().limits(limits).build().expect("a client");
    let call = fal.subscribe(input()).logs(true);
    setup.observe(&call.status_mode(StatusMode::Poll).await)
}

async fn model_stream(transport: Transport, fault: Fault) -> Observation {
    let setup = Setup::new(transport, script()).await;
    setup.server.inject(fault.on(Route::ModelStream));
    let timeouts = short(|timeouts| timeouts.model_stream = Duration::from_millis(500));
    let fal = setup
        .builder()
        .timeouts(timeouts)
        .build()
        .expect("a client");
    setup.observe(&read_model_stream(&fal).await)
}

async fn workflow(transport: Transport) -> Observation {
    let failure = json!({
        "type": "error", "node_id": "image", "message": "The node failed",
        "error": {"status": 422, "body": {"detail": [
            {"loc": ["body", "prompt"], "msg": "field required", "type": "missing"},
        ]}},
    });
    let setup = Setup::new(transport, Script::new().stream([failure], Duration::ZERO)).await;
    let outcome = read_model_stream(&setup.client()).await;
    let fields = outcome
        .as_ref()
        .map_or_else(|error| error.field_errors().len(), |()| 0);
    setup
        .observe(&outcome)
        .promise(fields == 1, "its field errors are read")
}

async fn old_clock(transport: Transport) -> Observation {
    let setup = Setup::new(transport, script()).await;
    let reply = CannedReply::new(429)
        .header("date", "Wed, 01 Jan 2020 00:00:00 GMT")
        .header("retry-after", "Wed, 01 Jan 2020 00:00:02 GMT");
    setup.server.inject(reply.on(Route::Submit));
    let started = Instant::now();
    let outcome = setup.client().submit(input()).await;
    let waited = started.elapsed() >= Duration::from_secs(2);
    setup
        .observe(&outcome)
        .promise(waited, "it waits for two seconds")
}

async fn time_limit(transport: Transport) -> Observation {
    let setup = Setup::new(transport, script().hold(Hold::Running)).await;
    let call = setup.client().subscribe(input());
    let outcome = call.timeout(Duration::from_secs(6)).await;
    let is_cancelled = setup.server.count(Route::Cancel) == 1;
    setup
        .observe(&outcome)
        .promise(is_cancelled, "the job is cancelled")
}

async fn restart(transport: Transport) -> Observation {
    let setup = Setup::new(transport, script().hold(Hold::Running)).await;
    let call = setup.client().subscribe(input()).into_future();
    let restart = async {
        while setup.server.count(Route::StatusStream) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        setup.server.restart(Duration::from_millis(500)).await;
        setup.server.release_all();
    };
    let (outcome, ()) = tokio::join!(call, restart);
    setup.observe(&outcome)
}

async fn outage(transport: Transport, status: u16) -> Observation {
    let script = script().output(output());
    let setup = Setup::new(transport, script).await;
    let fault = Fault::status(status).on(Route::Result).times(3);
    setup.server.inject(fault);
    setup.observe(&setup.client().subscribe(input()).await)
}
