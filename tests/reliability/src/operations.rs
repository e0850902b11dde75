//! The operations that meet the faults: each of the matrix of faults and operations is
//! one row.

use std::sync::Arc;
use std::time::Duration;

use fal_mock::{Fault, Hold, Injection, Route, Script};
use fal_sdk::{BoxFuture, Client, Limits, StatusMode, Timeouts};
use fal_tests::sample::{SampleInput, script};
use serde_json::json;

use crate::faults::{FaultRow, faults};
use crate::row::{Expected, Observation, Row};
use crate::setup::{Setup, Transport, read_model_stream};

/// What meets a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// The submit of `subscribe`, or its reply.
    Submit,
    /// A direct run.
    Run,
    /// The result of a job, for ever.
    ResultAlways,
    /// The result of a job, once.
    ResultOnce,
    /// A status, for ever, where it is polled.
    StatusAlways,
    /// A status, once, where it is polled.
    StatusOnce,
    /// A cancellation, for ever.
    Cancel,
    /// The stream of a model.
    ModelStream,
    /// An upload.
    Upload,
    /// A download.
    Download,
}

use Operation::{
    Cancel, Download, ModelStream, ResultAlways, ResultOnce, Run, StatusAlways, StatusOnce, Submit,
    Upload,
};

const OPERATIONS: [(Operation, &str); 10] = [
    (Submit, "submit"),
    (Run, "run"),
    (ResultAlways, "result, always"),
    (ResultOnce, "result, once"),
    (StatusAlways, "status, always"),
    (StatusOnce, "status, once"),
    (Cancel, "cancel, always"),
    (ModelStream, "model stream"),
    (Upload, "upload"),
    (Download, "download"),
];

/// The section of the matrix in the table.
pub const SECTION: &str = "Faults of the server";

/// A page of HTML with the status 200 in place of a file is taken for the file: nothing
/// tells them apart.
const OTHER_FILE: &str = "another file";

/// How many bytes are uploaded and downloaded.
const FILE: usize = 3_000;

/// Every fault with every operation.
pub fn rows(transport: Transport) -> Vec<Row> {
    let faults: Vec<Arc<FaultRow>> = faults(transport.is_http2())
        .into_iter()
        .map(Arc::new)
        .collect();
    let mut rows = Vec::new();
    for fault in &faults {
        for (place, (operation, name)) in OPERATIONS.into_iter().enumerate() {
            // An hour is waited for a minute at a time where it costs nothing to ask again.
            let is_patient = fault.name == "429, an hour";
            if is_patient && matches!(operation, StatusOnce | StatusAlways) {
                continue;
            }
            let learned = fault.learned[place];
            let expected = expected(fault, operation, learned.map(|kind| format!("{kind:?}")));
            rows.push(row(
                transport,
                fault,
                operation,
                name,
                false,
                expected.clone(),
            ));
            if matches!(operation, Submit | Run) && !fault.is_handled() && !fault.denies() {
                let name = ["submit, job made", "run, carried out"][place];
                let expected = Expected {
                    jobs: 1,
                    ..expected
                };
                rows.push(row(transport, fault, operation, name, true, expected));
            }
        }
        // Whatever happens to a status stream, polls learn of the end of the job.
        let expected = Expected::output();
        let fault = Arc::clone(fault);
        rows.push(Row {
            section: SECTION,
            fault: fault.name.to_owned(),
            operation: "status stream, always",
            expected,
            run: Box::pin(status_stream(transport, fault)),
        });
    }
    rows
}

fn row(
    transport: Transport,
    fault: &Arc<FaultRow>,
    operation: Operation,
    name: &'static str,
    handled: bool,
    expected: Expected,
) -> Row {
    let run: BoxFuture<Observation> = match operation {
        Upload | Download => Box::pin(transfer(transport, Arc::clone(fault), operation)),
        _ => Box::pin(call(transport, Arc::clone(fault), operation, handled)),
    };
    Row {
        section: SECTION,
        fault: fault.name.to_owned(),
        operation: name,
        expected,
        run,
    }
}

fn expected(fault: &FaultRow, operation: Operation, kind: Option<String>) -> Expected {
    let is_output = kind.is_none();
    let is_repeated = is_output && fault.is_repeated();
    let (submits, jobs) = match operation {
        Submit | Run | ModelStream => (
            1 + u64::from(is_repeated),
            u64::from(is_output || fault.is_handled()),
        ),
        Upload | Download => (0, 0),
        _ => (1, 1),
    };
    let has_words = !is_output && matches!(operation, Submit | Run | ResultAlways);
    let is_page = operation == Download && fault.name == "html";
    let output = if is_page { OTHER_FILE } else { "output" };
    Expected {
        outcome: kind.unwrap_or(output.to_owned()),
        words: if has_words { fault.words } else { "" },
        submits,
        jobs,
    }
}

