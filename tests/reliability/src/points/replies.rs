//! What servers say, and what is made of their words.

use fal_mock::{CannedReply, Fault, Route};
use fal_sdk::retry::RetryPolicy;
use fal_sdk::{Client, Error, ErrorKind};
use fal_tests::sample::{ENDPOINT, KEY, SampleInput, script};
use serde_json::{Value, json};

use super::Section;
use crate::row::{Expected, Observation, Row};
use crate::setup::{Setup, Transport};

pub(super) fn rows(transport: Transport) -> Vec<Row> {
    let section = Section("Replies and their words");
    let refused = |words| Expected::error(ErrorKind::Api, words).counts(1, 0);
    let missing = json!([{"loc": ["body", "prompt"], "msg": "field required", "type": "missing"}]);
    let wrapped = json!({"error": {"status": 422, "body": {"detail": missing}}});
    let balance = json!({"error": {"code": "BILLING_ERROR", "details": {
        "upstreamPayload": {"detail": "User is locked. Reason: Exhausted balance."},
    }}});
    let terminal = "\u{1b}[2J\u{1b}]0;x\u{7}no \u{202e}evil\u{202c}";
    let repeated = format!("invalid key {KEY}");
    vec![
        section.row(
            "409 `BILLING_ERROR` with the reason nested",
            "submit",
            refused("User is locked. Reason: Exhausted balance."),
            answered(
                transport,
                409,
                balance,
                Error::is_balance,
                "it is told from a conflict",
            ),
        ),
        section.row(
            "422 whose body is the bare list of errors",
            "submit",
            refused("field required at /prompt"),
            answered(
                transport,
                422,
                missing,
                has_field_error,
                "its field errors are read",
            ),
        ),
        section.row(
            "422 with the errors in `error.body.detail`",
            "submit",
            refused("field required at /prompt"),
            answered(
                transport,
                422,
                wrapped,
                has_field_error,
                "its field errors are read",
            ),
        ),
        section.row(
            "words that a terminal would obey",
            "submit",
            refused("\\u{202e}evil"),
            answered(transport, 400, json!({ "detail": terminal }), |_| true, ""),
        ),
        section.row(
            "the key repeated in the words and the type",
            "submit",
            refused("***"),
            answered(
                transport,
                401,
                json!({ "detail": repeated, "error_type": KEY }),
                |_| true,
                "",
            ),
        ),
        section.row(
            "422: a wrapped input where none is wanted",
            "run, untyped",
            refused("without `{\"input\": …}`"),
            wrapped_input(transport),
        ),
        section.row(
            "the reply is HTML around the id",
            "submit",
            Expected::output(),
            id_in_text(transport),
        ),
        section.row(
            "URLs of another server in the reply",
            "subscribe",
            Expected::output(),
            foreign_urls(transport),
        ),
        section.row(
            "the network proxy is down",
            "run",
            Expected::error(ErrorKind::Connection, "the network proxy").counts(0, 0),
            dead_proxy(transport),
        ),
    ]
}

fn has_field_error(error: &Error) -> bool {
    error.field_errors().len() == 1
}

async fn answered(
    transport: Transport,
    status: u16,
    body: Value,
    check: fn(&Error) -> bool,
    promise: &str,
) -> Observation {
    let setup = Setup::new(transport, script()).await;
    setup
        .server
        .inject(Fault::json(status, body).on(Route::Submit));
    let outcome = setup.client().submit(SampleInput::new("a")).await;
    let is_kept = outcome.as_ref().err().is_some_and(check);
    setup.observe(&outcome).promise(is_kept, promise)
}

async fn wrapped_input(transport: Transport) -> Observation {
    let setup = Setup::new(transport, script()).await;
    let missing = json!({"loc": ["body", "prompt"], "msg": "Field required", "type": "missing"});
    let reply = Fault::json(422, json!({ "detail": [missing] }));
    setup.server.inject(reply.on(Route::Run));
    let endpoint = setup.client().endpoint(ENDPOINT).expect("a valid id");
    setup.observe(
        &endpoint
            .run(json!({ "input": { "prompt": "a cat" } }))
            .await,
    )
}

async fn id_in_text(transport: Transport) -> Observation {
    let setup = Setup::new(transport, script()).await;
    let fal = setup.client();
    // The job of the reply has to be there before the reply is written.
    let submitted = fal.submit(SampleInput::new("a")).await;
    let job = submitted.expect("a server without faults");
    let id = job.request_id();
    let html = format!("\u{feff}<pre>{{\"request_id\": \"{id}\"}}</pre>");
    setup
        .server
        .inject(CannedReply::new(200).body(&html).on(Route::Submit));
    let outcome = fal.subscribe(SampleInput::new("a")).await;
    // The first submit is the set-up's own.
    let mut seen = setup.observe(&outcome);
    seen.submits -= 1;
    seen
}

async fn foreign_urls(transport: Transport) -> Observation {
    let setup = Setup::new(transport, script()).await;
    let other = Setup::new(transport, script()).await;
    let base = other.server.urls().queue.clone();
    setup
        .server
        .inject(Fault::ForeignUrls { base }.on(Route::Submit));
    let outcome = setup.client().subscribe(SampleInput::new("a")).await;
    let is_alone = other.server.total() == 0;
    setup
        .observe(&outcome)
        .promise(is_alone, "no other server is asked")
}

async fn dead_proxy(transport: Transport) -> Observation {
    let setup = Setup::new(transport, script()).await;
    let unused = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let proxy = format!("http://{}", unused.local_addr().expect("an address"));
    drop(unused);
    let fal = Client::builder().key(KEY).retry(RetryPolicy::none());
    let fal =
        fal.http_client(move |builder| builder.proxy(reqwest::Proxy::all(&proxy).expect("a URL")));
    let fal = fal.build().expect("a client");
    setup.observe(&fal.run(SampleInput::new("a")).await)
}
