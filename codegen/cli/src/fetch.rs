//! Fetches documents from fal.
//!
//! The platform API lists the catalog and returns up to 50 documents per request. A document that it does not return is
//! requested from the single-document URL. A stored document is only ever replaced as a whole, by a valid one. A journal
//! records which documents a run has stored, so that a run that was killed is continued by the next one.

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
pub use catalog::{prices, search};
pub use options::{Key, Options, Selection};
pub use platform::FoundModel;
pub use report::Report;
pub use run::run;

use crate::{Error, schemas::Layout};
use reqwest::Url;
use std::{env, num::NonZeroUsize};

/// The options that select the servers that documents are fetched from.
#[derive(Debug, Clone, clap::Args)]
pub struct Servers {
    /// The URL of the platform API; `FAL_KEY`, if it is set, is sent to no other server [default: api.fal.ai, or below FAL_BASE_URL]
    #[arg(long, value_name = "URL")]
    pub api_url: Option<Url>,
    /// The URL of single documents, to whose query the id is added [default: fal.ai, or below FAL_BASE_URL]
    #[arg(long, value_name = "URL")]
    pub openapi_url: Option<Url>,
    /// The number of requests to each server at the same time
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
        let (api, openapi) = self.addresses()?;
        Ok(Options {
            jobs: self.jobs,
            key: Key::from_env()?,
            progress: true,
            ..Options::new(selection, api, openapi, layout)
        })
    }

    /// Whether one of the servers has an https URL, for which the feature `tls` is needed.
    ///
    /// # Errors
    ///
    /// If `FAL_BASE_URL` is not a URL.
    pub fn need_tls(&self) -> Result<bool, Error> {
        let (api, openapi) = self.addresses()?;
        Ok([api, openapi].iter().any(|url| url.scheme() == "https"))
    }

    /// The URLs of the platform API and of single documents.
    fn addresses(&self) -> Result<(Url, Url), Error> {
        let api = self
            .api_url
            .clone()
            .map_or_else(|| address("https://api.fal.ai/v1", "platform/v1"), Ok)?;
        let openapi = self.openapi_url.clone().map_or_else(
            || {
                address(
                    "https://fal.ai/api/openapi/queue/openapi.json",
                    "fal/api/openapi/queue/openapi.json",
                )
            },
            Ok,
        )?;
        Ok((api, openapi))
    }
}

/// A URL of fal, or its counterpart below `FAL_BASE_URL`, the URL of a server that stands in for all of fal's servers, which
/// `fal-sdk` reads, too.
fn address(known: &str, below: &str) -> Result<Url, Error> {
    let base = env::var("FAL_BASE_URL")
        .ok()
        .filter(|base| !base.is_empty());
    let text = match &base {
        Some(base) => format!("{}/{below}", base.trim_end_matches('/')),
        None => known.to_owned(),
    };
    Url::parse(&text).map_err(|error| {
        Error::new(format!("{text:?} is not a URL: {error}"))
            .help("correct FAL_BASE_URL, or unset it")
    })
}
