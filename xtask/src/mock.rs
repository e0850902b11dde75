//! `cargo xtask mock`: runs the local server that stands in for fal, with the documents of this repository.

use crate::workspace;
use cargo_fal::{
    Error, Outcome,
    mock::{Commands, ServerArgs, serve},
};
use std::path::PathBuf;

/// Run a local server that stands in for fal, until it is interrupted.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask mock                        serve the committed documents on port 4010
  cargo xtask mock --port 0 --any-app     use any free port, serve any endpoint id
  cargo xtask mock --ca /tmp/ca.pem       also serve TLS; clients have to trust the certificate

To run a program with this server: FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret cargo run")]
pub struct Args {
    /// The root of the documents [default: the repository's `schemas/openapi`]
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

/// Runs the server until Ctrl-C.
///
/// # Errors
///
/// If the port is taken, the documents cannot be read or the certificate cannot be written.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let commands = Commands {
        mock: "cargo xtask mock",
        fetch: "cargo xtask fetch --all --schemas DIR",
    };
    let documents = workspace::layout(args.schemas.as_deref()).documents;
    serve(&args.server, Some(documents), commands)
}
