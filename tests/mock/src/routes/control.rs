//! The mock's own control API, for clients that are not written in Rust: what [`MockServer`](crate::MockServer) does, over HTTP.

mod view;

use std::sync::PoisonError;

use hyper::{Method, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    call::Call,
    fault::Injection,
    hosts::Host,
    info::{FileInfo, JobInfo},
    reply::{Answer, Reply},
    route::{Access, Entry, Handler, Route},
    script::Script,
};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const DELETE: Method = Method::DELETE;

pub(super) const ROUTES: &[Entry] = &[
    row(GET, "/", index),
    row(POST, "/scripts", script),
    row(POST, "/faults", inject),
    row(GET, "/faults", faults),
    row(DELETE, "/faults", clear_faults),
    row(DELETE, "/faults/{fault}", remove_fault),
    row(GET, "/requests", requests),
    row(GET, "/counters", counters),
    row(GET, "/jobs", jobs),
    row(POST, "/jobs/release", release_all),
    row(POST, "/jobs/{request}/release", release),
    row(DELETE, "/jobs/{request}", expire),
    row(GET, "/files", files),
    row(GET, "/messages", messages),
    row(GET, "/deliveries", deliveries),
    row(POST, "/documents", document),
    row(POST, "/tokens/revoke", revoke),
    row(POST, "/reset", reset),
];

const fn row(method: Method, pattern: &'static str, handler: fn(&Call) -> Answer) -> Entry {
    Entry {
        host: Host::Control,
        method,
        pattern,
        route: Route::Control,
        access: Access::Open,
        handler: Handler::Now(handler),
    }
}

fn ok(body: &Value) -> Answer {
    Ok(Reply::json(StatusCode::OK, body))
}

fn done() -> Answer {
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// The body as what the route takes; the refusal says where it is not.
fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Box<Reply>> {
    serde_json::from_slice(&call.bytes())
        .map_err(|error| refusal(StatusCode::BAD_REQUEST, &error.to_string()))
}

fn refusal(status: StatusCode, words: &str) -> Box<Reply> {
    Reply::detail(status, &format!("fal-mock: {words}")).into()
}

fn found(there: bool) -> Answer {
    if there {
        done()
    } else {
        Err(refusal(StatusCode::NOT_FOUND, "no such thing"))
    }
}

fn index(call: &Call) -> Answer {
    let hosts = Host::served().map(|host| {
        (
            host.prefix().to_owned(),
            Value::from(call.origin.base(host)),
        )
    });
    let routes: Vec<String> = ROUTES
        .iter()
        .map(|row| format!("{} /__mock{}", row.method, row.pattern))
        .collect();
    ok(&json!({ "hosts": hosts.collect::<serde_json::Map<_, _>>(), "control": routes }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptFor {
    /// Every endpoint without a script of its own when absent.
    #[serde(default)]
    endpoint: Option<String>,
    script: Script,
}

fn script(call: &Call) -> Answer {
    let ScriptFor { endpoint, script } = body(call)?;
    match endpoint {
        Some(endpoint) => call.shared.set_script(&endpoint, script),
        None => call.shared.set_default_script(script),
    }
    done()
}

fn inject(call: &Call) -> Answer {
    let injection: Injection = body(call)?;
    let injected = call.shared.faults.add(injection);
    Ok(Reply::json(
        StatusCode::CREATED,
        &json!({ "id": injected.id() }),
    ))
}

fn faults(call: &Call) -> Answer {
    let one = |(id, fired, injection): (u64, u64, Injection)| json!({ "id": id, "fired": fired, "injection": injection });
    let all: Vec<Value> = call.shared.faults.all().into_iter().map(one).collect();
    ok(&json!(all))
}

fn clear_faults(call: &Call) -> Answer {
    call.shared.faults.clear();
    done()
}

fn remove_fault(call: &Call) -> Answer {
    let id = call.param("fault").parse();
    found(id.is_ok_and(|id| call.shared.faults.remove(id)))
}

/// All recorded requests, or those to `?route=submit`.
fn requests(call: &Call) -> Answer {
    let route = call.request.query_param("route");
    let route = route
        .map(|name| serde_json::from_value::<Route>(Value::String(name)))
        .transpose();
    let route = route.map_err(|error| refusal(StatusCode::BAD_REQUEST, &error.to_string()))?;
    let all = call.shared.recorder.all();
    let wanted = all
        .iter()
        .filter(|request| route.is_none() || request.route == route);
    ok(&wanted.map(|request| view::request(request)).collect())
}

fn counters(call: &Call) -> Answer {
    let recorder = &call.shared.recorder;
    let count = |route: &Route| Some((view::name(*route), Value::from(recorder.count(*route))));
    let routes: serde_json::Map<_, _> = Route::ALL.iter().filter_map(count).collect();
    ok(
        &json!({ "total": recorder.total(), "jobs_created": call.shared.jobs.created(), "routes": routes }),
    )
}

fn jobs(call: &Call) -> Answer {
    ok(&call
        .shared
        .jobs
        .all()
        .iter()
        .map(|job| view::job(&JobInfo::of(job)))
        .collect())
}

fn release_all(call: &Call) -> Answer {
    call.shared.jobs.all().iter().for_each(|job| job.release());
    done()
}

fn release(call: &Call) -> Answer {
    let job = call.shared.jobs.get(call.param("request"));
    found(job.map(|job| job.release()).is_some())
}

fn expire(call: &Call) -> Answer {
    let known = call.shared.jobs.get(call.param("request")).is_some();
    call.shared.jobs.remove(call.param("request"));
    found(known)
}

fn files(call: &Call) -> Answer {
    let files = call.shared.storage.files().into_iter();
    ok(&files
        .map(|(path, file)| view::file(&FileInfo::of(path, &file)))
        .collect())
}

fn messages(call: &Call) -> Answer {
    ok(&call
        .shared
        .recorder
        .messages()
        .iter()
        .map(view::message)
        .collect())
}

fn deliveries(call: &Call) -> Answer {
    ok(&call
        .shared
        .deliveries
        .all()
        .iter()
        .map(view::delivery)
        .collect())
}

/// Serves one more document.
fn document(call: &Call) -> Answer {
    let document: Value = body(call)?;
    let mut catalog = call
        .shared
        .catalog
        .write()
        .unwrap_or_else(PoisonError::into_inner);
    let added = catalog.add_value(&document);
    added.map_err(|error| refusal(StatusCode::BAD_REQUEST, &error.to_string()))?;
    done()
}

fn revoke(call: &Call) -> Answer {
    call.shared.tokens.revoke();
    done()
}

/// Forgets requests, jobs, files, faults, tokens and deliveries; documents, keys and scripts stay.
fn reset(call: &Call) -> Answer {
    call.shared.reset();
    done()
}
