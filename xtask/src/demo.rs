//! `cargo xtask demo`: all steps from a document to a typed call, without a key and without a network.
//!
//! The call is made by an example of the SDK, in another process: xtask does not depend on the SDK, so that `generate` works
//! even if generated code does not compile.

use crate::{
    child,
    generate::{Target, compare, plan},
    workspace,
};
use cargo_fal::{
    Error, Outcome, fetch, fetch::Selection, files, output::print, runtime, schemas::Layout,
};
use fal_codegen::source::EndpointId;
use fal_mock::{MockServer, Script};
use reqwest::Url;
use serde_json::Value;
use std::{env, fs, path::Path, process::Command, time::Duration};

/// The id of the endpoint whose document is in the repository.
const ENDPOINT: &str = "fal-ai/wan-22-vace-fun-a14b/depth";
/// The example of the SDK that is called: `sdk/examples/depth_video.rs`, built by `tests/demo`.
const PROGRAM: &str = "fal-demo";
/// The property that is shown in the document and in the generated code.
const PROPERTY: &str = "num_frames";

/// Show all steps on this machine: fetch a document, generate code, make a typed call.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
It needs no key and no network.

Exit codes: 0 every step succeeded, 1 a document or the generated code is out of date, 2 a step failed.

Examples:
  cargo xtask demo    fetch, generate and call, against a local server")]
pub struct Args {}

/// Runs the demonstration.
///
/// # Errors
///
/// If a step fails. A step that finds a difference reports it, and the exit code is 1.
pub fn command(_: &Args) -> Result<Outcome, Error> {
    let layout = workspace::layout(None);
    let runtime = runtime()?;
    let server = runtime.block_on(start(&layout))?;
    print(&format!(
        "1. fal-mock stands in for fal at {}: no key, no network.\n",
        server.url()
    ))?;
    let id = EndpointId::parse(ENDPOINT).map_err(|error| Error::new(error.to_string()))?;
    let same = runtime.block_on(fetched_equals(&server, &layout, &id))?;
    let fresh = is_fresh(&layout)?;
    print(
        "4. A program calls the model with typed input and output, sdk/examples/depth_video.rs:\n\n",
    )?;
    call(&server.url())?;
    runtime.block_on(server.shutdown());
    Ok(Outcome::of(same && fresh))
}

async fn start(layout: &Layout) -> Result<MockServer, Error> {
    let step = Duration::from_millis(300);
    let script = Script::new()
        .queue([2, 1, 0], step)
        .run(4 * step)
        .log_at(step, "INFO", "reading the video")
        .log_at(2 * step, "INFO", "estimating depth: 50 %")
        .log_at(3 * step, "INFO", "estimating depth: 100 %")
        .metric("inference_time", 1.2);
    let builder = MockServer::builder()
        .documents(&layout.documents)
        .default_script(script);
    let server = builder.start().await;
    server.map_err(|error| Error::new(error.to_string()).help("check schemas/openapi"))
}

/// Fetches the document into a temporary folder, and compares it with the stored one.
async fn fetched_equals(
    server: &MockServer,
    layout: &Layout,
    id: &EndpointId,
) -> Result<bool, Error> {
    let folder = files::temporary_folder()?;
    let fresh = Layout::of(folder.path().join("openapi"));
    let url = |text: String| {
        Url::parse(&text).map_err(|error| Error::new(format!("the URL {text}: {error}")))
    };
    let options = fetch::Options::new(
        Selection::of_ids(&[id.to_string()])?,
        url(server.urls().platform.clone())?,
        url(format!(
            "{}/api/openapi/queue/openapi.json",
            server.urls().fal
        ))?,
        fresh.clone(),
    );
    let report = fetch::run(&options).await?;
    if !report.failed.is_empty() {
        return Err(Error::new(report.to_string()));
    }
    let same = read(&fresh, id)? == read(layout, id)?;
    print(match same {
        true => {
            "2. The model's document, fetched from fal-mock, equals the one in schemas/openapi. A property of its input:\n"
        }
        false => {
            "2. The model's document, fetched from fal-mock, is DIFFERENT from the one in schemas/openapi.\n   \
             To fix it: cargo xtask fetch, or restore the file from git\n"
        }
    })?;
    print(&property(&read(&fresh, id)?))?;
    Ok(same)
}

