//! Recordings: `fal-mock` between a program and fal, for which another `fal-mock` stands.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use fal_mock::{MockServer, Recorder, Replay, Route, Script};
use fal_sdk::{Client, ErrorKind, Repository, Result, UploadPolicy};
use serde_json::{Value, json};

const ID: &str = "fal-ai/wan-22-vace-fun-a14b/depth";
const KEY: &str = "4711-abcd:5ecret-0123456789";

async fn upstream() -> MockServer {
    let step = Duration::from_millis(5);
    let script = Script::new()
        .queue([1, 0], step)
        .log("loading")
        .stream([json!({"part": 1}), json!({"part": 2})], step);
    let server = MockServer::builder()
        .documents("../schemas/openapi")
        .default_script(script);
    server.start().await.unwrap()
}

fn client(url: &str, key: &str) -> Client {
    Client::builder().key(key).base_url(url).build().unwrap()
}

/// What a program does with fal: an upload, a job, a stream, a download, an error, a price.
async fn program(fal: &Client, prompt: &str) -> Result<(Value, Vec<Value>, Bytes, String)> {
    let model = fal.endpoint(ID)?;
    let video = fal.storage().upload(b"not really a video".to_vec()).await?;
    let mask = fal
        .storage()
        .upload(b"a mask".to_vec())
        .repository(Repository::Signed);
    mask.await?;
    let input = json!({"prompt": prompt, "video_url": video.url, "seed": 7});
    let output = model.subscribe(&input).logs(true).await?;
    let bucket = UploadPolicy::new(
        "https://own.s3.amazonaws.com/",
        [
            ("key", "${filename}"),
            ("x-amz-signature", "5ecret-signature"),
        ],
    );
    let mut stream = model.stream(&input).upload_policy(&bucket).await?;
    let mut parts = Vec::new();
    while let Some(part) = stream.next().await {
        parts.push(part?);
    }
    let url = output["video"]["url"].as_str().unwrap_or_default();
    let file = fal.download(url).bytes().await?;
    let error = model.run(json!({"num_frames": 5})).await.unwrap_err();
    let models = fal.platform().models().search("depth").await?;
    assert!(!models.models.is_empty());
    Ok((output, parts, file, error.message().to_owned()))
}

fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut texts: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect();
    texts.sort();
    texts
}

/// Records the program, and returns what the program got.
async fn record(folder: &Path) -> (Value, Vec<Value>, Bytes, String) {
    record_from(&upstream().await, folder).await
}

async fn record_from(upstream: &MockServer, folder: &Path) -> (Value, Vec<Value>, Bytes, String) {
    let recorder = Recorder::builder(folder).upstream(upstream.url());
    let recorder = recorder.start().await.unwrap();
    let got = program(&client(&recorder.url(), KEY), "Night")
        .await
        .unwrap();
    assert_eq!(recorder.problems(), Vec::<String>::new());
    assert_eq!(upstream.jobs_created(), 1);
    assert_eq!(upstream.count(Route::Run), 1);
    got
}

#[tokio::test]
async fn what_was_recorded_is_replayed_without_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let recorded = record(folder.path()).await;
    assert_eq!(recorded.1.len(), 2, "{:?}", recorded.1);
    let replay = Replay::start(folder.path()).await.unwrap();
    let replayed = program(&client(&replay.url(), "any:key"), "Night")
        .await
        .unwrap();
    assert_eq!(replay.mismatches(), Vec::<String>::new());
    assert_eq!(
        (recorded.1, recorded.2, recorded.3),
        (replayed.1, replayed.2, replayed.3)
    );
    assert_eq!(recorded.0["seed"], replayed.0["seed"]);
    assert_eq!(replay.unused(), Vec::<String>::new());
}

#[tokio::test]
async fn recordings_have_no_secrets_and_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let upstream = upstream().await;
    record_from(&upstream, folder.path()).await;
    // What was sent in headers and signed URLs: the key, the token of the file store, a signature.
    let sent = upstream.requests();
    let tokens = sent.iter().filter_map(|it| it.header("authorization"));
    let tokens = tokens.map(|value| value.split_once(' ').unwrap().1.to_owned());
    let mut secrets: BTreeSet<String> = tokens.collect();
    let signed = upstream.requests_to(Route::SignedUpload);
    let signature = signed[0]
        .query
        .split('&')
        .filter_map(|pair| Some(pair.split_once('=')?.1.to_owned()));
    secrets.extend(signature);
    assert!(secrets.len() >= 3, "{secrets:?}");
    secrets.extend(["5ecret", "authorization"].map(str::to_owned));
    let texts = texts(folder.path());
    for (name, text) in &texts {
        for secret in &secrets {
            assert!(
                !text.to_lowercase().contains(secret),
                "{name} has {secret}: {text}"
            );
        }
        // Neither the recorder nor what stood for fal can be told from it.
        assert!(!text.contains("127.0.0.1"), "{name}: {text}");
    }
    let names: Vec<&str> = texts.iter().map(|(name, _)| name.as_str()).collect();
    let submit = "-post-queue-fal-ai-wan-22-vace-fun-a14b-depth.json";
    let submit = texts
        .iter()
        .find(|(name, _)| name.ends_with(submit))
        .expect("a submit");
    let submit: Value = serde_json::from_str(&submit.1).unwrap();
    assert_eq!(
        submit["request"]["body"]["json"]["prompt"], "Night",
        "{names:?}"
    );
    assert_eq!(
        submit["request"]["url"],
        format!("https://queue.fal.run/{ID}")
    );
    let status_url = submit["reply"]["body"]["json"]["status_url"]
        .as_str()
        .unwrap();
    assert!(
        status_url.starts_with("https://queue.fal.run/fal-ai/"),
        "{status_url}"
    );
    // The query of a signed upload is there, and its values are not.
    let signed = texts.iter().find(|(name, _)| name.contains("-put-"));
    let signed: Value = serde_json::from_str(&signed.expect("an upload").1).unwrap();
    let url = signed["request"]["url"].as_str().unwrap();
    assert!(url.contains("=redacted"), "{url}");
    assert_eq!(signed["request"]["body"]["bytes"]["length"], 6, "{signed}");
    assert!(names.iter().any(|name| name.ends_with(".mp4")), "{names:?}");
    let events = |(_, text): &(String, String)| {
        let exchange: Value = serde_json::from_str(text).ok()?;
        let events = exchange["reply"]["body"]["events"].as_array()?;
        Some(events.iter().any(|event| event == "data: {\"part\":1}\n\n"))
    };
    assert!(
        texts.iter().filter_map(events).any(|found| found),
        "{names:?}"
    );
}

