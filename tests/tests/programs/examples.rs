use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use fal_mock::{Fault, Route};
use tokio::io::{AsyncBufReadExt, BufReader};

use super::{Programs, assert_in_order, build, mock, repository};

const ENDPOINT: &str = "fal-ai/wan-22-vace-fun-a14b/depth";
const INPUT: &str = r#"{"prompt": "A street", "video_url": "https://example.com/walk.mp4"}"#;
const FEATURES: &str = "blocking,jsonschema,realtime,webhook,wan-22-vace-fun-a14b";
const VIDEO: &str = "wan-vace-depth-output.mp4";

/// The names of the examples, from their files.
fn names() -> BTreeSet<String> {
    let folder = fs::read_dir(repository().join("sdk/examples")).expect("the examples");
    let names = folder.map(|entry| {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name");
        name.to_string_lossy().into_owned()
    });
    names.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_example_does_what_it_says() {
    let arguments = ["--package", "fal-sdk", "--examples", "--features", FEATURES];
    let programs = build(&repository(), &arguments, &[]).await;
    let folder = tempfile::tempdir().expect("a folder");
    let tried = [
        depth_video(&programs, folder.path()).await,
        batch(&programs, folder.path()).await,
        webhook_server(&programs).await,
        stream_tokens(&programs).await,
        realtime_loop(&programs).await,
        upload(&programs, folder.path()).await,
        pricing(&programs).await,
        blocking(&programs).await,
        checked(&programs).await,
        from_stdin(&programs, folder.path()).await,
        own_bucket(&programs, folder.path()).await,
    ];
    let tried: BTreeSet<String> = tried.into_iter().map(str::to_owned).collect();
    assert_eq!(tried, names());
    let readme = fs::read_to_string(repository().join("README.md")).expect("the README");
    for name in names() {
        assert!(readme.contains(&format!("`{name}`")), "README.md: {name}");
    }
}

async fn depth_video(programs: &Programs, folder: &Path) -> &'static str {
    let server = mock().start().await.expect("a server");
    let film = folder.join("walk.mp4");
    fs::write(&film, "no real film").expect("a file");
    let film = film.to_str().expect("text");
    let printed = programs.prints("depth_video", &[film], &server).await;
    assert_in_order(&printed, &["completed", "seed: ", VIDEO, " bytes in "]);
    assert!(!printed.contains('\r'), "a bar is for terminals: {printed}");
    let sent = String::from_utf8_lossy(&server.jobs()[0].input).into_owned();
    assert!(
        sent.contains(&server.url()),
        "the film was uploaded: {sent}"
    );
    "depth_video"
}

async fn batch(programs: &Programs, folder: &Path) -> &'static str {
    let server = mock().start().await.expect("a server");
    let journal = folder.join("journal");
    let arguments = [journal.to_str().expect("text"), "a morning", "a noon"];
    let printed = programs.prints("batch", &arguments, &server).await;
    assert_in_order(&printed, &["a morning: http", VIDEO, "a noon: http", VIDEO]);
    // Started again, it pays for nothing twice.
    programs.prints("batch", &arguments, &server).await;
    assert_eq!(server.jobs_created(), 2);
    let output = programs.run("batch", &[], &server).await;
    assert_eq!(output.status.code(), Some(2), "the journal is missing");
    "batch"
}

async fn webhook_server(programs: &Programs) -> &'static str {
    let server = mock().start().await.expect("a server");
    let printed = programs.prints("webhook_server", &[], &server).await;
    let id = server.jobs()[0].request_id.clone();
    assert_in_order(&printed, &["listening on", &format!("{id}: http"), VIDEO]);
    "webhook_server"
}

async fn stream_tokens(programs: &Programs) -> &'static str {
    let server = mock().start().await.expect("a server");
    let arguments = [ENDPOINT, INPUT];
    let printed = programs.prints("stream_tokens", &arguments, &server).await;
    assert!(printed.contains(VIDEO), "{printed}");
    "stream_tokens"
}

async fn realtime_loop(programs: &Programs) -> &'static str {
    let server = mock().start().await.expect("a server");
    let arguments = [ENDPOINT, INPUT];
    let printed = programs.prints("realtime_loop", &arguments, &server).await;
    assert_in_order(&printed, &["1: ", "2: ", "10: "]);
    "realtime_loop"
}

async fn upload(programs: &Programs, folder: &Path) -> &'static str {
    let server = mock().start().await.expect("a server");
    let file = folder.join("notes.txt");
    fs::write(&file, "hello").expect("a file");
    let arguments = [file.to_str().expect("text")];
    let printed = programs.prints("upload", &arguments, &server).await;
    assert!(
        !printed.contains('\r'),
        "progress is for terminals: {printed}"
    );
    assert_in_order(&printed, &["notes.txt: http"]);
    let missing = programs.run("upload", &["no/such/file"], &server).await;
    assert!(!missing.status.success());

    // Stopped in the middle, and started again.
    let film = folder.join("film.mp4");
    fs::write(&film, vec![7; 101 << 20]).expect("a file");
    let film = film.to_str().expect("text");
    let faults = [
        Fault::status(418).on(Route::CdnPart).after(3).always(),
        Fault::status(418)
            .on(Route::StorageInitiateMultipart)
            .always(),
    ];
    let faults = faults.map(|fault| server.inject(fault));
    let stopped = programs.run("upload", &[film], &server).await;
    assert!(!stopped.status.success());
    for fault in &faults {
        server.remove_fault(fault);
    }
    // Three of the eleven parts are stored, and none of them is sent again.
    let before = server.count(Route::CdnPart);
    programs.prints("upload", &[film], &server).await;
    assert_eq!(server.count(Route::CdnPart) - before, 8);
    assert!(!folder.join("film.mp4.parts").exists());
    "upload"
}

