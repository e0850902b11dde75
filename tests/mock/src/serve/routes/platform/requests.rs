//! Past requests: the jobs of the queue.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{SUBMITTED_AT, expansions, ids, invalid, known_ids, not_found, paging::Paging};
use crate::{
    http::reply::{Answer, ok},
    protocol::host::Host,
    serve::{call::Call, context::Context},
    store::job::Job,
};

fn item(job: &Job, payloads: bool) -> Value {
    let outcome = job.outcome();
    let mut item = json!({
        "request_id": job.id,
        "endpoint_id": job.endpoint.id,
        "sent_at": SUBMITTED_AT,
        "started_at": SUBMITTED_AT,
    });
    if let Some(outcome) = outcome {
        item["ended_at"] = json!(SUBMITTED_AT);
        item["status_code"] = json!(outcome.status.as_u16());
        item["duration"] = json!(job.run_seconds());
    }
    if payloads && !job.payloads_deleted() {
        item["json_input"] = serde_json::from_slice(&job.input).unwrap_or_default();
        item["json_output"] = outcome
            .and_then(|outcome| serde_json::from_slice(&outcome.body).ok())
            .unwrap_or_default();
    }
    item
}

/// Whether the job has completed with `status`.
fn has_status(job: &Job, status: &str) -> bool {
    let code = job.outcome().map_or(0, |outcome| outcome.status.as_u16());
    match status {
        "success" => (200..300).contains(&code),
        "user_error" => (400..500).contains(&code),
        _ => code >= 500,
    }
}

pub(super) fn by_endpoint(context: &Context, call: &Call) -> Answer {
    let ids = known_ids(context, call)?;
    let payloads = !expansions(call, &["payloads"])?.is_empty();
    let paging = Paging::read(call, 100)?;
    let status = call.request.query_param("status");
    if let Some(other) = status
        .as_ref()
        .filter(|status| !["success", "error", "user_error"].contains(&status.as_str()))
    {
        return Err(invalid(format!(
            "status: `{other}` is none of success, error, user_error"
        )));
    }
    let sort = call
        .request
        .query_param("sort_by")
        .unwrap_or_else(|| "ended_at".to_owned());
    if !["ended_at", "duration"].contains(&sort.as_str()) {
        return Err(invalid(format!(
            "sort_by: `{sort}` is neither ended_at nor duration"
        )));
    }
    let wanted = |job: &Arc<Job>| {
        ids.contains(&job.endpoint.id)
            && status.as_ref().is_none_or(|status| has_status(job, status))
            && call
                .request
                .query_param("request_id")
                .is_none_or(|id| id == job.id)
    };
    let mut jobs: Vec<Arc<Job>> = context
        .stores
        .jobs
        .all()
        .into_iter()
        .filter(wanted)
        .collect();
    jobs.reverse();
    if sort == "duration" {
        jobs.sort_by(|one, two| two.run_seconds().total_cmp(&one.run_seconds()));
    }
    let items: Vec<Value> = jobs.iter().map(|job| item(job, payloads)).collect();
    ok(&paging.body("items", &items))
}

/// Finds jobs whose input contains the text. fal searches by meaning.
pub(super) fn search(context: &Context, call: &Call) -> Answer {
    let ids = ids(call)?;
    let paging = Paging::read(call, 100)?;
    let param = |name: &str| call.request.query_param(name);
    let words = param("query")
        .or_else(|| param("image_url"))
        .or_else(|| param("video_url"));
    let holds = |job: &Job, words: &str| {
        String::from_utf8_lossy(&job.input)
            .to_lowercase()
            .contains(&words.to_lowercase())
    };
    let wanted = |job: &Arc<Job>| {
        (ids.is_empty() || ids.contains(&job.endpoint.id))
            && words.as_ref().is_none_or(|words| holds(job, words))
    };
    let jobs = context.stores.jobs.all().into_iter().rev().filter(wanted);
    let result = |job: Arc<Job>| {
        let mut result = item(&job, false);
        if words.is_some() {
            result["similarity"] = json!(1.0);
        }
        result
    };
    let results: Vec<Value> = jobs.map(result).collect();
    ok(&paging.body("results", &results))
}

/// Deletes the input and output of a job, and the files of its output that were uploaded to this server.
pub(super) fn delete_payloads(context: &Context, call: &Call) -> Answer {
    let job = context
        .stores
        .jobs
        .get(call.param("request"))
        .ok_or_else(|| not_found("Request not found"))?;
    let cdn = format!("{}/files/", call.origin.base(Host::Cdn));
    let output = job
        .outcome()
        .and_then(|outcome| serde_json::from_slice(&outcome.body).ok())
        .unwrap_or_default();
    let mut links = Vec::new();
    collect_links(&output, &cdn, &mut links);
    for link in &links {
        context.stores.files.remove(link.trim_start_matches(&cdn));
    }
    job.delete_payloads();
    let results: Vec<Value> = links
        .iter()
        .map(|link| json!({ "link": link, "exception": null }))
        .collect();
    ok(&json!({ "cdn_delete_results": results }))
}

fn collect_links(value: &Value, cdn: &str, links: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with(cdn) => links.push(text.clone()),
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_links(item, cdn, links)),
        Value::Object(object) => object
            .values()
            .for_each(|value| collect_links(value, cdn, links)),
        _ => {}
    }
}
