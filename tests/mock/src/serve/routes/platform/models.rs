//! The platform's catalog, `GET /v1/models` (fal's platform API document).

use std::sync::Arc;

use hyper::StatusCode;
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};

use super::{
    expansions, ids, invalid,
    paging::{Page, Paging},
};
use crate::{
    http::reply::{Answer, Reply},
    models::{catalog::Catalog, endpoint::Endpoint},
    serve::{call::Call, context::Context},
};

/// The largest number of entries on a page.
const LARGEST_PAGE: usize = 100;

#[derive(Serialize)]
struct Listing<'c> {
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

/// The query of the request.
struct Query {
    ids: Vec<String>,
    words: Option<String>,
    category: Option<String>,
    status: Option<String>,
    openapi: bool,
    enterprise: bool,
    paging: Paging,
}

pub(super) fn models(context: &Context, call: &Call) -> Answer {
    Ok(page(context, &Query::read(call)?))
}

impl Query {
    fn read(call: &Call) -> Result<Self, Box<Reply>> {
        let expand = expansions(call, &["openapi-3.0", "enterprise_status"])?;
        let status = call.request.query_param("status");
        if let Some(other) = status
            .as_ref()
            .filter(|status| !["active", "deprecated"].contains(&status.as_str()))
        {
            return Err(invalid(format!(
                "status: `{other}` is neither active nor deprecated"
            )));
        }
        let has = |name: &str| expand.iter().any(|known| known == name);
        Ok(Self {
            openapi: has("openapi-3.0"),
            enterprise: has("enterprise_status"),
            ids: ids(call)?,
            words: call
                .request
                .query_param("q")
                .map(|words| words.to_lowercase()),
            category: call.request.query_param("category"),
            status,
            paging: Paging::read(call, LARGEST_PAGE)?,
        })
    }

    fn wants(&self, endpoint: &Endpoint) -> bool {
        let about = &endpoint.metadata;
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

fn page(context: &Context, query: &Query) -> Reply {
    let catalog = context.models.catalog();
    let wanted: Vec<&Arc<Endpoint>> = catalog
        .all()
        .filter(|endpoint| query.wants(endpoint))
        .collect();
    let Page { range, next_cursor } = query.paging.of(wanted.len());
    let page = Listing {
        models: wanted[range]
            .iter()
            .map(|endpoint| model(&catalog, endpoint, query))
            .collect(),
        has_more: next_cursor.is_some(),
        next_cursor,
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

/// The fields that the document of the platform API requires.
fn metadata(endpoint: &Endpoint) -> Value {
    let about = &endpoint.metadata;
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
