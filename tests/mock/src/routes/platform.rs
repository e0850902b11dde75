//! The platform API (fal's platform API document): its table, and what its routes share.

mod account;
mod files;
mod keys;
mod models;
mod paging;
mod pricing;
mod requests;
mod usage;

pub(crate) use pricing::Price;

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    call::Call,
    hosts::Host,
    reply::{Answer, Reply},
    route::{Access, Entry, Handler, Route},
};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

pub(super) const ROUTES: &[Entry] = &[
    row(
        GET,
        "/v1/models",
        Route::Models,
        Access::Public,
        models::models,
    ),
    row(
        GET,
        "/v1/models/pricing",
        Route::Pricing,
        Access::PlatformKey,
        pricing::prices,
    ),
    row(
        POST,
        "/v1/models/pricing/estimate",
        Route::Estimate,
        Access::PlatformKey,
        pricing::estimate,
    ),
    row(
        GET,
        "/v1/models/usage",
        Route::Usage,
        Access::AdminKey,
        usage::usage,
    ),
    row(
        GET,
        "/v1/models/analytics",
        Route::Analytics,
        Access::PlatformKey,
        usage::analytics,
    ),
    row(
        GET,
        "/v1/models/billing-events",
        Route::BillingEvents,
        Access::AdminKey,
        usage::billing_events,
    ),
    row(
        GET,
        "/v1/models/requests/by-endpoint",
        Route::Requests,
        Access::PlatformKey,
        requests::by_endpoint,
    ),
    row(
        GET,
        "/v1/models/requests/search",
        Route::RequestSearch,
        Access::PlatformKey,
        requests::search,
    ),
    row(
        DELETE,
        "/v1/models/requests/{request}/payloads",
        Route::DeletePayloads,
        Access::AdminKey,
        requests::delete_payloads,
    ),
    row(
        GET,
        "/v1/storage/files/acl",
        Route::FileAcl,
        Access::PlatformKey,
        files::acl,
    ),
    row(
        PUT,
        "/v1/storage/files/acl",
        Route::FileAcl,
        Access::PlatformKey,
        files::set_acl,
    ),
    row(
        POST,
        "/v1/storage/files/sign",
        Route::FileSign,
        Access::PlatformKey,
        files::sign,
    ),
    row(
        GET,
        "/v1/storage/settings",
        Route::StorageSettings,
        Access::PlatformKey,
        files::settings,
    ),
    row(
        PUT,
        "/v1/storage/settings",
        Route::StorageSettings,
        Access::PlatformKey,
        files::set_settings,
    ),
    row(GET, "/v1/keys", Route::Keys, Access::AdminKey, keys::list),
    row(
        POST,
        "/v1/keys",
        Route::Keys,
        Access::AdminKey,
        keys::create,
    ),
    row(
        DELETE,
        "/v1/keys/{key}",
        Route::Keys,
        Access::AdminKey,
        keys::delete,
    ),
    row(
        GET,
        "/v1/account/billing",
        Route::Billing,
        Access::AdminKey,
        account::billing,
    ),
    row(
        GET,
        "/v1/serverless/apps/{owner}/{name}/queue",
        Route::AppQueue,
        Access::PlatformKey,
        account::queue,
    ),
    row(
        DELETE,
        "/v1/serverless/apps/{owner}/{name}/queue",
        Route::AppQueue,
        Access::PlatformKey,
        account::flush,
    ),
    row(GET, "/v1/meta", Route::Meta, Access::Open, account::meta),
];

const fn row(
    method: Method,
    pattern: &'static str,
    route: Route,
    access: Access,
    handler: fn(&Call) -> Answer,
) -> Entry {
    Entry {
        host: Host::Platform,
        method,
        pattern,
        route,
        access,
        handler: Handler::Now(handler),
    }
}

/// The platform's envelope.
fn error(status: StatusCode, kind: &str, message: &str) -> Box<Reply> {
    Reply::json(
        status,
        &json!({ "error": { "type": kind, "message": message } }),
    )
    .into()
}

/// A request that makes no sense.
fn invalid(message: impl AsRef<str>) -> Box<Reply> {
    error(
        StatusCode::BAD_REQUEST,
        "validation_error",
        message.as_ref(),
    )
}

fn not_found(message: impl AsRef<str>) -> Box<Reply> {
    error(StatusCode::NOT_FOUND, "not_found", message.as_ref())
}

fn ok(body: &Value) -> Answer {
    Ok(Reply::json(StatusCode::OK, body))
}

/// A parameter that may be repeated or hold several values between commas.
fn list(call: &Call, name: &str) -> Vec<String> {
    let values: Vec<_> = call.request.query_params(name).collect();
    let values = values.iter().flat_map(|value| value.split(','));
    values
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The ids in `endpoint_id`, at most 50.
fn ids(call: &Call) -> Result<Vec<String>, Box<Reply>> {
    let ids = list(call, "endpoint_id");
    if ids.len() > 50 {
        return Err(invalid(format!(
            "endpoint_id: at most 50 ids, got {}",
            ids.len()
        )));
    }
    Ok(ids)
}

/// The ids in `endpoint_id`, at least one, each of an endpoint that is served.
fn known_ids(call: &Call) -> Result<Vec<String>, Box<Reply>> {
    let ids = ids(call)?;
    if ids.is_empty() {
        return Err(invalid("endpoint_id: required"));
    }
    match ids.iter().find(|id| call.shared.endpoint(id).is_none()) {
        Some(id) => Err(not_found(format!("Endpoint `{id}` not found"))),
        None => Ok(ids),
    }
}

/// The values of `expand`, each one of `known`.
fn expansions(call: &Call, known: &[&str]) -> Result<Vec<String>, Box<Reply>> {
    let asked = list(call, "expand");
    match asked.iter().find(|name| !known.contains(&name.as_str())) {
        Some(other) => Err(invalid(format!(
            "expand: unknown value `{other}`; known are {}",
            known.join(", ")
        ))),
        None => Ok(asked),
    }
}
