//! The control API: the methods of [`MockServer`](crate::MockServer) over HTTP, for tests that are not written in Rust.

use std::collections::HashMap;

use hyper::StatusCode;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    fault::Injection,
    http::reply::{self, Answer, Reply, ok},
    protocol::{host::Host, route::Route},
    script::Script,
    serve::{
        call::Call,
        context::Context,
        table::{Entry, rows},
    },
    store::records::RequestRecord,
};

pub(super) fn rows() -> Vec<Entry> {
    rows! {
        Control, Open => {
            GET "/" => Control, Now(index);
            POST "/scripts" => Control, Now(script);
            POST "/faults" => Control, Now(inject);
            GET "/faults" => Control, Now(faults);
            DELETE "/faults" => Control, Now(clear_faults);
            DELETE "/faults/{fault}" => Control, Now(remove_fault);
            GET "/requests" => Control, Now(requests);
            GET "/counters" => Control, Now(counters);
            GET "/jobs" => Control, Now(jobs);
            POST "/jobs/release" => Control, Now(release_all);
            POST "/jobs/{request}/release" => Control, Now(release);
            DELETE "/jobs/{request}" => Control, Now(expire);
            GET "/files" => Control, Now(files);
            GET "/messages" => Control, Now(messages);
            GET "/deliveries" => Control, Now(deliveries);
            POST "/documents" => Control, Now(document);
            POST "/tokens/revoke" => Control, Now(revoke);
            POST "/reset" => Control, Now(reset);
        }
    }
}

fn done() -> Answer {
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// The decoded body of a call.
fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Box<Reply>> {
    serde_json::from_slice(&call.bytes())
        .map_err(|error| refusal(StatusCode::BAD_REQUEST, &error.to_string()))
}

fn refusal(status: StatusCode, words: &str) -> Box<Reply> {
    reply::refusal(status, &format!("fal-mock: {words}"))
}

fn found(there: bool) -> Answer {
    if there {
        done()
    } else {
        Err(refusal(
            StatusCode::NOT_FOUND,
            "there is no such job or fault",
        ))
    }
}

fn index(_: &Context, call: &Call) -> Answer {
    let hosts = Host::FAL.into_iter().map(|host| {
        (
            host.prefix().to_owned(),
            Value::from(call.origin.base(host)),
        )
    });
    let routes: Vec<String> = rows().iter().map(Entry::line).collect();
    ok(&json!({ "hosts": hosts.collect::<serde_json::Map<_, _>>(), "control": routes }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptFor {
    /// The endpoint's id; without it, the script is the default script.
    #[serde(default)]
    endpoint: Option<String>,
    script: Script,
}

fn script(context: &Context, call: &Call) -> Answer {
    let ScriptFor { endpoint, script } = body(call)?;
    match endpoint {
        Some(endpoint) => context.models.set_script(&endpoint, script),
        None => context.models.set_default_script(script),
    }
    done()
}

fn inject(context: &Context, call: &Call) -> Answer {
    let injection: Injection = body(call)?;
    let injected = context.stores.faults.add(injection);
    Ok(Reply::json(
        StatusCode::CREATED,
        &json!({ "id": injected.id() }),
    ))
}

fn faults(context: &Context, _: &Call) -> Answer {
    let one = |(id, fired, injection): (u64, u64, Injection)| json!({ "id": id, "fired": fired, "injection": injection });
    let all: Vec<Value> = context.stores.faults.all().into_iter().map(one).collect();
    ok(&all)
}

fn clear_faults(context: &Context, _: &Call) -> Answer {
    context.stores.faults.clear();
    done()
}

fn remove_fault(context: &Context, call: &Call) -> Answer {
    let id = call.param("fault").parse();
    found(id.is_ok_and(|id| context.stores.faults.remove(id)))
}

/// Returns the recorded requests, or only those to the route in `?route=`.
fn requests(context: &Context, call: &Call) -> Answer {
    let route = call.request.query_param("route");
    let route = route
        .map(|name| serde_json::from_value::<Route>(Value::String(name)))
        .transpose();
    let route = route.map_err(|error| refusal(StatusCode::BAD_REQUEST, &error.to_string()))?;
    let all = context.stores.records.all();
    let wanted = all
        .iter()
        .filter(|request| route.is_none() || request.route == route);
    ok(&wanted.map(AsRef::as_ref).collect::<Vec<&RequestRecord>>())
}

fn counters(context: &Context, _: &Call) -> Answer {
    let records = &context.stores.records;
    let count = |route: &Route| (*route, records.count(*route));
    ok(&json!({
        "total": records.total(),
        "jobs_created": context.stores.jobs.created(),
        "routes": Route::ALL.iter().map(count).collect::<HashMap<_, _>>(),
    }))
}

fn jobs(context: &Context, _: &Call) -> Answer {
    ok(&context.stores.jobs.infos())
}

fn release_all(context: &Context, _: &Call) -> Answer {
    context.stores.jobs.release_all();
    done()
}

fn release(context: &Context, call: &Call) -> Answer {
    found(context.stores.jobs.release(call.param("request")))
}

fn expire(context: &Context, call: &Call) -> Answer {
    found(context.stores.jobs.remove(call.param("request")))
}

fn files(context: &Context, _: &Call) -> Answer {
    ok(&context.stores.files.infos())
}

fn messages(context: &Context, _: &Call) -> Answer {
    ok(&context.stores.records.messages())
}

fn deliveries(context: &Context, _: &Call) -> Answer {
    ok(&context.stores.deliveries.all())
}

/// Adds a document, whose endpoint is served from now on.
fn document(context: &Context, call: &Call) -> Answer {
    let document: Value = body(call)?;
    let added = context.models.add_document(&document);
    added.map_err(|error| refusal(StatusCode::BAD_REQUEST, &error.to_string()))?;
    done()
}

fn revoke(context: &Context, _: &Call) -> Answer {
    context.stores.tokens.revoke();
    done()
}

/// Removes requests, jobs, files, faults, tokens and deliveries. Documents, keys and scripts are kept.
fn reset(context: &Context, _: &Call) -> Answer {
    context.stores.reset();
    done()
}
