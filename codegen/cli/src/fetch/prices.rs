//! Fetches prices from the pricing route of the platform API.

use super::{
    http::Failure,
    platform::{MAX_IDS, Platform},
};
use crate::schemas::lock::Price;
use fal_codegen::source::EndpointId;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::Value;
use std::collections::BTreeMap;

/// The prices of these endpoints. Endpoints without a price are left out.
///
/// # Errors
///
/// If a request fails. The known prices are then kept.
pub(super) async fn fetch(
    platform: &Platform,
    ids: &[&EndpointId],
) -> Result<BTreeMap<String, Price>, Failure> {
    let Some((first, rest)) = ids
        .split_at_checked(MAX_IDS.min(ids.len()))
        .filter(|_| !ids.is_empty())
    else {
        return Ok(BTreeMap::new());
    };
    // The first request shows whether the caller may see prices at all.
    let mut prices = fetch_chunk(platform, first.to_vec()).await?;
    let calls = rest
        .chunks(MAX_IDS)
        .map(|chunk| fetch_chunk(platform, chunk.to_vec()));
    let all: Vec<_> = stream::iter(calls)
        .buffer_unordered(MAX_IDS)
        .try_collect()
        .await?;
    prices.extend(all.into_iter().flatten());
    Ok(prices)
}

/// The most requests for one chunk, which are enough to find two unknown ids among fifty. The limit matters if the route does not
/// exist, because it then answers as for unknown ids.
const MAX_CALLS: usize = 24;

/// Fetches the prices of a chunk. If the platform refuses the request because it does not know an id, both halves of the chunk are
/// requested, and so on until that id is found.
async fn fetch_chunk(
    platform: &Platform,
    ids: Vec<&EndpointId>,
) -> Result<BTreeMap<String, Price>, Failure> {
    let mut prices = BTreeMap::new();
    let mut pending = vec![ids];
    let mut calls = 0;
    while let Some(mut ids) = pending.pop() {
        let query: Vec<_> = ids.iter().map(|id| ("endpoint_id", id.as_str())).collect();
        calls += 1;
        match platform.pages("models/pricing", "prices", &query).await {
            Ok(items) => prices.extend(items.iter().filter_map(price)),
            Err(failure) if failure.is_missing() && ids.len() == 1 && calls < MAX_CALLS => {}
            Err(failure) if failure.is_missing() && calls < MAX_CALLS => {
                let half = ids.split_off(ids.len() / 2);
                pending.extend([ids, half]);
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(prices)
}

fn price(item: &Value) -> Option<(String, Price)> {
    let text = |key: &str| item[key].as_str().map(str::to_owned);
    let Value::Number(unit_price) = &item["unit_price"] else {
        return None;
    };
    let price = Price {
        unit: text("unit"),
        unit_price: Some(unit_price.clone()),
        currency: text("currency"),
        text: None,
    };
    Some((text("endpoint_id")?, price))
}
