//! The faults of the server, and what callers learn of each.

use std::time::Duration;

use ErrorKind::{
    Api, Connection, Decode, Expired, JobFailed, OutcomeUnknown, Redirect, Timeout, TooLarge,
    Transport,
};
use fal_mock::Fault;
use fal_sdk::ErrorKind;
use serde_json::json;

/// What a caller learns: the kind of the error, or the output.
pub type Learned = Option<ErrorKind>;

const OUTPUT: Learned = None;

/// A fault, and what is learned where it happens.
pub struct FaultRow {
    /// The name in tables.
    pub name: &'static str,
    /// The fault.
    pub fault: Fault,
    /// Part of the words of errors of submits, runs and results.
    pub words: &'static str,
    /// What is learned, in the order of [`Operation`](crate::operations::Operation).
    pub learned: [Learned; 10],
}

impl FaultRow {
    /// Whether the server handles a request that meets the fault, and spoils only its
    /// reply.
    pub fn is_handled(&self) -> bool {
        !matches!(
            self.fault,
            Fault::Reply(_)
                | Fault::Refuse
                | Fault::RefuseStream
                | Fault::Drop
                | Fault::Silence
                | Fault::EchoKey { .. }
                | Fault::Endless
                | Fault::GzipBomb { .. }
        )
    }

    /// Whether the reply says that the request was not accepted. That it was accepted
    /// nevertheless is a lie that no server of fal's tells.
    pub fn denies(&self) -> bool {
        let is_refused = matches!(self.learned[0], Some(ErrorKind::Api | ErrorKind::Redirect));
        is_refused || self.is_repeated() || matches!(self.fault, Fault::RefuseStream)
    }

    /// Whether a paid request is sent again after it, because it was not accepted for
    /// certain.
    pub fn is_repeated(&self) -> bool {
        !self.is_handled() && self.learned[0].is_none()
    }
}

/// The faults, those of HTTP/2 included if it is used.
pub fn faults(is_http2: bool) -> Vec<FaultRow> {
    let mut rows = table();
    if is_http2 {
        rows.push(refused_stream());
    }
    rows
}

/// The server says over HTTP/2 that it did not look at the request. Over HTTP/1 there
/// is no such word.
fn refused_stream() -> FaultRow {
    fault(
        "stream refused",
        Fault::RefuseStream,
        "refused stream",
        [
            OUTPUT,
            OUTPUT,
            Some(Connection),
            OUTPUT,
            Some(Connection),
            OUTPUT,
            Some(Connection),
            OUTPUT,
            OUTPUT,
            OUTPUT,
        ],
    )
}

