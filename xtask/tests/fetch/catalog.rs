//! What fal's catalog answers: pages, documents by id, single documents, prices.

use crate::scripted::{Reply, Request};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Entries on a page.
const PAGE: usize = 7;

#[derive(Debug, Clone, Default)]
pub struct Catalog {
    pub documents: BTreeMap<String, Value>,
    /// What stands in the place of a document on the platform.
    pub expansions: BTreeMap<String, Value>,
    /// What the single-document URL answers in the place of a document.
    pub singles: BTreeMap<String, Reply>,
    pub prices: BTreeMap<String, f64>,
}

impl Catalog {
    pub fn of(ids: &[&str]) -> Self {
        let documents = ids.iter().map(|id| ((*id).to_owned(), document(id)));
        Self {
            documents: documents.collect(),
            ..Self::default()
        }
    }

    /// So many endpoints, in two categories.
    pub fn of_size(count: usize) -> Self {
        let ids: Vec<_> = (0..count)
            .map(|number| format!("acme/model-{number:03}/run"))
            .collect();
        Self::of(&ids.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub fn answer(&self, request: &Request) -> Reply {
        match request.path.as_str() {
            "/v1/models" => self.models(request),
            "/v1/models/pricing" => self.pricing(request),
            "/openapi.json" => self.single(request),
            _ => Reply::new(
                404,
                r#"{"error":{"type":"not_found","message":"Resource not found"}}"#,
            ),
        }
    }

    fn models(&self, request: &Request) -> Reply {
        let wanted = request.all("endpoint_id");
        let category = request.get("category");
        let chosen = self.documents.iter().filter(|(id, document)| {
            (wanted.is_empty() || wanted.contains(&id.as_str()))
                && category.is_none_or(|category| category_of(document) == category)
        });
        let all: Vec<_> = chosen
            .map(|(id, document)| self.model(id, document, request))
            .collect();
        let page: usize = request
            .get("cursor")
            .map_or(0, |cursor| cursor.parse().unwrap());
        let size = if wanted.is_empty() { PAGE } else { 50 };
        let models: Vec<_> = all.iter().skip(page * size).take(size).collect();
        let next = (all.len() > (page + 1) * size).then(|| (page + 1).to_string());
        let body = json!({"models": models, "has_more": next.is_some(), "next_cursor": next});
        Reply::new(200, body.to_string())
    }

    fn model(&self, id: &str, document: &Value, request: &Request) -> Value {
        let mut model = Map::new();
        model.insert("endpoint_id".to_owned(), id.into());
        let name = format!("Model {id}");
        let metadata = json!({"display_name": name, "category": category_of(document), "description": "",
            "status": "active", "kind": "inference", "updated_at": "2026-01-01T00:00:00Z"});
        model.insert("metadata".to_owned(), metadata);
        if request.get("expand") == Some("openapi-3.0") {
            let expansion = self.expansions.get(id).unwrap_or(document);
            model.insert("openapi".to_owned(), expansion.clone());
        }
        model.into()
    }

    fn single(&self, request: &Request) -> Reply {
        let id = request.get("endpoint_id").unwrap_or_default();
        match (self.singles.get(id), self.documents.get(id)) {
            (Some(reply), _) => reply.clone(),
            (None, Some(document)) => Reply::new(200, document.to_string()),
            (None, None) => Reply::new(404, "null"),
        }
    }

    fn pricing(&self, request: &Request) -> Reply {
        let wanted = request.all("endpoint_id");
        if wanted.is_empty() || wanted.len() > 50 {
            return Reply::new(
                400,
                r#"{"error":{"type":"validation_error","message":"1-50 ids"}}"#,
            );
        }
        if wanted.iter().any(|id| !self.documents.contains_key(*id)) {
            return Reply::new(
                404,
                r#"{"error":{"type":"not_found","message":"unknown endpoint"}}"#,
            );
        }
        let priced = wanted
            .iter()
            .filter_map(|id| self.prices.get_key_value(*id));
        let prices: Vec<_> = priced
            .map(|(id, price)| json!({"endpoint_id": id, "unit_price": price, "unit": "images", "currency": "USD"}))
            .collect();
        Reply::new(
            200,
            json!({"prices": prices, "has_more": false, "next_cursor": null}).to_string(),
        )
    }
}

fn category_of(document: &Value) -> &str {
    document["info"]["x-fal-metadata"]["category"]
        .as_str()
        .unwrap()
}

/// A small document of the form that fal's have.
pub fn document(id: &str) -> Value {
    let category = if id.len().is_multiple_of(2) {
        "text-to-image"
    } else {
        "image-to-video"
    };
    let path = format!("/{id}");
    let result = format!("/{id}/requests/{{request_id}}");
    json!({
        "openapi": "3.0.4",
        "info": {"title": id, "version": "1.0.0", "x-fal-metadata": {"endpointId": id, "category": category}},
        "paths": {path: {"post": {}}, result: {"get": {}}},
        "components": {"schemas": {"Input": {"type": "object", "properties": {
            "scale": {"type": "number", "minimum": 1.0, "maximum": 10}}}}},
    })
}

/// The error that stands in the place of a document, as the platform writes it.
pub fn failed_expansion() -> Value {
    json!({"error": {"code": "expansion_failed", "message": "Failed to fetch OpenAPI schema"}})
}
