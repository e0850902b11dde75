//! `cargo fal mock`: the local server, serving the documents of the crate, recording or replaying.

use super::CrateArgs;
use crate::{
    Error, Outcome,
    mock::{Commands, ServerArgs, serve},
    recording::RecordingArgs,
};
use std::path::PathBuf;

/// Run a local server that stands in for fal, until it is interrupted.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Outside a crate, or if the crate has no documents, use `--any-app`, which serves any id and accepts any input.

Exit codes: 0 stopped by Ctrl-C, 1 a request could not be recorded, or did not match the recording, 2 bad usage or bad input.

Examples:
  cargo fal mock                      serve the crate's models on port 4010
  cargo fal mock --port 0 --any-app   use any free port, serve any id
  cargo fal mock --record tape        pass requests on to fal, and record them
  cargo fal mock --replay tape        answer the recorded requests, without fal and without a key

To run a program with this server: FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret cargo run")]
pub struct Args {
    #[command(flatten)]
    krate: CrateArgs,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    recording: RecordingArgs,
}

/// Runs the server until Ctrl-C.
///
/// # Errors
///
/// If the port is taken, the documents or the recording cannot be read, or the certificate or the recording cannot be written.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    if let Some(outcome) = args.recording.serve(args.server.port) {
        return outcome;
    }
    let commands = Commands {
        mock: "cargo fal mock",
        fetch: "cargo fal add ID",
    };
    serve(&args.server, documents(args)?, commands)
}

/// The folder of the crate's documents. With `--any-app`, there need not be documents or a crate.
fn documents(args: &Args) -> Result<Option<PathBuf>, Error> {
    let documents = args
        .krate
        .project()
        .map(|project| project.layout().documents);
    match documents {
        Ok(documents) if documents.is_dir() => Ok(Some(documents)),
        _ if args.server.any_app => Ok(None),
        Ok(documents) => Err(Error::new(format!(
            "there is no folder {} with documents of models",
            documents.display()
        ))
        .help(
            "add a model with `cargo fal add ID`, or serve any id with `cargo fal mock --any-app`",
        )),
        Err(error) => Err(error.or("serve any id with `cargo fal mock --any-app`")),
    }
}
