//! `cargo fal search`: finds models by words.

use crate::{
    Error, Outcome,
    fetch::{FoundModel, Selection, Servers, search},
    ids,
    output::{print, printable},
    runtime,
    schemas::Layout,
};
use std::fmt::Write as _;

/// The longest text of the catalog that is shown, in characters.
const LONGEST: usize = 100;

/// Find models by words.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 models were found, 1 no model was found, 2 bad usage, or fal does not answer.

Examples:
  cargo fal search depth video           ask fal's catalog
  cargo fal search flux --offline        search without the network
  cargo fal search music --limit 50      show more")]
pub struct Args {
    /// The words to search for
    #[arg(value_name = "WORD", required = true)]
    words: Vec<String>,
    /// Search only the ids that were known when cargo-fal was built, without the network
    #[arg(long)]
    offline: bool,
    /// The most models to show
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    #[command(flatten)]
    servers: Servers,
}

/// Prints the models that were found, one per line.
///
/// # Errors
///
/// If the catalog does not answer.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let found: Vec<FoundModel> = match args.offline {
        true => known(args).collect(),
        false => {
            let options = args.servers.options(Selection::All, Layout::of(""))?;
            let words = args.words.join(" ");
            runtime()?.block_on(search(&options, &words, args.limit))?
        }
    };
    let mut text = String::new();
    for model in found.iter().take(args.limit) {
        let listing = model.listing.as_ref();
        let category = listing.and_then(|listing| listing.category.as_deref());
        let about = listing.and_then(|listing| listing.description.as_deref());
        let _ = writeln!(
            text,
            "{:<48} {:<18} {}",
            printable(&model.id, LONGEST),
            printable(category.unwrap_or_default(), LONGEST),
            printable(about.unwrap_or_default(), LONGEST)
        );
    }
    let text: String = text
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    print(&text)?;
    if found.is_empty() {
        eprintln!("no model was found; use fewer or other words");
        return Ok(Outcome::NeedsAttention);
    }
    Ok(Outcome::Good)
}

fn known(args: &Args) -> impl Iterator<Item = FoundModel> {
    ids::containing(&args.words).map(|id| FoundModel {
        id: id.to_owned(),
        listing: None,
    })
}
