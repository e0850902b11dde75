//! `cargo fal mcp`: offers chosen models to a language model, as the tools of a local MCP server.
//!
//! Only messages of the protocol are written to standard output.

mod budget;
mod call;
mod files;
mod offer;
mod server;

use crate::{
    Error, Outcome,
    commands::CrateArgs,
    fetch::Servers,
    ids,
    run::{client, schema::Options, with_document},
    runtime,
};
use budget::Budget;
use call::{Calls, Session};
use clap::ArgGroup;
use fal_codegen::source::EndpointId;
use files::Folders;
use offer::Offer;
use rmcp::ServiceExt as _;
use server::Server;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// Offer models to a language model, as a local MCP server over standard input and output.
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("cost").required(true).args(["budget", "unlimited"]))]
#[command(after_help = "\
Each model is a tool: its parameters are the schema of the model's input, and its description has the price. Inputs are checked before anything \
is uploaded or paid for. The key is read from FAL_KEY.

Before each call, its estimated cost is subtracted from the budget, so that calls that run at the same time cannot exceed it together. After the \
call, the billed cost replaces the estimate. Estimates come from earlier calls of the model, and can be far off. A model without a price is \
refused unless the budget is unlimited.

A local file is uploaded only if the language model names it as file:///…, and if it is in a folder given with --allow after symbolic links are \
resolved.

Examples:
  cargo fal mcp fal-ai/flux/dev --budget 2                    one model, for up to 2 USD
  cargo fal mcp ID URL --budget 5 --allow pictures -o out     two models, with uploads and downloads
  cargo fal mcp ID --unlimited                                without a budget

In the configuration of the language model's host:
  {\"command\": \"cargo\", \"args\": [\"fal\", \"mcp\", \"ID\", \"--budget\", \"2\"], \"env\": {\"FAL_KEY\": \"…\"}}")]
pub struct Args {
    /// The ids of the models that are offered, or the URLs of their pages
    #[arg(value_name = "ID|URL", required = true)]
    models: Vec<String>,
    /// The most that all calls of the session may cost together, in the currency of the models' prices
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true, value_parser = amount)]
    budget: Option<f64>,
    /// Let calls cost any amount
    #[arg(long)]
    unlimited: bool,
    /// Allow uploads from this folder and the folders in it; may be given more than once
    #[arg(long, value_name = "DIR")]
    allow: Vec<PathBuf>,
    /// Download the files of outputs into a folder; without it, results only have their URLs
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    krate: CrateArgs,
    #[command(flatten)]
    servers: Servers,
}

fn amount(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(amount) if amount.is_finite() && amount >= 0.0 => Ok(amount),
        _ => Err("an amount is a number such as 2 or 0.5".to_owned()),
    }
}

/// Runs the server until the host closes standard input.
///
/// # Errors
///
/// If a model does not exist, a folder cannot be used, or there is no key; nothing was paid for then.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let client = client()?;
    let folders = Folders::new(&args.allow)?;
    let output = args.output.as_deref().map(created).transpose()?;
    let mut models: Vec<(EndpointId, Options)> = Vec::new();
    for model in &args.models {
        let id = ids::parse(model)?;
        if models.iter().all(|(known, _)| *known != id) {
            let read = |layout: &_| Options::read(&id, layout);
            let options = with_document(&args.krate, &args.servers, &id, read)?;
            models.push((id, options));
        }
    }
    let runtime = runtime()?;
    let ended = runtime.block_on(async {
        let offers = Offer::of_models(&client, models, &folders, args.budget).await?;
        let session = Session {
            client,
            budget: Budget::new(args.budget),
            folders,
            output,
            calls: Calls::default(),
        };
        serve(Server { session, offers }).await
    });
    // A thread may still be reading standard input.
    runtime.shutdown_timeout(Duration::from_millis(100));
    ended
}

/// Creates a folder if there is none, and returns its absolute path, because the language model does not know the current folder of
/// this program.
fn created(folder: &Path) -> Result<PathBuf, Error> {
    let failed = |error| Error::file("create", folder, &error);
    fs::create_dir_all(folder).map_err(failed)?;
    fs::canonicalize(folder).map_err(failed)
}

async fn serve(server: Server) -> Result<Outcome, Error> {
    eprintln!("offering {}", server.describe());
    let calls = server.session.calls.clone();
    let failed = |error: String| Error::new(format!("the MCP session failed: {error}"));
    let service = server
        .serve(rmcp::transport::stdio())
        .await
        .map_err(|error| failed(error.to_string()))?;
    let stop = service.cancellation_token();
    let ended = async {
        tokio::select! {
            reason = service.waiting() => reason.map(|_| Outcome::Good),
            _ = tokio::signal::ctrl_c() => {
                stop.cancel();
                Ok(Outcome::Interrupted)
            }
        }
    };
    let ended = ended.await.map_err(|error| failed(error.to_string()));
    // The host is gone, so that nobody would receive the results.
    calls.cancel_all().await;
    ended
}
