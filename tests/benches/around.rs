//! What surrounds a call: `cargo bench -p fal-tests --bench around`, alone or
//! followed by `transfers`, `webhooks` or `realtime`.
//!
//! Files have 256 MiB; `FAL_BENCH_MIB=1024` takes a GiB. Each transfer is a process
//! of its own, so that its memory is its own, and so is the server. Comparisons
//! take turns; read ratios, not times.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, UNIX_EPOCH};

use fal_mock::{MockServer, RealtimeScript, Script};
use fal_sdk::webhook::Verifier;
use fal_sdk::{Client, Repository};
use fal_tests::process::{cpu, peak_mib};
use fal_tests::sample::{ENDPOINT, KEY};
use fal_tests::served::{Served, arguments, until_ended};
use futures_util::{SinkExt, StreamExt, stream};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, http::HeaderValue};

const ROUNDS: usize = 5;
const MIB: u64 = 1 << 20;
/// How much is read from a file or a reply at a time by the bare programs.
const PIECE: usize = 1 << 18;

#[tokio::main]
async fn main() {
    let arguments = arguments();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", keep] => serve(keep == "keep").await,
        ["transfer", who, what, url, path] => transfer(who, what, url, Path::new(path)).await,
        ["transfers"] => transfers().await,
        ["webhooks"] => webhooks().await,
        ["realtime"] => realtime().await,
        [] => {
            webhooks().await;
            realtime().await;
            transfers().await;
        }
        // Names of tests that `cargo test --benches` passes on, for one.
        _ => {}
    }
}

/// Serves until standard input ends; says where on standard output.
async fn serve(keep: bool) {
    let echo = Script::new().realtime(RealtimeScript::default());
    let mut builder = MockServer::builder()
        .script(ENDPOINT, echo)
        .record_limit(0)
        .recorded_body(0);
    if !keep {
        builder = builder.discard_uploads();
    }
    let server = builder.start().await.unwrap();
    until_ended(&server.url()).await;
}

fn client(url: &str) -> Client {
    Client::builder().key(KEY).base_url(url).build().unwrap()
}

/// A file goes up and comes down, through the library and through bare reqwest.
async fn transfers() {
    let mib = std::env::var("FAL_BENCH_MIB")
        .map_or(256, |mib| mib.parse().expect("FAL_BENCH_MIB is a number"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    write_noise(&path, mib);
    let up = Served::start(&["serve", "discard"]);
    let programs = ["bare upload", "ours upload", "ours whole"];
    measure(&programs, mib, &up.address, &path);
    up.end();
    // The file that is downloaded is in the server's memory.
    let down = Served::start(&["serve", "keep"]);
    let storage = client(&down.address).storage();
    let file = storage
        .upload_file(&path)
        .repository(Repository::Signed)
        .await;
    std::fs::remove_file(&path).unwrap();
    measure(
        &["bare download", "ours download"],
        mib,
        &file.unwrap().url,
        &path,
    );
    down.end();
}

/// Noise: a server that compresses or compares would see through anything else.
fn write_noise(path: &Path, mib: u64) {
    let mut file = std::fs::File::create(path).unwrap();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for _ in 0..mib {
        let words = (0..MIB / 8).flat_map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        });
        file.write_all(&words.collect::<Vec<u8>>()).unwrap();
    }
}

/// Runs the programs in turns, and prints the median of each, the first being what
/// the others are compared with.
fn measure(programs: &[&str], mib: u64, url: &str, path: &Path) {
    let mut found = vec![Vec::new(); programs.len()];
    for _ in 0..ROUNDS {
        for (program, found) in programs.iter().zip(&mut found) {
            let output = Command::new(std::env::current_exe().unwrap())
                .arg("transfer")
                .args(program.split(' '))
                .args([url.as_ref(), path.as_os_str()])
                .output()
                .unwrap();
            let words = String::from_utf8(output.stdout).unwrap();
            assert!(output.status.success(), "{program}: {words}");
            let figures = words.split_whitespace().map(|word| word.parse().unwrap());
            found.push(figures.collect::<Vec<f64>>());
        }
    }
    let median = |runs: &[Vec<f64>], at: usize| {
        let mut runs: Vec<f64> = runs.iter().map(|run| run[at]).collect();
        runs.sort_by(f64::total_cmp);
        runs[runs.len() / 2]
    };
    let bare = median(&found[0], 0);
    for (program, found) in programs.iter().zip(&found) {
        let seconds = median(found, 0);
        println!(
            "{program} of {mib} MiB: {:.0} MiB/s ({:.2}x of bare), cpu {:.2} s, at most {} MiB",
            mib as f64 / seconds,
            bare / seconds,
            median(found, 1),
            median(found, 2),
        );
    }
}

/// One transfer; prints its seconds, those of the processor, and its memory.
async fn transfer(who: &str, what: &str, url: &str, path: &Path) {
    if what == "download" {
        // One program would begin by removing the file of the download before, and another
        // would keep it until its own is complete.
        let _ = std::fs::remove_file(path);
    }
    let started = Instant::now();
    let before = cpu();
    match (who, what) {
        ("ours", "download") => {
            let host = url.split('/').nth(2).unwrap();
            let fal = Client::builder().key(KEY).allow_host(host).build().unwrap();
            fal.download(url).to_path(path).await.unwrap();
        }
        // In parts, as files of this size are.
        ("ours", "upload") => {
            client(url).storage().upload_file(path).await.unwrap();
        }
        // In one request, like the bare one.
        ("ours", "whole") => {
            let upload = client(url).storage().upload_file(path);
            let mut settings = fal_sdk::UploadSettings::default();
            settings.multipart_above = Some(u64::MAX);
            let upload = upload.settings(settings).repository(Repository::Signed);
            upload.await.unwrap();
        }
        (_, "download") => bare_download(url, path).await,
        _ => bare_upload(url, path).await,
    }
    let (took, cpu) = (started.elapsed(), cpu() - before);
    println!(
        "{} {} {}",
        took.as_secs_f64(),
        cpu.as_secs_f64(),
        peak_mib()
    );
}

