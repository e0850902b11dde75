//! `cargo fal run`.

use crate::bench::{Crate, Ended, ID, document, server};
use fal_mock::{Failure, Route, Script};
use serde_json::{Value, json};
use std::{
    io::Write as _,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// The input of the last job.
fn sent(server: &fal_mock::MockServer) -> Value {
    let requests = server.requests_to(Route::Submit);
    serde_json::from_slice(&requests.last().unwrap().body).unwrap()
}

#[test]
fn a_model_is_run_with_files_in_and_out() {
    let (krate, server) = (Crate::new(), server([document(ID, 50)]));
    krate.write("in.png", "a picture");
    let ended = krate.fal(
        &server,
        &[
            "run",
            ID,
            "prompt=a lighthouse",
            "steps=5",
            "image_url=@in.png",
            "-o",
            "out/here",
        ],
    );
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    for words in [
        "uploading in.png",
        "request ",
        "in queue, 1 ahead",
        "halfway",
        "saved out/here/",
    ] {
        assert!(ended.err.contains(words), "{words}: {}", ended.err);
    }
    let output: Value = serde_json::from_str(&ended.out).unwrap();
    assert!(output["images"][0]["url"].is_string(), "{output}");
    assert_eq!(
        std::fs::read_dir(krate.path("out/here")).unwrap().count(),
        1
    );
    let sent = sent(&server);
    assert_eq!(
        (&sent["steps"], &sent["prompt"]),
        (&json!(5), &json!("a lighthouse"))
    );
    assert!(
        sent["image_url"].as_str().unwrap().starts_with("http"),
        "{sent}"
    );
    assert_eq!(server.files().len(), 1);
}

#[test]
fn values_are_typed_by_the_schema() {
    let (krate, server) = (Crate::new(), server([document(ID, 50)]));
    krate.write("input.json", r#"{"prompt": "from the file", "steps": 3}"#);
    krate.write("a.png", "a");
    let ended = krate.fal(
        &server,
        &[
            "run",
            ID,
            "--input",
            "input.json",
            "prompt=5",
            "is_fast=true",
            "style=ink",
            "size={\"width\":512}",
            "image_urls=@a.png",
            "image_urls=https://example.com/b.png",
            "--json",
        ],
    );
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(ended.out.lines().count(), 1, "{}", ended.out);
    assert_eq!(report["endpoint"], ID);
    assert!(
        report["request_id"].is_string() && report["output"]["images"].is_array(),
        "{report}"
    );
    let mut sent = sent(&server);
    assert!(
        sent["image_urls"][0].as_str().unwrap().starts_with("http"),
        "{sent}"
    );
    sent["image_urls"][0] = json!(0);
    let expected = json!({"prompt": "5", "steps": 3, "is_fast": true, "style": "ink", "size": {"width": 512},
                          "image_urls": [0, "https://example.com/b.png"]});
    assert_eq!(sent, expected);
    krate.good(
        &server,
        &[
            "run",
            ID,
            "prompt=@@home",
            "image_urls=https://example.com/b.png",
        ],
    );
    let sent = crate::running::sent(&server);
    assert_eq!(
        sent,
        json!({"prompt": "@home", "image_urls": ["https://example.com/b.png"]})
    );
}

#[test]
fn the_input_may_come_from_standard_input() {
    let (krate, server) = (Crate::new(), server([document(ID, 50)]));
    let mut child = krate
        .command(&server.url(), &["run", ID, "--input", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"{\"prompt\": \"x\"}")
        .unwrap();
    let ended: Ended = child.wait_with_output().unwrap().into();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!(sent(&server), json!({"prompt": "x"}));
}

#[test]
fn what_is_wrong_is_said_before_anything_is_sent() {
    let (krate, server) = (Crate::new(), server([document(ID, 50)]));
    krate.write("broken.json", "{");
    let cases: [(&[&str], &[&str]); 9] = [
        (&["promt=x"], &["no option `promt`", "did you mean prompt?"]),
        (&["zzz=x"], &["no option `zzz`", "prompt, size, steps"]),
        (&[], &["/prompt is required, but missing"]),
        (
            &["prompt=x", "steps=500"],
            &["/steps: 500 is more than the maximum 50"],
        ),
        (&["prompt=x", "style=neon"], &["/style"]),
        (&["prompt=x", "image_url=@no.png"], &["no.png"]),
        (
            &["prompt=x", "--input", "broken.json"],
            &["broken.json is not JSON"],
        ),
        (&["prompt"], &["key=value"]),
        (
            &["prompt=x", "steps=many"],
            &["/steps: \"many\" is not of type integer"],
        ),
    ];
    for (options, words) in cases {
        let arguments = [&["run", ID], options].concat();
        krate.refused(&server.url(), &arguments, words);
    }
    let mut command = krate.command(&server.url(), &["run", ID, "prompt=x"]);
    let ended: Ended = command.env_remove("FAL_KEY").output().unwrap().into();
    assert_eq!(ended.code, Some(2), "{}", ended.err);
    assert!(
        ended.err.contains("https://fal.ai/dashboard/keys"),
        "{}",
        ended.err
    );
    assert_eq!((server.count(Route::Submit), server.files().len()), (0, 0));
}

#[test]
fn help_after_an_id_lists_the_options_of_the_model() {
    let (krate, server) = (Crate::new(), server([document(ID, 50)]));
    let help = krate.good(&server, &["run", ID, "--help"]);
    for words in [
        "**`prompt`**",
        "required",
        "Range: `1` to `50`",
        "a lighthouse",
        "-o DIR",
    ] {
        assert!(help.contains(words), "{words}: {help}");
    }
    let help = krate.good(&server, &["run", "--help"]);
    assert!(
        help.contains("--json") && help.contains("Exit codes"),
        "{help}"
    );
    assert_eq!(krate.fal(&server, &["run"]).code, Some(2));
}

#[test]
fn a_job_that_fails_ends_with_1() {
    let (krate, server) = (Crate::new(), server([document(ID, 50)]));
    let failure = Failure::new(422, json!({"detail": "the picture is too dark"}));
    server.script(ID, Script::new().fail(failure));
    let ended = krate.fal(&server, &["run", ID, "prompt=x", "--json"]);
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    assert!(
        report["error"].is_string() && report["request_id"].is_string(),
        "{report}"
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_cancels_the_job_and_says_so() {
    let (krate, server) = (Crate::new(), server([document(ID, 50)]));
    let long = Duration::from_secs(60);
    server.script(ID, Script::new().queue([3], long).run(long));
    let child = krate
        .command(&server.url(), &["run", ID, "prompt=x"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while server.jobs_created() == 0
        || server.count(Route::StatusStream) + server.count(Route::Status) == 0
    {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "no job was submitted"
        );
        sleep(Duration::from_millis(20));
    }
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    let ended: Ended = child.wait_with_output().unwrap().into();
    assert_eq!(ended.code, Some(130), "{}", ended.err);
    assert!(ended.err.contains("interrupted: request "), "{}", ended.err);
    assert_eq!(server.count(Route::Cancel), 1);
}
