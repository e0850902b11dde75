//! `cargo xtask demo`: the whole path, from the document to a typed call, without a key and without a network.
//!
//! The call is made by an example of the SDK in a process of its own: xtask never depends on the SDK, so that generated
//! code that does not compile cannot stop `generate`.

use crate::{
    generate::{Target, compare, plan},
    workspace,
};
use cargo_fal::{Error, Outcome, fetch, fetch::Selection, output::print, runtime, schemas::Layout};
use fal_codegen::source::EndpointId;
use fal_mock::{MockServer, Script};
use reqwest::Url;
use std::{env, fs, path::Path, process::Command, time::Duration};

/// The endpoint whose document comes with the repository.
const ENDPOINT: &str = "fal-ai/wan-22-vace-fun-a14b/depth";
const EXAMPLE: &str = "depth_video";
const FEATURE: &str = "wan-22-vace-fun-a14b";

/// Show the whole path on this machine: fetch a document, generate code, make a typed call.
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
/// If a step cannot be done at all; a step that finds a difference is told and gives exit code 1.
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
    print("4. Called the model with typed input and output:\n\n")?;
    call(&server.url())?;
    runtime.block_on(server.shutdown());
    Ok(match same && fresh {
        true => Outcome::Good,
        false => Outcome::Found,
    })
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

/// Fetches the document into a folder of its own and holds it against the pinned one.
async fn fetched_equals(
    server: &MockServer,
    layout: &Layout,
    id: &EndpointId,
) -> Result<bool, Error> {
    let folder = tempfile::tempdir()
        .map_err(|error| Error::file("create a folder in", &env::temp_dir(), &error))?;
    let fresh = Layout::of(folder.path().join("openapi"));
    let url = |text: String| {
        Url::parse(&text).map_err(|error| Error::new(format!("the address {text}: {error}")))
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
        true => "2. Fetched the model's document from it: identical to schemas/openapi.\n",
        false => {
            "2. Fetched the model's document from it: DIFFERENT from schemas/openapi.\n   \
             To fix it: cargo xtask fetch, or restore the file from git\n"
        }
    })?;
    Ok(same)
}

fn read(layout: &Layout, id: &EndpointId) -> Result<Vec<u8>, Error> {
    let path = layout.documents.join(id.document_path());
    fs::read(&path).map_err(|error| Error::file("read", &path, &error))
}

/// Whether `generate` makes exactly the SDK that is committed.
fn is_fresh(layout: &Layout) -> Result<bool, Error> {
    let target = Target::of_option(None);
    let (outcome, plan) = plan(layout, &target)?;
    let changes = compare(&plan, &target, false)?;
    print(&match changes.is_empty() {
        true => format!(
            "3. Generated the SDK from it: all {} files are identical to those in the tree.\n",
            outcome.plan.len()
        ),
        false => format!(
            "3. Generated the SDK from it: DIFFERENT from the tree:\n{}   To fix it: cargo xtask generate\n",
            changes.lines()
        ),
    })?;
    Ok(changes.is_empty())
}

/// Runs the SDK's example against the server.
fn call(server: &str) -> Result<(), Error> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = [
        "run",
        "--quiet",
        "--package",
        "fal-sdk",
        "--example",
        EXAMPLE,
        "--features",
        FEATURE,
    ];
    let status = Command::new(&cargo)
        .args(arguments)
        .current_dir(workspace::repository())
        .env("FAL_BASE_URL", server)
        .env("FAL_KEY", "demo:key")
        // A proxy of the machine has no business with the loopback address.
        .env("NO_PROXY", "127.0.0.1")
        .status()
        .map_err(|error| Error::file("run", Path::new(&cargo), &error))?;
    if status.success() {
        return Ok(());
    }
    Err(
        Error::new(format!("the example {EXAMPLE} failed: {status}"))
            .help("its output is above; cargo xtask generate repairs generated code"),
    )
}