async fn bare_upload(url: &str, path: &Path) {
    let http = reqwest::Client::new();
    let asked = json!({"file_name": "film.mp4", "content_type": "video/mp4"});
    let reply = http
        .post(format!(
            "{url}/rest/storage/upload/initiate?storage_type=fal-cdn-v3"
        ))
        .header("authorization", format!("Key {KEY}"))
        .header("content-type", "application/json")
        .body(asked.to_string())
        .send()
        .await
        .unwrap();
    let reply: Value = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
    let file = tokio::fs::File::open(path).await.unwrap();
    let length = file.metadata().await.unwrap().len();
    let pieces = stream::unfold(file, |mut file| async move {
        let mut piece = bytes::BytesMut::with_capacity(PIECE);
        match file.read_buf(&mut piece).await {
            Ok(0) => None,
            Ok(_) => Some((Ok(piece.freeze()), file)),
            Err(error) => Some((Err(error), file)),
        }
    });
    let put = http
        .put(reply["upload_url"].as_str().unwrap())
        .header("content-type", "video/mp4")
        .header("content-length", length)
        .body(reqwest::Body::wrap_stream(pieces));
    assert!(put.send().await.unwrap().status().is_success());
}

async fn bare_download(url: &str, path: &Path) {
    let mut reply = reqwest::get(url).await.unwrap();
    assert!(reply.status().is_success());
    let mut file = tokio::fs::File::create(path).await.unwrap();
    while let Some(piece) = reply.chunk().await.unwrap() {
        file.write_all(&piece).await.unwrap();
    }
    file.flush().await.unwrap();
}

/// Deliveries that are checked in a second.
async fn webhooks() {
    const DELIVERIES: u32 = 20_000;
    let vectors = include_str!("../fixtures/vectors/webhook_verify.json");
    let vectors: Value = serde_json::from_str(vectors).unwrap();
    let verifier = Verifier::with_jwks(&vectors["jwks"]).unwrap();
    for name in ["valid", "body changed"] {
        let cases = vectors["cases"].as_array().unwrap();
        let of_name = |case: &&Value| case["name"].as_str().unwrap().starts_with(name);
        let case = cases.iter().find(of_name).expect(name);
        let headers: Vec<(&str, &str)> = case["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let now = UNIX_EPOCH + Duration::from_secs(case["now"].as_u64().unwrap());
        let body = case["body_utf8"].as_str().unwrap().as_bytes();
        let started = Instant::now();
        for _ in 0..DELIVERIES {
            let verified = verifier.verify_at(&headers, body, now).await;
            assert_eq!(verified.is_ok(), case["valid"] == true);
        }
        let a_second = f64::from(DELIVERIES) / started.elapsed().as_secs_f64();
        println!("webhooks, {name}: {a_second:.0} verifications a second on one core");
    }
}

/// Inputs that are sent and echoed one after the other, through the library and
/// over a bare websocket.
async fn realtime() {
    const TRIPS: u32 = 1_000;
    let served = Served::start(&["serve", "discard"]);
    let fal = client(&served.address);
    let mut ours = fal
        .endpoint(ENDPOINT)
        .unwrap()
        .realtime()
        .with_key()
        .await
        .unwrap();
    let mut bare = bare_socket(&served.address).await;
    let input = json!({"prompt": "a"});
    // The same in MessagePack.
    let packed = bytes::Bytes::from_static(b"\x81\xa6prompt\xa1a");
    let (mut of_ours, mut of_bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let started = Instant::now();
        for _ in 0..TRIPS {
            ours.send(input.clone()).await.unwrap();
            ours.recv().await.unwrap().unwrap();
        }
        of_ours.push(started.elapsed() / TRIPS);
        let started = Instant::now();
        for _ in 0..TRIPS {
            bare.send(Message::Binary(packed.clone())).await.unwrap();
            bare.next().await.unwrap().unwrap();
        }
        of_bare.push(started.elapsed() / TRIPS);
    }
    served.end();
    of_ours.sort();
    of_bare.sort();
    let (ours, bare) = (of_ours[ROUNDS / 2], of_bare[ROUNDS / 2]);
    let ratio = ours.as_secs_f64() / bare.as_secs_f64();
    println!("realtime round trip: {ours:?}, bare websocket {bare:?}: {ratio:.2}x");
}

async fn bare_socket(url: &str) -> tokio_tungstenite::WebSocketStream<tokio::net::TcpStream> {
    let address = url.strip_prefix("http://").unwrap();
    let app = format!("ws://{address}/run/{ENDPOINT}/realtime");
    let mut request = app.into_client_request().unwrap();
    let key = HeaderValue::try_from(format!("Key {KEY}")).unwrap();
    request.headers_mut().insert("authorization", key);
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    tokio_tungstenite::client_async(request, stream)
        .await
        .unwrap()
        .0
}
