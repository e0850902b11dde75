//! Usage, analytics and billing, counted over the jobs of the queue. Every job is one unit.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Map, Value, json};

use super::{SUBMITTED_AT, expansions, ids, invalid, known_ids, paging::Paging};
use crate::{
    http::reply::{Answer, ok},
    serve::{call::Call, context::Context},
    store::job::Job,
};

/// The start of the only bucket, which has every job.
const BUCKET: &str = "2026-01-01T00:00:00+00:00";

/// The completed jobs of these endpoints, or of all endpoints if none is given.
fn ended(context: &Context, ids: &[String]) -> BTreeMap<String, Vec<Arc<Job>>> {
    let mut jobs: BTreeMap<String, Vec<Arc<Job>>> = BTreeMap::new();
    let wanted = |job: &Arc<Job>| ids.is_empty() || ids.contains(&job.endpoint.id);
    for job in context.stores.jobs.all().into_iter().filter(wanted) {
        if job.outcome().is_some() {
            jobs.entry(job.endpoint.id.clone()).or_default().push(job);
        }
    }
    jobs
}

fn status(job: &Job) -> u16 {
    job.outcome().map_or(0, |outcome| outcome.status.as_u16())
}

/// The report, with `time_series` unless only the summary was requested.
fn report(call: &Call, expand: &[String], results: &[Value]) -> Answer {
    let has = |name: &str| expand.iter().any(|known| known == name);
    let paging = Paging::read(call, 1000)?;
    let bucket = json!({ "bucket": BUCKET, "results": results });
    let series: Vec<Value> = (!results.is_empty())
        .then_some(bucket)
        .into_iter()
        .collect();
    let mut body = paging.body("time_series", &series);
    if has("summary") {
        body["summary"] = json!(results);
        if let Some(object) = body.as_object_mut().filter(|_| !has("time_series")) {
            object.remove("time_series");
        }
    }
    ok(&body)
}

pub(super) fn usage(context: &Context, call: &Call) -> Answer {
    let known = [
        "time_series",
        "summary",
        "auth_method",
        "auth_method_structured",
    ];
    let expand = expansions(call, &known)?;
    let named = expand.iter().any(|name| name == "auth_method");
    let mut results = Vec::new();
    for (id, jobs) in ended(context, &ids(call)?) {
        let quantity = jobs.iter().filter(|job| status(job) == 200).count();
        if quantity == 0 {
            continue;
        }
        let mut result = costs(context, &id, quantity);
        result["cost"] = result["cost_total"].clone();
        result["endpoint_id"] = json!(id);
        result["unit"] = json!(context.models.price(&id).unit);
        result["quantity"] = json!(quantity);
        result["currency"] = json!("USD");
        if named {
            result["auth_method"] = json!("Mock Key");
        }
        results.push(result);
    }
    report(call, &expand, &results)
}

/// The cost of a number of units, without a discount.
fn costs(context: &Context, endpoint: &str, quantity: usize) -> Value {
    let unit_price = context.models.price(endpoint).unit_price;
    let total = f64::from(u32::try_from(quantity).unwrap_or(u32::MAX)) * unit_price;
    json!({
        "unit_price": unit_price,
        "percent_discount": null,
        "cost_subtotal": total,
        "cost_discount": 0.0,
        "cost_total": total,
    })
}

const COUNTS: [&str; 4] = [
    "request_count",
    "success_count",
    "user_error_count",
    "error_count",
];
const ZEROS: [&str; 13] = [
    "startup_error_count",
    "connection_error_count",
    "timeout_error_count",
    "runtime_error_count",
    "cold_boot_count",
    "p50_prepare_duration",
    "p75_prepare_duration",
    "p90_prepare_duration",
    "p95_prepare_duration",
    "p99_prepare_duration",
    "p50_cold_boot_duration",
    "p75_cold_boot_duration",
    "p90_cold_boot_duration",
];
const DURATIONS: [&str; 7] = [
    "p25_duration",
    "p50_duration",
    "p75_duration",
    "p90_duration",
    "p95_duration",
    "p99_duration",
    "total_billable_duration",
];

/// Analytics. The request has to name at least one metric, and a form of the report.
pub(super) fn analytics(context: &Context, call: &Call) -> Answer {
    let ids = known_ids(context, call)?;
    let metrics: Vec<&str> = [&COUNTS[..], &ZEROS, &DURATIONS].concat();
    let expand = expansions(call, &[&["time_series", "summary"], &metrics[..]].concat())?;
    let asked = |name: &&str| expand.iter().any(|known| known == *name);
    if !["time_series", "summary"].iter().any(asked) || !metrics.iter().any(asked) {
        return Err(invalid(
            "expand: needs time_series or summary, and at least one metric",
        ));
    }
    let mut results = Vec::new();
    for (id, jobs) in ended(context, &ids) {
        let chosen = metrics.iter().copied().filter(asked);
        let mut result: Map<String, Value> = chosen
            .map(|name| (name.to_owned(), metric(name, &jobs)))
            .collect();
        result.insert("endpoint_id".to_owned(), json!(id));
        results.push(Value::Object(result));
    }
    report(call, &expand, &results)
}

fn metric(name: &str, jobs: &[Arc<Job>]) -> Value {
    let count = |low: u16, high: u16| {
        jobs.iter()
            .filter(|job| (low..high).contains(&status(job)))
            .count()
    };
    match name {
        "request_count" => json!(jobs.len()),
        "success_count" => json!(count(200, 300)),
        "user_error_count" => json!(count(400, 500)),
        "error_count" => json!(count(500, 600)),
        "total_billable_duration" => json!(jobs.iter().map(|job| job.run_seconds()).sum::<f64>()),
        _ => {
            let percent = name
                .strip_suffix("_duration")
                .and_then(|name| name.strip_prefix('p'));
            let percent = percent.and_then(|percent| percent.parse().ok());
            // Jobs here do not boot, and do not fail before they run.
            percent.map_or(json!(0), |percent| percentile(jobs, percent))
        }
    }
}

/// The percentile of the scripted run times, by nearest rank.
fn percentile(jobs: &[Arc<Job>], percent: usize) -> Value {
    let mut times: Vec<f64> = jobs.iter().map(|job| job.run_seconds()).collect();
    times.sort_by(f64::total_cmp);
    let rank = (times.len() * percent).div_ceil(100).max(1) - 1;
    json!(times.get(rank))
}

pub(super) fn billing_events(context: &Context, call: &Call) -> Answer {
    let paging = Paging::read(call, 10_000)?;
    let wanted = call.request.query_param("request_id");
    let mut events = Vec::new();
    for (id, jobs) in ended(context, &ids(call)?) {
        let paid = jobs.iter().filter(|job| status(job) == 200);
        for job in paid.filter(|job| wanted.as_ref().is_none_or(|wanted| *wanted == job.id)) {
            let mut event = costs(context, &id, 1);
            let nanos = context.models.price(&id).unit_price * 1e9;
            event["request_id"] = json!(job.id);
            event["endpoint_id"] = json!(id);
            event["timestamp"] = json!(SUBMITTED_AT);
            event["output_units"] = json!(1);
            event["cost_estimate_nano_usd"] = json!(nanos.round());
            events.push(event);
        }
    }
    ok(&paging.body("billing_events", &events))
}
