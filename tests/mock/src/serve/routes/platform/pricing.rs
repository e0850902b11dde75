//! Prices and estimates.

use serde_json::{Map, Value, json};

use super::{invalid, known_ids, not_found};
use crate::{
    http::reply::{Answer, Reply, ok},
    serve::{call::Call, context::Context},
};

pub(super) fn prices(context: &Context, call: &Call) -> Answer {
    let entry = |id: &String| {
        let price = context.models.price(id);
        json!({ "endpoint_id": id, "unit_price": price.unit_price, "unit": price.unit, "currency": "USD" })
    };
    let prices: Vec<Value> = known_ids(context, call)?.iter().map(entry).collect();
    ok(&json!({ "prices": prices, "next_cursor": null, "has_more": false }))
}

/// Estimates costs. A call is one unit, so that both kinds of estimate can be checked by hand.
pub(super) fn estimate(context: &Context, call: &Call) -> Answer {
    let body = call
        .json()
        .ok_or_else(|| invalid("the body is not valid JSON"))?;
    let kind = body
        .get("estimate_type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let (key, least) = match kind {
        "historical_api_price" => ("call_quantity", 1.0),
        "unit_price" => ("unit_quantity", 1e-6),
        other => {
            let words =
                format!("estimate_type: `{other}` is neither historical_api_price nor unit_price");
            return Err(invalid(words));
        }
    };
    let endpoints = body
        .get("endpoints")
        .and_then(Value::as_object)
        .filter(|endpoints| !endpoints.is_empty());
    let total = total(
        context,
        endpoints.ok_or_else(|| invalid("endpoints: required"))?,
        key,
        least,
    )?;
    ok(&json!({ "estimate_type": kind, "total_cost": total, "currency": "USD" }))
}

fn total(
    context: &Context,
    endpoints: &Map<String, Value>,
    key: &str,
    least: f64,
) -> Result<f64, Box<Reply>> {
    let cost = |(id, asked): (&String, &Value)| {
        if context.models.endpoint(id).is_none() {
            return Err(not_found(format!("Endpoint `{id}` not found")));
        }
        let quantity = asked
            .get(key)
            .and_then(Value::as_f64)
            .filter(|quantity| *quantity >= least);
        let quantity = quantity
            .ok_or_else(|| invalid(format!("endpoints.{id}.{key}: a number from {least}")))?;
        Ok(quantity * context.models.price(id).unit_price)
    };
    endpoints.iter().map(cost).sum()
}
