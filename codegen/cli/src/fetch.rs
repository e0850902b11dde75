//! Brings documents up to date.
//!
//! The platform API lists the catalog and hands out 50 documents a call; where its answer has no usable document, the
//! single-document URL is asked. A document is replaced whole, and only by a good one. What a killed run already
//! stored is in its journal, and the next run goes on from there.

mod backoff;
mod catalog;
mod chunk;
mod document;
mod http;
mod journal;
mod options;
mod platform;
mod prices;
mod report;
mod run;
mod select;

pub use backoff::Backoff;
pub use catalog::{Found, prices, search};
pub use options::{Key, Options, Selection};
pub use report::Report;
pub use run::run;

use crate::{Error, schemas::Layout};
use reqwest::Url;
use std::num::NonZeroUsize;

/// Where documents are fetched from.
#[derive(Debug, Clone, clap::Args)]
pub struct Servers {
    /// The platform API; `FAL_KEY`, if it is set, is sent to it and to nobody else
    #[arg(long, value_name = "URL", default_value = "https://api.fal.ai/v1")]
    pub api_url: Url,
    /// Where single documents are served; the id is added to its query
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://fal.ai/api/openapi/queue/openapi.json"
    )]
    pub openapi_url: Url,
    /// How many requests to each server run at once
    #[arg(long, value_name = "N", default_value = "4")]
    pub jobs: NonZeroUsize,
}

impl Servers {
    /// The options of a fetch of `selection` into a layout, with the key of `FAL_KEY` and a progress bar.
    ///
    /// # Errors
    ///
    /// If the key is malformed.
    pub fn options(&self, selection: Selection, layout: Layout) -> Result<Options, Error> {
        let (api, openapi) = (self.api_url.clone(), self.openapi_url.clone());
        Ok(Options {
            jobs: self.jobs,
            key: Key::from_env()?,
            progress: true,
            ..Options::new(selection, api, openapi, layout)
        })
    }
}
