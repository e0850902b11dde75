//! Queries the catalog without storing anything: models by words, and prices.

use super::{
    Options,
    http::Failure,
    platform::{FoundModel, Platform},
    prices::fetch,
    report::UNANSWERED,
};
use crate::{Error, schemas::lock::Price};
use fal_codegen::source::EndpointId;
use std::collections::BTreeMap;

/// The models that the platform finds for a text, in its order, at most `limit`.
///
/// # Errors
///
/// If the platform does not answer.
pub async fn search(
    options: &Options,
    words: &str,
    limit: usize,
) -> Result<Vec<FoundModel>, Error> {
    let platform = Platform::new(options)?;
    let found = platform.search(words, limit).await;
    found.map_err(|failure| unanswered(options, &failure))
}

/// The prices of calls of these endpoints, by id. Endpoints without a price are left out.
///
/// # Errors
///
/// If the platform does not answer, or shows prices to callers with a key only.
pub async fn prices(
    options: &Options,
    ids: &[EndpointId],
) -> Result<BTreeMap<String, Price>, Error> {
    let platform = Platform::new(options)?;
    let prices = fetch(&platform, &ids.iter().collect::<Vec<_>>()).await;
    prices.map_err(|failure| match failure.is_refusal() {
        true => Error::new(format!("the platform does not show prices: {}", failure.reason)).help(
            "set FAL_KEY to a key from https://fal.ai/dashboard/keys; prices are also on each model's page at https://fal.ai/models",
        ),
        false => unanswered(options, &failure),
    })
}

fn unanswered(options: &Options, failure: &Failure) -> Error {
    Error::new(format!(
        "{} does not answer: {}",
        options.api_url, failure.reason
    ))
    .help(UNANSWERED)
}
