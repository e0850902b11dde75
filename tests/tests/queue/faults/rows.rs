//! Every fault, and what the caller learns of it.

use std::time::Duration;

use ErrorKind::{
    Api, Decode, Expired, JobFailed, OutcomeUnknown, Redirect, Timeout, TooLarge, Transport,
};
use Learns::{Kind, Output};
use fal_mock::Fault;
use fal_sdk::ErrorKind;
use serde_json::json;

/// What the caller learns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Learns {
    Output,
    /// The error has this kind.
    Kind(ErrorKind),
}

/// A fault, and what is learned when it hits a submit, a run, and the result
/// route for ever.
pub struct Row {
    pub name: &'static str,
    pub fault: Fault,
    pub submit: Learns,
    pub run: Learns,
    pub result: Learns,
    /// Part of the error's words.
    pub words: &'static str,
}

pub fn rows() -> Vec<Row> {
    let row = |name, fault, submit, run, result, words| Row {
        name,
        fault,
        submit,
        run,
        result,
        words,
    };
    let unknown = Kind(OutcomeUnknown);
    let platform = Fault::platform(503, "runner_disconnected", "Runner disconnected");
    vec![
        row(
            "429",
            Fault::too_many_requests(None),
            Output,
            Output,
            Kind(Api),
            "Too many",
        ),
        row(
            "429, 1 s",
            Fault::too_many_requests(Some(Duration::from_secs(1))),
            Output,
            Output,
            Kind(Api),
            "Too many",
        ),
        row(
            "429, an hour",
            Fault::too_many_requests(Some(Duration::from_secs(3600))),
            Kind(Api),
            Kind(Api),
            Kind(Api),
            "Too many",
        ),
        row(
            "nginx 502",
            Fault::nginx(502),
            unknown,
            unknown,
            Kind(Api),
            "502 Bad Gateway",
        ),
        row(
            "nginx 503",
            Fault::nginx(503),
            unknown,
            unknown,
            Kind(Api),
            "503 Service",
        ),
        row(
            "nginx 504",
            Fault::nginx(504),
            unknown,
            unknown,
            Kind(Api),
            "504 Gateway",
        ),
        row(
            "bare 503",
            Fault::status(503),
            unknown,
            unknown,
            Kind(Api),
            "HTTP 503",
        ),
        row(
            "platform 503",
            platform,
            unknown,
            Kind(JobFailed),
            Kind(JobFailed),
            "Runner disconnected",
        ),
        row(
            "start timeout",
            Fault::start_timeout(),
            unknown,
            Kind(JobFailed),
            Kind(JobFailed),
            "Request timed out",
        ),
        row(
            "app 500",
            Fault::json(500, json!({"detail": "Internal Server Error"})),
            unknown,
            Kind(JobFailed),
            Kind(JobFailed),
            "Internal Server Error",
        ),
        row(
            "reset unread",
            Fault::Refuse,
            unknown,
            unknown,
            Kind(Transport),
            "connection",
        ),
        row(
            "reset read",
            Fault::Drop,
            unknown,
            unknown,
            Kind(Transport),
            "connection",
        ),
        row(
            "truncated",
            Fault::Truncate { keep: None },
            Output,
            unknown,
            Kind(Transport),
            "broke off",
        ),
        row(
            "stalled",
            Fault::Stall { keep: None },
            Output,
            unknown,
            Kind(Timeout),
            "stalled",
        ),
        row(
            "late head",
            Fault::Delay { ms: 600_000 },
            unknown,
            unknown,
            Kind(Timeout),
            "no reply in time",
        ),
        row(
            "malformed",
            Fault::MalformedJson,
            Output,
            Kind(Decode),
            Kind(Decode),
            "not JSON",
        ),
        row(
            "html",
            Fault::html(),
            unknown,
            Kind(Decode),
            Kind(Decode),
            "not JSON",
        ),
        row(
            "wrong type",
            Fault::ContentType {
                value: "text/plain".to_owned(),
            },
            Output,
            Output,
            Output,
            "",
        ),
        row(
            "dribble",
            Fault::Dribble {
                bytes: 3,
                pause_ms: 0,
            },
            Output,
            Output,
            Output,
            "",
        ),
        row(
            "endless",
            Fault::Endless,
            unknown,
            Kind(TooLarge),
            Kind(TooLarge),
            "larger than",
        ),
        row(
            "bomb",
            Fault::GzipBomb { bytes: 1 << 22 },
            unknown,
            Kind(Decode),
            Kind(Decode),
            "compressed",
        ),
        row(
            "redirect",
            Fault::redirect(307, "https://evil.example/steal?token=abc"),
            Kind(Redirect),
            Kind(Redirect),
            Kind(Redirect),
            "evil.example",
        ),
        row(
            "key revoked",
            Fault::unauthorized(),
            Kind(Api),
            Kind(Api),
            Kind(Api),
            "invalid key",
        ),
        row(
            "locked",
            Fault::locked(),
            Kind(Api),
            Kind(Api),
            Kind(Api),
            "Exhausted balance",
        ),
        row(
            "not found",
            Fault::expired(),
            Kind(Api),
            Kind(Api),
            Kind(Expired),
            "NOT_FOUND",
        ),
        row(
            "wrong address",
            Fault::json(405, json!({"detail": "Method Not Allowed"})),
            Kind(Api),
            Kind(Api),
            Kind(Api),
            "Method Not Allowed",
        ),
        row(
            "nginx 400",
            Fault::nginx(400),
            Kind(Api),
            Kind(Api),
            Kind(Api),
            "400 Bad Request",
        ),
        row(
            "silence",
            Fault::Silence,
            unknown,
            unknown,
            Kind(Timeout),
            "no reply in time",
        ),
        row(
            "other id",
            Fault::OtherRequestId,
            Output,
            Output,
            Output,
            "",
        ),
        row(
            "compressed",
            Fault::ContentEncoding {
                coding: "gzip".to_owned(),
            },
            unknown,
            Kind(Decode),
            Kind(Decode),
            "compressed (gzip)",
        ),
        row(
            "key repeated",
            Fault::EchoKey { status: 403 },
            Kind(Api),
            Kind(Api),
            Kind(Api),
            "***",
        ),
        row(
            "wrong clock",
            Fault::ClockSkew { seconds: 86_400 },
            Output,
            Output,
            Output,
            "",
        ),
        row(
            "truncated early",
            Fault::Truncate { keep: Some(10) },
            unknown,
            unknown,
            Kind(Transport),
            "broke off",
        ),
        row(
            "network 520",
            Fault::status(520),
            unknown,
            unknown,
            Kind(Api),
            "HTTP 520",
        ),
        row(
            "too early",
            Fault::status(425),
            Kind(Api),
            Kind(Api),
            Kind(Api),
            "HTTP 425",
        ),
        row(
            "gone",
            Fault::json(410, json!({"detail": "Request expired"})),
            Kind(Api),
            Kind(Api),
            Kind(Expired),
            "Request expired",
        ),
        row(
            "app 418",
            Fault::json(418, json!({"detail": "only coffee"})),
            Kind(Api),
            Kind(Api),
            Kind(JobFailed),
            "only coffee",
        ),
    ]
}