async fn pricing(programs: &Programs) -> &'static str {
    let server = mock().price(ENDPOINT, 0.4, "video").start().await;
    let server = server.expect("a server");
    let printed = programs.prints("pricing", &[], &server).await;
    assert_in_order(&printed, &[ENDPOINT, "about 0.4 USD", "0.4 USD per video"]);
    "pricing"
}

async fn blocking(programs: &Programs) -> &'static str {
    let server = mock().start().await.expect("a server");
    let printed = programs.prints("blocking", &[], &server).await;
    assert_in_order(&printed, &["completed", VIDEO, " bytes"]);
    "blocking"
}

async fn checked(programs: &Programs) -> &'static str {
    let server = mock().start().await.expect("a server");
    let printed = programs
        .prints("checked", &[ENDPOINT, INPUT], &server)
        .await;
    assert!(printed.contains(VIDEO), "{printed}");
    let bad = [ENDPOINT, r#"{"prompt": 5}"#];
    let printed = programs.prints("checked", &bad, &server).await;
    assert!(
        printed.contains("/prompt: 5 is not of type string"),
        "{printed}"
    );
    assert!(
        printed.contains("/video_url is required, but missing"),
        "{printed}"
    );
    assert_eq!(server.jobs_created(), 1);
    "checked"
}

async fn from_stdin(programs: &Programs, folder: &Path) -> &'static str {
    let server = mock().start().await.expect("a server");
    let film = folder.join("piped.mp4");
    fs::write(&film, "no real film").expect("a file");
    let run = async |bytes: &str| {
        let mut command = programs.command("from_stdin", &server);
        let input = fs::File::open(&film).expect("the file");
        command.arg(bytes).stdin(Stdio::from(input));
        command.output().await.expect("a program that starts")
    };
    let output = run("12").await;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains(VIDEO), "{output:?}");
    assert_eq!(server.files()[0].content, "no real film");
    let output = run("13").await;
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        complaint.contains("ended after 12 of the 13 bytes"),
        "{complaint}"
    );
    assert_eq!(server.jobs_created(), 1);
    "from_stdin"
}

async fn own_bucket(programs: &Programs, folder: &Path) -> &'static str {
    let server = mock().start().await.expect("a server");
    let policy = folder.join("policy.json");
    let text =
        r#"{"url": "https://films.s3.amazonaws.com/", "fields": {"key": "new/${filename}"}}"#;
    fs::write(&policy, text).expect("a file");
    let arguments = [policy.to_str().expect("text")];
    let printed = programs.prints("own_bucket", &arguments, &server).await;
    let url = format!("in the bucket: https://films.s3.amazonaws.com/new/{VIDEO}");
    assert!(printed.contains(&url), "{printed}");
    let submit = &server.requests_to(Route::Submit)[0];
    assert_eq!(submit.header("x-fal-tags"), Some("team=films"));
    "own_bucket"
}

/// The server half of the proxy, which is an example of its own package.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_proxy_makes_allowed_calls_of_known_sessions() {
    let arguments = ["--package", "fal-proxy", "--example", "axum_server"];
    let programs = build(&repository(), &arguments, &[]).await;
    let server = mock().start().await.expect("a server");
    let mut command = programs.command("axum_server", &server);
    let mut proxy = command
        .args(["0", ENDPOINT])
        .stdout(Stdio::piped())
        .spawn()
        .expect("a program that starts");
    let printed = proxy.stdout.take().expect("its output");
    // It prints a line for each call, so it must be heard to the end.
    let mut printed = BufReader::new(printed).lines();
    let line = printed.next_line().await.expect("text").expect("a line");
    let url = line.strip_prefix("listening on ").expect("its address");
    let http = reqwest::Client::builder().no_proxy().build();
    let http = http.expect("a client");
    let call = |model: &str, session: Option<&'static str>| {
        let target = format!("https://fal.run/{model}");
        let call = http.post(url).header("x-fal-target-url", target);
        let call = session
            .into_iter()
            .fold(call, |call, session| call.header("x-session", session));
        call.header("content-type", "application/json")
            .body(INPUT)
            .send()
    };
    for (model, session, status) in [
        (ENDPOINT, Some("me"), 200),
        (ENDPOINT, None, 401),
        ("acme/other", Some("me"), 400),
    ] {
        let reply = call(model, session).await.expect("a reply");
        assert_eq!(reply.status(), status, "{model}, {session:?}");
    }
    assert_eq!(server.count(Route::Run), 1);
    let line = printed.next_line().await.expect("text").expect("a line");
    assert!(line.contains(&format!("{ENDPOINT}: 200")), "{line}");
}
