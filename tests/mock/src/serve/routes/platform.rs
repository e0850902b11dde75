//! The platform API (fal's platform API document).

mod account;
mod files;
mod keys;
mod models;
mod paging;
mod pricing;
mod requests;
mod usage;

use hyper::StatusCode;

use crate::{
    http::reply::{Reply, platform_refusal},
    protocol::{host::Host, route::Route},
    serve::{
        access::Access,
        call::Call,
        context::Context,
        table::{
            Rows,
            method::{DELETE, GET, POST, PUT},
        },
    },
};

/// The time at which every job was submitted and every key was created.
const SUBMITTED_AT: &str = "2026-01-01T00:00:00Z";

pub(super) fn rows() -> Rows {
    let acl = "/v1/storage/files/acl";
    let settings = "/v1/storage/settings";
    let queue = "/v1/serverless/apps/{owner}/{name}/queue";
    let payloads = "/v1/models/requests/{request}/payloads";
    let host = Host::Platform;
    Rows::new(host, Access::Public)
        .now(GET, "/v1/models", Route::Models, models::models)
        .next(host, Access::PlatformKey)
        .now(GET, "/v1/models/pricing", Route::Pricing, pricing::prices)
        .now(
            POST,
            "/v1/models/pricing/estimate",
            Route::Estimate,
            pricing::estimate,
        )
        .now(
            GET,
            "/v1/models/analytics",
            Route::Analytics,
            usage::analytics,
        )
        .now(
            GET,
            "/v1/models/requests/by-endpoint",
            Route::Requests,
            requests::by_endpoint,
        )
        .now(
            GET,
            "/v1/models/requests/search",
            Route::RequestSearch,
            requests::search,
        )
        .now(GET, acl, Route::FileAcl, files::acl)
        .now(PUT, acl, Route::FileAcl, files::set_acl)
        .now(POST, "/v1/storage/files/sign", Route::FileSign, files::sign)
        .now(GET, settings, Route::StorageSettings, files::settings)
        .now(PUT, settings, Route::StorageSettings, files::set_settings)
        .now(GET, queue, Route::AppQueue, account::queue)
        .now(DELETE, queue, Route::AppQueue, account::flush)
        .next(host, Access::AdminKey)
        .now(GET, "/v1/models/usage", Route::Usage, usage::usage)
        .now(
            GET,
            "/v1/models/billing-events",
            Route::BillingEvents,
            usage::billing_events,
        )
        .now(
            DELETE,
            payloads,
            Route::DeletePayloads,
            requests::delete_payloads,
        )
        .now(GET, "/v1/keys", Route::Keys, keys::list)
        .now(POST, "/v1/keys", Route::Keys, keys::create)
        .now(DELETE, "/v1/keys/{key}", Route::Keys, keys::delete)
        .now(GET, "/v1/account/billing", Route::Billing, account::billing)
        .next(host, Access::Open)
        .now(GET, "/v1/meta", Route::Meta, account::meta)
}

/// The refusal of an invalid request.
fn invalid(message: impl AsRef<str>) -> Box<Reply> {
    platform_refusal(
        StatusCode::BAD_REQUEST,
        "validation_error",
        message.as_ref(),
    )
}

fn not_found(message: impl AsRef<str>) -> Box<Reply> {
    platform_refusal(StatusCode::NOT_FOUND, "not_found", message.as_ref())
}

/// The values of a parameter that may be repeated, and may hold several values separated by commas.
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
fn known_ids(context: &Context, call: &Call) -> Result<Vec<String>, Box<Reply>> {
    let ids = ids(call)?;
    if ids.is_empty() {
        return Err(invalid("endpoint_id: required"));
    }
    match ids.iter().find(|id| context.models.endpoint(id).is_none()) {
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