fn read(layout: &Layout, id: &EndpointId) -> Result<Vec<u8>, Error> {
    let path = layout.documents.join(id.document_path());
    fs::read(&path).map_err(|error| Error::file("read", &path, &error))
}

/// The property in the document, with the keywords that limit it.
fn property(document: &[u8]) -> String {
    let document: Value = serde_json::from_slice(document).unwrap_or_default();
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let pointer = format!("/properties/{PROPERTY}");
    let mut properties = schemas
        .into_iter()
        .flat_map(|schemas| schemas.values())
        .filter_map(|schema| schema.pointer(&pointer));
    let limited = properties.find(|property| property.get("minimum").is_some());
    limited.map_or_else(String::new, |property| {
        format!("     \"{PROPERTY}\": {property}\n")
    })
}

/// The property in the generated code: its documentation and its field.
fn field(code: &str) -> String {
    let declaration = format!("pub {PROPERTY}:");
    let lines: Vec<&str> = code.lines().map(str::trim_start).collect();
    let Some(at) = lines.iter().position(|line| line.starts_with(&declaration)) else {
        return String::new();
    };
    let docs = lines[..at]
        .iter()
        .rev()
        .take_while(|line| line.starts_with("///"));
    let first = at - docs.count();
    lines[first..=at]
        .iter()
        .map(|line| format!("     {line}\n"))
        .collect()
}

/// Whether `generate` would write exactly the files that are in the repository.
fn is_fresh(layout: &Layout) -> Result<bool, Error> {
    let target = Target::of_option(None);
    let (outcome, plan) = plan(layout, &target)?;
    let changes = compare(&plan, &target, false)?;
    print(&match changes.is_empty() {
        true => format!(
            "3. The {} files that are generated from the document equal those in the repository. The property as a field:\n{}",
            outcome.plan.len(),
            field(&outcome.inline()),
        ),
        false => format!(
            "3. The files that are generated from the document are DIFFERENT from those in the repository:\n{}   To update them: cargo xtask generate\n",
            changes.lines()
        ),
    })?;
    Ok(changes.is_empty())
}

/// Builds the example and runs it against the server. It is built together with xtask, so that dependencies of both are compiled
/// only once, with the same features.
fn call(server: &str) -> Result<(), Error> {
    let cargo = child::cargo();
    let build = ["build", "--package", "xtask", "--package", PROGRAM];
    let built = Command::new(&cargo)
        .args(build)
        .args(["--features", "fal-demo/endpoints"])
        .current_dir(workspace::repository())
        .status()
        .map_err(|error| Error::file("run", Path::new(&cargo), &error))?;
    if !built.success() {
        return Err(Error::new(format!("{PROGRAM} does not compile")).help(
            "cargo's output is above; `cargo xtask generate` writes the generated code again",
        ));
    }
    let program = env::current_exe()
        .map_err(|error| Error::new(format!("cannot find the path of xtask itself: {error}")))?
        .with_file_name(format!("{PROGRAM}{}", env::consts::EXE_SUFFIX));
    let called = Command::new(&program)
        .env("FAL_BASE_URL", server)
        .env("FAL_KEY", "demo:key")
        // Requests to the loopback address must not go through a proxy.
        .env("NO_PROXY", "127.0.0.1")
        .status()
        .map_err(|error| Error::file("run", &program, &error))?;
    match called.success() {
        true => Ok(()),
        false => Err(Error::new(format!("{PROGRAM} failed: {called}")).help("its output is above")),
    }
}
