//! The road of somebody with an empty crate, as `docs/cargo-fal.md` shows it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use fal_mock::{MockServer, Script};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

use super::{assert_in_order, build, repository};

/// The transcript. `UPDATE=1` writes it.
const TRANSCRIPT: &str = "docs/cargo-fal.md";
/// The address that `cargo fal mock` has, in place of that of the test.
const ADDRESS: &str = "http://127.0.0.1:4010";

const INTRODUCTION: &str = "\
# From an empty crate to a typed call

The commands of `cargo fal`, with the output that they printed when they ran against a local server. `UPDATE=1 cargo test -p fal-tests --test programs road`
writes this file; without `UPDATE`, the test checks that it is up to date. The server has the documents of two invented models; before the update, the document
of the first model changes.
";

/// A model that makes pictures; its second edition asks for a style.
fn sketch(edition: u32) -> Value {
    let body = |name: &str| json!({"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}});
    let mut input = json!({"type": "object", "required": ["prompt"], "properties": {
        "prompt": {"type": "string", "description": "What to draw.", "examples": ["a lighthouse"]},
        "steps": {"type": "integer", "minimum": 1, "maximum": 50, "default": 20},
        "image_url": {"type": "string", "description": "A picture to start from."},
    }});
    if edition > 1 {
        input["required"] = json!(["prompt", "style"]);
        input["properties"]["style"] = json!({"type": "string", "enum": ["ink", "oil"]});
        input["properties"]["steps"]["maximum"] = json!(40);
    }
    json!({
        "openapi": "3.0.4",
        "info": {"title": "sketch", "x-fal-metadata": {"endpointId": "acme/sketch", "category": "text-to-image"}},
        "paths": {
            "/acme/sketch": {"post": {"requestBody": body("SketchInput")}},
            "/acme/sketch/requests/{request_id}": {"get": {"responses": {"200": body("SketchOutput")}}},
        },
        "components": {"schemas": {
            "SketchInput": input,
            "Image": {"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}}},
            "SketchOutput": {"type": "object", "required": ["image"], "properties": {"image": {"$ref": "#/components/schemas/Image"}}},
        }},
    })
}

/// A model that describes pictures.
fn caption() -> Value {
    let text = sketch(1)
        .to_string()
        .replace("sketch", "caption")
        .replace("Sketch", "Caption");
    serde_json::from_str(&text).expect("JSON")
}

async fn server(edition: u32) -> MockServer {
    let step = Duration::from_millis(300);
    let script = Script::new()
        .queue([0], step)
        .run(2 * step)
        .log_at(step, "INFO", "drawing");
    let builder = MockServer::builder()
        .document(sketch(edition))
        .document(caption())
        .default_script(script);
    builder.start().await.expect("a server on a free port")
}

/// The crate, and what was typed in it and printed.
struct Road {
    folder: PathBuf,
    target: PathBuf,
    program: PathBuf,
    checkout: String,
    transcript: String,
}

impl Road {
    async fn new() -> Self {
        let root = fs::canonicalize(repository()).expect("the repository");
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |target| root.join(target));
        let folder = target.join("road/app");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("src")).expect("a folder");
        let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\n[workspace]\n";
        fs::write(folder.join("Cargo.toml"), manifest).expect("a file");
        fs::write(folder.join("src/main.rs"), "fn main() {}\n").expect("a file");
        // Cargo takes out what it does not need.
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
        fs::write(folder.join("in.png"), "a picture").expect("a file");
        let programs = build(&root, &["--package", "cargo-fal"], &[]).await;
        let (_, program) = programs
            .0
            .into_iter()
            .find(|(name, _)| name == "cargo-fal")
            .expect("the program");
        Self {
            folder,
            target,
            program,
            checkout: root.display().to_string(),
            transcript: INTRODUCTION.to_owned(),
        }
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).expect("a file");
    }

    /// A text without what differs from run to run.
    fn plain(&self, text: &str, server: &MockServer) -> String {
        let text = text
            .replace(&server.url(), ADDRESS)
            .replace(&self.checkout, "/path/to/checkout");
        let lines = text
            .lines()
            .map(|line| match line.strip_prefix("request ") {
                Some(_) => "request 2c829abe-1f45-42e1-8584-133ac916ab3c",
                None => line.trim_end(),
            });
        lines.map(|line| format!("{line}\n")).collect()
    }

    fn record(&mut self, heading: &str, command: &str, said: &str) {
        let _ = write!(
            self.transcript,
            "\n## {heading}\n\n```console\n$ {command}\n{said}```\n"
        );
    }

    fn command(&self, server: &MockServer, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("fal")
            .args(arguments)
            .current_dir(&self.folder)
            .env("FAL_BASE_URL", server.url())
            .env("FAL_KEY", "id:secret")
            .env("NO_PROXY", "127.0.0.1")
            .kill_on_drop(true);
        command
    }

    /// Starts the MCP server as a host does, and records what it offers.
    async fn mcp(&mut self, server: &MockServer, heading: &str, arguments: &[&str]) {
        let mut child = self
            .command(server, arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let tools = offered_tools(&mut child).await;
        let mut said = String::new();
        let mut stderr = child.stderr.take().expect("a pipe");
        stderr.read_to_string(&mut said).await.expect("text");
        let said = self.plain(&said, server);
        let command = format!("cargo fal {}", arguments.join(" "));
        self.record(heading, &command, &said);
        let _ = write!(
            self.transcript,
            "\nThe tools that the host is offered:\n\n```json\n{tools:#}\n```\n"
        );
    }

    async fn fal(&mut self, server: &MockServer, heading: &str, arguments: &[&str]) -> String {
        let output = self.command(server, arguments).output();
        let output = output.await.expect("the program");
        let said = [output.stderr, output.stdout].concat();
        let said = self.plain(&String::from_utf8_lossy(&said), server);
        assert!(output.status.success(), "{arguments:?}: {said}");
        self.record(
            heading,
            &format!("cargo fal {}", arguments.join(" ")),
            &said,
        );
        said
    }

    /// Runs cargo in the crate; its dependencies are built where `verify` builds the same ones.
    async fn cargo(&self, command: &str, server: &MockServer) -> (bool, String) {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args([command, "--offline", "--quiet"])
            .current_dir(&self.folder)
            .env("CARGO_BUILD_BUILD_DIR", self.target.join("verify/build"))
            .env("CARGO_TARGET_DIR", self.target.join("road/target"))
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .env("CARGO_TERM_COLOR", "never")
            .env("FAL_BASE_URL", server.url())
            .env("FAL_KEY", "id:secret")
            .env("NO_PROXY", "127.0.0.1")
            .output()
            .await
            .expect("cargo");
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            self.plain(&String::from_utf8_lossy(&said), server),
        )
    }
}

