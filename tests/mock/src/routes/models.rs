//! The platform's catalog, `GET /v1/models` (PROTOCOL §8).

use std::sync::{Arc, PoisonError};

use base64::{Engine, prelude::BASE64_STANDARD};
use hyper::{Method, StatusCode};
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};

use crate::{
    call::Call,
    documents::{Catalog, Endpoint},
    hosts::Host,
    reply::{Answer, Reply},
    route::{Access, Entry, Handler, Route},
};

pub(super) const ROUTES: &[Entry] = &[Entry {
    host: Host::Platform,
    method: Method::GET,
    pattern: "/v1/models",
    route: Route::Models,
    access: Access::Public,
    handler: Handler::Now(models),
}];

/// Entries on a page unless asked otherwise, and at most; fewer when documents are expanded.
const PAGE: usize = 50;
const LARGEST_PAGE: usize = 100;

#[derive(Serialize)]
struct Page<'c> {
    models: Vec<Model<'c>>,
    next_cursor: Option<String>,
    has_more: bool,
}

#[derive(Serialize)]
struct Model<'c> {
    endpoint_id: &'c str,
    metadata: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    openapi: Option<Expansion<'c>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enterprise_status: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Expansion<'c> {
    Document(&'c RawValue),
    Failed(Value),
}

/// What the query asks for.
struct Query {
    ids: Vec<String>,
    words: Option<String>,
    category: Option<String>,
    status: Option<String>,
    openapi: bool,
    enterprise: bool,
    limit: usize,
    /// The page's number, from 1.
    page: usize,
}

fn models(call: &Call) -> Answer {
    let query = Query::read(call).map_err(|message| invalid(&message))?;
    Ok(page(call, &query))
}

/// The platform's envelope for a request that makes no sense.
pub(super) fn invalid(message: &str) -> Reply {
    let body = json!({ "error": { "type": "validation_error", "message": message } });
    Reply::json(StatusCode::BAD_REQUEST, &body)
}

impl Query {
    fn read(call: &Call) -> Result<Self, String> {
        let ids = list(call, "endpoint_id");
        if ids.len() > 50 {
            return Err(format!("endpoint_id: at most 50 ids, got {}", ids.len()));
        }
        let expand = list(call, "expand");
        if let Some(other) = expand
            .iter()
            .find(|name| !["openapi-3.0", "enterprise_status"].contains(&name.as_str()))
        {
            return Err(format!(
                "expand: unknown value `{other}`; known are openapi-3.0, enterprise_status"
            ));
        }
        let status = call.request.query_param("status");
        if let Some(other) = status
            .as_ref()
            .filter(|status| !["active", "deprecated"].contains(&status.as_str()))
        {
            return Err(format!(
                "status: `{other}` is neither active nor deprecated"
            ));
        }
        let has = |name: &str| expand.iter().any(|known| known == name);
        Ok(Self {
            openapi: has("openapi-3.0"),
            enterprise: has("enterprise_status"),
            ids,
            words: call
                .request
                .query_param("q")
                .map(|words| words.to_lowercase()),
            category: call.request.query_param("category"),
            status,
            limit: limit(call)?,
            page: cursor(call)?,
        })
    }

    fn wants(&self, endpoint: &Endpoint) -> bool {
        let about = &endpoint.about;
        let holds = |words: &String| {
            let texts = [
                &endpoint.id,
                &about.title,
                &about.category,
                &about.description,
            ];
            texts.iter().any(|text| text.to_lowercase().contains(words))
        };
        endpoint.document.is_some()
            && (self.ids.is_empty() || self.ids.contains(&endpoint.id))
            && self.words.as_ref().is_none_or(holds)
            && self
                .category
                .as_ref()
                .is_none_or(|category| *category == about.category)
            && self.status.as_ref().is_none_or(|status| status == "active")
    }
}

/// A parameter that may be repeated or hold several values between commas.
pub(super) fn list(call: &Call, name: &str) -> Vec<String> {
    let values = call.request.query_params(name).collect::<Vec<_>>();
    let values = values.iter().flat_map(|value| value.split(','));
    values
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}

fn limit(call: &Call) -> Result<usize, String> {
    let Some(text) = call.request.query_param("limit") else {
        return Ok(PAGE);
    };
    let limit = text.parse().ok().filter(|limit| *limit > 0);
    let limit: usize =
        limit.ok_or_else(|| format!("limit: `{text}` is not a whole number above 0"))?;
    Ok(limit.min(LARGEST_PAGE))
}

/// Opaque to clients; it is the number of a page.
fn cursor(call: &Call) -> Result<usize, String> {
    let Some(text) = call.request.query_param("cursor") else {
        return Ok(1);
    };
    let number = BASE64_STANDARD
        .decode(&text)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let number = number
        .and_then(|number| number.parse().ok())
        .filter(|page| *page > 0);
    number.ok_or_else(|| format!("cursor: `{text}` is not a cursor of this API"))
}

fn page(call: &Call, query: &Query) -> Reply {
    let catalog = call
        .shared
        .catalog
        .read()
        .unwrap_or_else(PoisonError::into_inner);
    let wanted: Vec<&Arc<Endpoint>> = catalog
        .all()
        .filter(|endpoint| query.wants(endpoint))
        .collect();
    let start = (query.page - 1)
        .saturating_mul(query.limit)
        .min(wanted.len());
    let end = (start + query.limit).min(wanted.len());
    let more = end < wanted.len();
    let page = Page {
        models: wanted[start..end]
            .iter()
            .map(|endpoint| model(&catalog, endpoint, query))
            .collect(),
        next_cursor: more.then(|| BASE64_STANDARD.encode((query.page + 1).to_string())),
        has_more: more,
    };
    Reply::json(StatusCode::OK, &page)
}

fn model<'c>(catalog: &Catalog, endpoint: &'c Endpoint, query: &Query) -> Model<'c> {
    Model {
        endpoint_id: &endpoint.id,
        metadata: metadata(endpoint),
        openapi: query.openapi.then(|| expansion(catalog, endpoint)),
        enterprise_status: query.enterprise.then_some("ready"),
    }
}

fn expansion<'c>(catalog: &Catalog, endpoint: &'c Endpoint) -> Expansion<'c> {
    let fails = catalog.failed_expansions.contains(&endpoint.id);
    let document = endpoint.document.as_deref().filter(|_| !fails);
    match document.map(serde_json::from_slice) {
        Some(Ok(document)) => Expansion::Document(document),
        _ => Expansion::Failed(json!({ "error": {
            "code": "expansion_failed",
            "message": "Failed to fetch OpenAPI schema",
        } })),
    }
}

/// The fields that the platform's own document requires.
fn metadata(endpoint: &Endpoint) -> Value {
    let about = &endpoint.about;
    json!({
        "display_name": about.title,
        "category": about.category,
        "description": about.description,
        "status": "active",
        "tags": [],
        "updated_at": "2026-01-01T00:00:00.000Z",
        "is_favorited": null,
        "thumbnail_url": about.thumbnail,
        "model_url": format!("https://fal.run/{}", endpoint.id),
        "date": "2026-01-01T00:00:00.000Z",
        "highlighted": false,
        "kind": "inference",
        "pinned": false,
    })
}
