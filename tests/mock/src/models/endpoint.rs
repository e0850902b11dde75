//! Endpoints, with their documents.

use std::sync::OnceLock;

use bytes::Bytes;
use serde_json::Value;

use super::model::Model;
use crate::protocol::app_id;

/// An endpoint and its document, if it has one.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) id: String,
    /// The document as it was given.
    pub(crate) document: Option<Bytes>,
    pub(crate) metadata: Metadata,
    /// The compiled model. It is compiled when the endpoint is first called, because most endpoints never are.
    model: OnceLock<Model>,
}

/// The metadata of an endpoint in catalog pages.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metadata {
    pub(crate) title: String,
    pub(crate) category: String,
    pub(crate) description: String,
    pub(crate) thumbnail: String,
}

impl Endpoint {
    /// An endpoint without a document, which accepts any input.
    pub(crate) fn bare(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            document: None,
            metadata: Metadata::default(),
            model: OnceLock::new(),
        }
    }

    /// Reads an endpoint from its document.
    pub(crate) fn from_document(text: Bytes) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(&text)
            .map_err(|error| format!("the document is not valid JSON: {error}"))?;
        let id = endpoint_id(&value)?;
        let info = |pointer: &str| {
            value
                .pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let metadata = Metadata {
            title: info("/info/title")
                .trim_start_matches("Queue OpenAPI for ")
                .to_owned(),
            category: info("/info/x-fal-metadata/category"),
            description: info("/info/description"),
            thumbnail: info("/info/x-fal-metadata/thumbnailUrl"),
        };
        Ok(Self {
            id,
            document: Some(text),
            metadata,
            model: OnceLock::new(),
        })
    }

    pub(crate) fn model(&self) -> &Model {
        self.model.get_or_init(|| {
            let parsed = self
                .document
                .as_deref()
                .map(serde_json::from_slice::<Value>);
            let document = parsed.and_then(Result::ok).unwrap_or_default();
            Model::compile(&document, &self.id)
        })
    }
}

/// The endpoint's id: `info.x-fal-metadata.endpointId`, or the only path with `post`.
fn endpoint_id(document: &Value) -> Result<String, String> {
    let paths = document.get("paths").and_then(Value::as_object);
    let paths = paths.ok_or("`/paths` is missing or not an object")?;
    let said = document
        .pointer("/info/x-fal-metadata/endpointId")
        .and_then(Value::as_str);
    let mut posted = paths
        .iter()
        .filter(|(_, path)| path.get("post").is_some())
        .map(|(path, _)| path.as_str());
    let id = said
        .or_else(|| posted.next())
        .map(|id| id.trim_matches('/'));
    match id {
        Some(id) if app_id::parse(id).is_some() => Ok(id.to_owned()),
        Some(id) => Err(format!(
            "endpoint id `{id}` is not of the form `owner/alias[/path]`"
        )),
        None => Err(
            "the document has no endpoint id: it needs `/info/x-fal-metadata/endpointId` or one path with `post`"
                .to_owned(),
        ),
    }
}