#[tokio::test]
async fn a_request_that_was_not_recorded_is_shown_beside_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path()).await;
    let replay = Replay::start(folder.path()).await.unwrap();
    let fal = client(&replay.url(), "any:key");
    let error = program(&fal, "Day").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api, "{error:#?}");
    assert_eq!(error.status(), Some(421));
    assert_eq!(error.error_type(), Some("replay_mismatch"));
    let text = error.message();
    for line in [
        "the recording has no reply to POST https://queue.fal.run/fal-ai/wan-22-vace-fun-a14b/depth",
        "-      \"prompt\": \"Night\",",
        "+      \"prompt\": \"Day\",",
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert_eq!(replay.mismatches(), [text]);
    assert!(
        replay
            .unused()
            .iter()
            .any(|request| request.contains("/status"))
    );
}

#[tokio::test]
async fn a_paid_call_is_replayed_as_often_as_it_was_recorded() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path()).await;
    let replay = Replay::start(folder.path()).await.unwrap();
    let fal = client(&replay.url(), "any:key");
    program(&fal, "Night").await.unwrap();
    let error = fal
        .endpoint(ID)
        .unwrap()
        .run(json!({"num_frames": 5}))
        .await
        .unwrap_err();
    assert!(error.message().contains("only 1 time"), "{error}");

    let replay = Replay::builder(folder.path())
        .repeat()
        .start()
        .await
        .unwrap();
    for _ in 0..3 {
        program(&client(&replay.url(), "any:key"), "Night")
            .await
            .unwrap();
    }
    assert_eq!(replay.mismatches(), Vec::<String>::new());
}

#[tokio::test]
async fn bad_folders_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = Replay::start(folder.path()).await.unwrap_err().to_string();
    assert!(error.contains("has no recording"), "{error}");
    record(folder.path()).await;
    let error = Recorder::builder(folder.path())
        .start()
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("has a recording already"), "{error}");
    std::fs::write(folder.path().join("0001-broken.json"), "{").unwrap();
    let error = Replay::start(folder.path()).await.unwrap_err().to_string();
    assert!(error.contains("0001-broken.json"), "{error}");
}

#[tokio::test]
async fn nothing_is_passed_on_to_servers_that_no_reply_named() {
    let (folder, upstream) = (tempfile::tempdir().unwrap(), upstream().await);
    let recorder = Recorder::builder(folder.path()).upstream(upstream.url());
    let recorder = recorder.start().await.unwrap();
    let other = upstream.url().replace("://", "/");
    for (path, status) in [
        (format!("/other/{other}/x"), 403),
        ("/nowhere/x".to_owned(), 404),
    ] {
        let reply = reqwest::get(recorder.url() + &path).await.unwrap();
        assert_eq!(reply.status().as_u16(), status, "{path}");
    }
    assert_eq!(upstream.total(), 0);
    assert_eq!(recorder.problems().len(), 2);
    assert_eq!(texts(folder.path()), []);
}

#[tokio::test]
async fn a_websocket_is_refused_with_words() {
    let folder = tempfile::tempdir().unwrap();
    let upstream = upstream().await;
    record_from(&upstream, folder.path()).await;
    let replay = Replay::start(folder.path()).await.unwrap();
    let other = tempfile::tempdir().unwrap();
    let recorder = Recorder::builder(other.path()).upstream(upstream.url());
    let recorder = recorder.start().await.unwrap();
    for url in [replay.url(), recorder.url()] {
        let fal = client(&url, KEY);
        let model = fal.endpoint(ID).unwrap();
        let error = model.realtime().with_key().await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains("websockets are not recorded"), "{text}");
    }
    assert_eq!(replay.mismatches().len(), 1);
    assert_eq!(recorder.problems().len(), 1);
}
