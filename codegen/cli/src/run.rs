//! `cargo fal run`: runs a model from the terminal.
//!
//! The input is checked against the model's document before anything is uploaded or paid for.

mod call;
mod describe;
mod input;
pub(crate) mod outputs;
pub(crate) mod schema;
pub(crate) mod upload;

use crate::{
    Error, Outcome,
    commands::{CrateArgs, page::fetched},
    fetch::Servers,
    ids,
    output::print,
    runtime,
    schemas::Layout,
};
use call::Ended;
use clap::{Args as _, Command};
use fal_codegen::source::EndpointId;
use fal_sdk::Client;
use input::Input;
use schema::Options;
use serde_json::{Value, json};
use std::{env, fs, path::PathBuf};

/// Run a model.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The model's schema decides how a value is read: as a number, a boolean, text, or, for lists and objects, as JSON. An option that is given \
more than once is a list. `@FILE` uploads a file and passes its URL; write `@@` for a value that starts with @. The key is read from FAL_KEY.

Exit codes: 0 the output was printed, 1 the job failed or was refused, 2 bad usage or bad input (nothing was sent), 130 interrupted (the \
job was cancelled, if that was still possible).

Examples:
  cargo fal run fal-ai/flux/dev --help                         the options of the model
  cargo fal run fal-ai/flux/dev prompt=\"a lighthouse\" -o out   run it, and keep its files in out
  cargo fal run ID image_url=@in.png prompt=night --json       with a file, for a script
  cargo fal run ID --input input.json seed=7                   the input from a file")]
pub struct Args {
    /// The id of a model, or the URL of its page
    #[arg(value_name = "ID|URL", required_unless_present = "help")]
    model: Option<String>,
    /// The model's options
    #[arg(value_name = "KEY=VALUE")]
    options: Vec<String>,
    /// Read the input as a JSON object from a file, or from standard input (`-`); options on the command line replace its own
    #[arg(long, value_name = "FILE|-")]
    input: Option<PathBuf>,
    /// Download the files of the output into a folder
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Print the result as one line of JSON: output, request id, files
    #[arg(long)]
    json: bool,
    /// Show the options of the model, or this help
    #[arg(short, long)]
    help: bool,
    #[command(flatten)]
    krate: CrateArgs,
    #[command(flatten)]
    servers: Servers,
}

/// Runs the model, and prints its output.
///
/// # Errors
///
/// If the input is not valid for the model, or there is no key; nothing was sent then.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let Some(model) = &args.model else {
        return help();
    };
    let id = ids::parse(model)?;
    if args.help {
        let text = with_document(&args.krate, &args.servers, &id, |layout| {
            describe::describe(&id, layout)
        })?;
        print(&text)?;
        return Ok(Outcome::Good);
    }
    let schema = with_document(&args.krate, &args.servers, &id, |layout| {
        Options::read(&id, layout)
    })?;
    let input = Input::read(args.input.as_deref(), &args.options, &schema)?;
    let client = client()?;
    if let Some(folder) = &args.output {
        fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
    }
    runtime()?.block_on(async {
        let ended = call::call(&client, &id, input).await?;
        finish(args, &client, &id, ended).await
    })
}

async fn finish(
    args: &Args,
    client: &Client,
    id: &EndpointId,
    ended: Ended,
) -> Result<Outcome, Error> {
    match ended {
        Ended::Interrupted => Ok(Outcome::Interrupted),
        Ended::Failed(error) => {
            eprintln!("error: {error}");
            if args.json {
                let request = error.request_id();
                let report = json!({"endpoint": id.as_str(), "request_id": request, "error": error.to_string()});
                print(&format!("{report}\n"))?;
            }
            Ok(Outcome::NeedsAttention)
        }
        Ended::Output(detailed) => {
            let output: &Value = &detailed.raw;
            let files = match &args.output {
                Some(folder) => outputs::download(client, output, folder).await?,
                None => Vec::new(),
            };
            let shown: Vec<_> = files
                .iter()
                .map(|file| file.display().to_string())
                .collect();
            if args.json {
                let report = json!({
                    "endpoint": id.as_str(),
                    "request_id": detailed.request_id,
                    "output": output,
                    "files": shown,
                    "billable_units": detailed.billable_units,
                });
                print(&format!("{report}\n"))?;
            } else {
                print(&format!("{output:#}\n"))?;
                shown.iter().for_each(|file| eprintln!("saved {file}"));
            }
            Ok(Outcome::Good)
        }
    }
}

/// The client of the environment.
pub(crate) fn client() -> Result<Client, Error> {
    if env::var_os("FAL_KEY").is_none_or(|key| key.is_empty()) {
        return Err(Error::new("there is no key: FAL_KEY is not set").help(
            "set it to a key from https://fal.ai/dashboard/keys; with `cargo fal mock` and FAL_BASE_URL any key will do; \
             nothing was sent",
        ));
    }
    Client::from_env().map_err(|error| {
        Error::new(error.to_string())
            .help("nothing was sent; with `cargo fal mock` and FAL_BASE_URL any key will do")
    })
}

/// Calls `with` with the document of a model: that of the crate, else one that is fetched and not stored.
pub(crate) fn with_document<T>(
    krate: &CrateArgs,
    servers: &Servers,
    id: &EndpointId,
    with: impl FnOnce(&Layout) -> Result<T, Error>,
) -> Result<T, Error> {
    match krate.layout_with(id) {
        Some(layout) => with(&layout),
        None => fetched(id, servers, with),
    }
}

/// The help of the command itself.
fn help() -> Result<Outcome, Error> {
    let command = Args::augment_args(Command::new("run").bin_name("cargo fal run"));
    let mut command = command.about("Run a model").disable_help_flag(true);
    print(&command.render_help().to_string())?;
    Ok(Outcome::Good)
}
