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
    serve::{
        call::Call,
        context::Context,
        table::{Entry, rows},
    },
};

/// The time at which every job was submitted and every key was created.
const SUBMITTED_AT: &str = "2026-01-01T00:00:00Z";

pub(super) fn rows() -> Vec<Entry> {
    rows! {
        Platform, Public => {
            GET "/v1/models" => Models, Now(models::models);
        }
        Platform, PlatformKey => {
            GET "/v1/models/pricing" => Pricing, Now(pricing::prices);
            POST "/v1/models/pricing/estimate" => Estimate, Now(pricing::estimate);
            GET "/v1/models/analytics" => Analytics, Now(usage::analytics);
            GET "/v1/models/requests/by-endpoint" => Requests, Now(requests::by_endpoint);
            GET "/v1/models/requests/search" => RequestSearch, Now(requests::search);
            GET "/v1/storage/files/acl" => FileAcl, Now(files::acl);
            PUT "/v1/storage/files/acl" => FileAcl, Now(files::set_acl);
            POST "/v1/storage/files/sign" => FileSign, Now(files::sign);
            GET "/v1/storage/settings" => StorageSettings, Now(files::settings);
            PUT "/v1/storage/settings" => StorageSettings, Now(files::set_settings);
            GET "/v1/serverless/apps/{owner}/{name}/queue" => AppQueue, Now(account::queue);
            DELETE "/v1/serverless/apps/{owner}/{name}/queue" => AppQueue, Now(account::flush);
        }
        Platform, AdminKey => {
            GET "/v1/models/usage" => Usage, Now(usage::usage);
            GET "/v1/models/billing-events" => BillingEvents, Now(usage::billing_events);
            DELETE "/v1/models/requests/{request}/payloads" => DeletePayloads, Now(requests::delete_payloads);
            GET "/v1/keys" => Keys, Now(keys::list);
            POST "/v1/keys" => Keys, Now(keys::create);
            DELETE "/v1/keys/{key}" => Keys, Now(keys::delete);
            GET "/v1/account/billing" => Billing, Now(account::billing);
        }
        Platform, Open => {
            GET "/v1/meta" => Meta, Now(account::meta);
        }
    }
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
