//! The catalog of models.

use serde_json::Value;

use super::Platform;
use super::list::{List, listing};
use crate::transport::error::{Error, ErrorKind, Result};
use crate::{open_enum, wire};

listing! {
    /// The models of the catalog: [`Platform::models`].
    ModelListing: "models" => ModelPage, models: Model
}

/// A page of models.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ModelPage {
    /// The models.
    pub models: Vec<Model>,
    /// The cursor of the next page, if there is one.
    pub next_cursor: Option<String>,
}

wire! {
    ModelPage {
        models: required,
        next_cursor: optional,
    }
}

/// A model of the catalog.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Model {
    /// The id that it is called by.
    pub endpoint_id: String,
    /// What the catalog says about it; absent for endpoints without an entry.
    pub metadata: Option<ModelMetadata>,
    /// Its OpenAPI document, if asked for; where it could not be made,
    /// `{"error": {"code", "message"}}` ([`openapi_document`](Self::openapi_document)).
    pub openapi: Option<Value>,
    /// Whether it is approved for enterprise use, if asked for; where that could
    /// not be found out, an object with the error.
    pub enterprise_status: Option<Value>,
}

wire! {
    Model {
        endpoint_id: required,
        metadata: optional,
        openapi: optional,
        enterprise_status: optional,
    }
}

impl Model {
    /// The OpenAPI document.
    ///
    /// # Errors
    /// When it was not asked for with [`List::with_openapi`], or the platform could
    /// not make it.
    pub fn openapi_document(&self) -> Result<&Value> {
        let failed = |message: String| Err(Error::new(ErrorKind::Api, message));
        match &self.openapi {
            None => failed("the document was not requested".to_owned()),
            Some(document) => match document.get("error") {
                Some(error) => failed(format!(
                    "the document of {} could not be made: {}",
                    self.endpoint_id,
                    error.get("message").and_then(Value::as_str).unwrap_or("")
                )),
                None => Ok(document),
            },
        }
    }

    /// Whether it is approved for enterprise use, if that was asked for and could be
    /// found out.
    pub fn enterprise_status(&self) -> Option<EnterpriseStatus> {
        let status = self.enterprise_status.as_ref()?.as_str()?;
        Some(EnterpriseStatus::from(status))
    }
}

/// What the catalog says about a model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ModelMetadata {
    /// The name for people.
    pub display_name: Option<String>,
    /// The category, such as `text-to-image`.
    pub category: Option<String>,
    /// What the model does.
    pub description: Option<String>,
    /// Whether it is still offered.
    pub status: Option<ModelStatus>,
    /// Labels such as `new`, `beta`, `turbo`.
    pub tags: Option<Vec<String>>,
    /// When the entry was last changed (RFC 3339).
    pub updated_at: Option<String>,
    /// When the model was added (RFC 3339).
    pub date: Option<String>,
    /// Whether the caller marked it; absent without a key.
    pub is_favorited: Option<bool>,
    /// An image of it.
    pub thumbnail_url: Option<String>,
    /// A moving image of it.
    pub thumbnail_animated_url: Option<String>,
    /// Where it is called.
    pub model_url: Option<String>,
    /// Its licence or source.
    pub github_url: Option<String>,
    /// What its licence allows.
    pub license_type: Option<LicenseType>,
    /// The family it belongs to.
    pub group: Option<ModelGroup>,
    /// Whether it is called or trained.
    pub kind: Option<ModelKind>,
    /// The endpoints that train for this one.
    pub training_endpoint_ids: Option<Vec<String>>,
    /// The endpoints that use what this one trains.
    pub inference_endpoint_ids: Option<Vec<String>>,
    /// Where it streams.
    pub stream_url: Option<String>,
    /// How long a call takes, in minutes.
    pub duration_estimate: Option<f64>,
}

wire! {
    ModelMetadata {
        display_name: optional,
        category: optional,
        description: optional,
        status: optional,
        tags: optional,
        updated_at: optional,
        date: optional,
        is_favorited: optional,
        thumbnail_url: optional,
        thumbnail_animated_url: optional,
        model_url: optional,
        github_url: optional,
        license_type: optional,
        group: optional,
        kind: optional,
        training_endpoint_ids: optional,
        inference_endpoint_ids: optional,
        stream_url: optional,
        duration_estimate: optional,
    }
}

/// A family of models.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelGroup {
    /// Its id.
    pub key: String,
    /// Its name.
    pub label: String,
}

wire! {
    ModelGroup {
        key: required,
        label: required,
    }
}

open_enum! {
    /// Whether a model is still offered.
    pub enum ModelStatus: String {
        Active = "active",
        Deprecated = "deprecated",
    }
}

open_enum! {
    /// What a model's licence allows.
    pub enum LicenseType: String {
        Commercial = "commercial",
        Research = "research",
        Private = "private",
    }
}

open_enum! {
    /// Whether a model is called or trained.
    pub enum ModelKind: String {
        Inference = "inference",
        Training = "training",
    }
}

open_enum! {
    /// Whether a model is approved for enterprise use.
    pub enum EnterpriseStatus: String {
        Ready = "ready",
        Pending = "pending",
    }
}

impl Platform {
    /// The models of the catalog, which can be narrowed down. It needs no key.
    pub fn models(&self) -> List<ModelListing> {
        List::new(&self.http)
    }

    /// One model of the catalog.
    ///
    /// # Errors
    /// When the catalog has none of this id.
    pub async fn model(&self, endpoint_id: impl AsRef<str>) -> Result<Model> {
        let id = endpoint_id.as_ref();
        let page = self.models().endpoint(id).await?;
        let mut models = page.models.into_iter();
        models.find(|model| model.endpoint_id == id).ok_or_else(|| {
            Error::new(ErrorKind::Api, format!("the catalog has no model {id:?}")).with_status(404)
        })
    }
}

impl List<ModelListing> {
    /// Models whose name, description or category have these words.
    pub fn search(self, words: impl Into<String>) -> Self {
        self.set("q", words)
    }

    /// Models of a category, such as `text-to-image` or `training`.
    pub fn category(self, category: impl Into<String>) -> Self {
        self.set("category", category)
    }

    /// Models that are still offered, or no longer. Default: both.
    pub fn status(self, status: ModelStatus) -> Self {
        self.set("status", status.as_str())
    }

    /// This model; called again, this one too, up to 50.
    pub fn endpoint(self, id: impl Into<String>) -> Self {
        self.add("endpoint_id", id)
    }

    /// These models, up to 50.
    pub fn endpoints(self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.add_all("endpoint_id", ids)
    }

    /// With each model's OpenAPI document; pages are shorter then.
    pub fn with_openapi(self) -> Self {
        self.add("expand", "openapi-3.0")
    }

    /// With each model's approval for enterprise use.
    pub fn with_enterprise_status(self) -> Self {
        self.add("expand", "enterprise_status")
    }
}