/// The program that `add` prints for a model.
fn printed_program(said: &str, id: &str) -> String {
    let start = format!("A program that calls {id}:\n");
    let (_, rest) = said.split_once(&start).expect(said);
    let lines = rest
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with("    "));
    lines
        .map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line)))
        .collect()
}

/// What the compiler says first, and where. How far it indents the arrow depends on the longest line number in all that it
/// shows, files of `fal-sdk` included.
fn first_error(said: &str) -> String {
    let mut lines = said.lines().skip_while(|line| !line.starts_with("error"));
    let [what, arrow] = [lines.next(), lines.next()].map(Option::unwrap_or_default);
    format!("{what}\n  {}\n", arrow.trim_start())
}

/// What a host of language models asks an MCP server first, and the tools that it is offered.
async fn offered_tools(child: &mut Child) -> Value {
    let version = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "host", "version": "1"}});
    let messages = [
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": version}),
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json!({"jsonrpc": "2.0", "id": 2, "method": "tools/list"}),
    ];
    let mut input = child.stdin.take().expect("a pipe");
    let mut replies = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    for message in messages {
        let line = format!("{message}\n");
        input.write_all(line.as_bytes()).await.expect("a listener");
    }
    loop {
        let line = replies.next_line().await.expect("text");
        let reply: Value = serde_json::from_str(&line.expect("a reply")).expect("JSON");
        if reply["id"] == 2 {
            return reply["result"]["tools"].clone();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_road_from_an_empty_crate_is_as_the_transcript_shows_it() {
    let mut road = Road::new().await;
    let first = server(1).await;
    road.fal(&first, "Find a model", &["search", "sketch"])
        .await;
    road.fal(&first, "See what it costs", &["price", "acme/sketch"])
        .await;
    let said = road
        .fal(
            &first,
            "Add two models",
            &["add", "acme/sketch", "https://fal.ai/models/acme/caption"],
        )
        .await;
    let program = printed_program(&said, "acme/sketch");
    let include = "include!(concat!(env!(\"OUT_DIR\"), \"/endpoints.rs\"));\n";
    road.write("src/main.rs", &format!("{program}\n{include}"));
    let (is_good, said) = road.cargo("run", &first).await;
    assert!(is_good, "{said}");
    road.record("Run the program that was printed", "cargo run", &said);
    let second = server(2).await;
    road.fal(&second, "The model changes, and is updated", &["update"])
        .await;
    let (is_good, said) = road.cargo("build", &second).await;
    assert!(!is_good, "the constructor takes one more argument: {said}");
    road.record(
        "The compiler shows where",
        "cargo build",
        &first_error(&said),
    );
    let call = [
        "run",
        "acme/sketch",
        "prompt=night",
        "style=ink",
        "image_url=@in.png",
        "-o",
        "out",
    ];
    road.fal(
        &second,
        "Without any Rust: the options of the model",
        &["run", "acme/sketch", "--help"],
    )
    .await;
    road.fal(&second, "Run it, with a file in and a file out", &call)
        .await;
    assert_eq!(
        fs::read_dir(road.folder.join("out"))
            .expect("a folder")
            .count(),
        1
    );
    let offer = ["mcp", "acme/sketch", "--budget", "2"];
    road.mcp(&second, "Offer it to a language model", &offer)
        .await;
    hold(&road.transcript);
}

/// Every line of the file comes in this order in what was printed now; a busy machine may print a status more.
fn hold(transcript: &str) {
    let path: PathBuf = Path::new(&repository()).join(TRANSCRIPT);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, transcript).expect("a file");
        return;
    }
    let known = fs::read_to_string(path).expect("the transcript");
    let lines: Vec<&str> = known.lines().filter(|line| !line.is_empty()).collect();
    assert_in_order(transcript, &lines);
}
