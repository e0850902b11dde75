//! Errors as a user reads them: what went wrong, where, and how to mend it. The
//! snapshot is edited as prose.

use std::fmt::{Display, Write as _};
use std::time::Duration;

use fal_codegen::{Source, generate};
use fal_mock::{Failure, Fault, MockServer, Route, Script};
use fal_sdk::retry::RetryPolicy;
use fal_sdk::webhook::Verifier;
use fal_sdk::{Client, Credentials, Media, blocking};
use fal_tests::sample::{ENDPOINT, SampleInput, builder, client, output, script, server};
use serde_json::json;

/// The errors, each below the words that say what was done.
#[derive(Default)]
struct Collected(String);

impl Collected {
    fn add<T>(&mut self, what: &str, outcome: Result<T, impl Display>, server: &MockServer) {
        let error = outcome.err().unwrap_or_else(|| panic!("{what}: no error"));
        let mut words = error.to_string().replace(&server.url(), "http://SERVER");
        words = words.replace(&server.address().to_string(), "SERVER");
        for (place, job) in server.jobs().iter().enumerate() {
            words = words.replace(&job.request_id, &format!("REQUEST-{}", place + 1));
        }
        // Requests that made no job have ids too.
        if let Some(at) = words.find("[request ").map(|at| at + 9)
            && !words[at..].starts_with("REQUEST")
        {
            words.replace_range(at..words.len() - 1, "REQUEST");
        }
        let _ = writeln!(self.0, "{what}:\n    {words}\n");
    }
}

fn input() -> SampleInput {
    SampleInput::new("a street")
}

fn with_film(film: Media) -> SampleInput {
    let mut input = input();
    input.video_url = film;
    input
}

/// A client of a server whose `route` fails in this way once.
fn failing(server: &MockServer, fault: Fault, route: Route) -> Client {
    server.inject(fault.on(route));
    builder(server).retry(RetryPolicy::none()).build().unwrap()
}

#[tokio::test]
async fn keys_and_settings() {
    let mut said = Collected::default();
    let server = server(script()).await;
    let environment = |name: &'static str, value: &'static str| {
        Credentials::from_lookup(move |asked| (asked == name).then(|| value.to_owned()))
    };
    said.add("no key", environment("", ""), &server);
    said.add("half a key", environment("FAL_KEY_ID", "id"), &server);
    let older = environment("FAL_API_KEY", "id:secret");
    said.add("the key of another client", older, &server);
    let read = environment("FAL_KEY", "id:secret\n");
    said.add("a key with its line break", read, &server);
    let word = environment("FAL_KEY", "Key id:secret");
    said.add("a key with its word", word, &server);
    let plain = Client::builder().key("k").base_url("http://example.com");
    said.add("a host without encryption", plain.build(), &server);
    let odd = Client::builder().key("k").base_url("example.com");
    said.add("a host that is no URL", odd.build(), &server);

    let fal = failing(&server, Fault::unauthorized(), Route::Submit);
    said.add("a wrong key", fal.submit(input()).await, &server);
    let fal = failing(&server, Fault::locked(), Route::Submit);
    said.add("no balance", fal.submit(input()).await, &server);
    let blocking = blocking::Client::new(client(&server)).unwrap();
    let inside = blocking.run(input()).send();
    said.add("a blocking call inside a runtime", inside, &server);
    insta::assert_snapshot!(said.0);
}

