//! `cargo xtask mock`: the local fal server, playing the documents on disk.

use crate::{Error, Outcome, output::print, runtime, schemas::Layout};
use fal_mock::{MockServer, Script};
use std::{fmt::Write as _, path::PathBuf, time::Duration};

/// Run a local fal server that plays the documents, until it is interrupted.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The root of the documents [default: the repository's `schemas/openapi`]
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,
    /// The port on the loopback interface; 0 takes any free one
    #[arg(long, value_name = "P", default_value = "4010")]
    port: u16,
}

/// Serves until Ctrl-C.
///
/// # Errors
///
/// If the port is taken or the documents cannot be read.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let documents = Layout::of_option(args.schemas.as_deref()).documents;
    runtime()?.block_on(async {
        let builder = MockServer::builder()
            .documents(documents)
            .default_script(script())
            .port(args.port);
        let server = builder.start().await.map_err(|error| {
            Error::new(error.to_string()).cure("choose another --port or --schemas")
        })?;
        for warning in server.warnings() {
            eprintln!("warning: {warning}");
        }
        print(&addresses(&server))?;
        let interrupted = tokio::signal::ctrl_c().await;
        interrupted.map_err(|error| Error::new(format!("cannot wait for Ctrl-C: {error}")))?;
        server.shutdown().await;
        Ok(Outcome::Good)
    })
}

/// How long jobs wait and run: a second, so that their progress is seen.
pub fn script() -> Script {
    let step = Duration::from_millis(300);
    Script::new()
        .queue([0], step)
        .run(2 * step)
        .log_at(step, "INFO", "half of it is done")
}

/// What stands for what, and how to fetch from here.
fn addresses(server: &MockServer) -> String {
    let urls = server.urls();
    let mut text = format!(
        "fal-mock listens on {}; any well-formed key will do, such as FAL_KEY=id:secret\n\n",
        server.url()
    );
    let hosts = [
        ("https://fal.run", &urls.run),
        ("https://queue.fal.run", &urls.queue),
        ("https://rest.fal.ai", &urls.rest),
        ("https://v3.fal.media", &urls.cdn),
        ("https://api.fal.ai/v1", &urls.platform),
        ("https://fal.ai", &urls.fal),
    ];
    for (host, url) in hosts {
        let _ = writeln!(text, "  {host:<22} is {url}");
    }
    let _ = writeln!(
        text,
        "\n  cargo xtask fetch --all --schemas DIR --api-url {} --openapi-url {}/api/openapi/queue/openapi.json",
        urls.platform, urls.fal
    );
    text
}
