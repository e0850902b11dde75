//! `cargo fal price`: shows what calls cost.

use crate::{
    Error, Outcome,
    fetch::{Selection, Servers, prices},
    ids,
    output::print,
    runtime,
    schemas::Layout,
};
use fal_codegen::source::EndpointId;
use std::fmt::Write as _;

/// Show what calls of models cost; needs a key.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 all prices are known, 1 a price is not known, 2 bad usage, or fal does not answer.

Examples:
  cargo fal price fal-ai/flux/dev                       one model
  cargo fal price fal-ai/flux/dev fal-ai/flux/schnell   two, to compare")]
pub struct Args {
    /// Ids of models, or URLs of their pages
    #[arg(value_name = "ID|URL", required = true)]
    models: Vec<String>,
    #[command(flatten)]
    servers: Servers,
}

/// Prints the prices, one per line.
///
/// # Errors
///
/// If the platform does not answer, or refuses the key.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let models = ids::parse_all(&args.models)?;
    let options = args.servers.options(Selection::All, Layout::of(""))?;
    let prices = runtime()?.block_on(prices(&options, &models))?;
    let mut text = String::new();
    for id in &models {
        let price = prices.get(id.as_str());
        let price = price.and_then(crate::schemas::lock::Price::amount);
        let _ = writeln!(
            text,
            "{id:<48} {}",
            price.as_deref().unwrap_or("no price is known")
        );
    }
    print(&text)?;
    let is_known = |id: &EndpointId| prices.contains_key(id.as_str());
    Ok(Outcome::of(models.iter().all(is_known)))
}
