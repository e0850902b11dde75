//! The command line: exit codes and what the user sees.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Command, Output, Stdio},
};

fn xtask(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).env_remove("FAL_KEY");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn alone_it_prints_the_map_of_commands() {
    let output = xtask(&[]);
    let map = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0));
    for command in ["fetch", "mock", "page", "Exit codes"] {
        assert!(map.contains(command), "{map}");
    }
}

#[test]
fn what_is_piped_has_neither_colours_nor_bars() {
    let url = server_that_knows_nothing();
    let folder = tempfile::tempdir().unwrap();
    let schemas = folder.path().to_str().unwrap();
    let fetch = [
        "fetch",
        "a/b",
        "--api-url",
        &url,
        "--openapi-url",
        &url,
        "--schemas",
        schemas,
    ];
    let cases: [&[&str]; 4] = [&["fetch", "--help"], &["nonsense"], &["page", "x"], &fetch];
    for arguments in cases {
        let output = command(arguments)
            .env_remove("CLICOLOR_FORCE")
            .output()
            .unwrap();
        let printed = text(&output.stdout) + &text(&output.stderr);
        assert!(!printed.is_empty(), "{arguments:?}");
        assert!(
            !printed.contains(['\x1b', '\r']),
            "{arguments:?}: {printed:?}"
        );
    }
}

#[test]
fn bad_usage_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let schemas = folder.path().to_str().unwrap();
    let cases: [&[&str]; 8] = [
        &["nonsense"],
        &["fetch"],
        &["fetch", "--all", "a/b"],
        &["fetch", "--all", "--category", "x"],
        &["fetch", "--all", "--jobs", "0"],
        &["fetch", "../a", "--schemas", schemas],
        &["page", "a/b", "--schemas", schemas],
        &[
            "fetch",
            "a/b",
            "--api-url",
            "ftp://x/",
            "--schemas",
            schemas,
        ],
    ];
    for arguments in cases {
        let output = xtask(arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        assert!(
            output.stdout.is_empty() && !output.stderr.is_empty(),
            "{arguments:?}"
        );
    }
}

/// Answers 404 to everything, for as long as the test runs.
fn server_that_knows_nothing() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = BufReader::new(stream);
            let mut line = String::new();
            while stream.read_line(&mut line).is_ok_and(|length| length > 2) {
                line.clear();
            }
            let reply = b"HTTP/1.1 404 x\r\ncontent-length: 4\r\nconnection: close\r\n\r\nnull";
            let _ = stream.get_mut().write_all(reply);
        }
    });
    url
}

#[test]
fn what_could_not_be_fetched_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let url = server_that_knows_nothing();
    let output = xtask(&[
        "fetch",
        "a/b",
        "--api-url",
        &url,
        "--openapi-url",
        &url,
        "--schemas",
        folder.path().to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(
        text(&output.stdout).contains("failed  a/b: "),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn a_malformed_key_is_refused_without_being_shown() {
    let output = command(&["fetch", "a/b"])
        .env("FAL_KEY", "sec\nret")
        .output()
        .unwrap();
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error.contains("FAL_KEY") && !error.contains("sec"),
        "{error}"
    );
}

#[test]
fn a_page_goes_to_standard_output() {
    let output = xtask(&["page", "fal-ai/wan-22-vace-fun-a14b/depth"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).starts_with("# Wan 2.2 VACE Fun A14B\n"));
}

#[test]
fn the_mock_that_cannot_start_says_why_and_how_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let missing = folder.path().join("missing");
    let unwritable = missing.join("ca.pem");
    let cases: [(&[&str], &str); 4] = [
        (&["--port", &port], &port),
        (&["--schemas", missing.to_str().unwrap()], "missing"),
        (&["--schemas", file.to_str().unwrap()], "file"),
        (&["--ca", unwritable.to_str().unwrap()], "ca.pem"),
    ];
    for (arguments, named) in cases {
        let mut all = vec!["mock"];
        all.extend(arguments);
        if !arguments.contains(&"--port") {
            all.extend(["--port", "0"]);
        }
        let output = xtask(&all);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(named) && error.contains("help:"), "{error}");
    }
}

#[test]
fn the_mock_names_a_broken_document_and_serves_the_others() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("broken.json"), "{").unwrap();
    let mut child = command(&["mock", "--port", "0", "--schemas"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut told = BufReader::new(child.stdout.take().unwrap());
    told.read_line(&mut first).unwrap();
    child.kill().unwrap();
    let mut warnings = String::new();
    let mut said = child.stderr.take().unwrap();
    said.read_to_string(&mut warnings).unwrap();
    child.wait().unwrap();
    assert!(first.contains("listening on http://127.0.0.1:"), "{first}");
    assert!(warnings.contains("broken.json"), "{warnings}");
}

#[test]
fn the_mock_says_where_it_listens() {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    let mut child = command(&["mock", "--port", "0", "--any-app", "--ca"])
        .arg(&ca)
        .stdout(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    let address = first.split("http://").nth(1).unwrap().trim_end();
    let mut stream = TcpStream::connect(address).unwrap();
    let path = "/fal/api/openapi/queue/openapi.json?endpoint_id=fal-ai/wan-22-vace-fun-a14b/depth";
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("Wan22VaceFunA14bDepthInput"));
    let pem = std::fs::read_to_string(&ca).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"), "{pem}");
}

#[test]
fn the_checkout_is_the_one_that_the_command_is_run_in() {
    let folder = tempfile::tempdir().unwrap();
    let page = |text: &str| {
        let output = command(&["page", "acme/lamp"])
            .current_dir(folder.path().join(text))
            .output()
            .unwrap();
        (
            output.status.code(),
            self::text(&output.stdout) + &self::text(&output.stderr),
        )
    };
    let (code, said) = page("");
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("not in a checkout") && said.contains("help: "),
        "{said}"
    );
    for (path, text) in [
        ("xtask/src/workspace.rs", ""),
        (
            "schemas/openapi/acme/lamp.json",
            r#"{"paths": {"/acme/lamp": {"post": {}}}}"#,
        ),
        ("docs/deep/file", ""),
    ] {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let (code, said) = page("docs/deep");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("acme/lamp"), "{said}");
}