#[tokio::test]
async fn inputs() {
    let mut said = Collected::default();
    let server = server(script()).await;
    let fal = client(&server);
    let mut wrong = input();
    wrong.num_frames = Some(5);
    said.add("a field out of range", fal.run(wrong).await, &server);
    for id in ["flux", "fal-ai/flux dev", "fal-ai/../x"] {
        said.add(&format!("the endpoint {id:?}"), fal.endpoint(id), &server);
    }
    let unknown = fal.endpoint("acme/unknown").unwrap();
    let of_run = unknown.run(json!({})).await;
    said.add("an unknown endpoint, run", of_run, &server);
    let of_submit = unknown.submit(json!({})).await;
    said.add("an unknown endpoint, submitted", of_submit, &server);
    let id = fal.job::<SampleInput>("a request/id");
    said.add("a malformed request id", id, &server);
    let gone = fal.job::<SampleInput>("gone").unwrap();
    said.add("a job that is not there", gone.result().await, &server);

    let missing = with_film(Media::path("no/such/walk.mp4"));
    said.add("a missing file", fal.run(missing).await, &server);
    let folder = with_film(Media::path("src"));
    said.add("a folder", fal.run(folder).await, &server);
    let webhook = fal.submit(input()).webhook("example.com/fal").await;
    said.add("a webhook that is no URL", webhook, &server);
    let brief = fal.submit(input()).start_timeout(Duration::from_secs(1));
    said.add("a start timeout that is too short", brief.await, &server);
    insta::assert_snapshot!(said.0);
}

#[tokio::test]
async fn servers() {
    let mut said = Collected::default();
    let down = server(script()).await;
    let fal = builder(&down).retry(RetryPolicy::none()).build().unwrap();
    let address = down.address().to_string();
    down.shutdown().await;
    let server = server(script()).await;
    let error = fal.run(input()).await.unwrap_err().to_string();
    let error = error.replace(&address, "SERVER");
    said.add("a server that is down", Err::<(), _>(error), &server);
    for (what, fault) in [
        ("too many requests", Fault::too_many_requests(None)),
        ("a gateway in front of fal", Fault::nginx(502)),
        ("a lost connection", Fault::Drop),
        ("half a reply", Fault::Truncate { keep: Some(7) }),
        ("no JSON", Fault::html()),
        ("a redirect", Fault::redirect(307, "https://evil.example/x")),
    ] {
        let fal = failing(&server, fault, Route::Submit);
        said.add(what, fal.submit(input()).await, &server);
    }
    insta::assert_snapshot!(said.0);
}

#[tokio::test]
async fn results() {
    let mut said = Collected::default();
    let server = server(script()).await;
    let fal = client(&server);
    let mut half = output();
    half.as_object_mut().unwrap().remove("seed");
    server.script(ENDPOINT, Script::new().output(half));
    let lacking = fal.subscribe(input()).await;
    said.add("an output of another shape", lacking, &server);
    let detail = json!([{"loc": ["body", "video_url"], "msg": "could not read the video", "type": "file_download_error"}]);
    let failure = Failure::new(422, json!({ "detail": detail }));
    server.script(ENDPOINT, Script::new().fail(failure));
    let failed = fal.subscribe(input()).await;
    said.add("an input that the model refuses", failed, &server);
    let failure = Failure::new(500, json!({"detail": "CUDA out of memory"}));
    server.script(ENDPOINT, Script::new().fail(failure));
    let failed = fal.subscribe(input()).await;
    said.add("a model that fails", failed, &server);
    server.script(ENDPOINT, script().hold(fal_mock::Hold::Queued));
    let late = fal.subscribe(input()).timeout(Duration::from_secs(2));
    said.add("a job that takes too long", late.await, &server);
    let foreign = fal.download("ftp://example.com/x").bytes().await;
    said.add("a download from nowhere", foreign, &server);
    let none: [(&str, &str); 0] = [];
    let forged = Verifier::of(&fal).verify(&none, b"{}").await;
    said.add("a webhook without its headers", forged, &server);
    insta::assert_snapshot!(said.0);
}

#[test]
fn schemas() {
    let mut said = String::new();
    let twice = json!({"openapi": "3.0.4", "paths": {}}).to_string();
    for (what, text) in [
        (
            "half a document",
            "{\"openapi\": \"3.0.4\",\n  \"paths\"".to_owned(),
        ),
        ("no object", "[]".to_owned()),
        ("a document of nothing", twice),
    ] {
        let outcome = generate(&[Source::new("acme/odd.json", text)], &Default::default());
        let _ = writeln!(said, "{what}:");
        for diagnostic in &outcome.diagnostics {
            let _ = writeln!(
                said,
                "    {}",
                diagnostic.to_string().replace('\n', "\n    ")
            );
        }
        said.push('\n');
    }
    insta::assert_snapshot!(said);
}
