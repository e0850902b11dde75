//! Requests to the model routes of the platform API: pages of the catalog, and up to 50 documents per request.

use super::{
    Options, document,
    http::{Failure, Http},
};
use crate::{Error, schemas::lock::Listing};
use fal_codegen::source::EndpointId;
use reqwest::Url;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The most ids in one request, according to the document of fal's platform API.
pub(super) const MAX_IDS: usize = 50;

/// The platform API at a URL.
#[derive(Debug)]
pub(super) struct Platform {
    pub http: Http,
    pub url: Url,
}

/// A model that the catalog found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundModel {
    /// The endpoint's id, as it was served.
    pub id: String,
    /// The catalog's data of the model, if it has any.
    pub listing: Option<Listing>,
}

/// An endpoint in a reply of the platform API.
#[derive(Debug, Clone)]
pub(super) struct Model {
    /// The catalog's data of the endpoint, if it has any.
    pub listing: Option<Listing>,
    /// The document, or `{"error":…}` in its place; `None` if it was not requested.
    pub openapi: Option<Value>,
}

impl Platform {
    /// The platform API that the options name.
    pub fn new(options: &Options) -> Result<Self, Error> {
        Ok(Self {
            http: Http::platform(options)?,
            url: options.api_url.clone(),
        })
    }

    /// Every endpoint of the catalog, or of one of its categories, by the id as it was served.
    pub async fn list(&self, category: Option<&str>) -> Result<BTreeMap<String, Model>, Failure> {
        let mut query = vec![("limit", "100")];
        query.extend(category.map(|category| ("category", category)));
        self.models(&query).await
    }

    /// These endpoints with their documents. Endpoints that the platform does not know are left out.
    pub async fn find(&self, ids: &[EndpointId]) -> Result<BTreeMap<String, Model>, Failure> {
        let limit = ids.len().to_string();
        let mut query = vec![("expand", "openapi-3.0"), ("limit", &limit)];
        query.extend(ids.iter().map(|id| ("endpoint_id", id.as_str())));
        match self.models(&query).await {
            // The platform does not know any of the ids.
            Err(failure) if failure.is_missing() => Ok(BTreeMap::new()),
            answer => answer,
        }
    }

    /// The models that the platform finds for a text, in its order: the first page.
    pub async fn search(&self, words: &str, limit: usize) -> Result<Vec<FoundModel>, Failure> {
        let limit = limit.to_string();
        let query = [("q", words), ("limit", &limit)];
        let mut page = self.page("models", &query, None).await?;
        let Value::Array(models) = page["models"].take() else {
            return Err(Failure::new("the reply of /models has no `models`"));
        };
        let found = models.iter().filter_map(|model| {
            Some(FoundModel {
                id: model["endpoint_id"].as_str()?.to_owned(),
                listing: model["metadata"]
                    .as_object()
                    .map(|_| listing(&model["metadata"])),
            })
        });
        Ok(found.collect())
    }

    async fn models(&self, query: &[(&str, &str)]) -> Result<BTreeMap<String, Model>, Failure> {
        let mut models = BTreeMap::new();
        for mut page in self.pages("models", "models", query).await? {
            let Value::String(id) = page["endpoint_id"].take() else {
                continue;
            };
            let openapi = page.get_mut("openapi").map(Value::take);
            let listing = page["metadata"]
                .as_object()
                .map(|_| listing(&page["metadata"]));
            models.insert(id, Model { listing, openapi });
        }
        Ok(models)
    }

    /// The items of all pages of a route.
    pub async fn pages(
        &self,
        route: &str,
        key: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<Value>, Failure> {
        let mut items = Vec::new();
        let mut seen = BTreeSet::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut page = self.page(route, query, cursor.as_deref()).await?;
            let Value::Array(list) = page[key].take() else {
                let words = page
                    .get("error")
                    .map_or_else(String::new, document::error_text);
                return Err(Failure::new(format!(
                    "the reply of /{route} has no `{key}` {words}"
                )));
            };
            items.extend(list.into_iter().filter(Value::is_object));
            cursor = match &page["next_cursor"] {
                Value::String(next) if !next.is_empty() => Some(next.clone()),
                _ => return Ok(items),
            };
            if !seen.insert(cursor.clone()) {
                return Err(Failure::new(format!(
                    "the pages of /{route} do not end: a cursor was repeated"
                )));
            }
        }
    }

    async fn page(
        &self,
        route: &str,
        query: &[(&str, &str)],
        cursor: Option<&str>,
    ) -> Result<Value, Failure> {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(route.split('/'));
        }
        url.query_pairs_mut()
            .extend_pairs(query)
            .extend_pairs(cursor.map(|cursor| ("cursor", cursor)));
        let page = self.http.get(url).await?;
        if page.is_object() {
            Ok(page)
        } else {
            Err(Failure::new(format!(
                "the reply of /{route} is not an object"
            )))
        }
    }
}

fn listing(metadata: &Value) -> Listing {
    let text = |key: &str| {
        metadata[key]
            .as_str()
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    Listing {
        display_name: text("display_name").map(str::to_owned),
        description: text("description").map(str::to_owned),
        category: text("category").map(str::to_owned),
        status: text("status").map(str::to_owned),
        kind: text("kind").map(str::to_owned),
    }
}