#[rustfmt::skip]
fn table() -> Vec<FaultRow> {
    vec![
        // submit, run, result for ever, result once, status for ever, status once,
        // cancel for ever, model stream, upload, download
        fault("429", Fault::too_many_requests(None), "Too many", [OUTPUT, OUTPUT, Some(Api), OUTPUT, Some(Api), OUTPUT, Some(Api), OUTPUT, OUTPUT, OUTPUT]),
        fault("429, 1 s", Fault::too_many_requests(Some(Duration::from_secs(1))), "Too many", [OUTPUT, OUTPUT, Some(Api), OUTPUT, Some(Api), OUTPUT, Some(Api), OUTPUT, OUTPUT, OUTPUT]),
        fault("429, an hour", Fault::too_many_requests(Some(Duration::from_secs(3600))), "Too many", [Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), OUTPUT, Some(Api), Some(Api), OUTPUT, Some(Api)]),
        fault("nginx 502", Fault::nginx(502), "502 Bad Gateway", [Some(OutcomeUnknown), Some(OutcomeUnknown), Some(Api), OUTPUT, Some(Api), OUTPUT, Some(Api), Some(OutcomeUnknown), OUTPUT, OUTPUT]),
        fault("nginx 503", Fault::nginx(503), "503 Service", [Some(OutcomeUnknown), Some(OutcomeUnknown), Some(Api), OUTPUT, Some(Api), OUTPUT, Some(Api), Some(OutcomeUnknown), OUTPUT, OUTPUT]),
        fault("nginx 504", Fault::nginx(504), "504 Gateway", [Some(OutcomeUnknown), Some(OutcomeUnknown), Some(Api), OUTPUT, Some(Api), OUTPUT, Some(Api), Some(OutcomeUnknown), OUTPUT, OUTPUT]),
        fault("bare 503", Fault::status(503), "HTTP 503", [Some(OutcomeUnknown), Some(OutcomeUnknown), Some(Api), OUTPUT, Some(Api), OUTPUT, Some(Api), Some(OutcomeUnknown), OUTPUT, OUTPUT]),
        fault("platform 503", Fault::platform(503, "runner_disconnected", "Runner disconnected"), "Runner disconnected", [Some(OutcomeUnknown), Some(JobFailed), Some(JobFailed), Some(JobFailed), Some(Api), OUTPUT, Some(Api), Some(JobFailed), OUTPUT, OUTPUT]),
        fault("start timeout", Fault::start_timeout(), "Request timed out", [Some(OutcomeUnknown), Some(JobFailed), Some(JobFailed), Some(JobFailed), Some(Api), OUTPUT, Some(Api), Some(JobFailed), OUTPUT, OUTPUT]),
        fault("app 500", Fault::json(500, json!({"detail": "Internal Server Error"})), "Internal Server Error", [Some(OutcomeUnknown), Some(JobFailed), Some(JobFailed), OUTPUT, Some(Api), OUTPUT, Some(Api), Some(JobFailed), OUTPUT, OUTPUT]),
        fault("reset unread", Fault::Refuse, "connection", [Some(OutcomeUnknown), Some(OutcomeUnknown), Some(Transport), OUTPUT, Some(Transport), OUTPUT, Some(Transport), Some(OutcomeUnknown), OUTPUT, OUTPUT]),
        fault("reset read", Fault::Drop, "connection", [Some(OutcomeUnknown), Some(OutcomeUnknown), Some(Transport), OUTPUT, Some(Transport), OUTPUT, Some(Transport), Some(OutcomeUnknown), OUTPUT, OUTPUT]),
        fault("truncated", Fault::Truncate { keep: None }, "broke off", [OUTPUT, Some(OutcomeUnknown), Some(Transport), OUTPUT, Some(Transport), OUTPUT, Some(Api), Some(Transport), OUTPUT, OUTPUT]),
        fault("stalled", Fault::Stall { keep: None }, "stalled", [OUTPUT, Some(OutcomeUnknown), Some(Timeout), OUTPUT, Some(Timeout), OUTPUT, Some(Api), Some(Timeout), OUTPUT, OUTPUT]),
        fault("late head", Fault::Delay { ms: 600_000 }, "no reply in time", [Some(OutcomeUnknown), Some(OutcomeUnknown), Some(Timeout), OUTPUT, Some(Timeout), OUTPUT, Some(Timeout), Some(OutcomeUnknown), OUTPUT, OUTPUT]),
        fault("malformed", Fault::MalformedJson, "not JSON", [OUTPUT, Some(Decode), Some(Decode), Some(Decode), Some(Decode), OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT]),
        fault("html", Fault::html(), "not JSON", [Some(OutcomeUnknown), Some(Decode), Some(Decode), Some(Decode), Some(Decode), OUTPUT, Some(Api), Some(Decode), OUTPUT, OUTPUT]),
        fault("wrong type", Fault::ContentType { value: "text/plain".to_owned() }, "", [OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, Some(Decode), OUTPUT, OUTPUT]),
        fault("dribble", Fault::Dribble { bytes: 20, pause_ms: 0 }, "", [OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT]),
        fault("endless", Fault::Endless, "larger than", [Some(OutcomeUnknown), Some(TooLarge), Some(TooLarge), Some(TooLarge), Some(TooLarge), OUTPUT, Some(TooLarge), Some(TooLarge), Some(TooLarge), Some(TooLarge)]),
        fault("bomb", Fault::GzipBomb { bytes: 1 << 22 }, "compressed", [Some(OutcomeUnknown), Some(Decode), Some(Decode), Some(Decode), Some(Decode), OUTPUT, Some(Decode), Some(Decode), OUTPUT, Some(Decode)]),
        fault("redirect", Fault::redirect(307, "https://evil.example/steal?token=abc"), "evil.example", [Some(Redirect), Some(Redirect), Some(Redirect), Some(Redirect), Some(Redirect), Some(Redirect), Some(Redirect), Some(Redirect), OUTPUT, OUTPUT]),
        fault("key revoked", Fault::unauthorized(), "invalid key", [Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api)]),
        fault("locked", Fault::locked(), "Exhausted balance", [Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api)]),
        fault("not found", Fault::expired(), "NOT_FOUND", [Some(Api), Some(Api), Some(Expired), OUTPUT, Some(Api), OUTPUT, OUTPUT, Some(Api), OUTPUT, Some(Api)]),
        fault("wrong address", Fault::json(405, json!({"detail": "Method Not Allowed"})), "Method Not Allowed", [Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), OUTPUT, Some(Api)]),
        fault("nginx 400", Fault::nginx(400), "400 Bad Request", [Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), OUTPUT, Some(Api)]),
        fault("silence", Fault::Silence, "no reply in time", [Some(OutcomeUnknown), Some(OutcomeUnknown), Some(Timeout), OUTPUT, Some(Timeout), OUTPUT, Some(Timeout), Some(OutcomeUnknown), OUTPUT, OUTPUT]),
        fault("other id", Fault::OtherRequestId, "", [OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT]),
        fault("compressed", Fault::ContentEncoding { coding: "gzip".to_owned() }, "compressed (gzip)", [Some(OutcomeUnknown), Some(Decode), Some(Decode), Some(Decode), Some(Decode), OUTPUT, Some(Decode), Some(Decode), OUTPUT, Some(Decode)]),
        fault("key repeated", Fault::EchoKey { status: 403 }, "***", [Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api), Some(Api)]),
        fault("wrong clock", Fault::ClockSkew { seconds: 86_400 }, "", [OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT, OUTPUT]),
        fault("truncated early", Fault::Truncate { keep: Some(10) }, "broke off", [Some(OutcomeUnknown), Some(OutcomeUnknown), Some(Transport), OUTPUT, Some(Transport), OUTPUT, Some(Api), Some(Transport), OUTPUT, OUTPUT]),
        fault("network 520", Fault::status(520), "HTTP 520", [Some(OutcomeUnknown), Some(OutcomeUnknown), Some(Api), OUTPUT, Some(Api), OUTPUT, Some(Api), Some(OutcomeUnknown), OUTPUT, OUTPUT]),
        fault("too early", Fault::status(425), "HTTP 425", [Some(Api), Some(Api), Some(Api), OUTPUT, Some(Api), OUTPUT, Some(Api), Some(Api), OUTPUT, OUTPUT]),
        fault("gone", Fault::json(410, json!({"detail": "Request expired"})), "Request expired", [Some(Api), Some(Api), Some(Expired), Some(Expired), Some(Expired), Some(Expired), Some(Expired), Some(Api), OUTPUT, Some(Api)]),
        fault("app 418", Fault::json(418, json!({"detail": "only coffee"})), "only coffee", [Some(Api), Some(Api), Some(JobFailed), Some(JobFailed), Some(Api), Some(Api), Some(Api), Some(Api), OUTPUT, Some(Api)]),
    ]
}

fn fault(
    name: &'static str,
    fault: Fault,
    words: &'static str,
    learned: [Learned; 10],
) -> FaultRow {
    FaultRow {
        name,
        fault,
        words,
        learned,
    }
}