fn injection(fault: &FaultRow, operation: Operation) -> Injection {
    let on = |route| fault.fault.clone().on(route);
    match operation {
        Submit => on(Route::Submit),
        Run => on(Route::Run),
        ResultAlways => on(Route::Result).always(),
        ResultOnce => on(Route::Result),
        StatusAlways => on(Route::Status).always(),
        StatusOnce => on(Route::Status),
        Cancel => on(Route::Cancel).always(),
        ModelStream => on(Route::ModelStream),
        Upload => on(Route::StorageToken).on(Route::CdnUpload),
        Download => on(Route::Download),
    }
}

/// A client whose limits on time are short where a row waits for one of them, and long
/// elsewhere: a busy machine is not a fault.
fn client(setup: &Setup, fault: &FaultRow) -> Client {
    let mut timeouts = Timeouts::default();
    match fault.fault {
        Fault::Stall { .. } => timeouts.idle = Duration::from_secs(4),
        Fault::Delay { .. } | Fault::Silence => {
            timeouts.request = Duration::from_secs(8);
            timeouts.result = Duration::from_secs(8);
            timeouts.run = Duration::from_secs(8);
        }
        _ => {}
    }
    timeouts.stream_idle = Duration::from_secs(4);
    timeouts.model_stream = Duration::from_secs(8);
    timeouts.unreachable = Duration::from_millis(100);
    let mut limits = Limits::default();
    limits.output = 1 << 16;
    limits.reply = 1 << 16;
    let builder = setup.builder().timeouts(timeouts).limits(limits);
    builder.build().expect("a client")
}

async fn call(
    transport: Transport,
    fault: Arc<FaultRow>,
    operation: Operation,
    handled: bool,
) -> Observation {
    let setup = Setup::new(transport, script_of(operation)).await;
    let fal = client(&setup, &fault);
    let mut injection = injection(&fault, operation);
    if handled {
        injection = injection.handled();
    }
    let input = || SampleInput::new("a");
    if operation == Cancel {
        let submitted = fal.submit(input()).await;
        let job = submitted.expect("a server without faults");
        setup.server.inject(injection);
        return setup.observe_reading(&job.cancel().await);
    }
    setup.server.inject(injection);
    match operation {
        Run => setup.observe(&fal.run(input()).await),
        ModelStream => setup.observe(&read_model_stream(&fal).await),
        StatusOnce | StatusAlways => {
            let call = fal.subscribe(input()).status_mode(StatusMode::Poll);
            setup.observe(&call.await)
        }
        _ => setup.observe(&fal.subscribe(input()).await),
    }
}

fn script_of(operation: Operation) -> Script {
    match operation {
        Cancel => script().hold(Hold::Queued),
        ModelStream => {
            let events = ["a", "ab"].map(|text| json!({ "output": text }));
            Script::new().stream(events, Duration::ZERO)
        }
        _ => script(),
    }
}

async fn status_stream(transport: Transport, fault: Arc<FaultRow>) -> Observation {
    let setup = Setup::new(transport, script().run(Duration::from_millis(50))).await;
    let injection = fault.fault.clone().on(Route::StatusStream).always();
    setup.server.inject(injection);
    let call = client(&setup, &fault).subscribe(SampleInput::new("a"));
    setup.observe(&call.status_mode(StatusMode::Stream).await)
}

/// An upload whose first request for a token and first upload meet the fault, or a
/// download whose first request does.
async fn transfer(transport: Transport, fault: Arc<FaultRow>, operation: Operation) -> Observation {
    let setup = Setup::new(transport, script()).await;
    let fal = client(&setup, &fault);
    let content: Vec<u8> = (0..FILE).map(|at| (at % 251) as u8).collect();
    if operation == Upload {
        setup.server.inject(injection(&fault, Upload));
        let outcome = fal.storage().upload(content).await;
        let is_whole = setup
            .server
            .files()
            .iter()
            .all(|file| file.length == FILE as u64);
        return setup
            .observe_reading(&outcome)
            .promise(is_whole, "a file is whole");
    }
    let uploaded = fal.storage().upload(content.clone()).await;
    let file = uploaded.expect("a server without faults");
    setup.server.inject(injection(&fault, Download));
    let outcome = fal.download(&file.url).max_size(1 << 20).bytes().await;
    let is_file = outcome.as_ref().map_or(true, |bytes| *bytes == content);
    let seen = setup.observe(&outcome);
    match is_file {
        true => seen,
        false => Observation {
            outcome: OTHER_FILE.to_owned(),
            ..seen
        },
    }
}
