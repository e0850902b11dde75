//! The catalog of models.

use serde_json::Value;

use super::Platform;
use super::list::ListRequest;
use super::listing::{filters, listing};
use crate::transport::error::{Error, ErrorKind, Result};
use crate::{object, open_enum};

listing! {
    /// The list of the models in the catalog: see [`Platform::models`].
    ModelListing: "models",
    ModelPage {
        /// The models.
        models: Model
    }
}

filters! { ModelListing: endpoint }

object! {
    /// A model in the catalog: see [`Platform::models`].
    pub struct Model {
        /// The id of the endpoint that calls the model.
        pub endpoint_id: required String;
        /// The model's entry in the catalog. Absent for endpoints that have no entry.
        pub metadata: optional ModelMetadata;
        /// The OpenAPI document, if it was requested with [`ListRequest::with_openapi`]. If the
        /// platform could not make it, this is `{"error": {"code": …, "message": …}}`, which
        /// [`openapi_document`](Self::openapi_document) turns into an error.
        pub openapi: optional Value;
        /// Whether the model is approved for enterprise use, if that was requested with
        /// [`ListRequest::with_enterprise_status`]. If the platform could not find out, this is
        /// an object with the error: see [`enterprise_status`](Self::enterprise_status).
        pub enterprise_status: optional Value;
    }
}

impl Model {
    /// Returns the OpenAPI document of the model.
    ///
    /// # Errors
    /// When the document was not requested with [`ListRequest::with_openapi`], or the
    /// platform could not make it.
    pub fn openapi_document(&self) -> Result<&Value> {
        let failed = |message: String| Err(Error::new(ErrorKind::Api, message));
        match &self.openapi {
            None => failed("the OpenAPI document was not requested".to_owned()),
            Some(document) => match document.get("error") {
                Some(error) => failed(format!(
                    "the OpenAPI document of {} could not be made: {}",
                    self.endpoint_id,
                    error.get("message").and_then(Value::as_str).unwrap_or("")
                )),
                None => Ok(document),
            },
        }
    }

    /// Returns whether the model is approved for enterprise use; `None` if that was not
    /// requested, or the platform could not find out.
    pub fn enterprise_status(&self) -> Option<EnterpriseStatus> {
        let status = self.enterprise_status.as_ref()?.as_str()?;
        Some(EnterpriseStatus::from(status))
    }
}

object! {
    /// The entry of a model in the catalog: [`Model::metadata`].
    pub struct ModelMetadata {
        /// The name under which the model is shown.
        pub display_name: optional String;
        /// The category, such as `text-to-image`.
        pub category: optional String;
        /// What the model does.
        pub description: optional String;
        /// Whether the model is still offered or deprecated.
        pub status: optional ModelStatus;
        /// Labels such as `new`, `beta`, `turbo`.
        pub tags: optional Vec<String>;
        /// When the entry was last changed, in RFC 3339.
        pub updated_at: optional String;
        /// When the model was added to the catalog, in RFC 3339.
        pub date: optional String;
        /// Whether the owner of the key marked the model as a favorite. Absent without a
        /// key.
        pub is_favorited: optional bool;
        /// The URL of an image that illustrates the model.
        pub thumbnail_url: optional String;
        /// The URL of an animated image that illustrates the model.
        pub thumbnail_animated_url: optional String;
        /// The URL at which the model is called.
        pub model_url: optional String;
        /// The URL of the model's licence or source code.
        pub github_url: optional String;
        /// The use that the model's licence allows.
        pub license_type: optional LicenseType;
        /// The family that the model belongs to.
        pub group: optional ModelGroup;
        /// Whether the endpoint runs a model or trains one.
        pub kind: optional ModelKind;
        /// The ids of the endpoints that train models for this one.
        pub training_endpoint_ids: optional Vec<String>;
        /// The ids of the endpoints that use the models which this one trains.
        pub inference_endpoint_ids: optional Vec<String>;
        /// The URL of the model's stream, if it has one.
        pub stream_url: optional String;
        /// The estimated duration of a call, in minutes.
        pub duration_estimate: optional f64;
    }
}

object! {
    /// A family of models in the catalog.
    #[derive(Eq)]
    pub struct ModelGroup {
        /// The id of the family.
        pub key: required String;
        /// The name of the family.
        pub label: required String;
    }
}

open_enum! {
    /// Whether a model is still offered or deprecated.
    pub enum ModelStatus: String {
        Active = "active",
        Deprecated = "deprecated",
    }
}

open_enum! {
    /// The use that a model's licence allows.
    pub enum LicenseType: String {
        Commercial = "commercial",
        Research = "research",
        Private = "private",
    }
}

open_enum! {
    /// Whether an endpoint runs a model or trains one.
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
    /// Lists the models in fal's catalog. Without filters it lists all of them. It needs no
    /// key.
    pub fn models(&self) -> ListRequest<ModelListing> {
        ListRequest::new(&self.http)
    }

    /// Returns one model of the catalog, given the id of its endpoint.
    ///
    /// # Errors
    /// When the catalog has no model with this id (status 404).
    pub async fn model(&self, endpoint_id: impl AsRef<str>) -> Result<Model> {
        let id = endpoint_id.as_ref();
        let page = self.models().endpoint(id).await?;
        let mut models = page.models.into_iter();
        models.find(|model| model.endpoint_id == id).ok_or_else(|| {
            Error::new(ErrorKind::Api, format!("the catalog has no model {id:?}")).with_status(404)
        })
    }
}

filters! {
    ModelListing {
        /// Lists only models whose name, description or category contains these words.
        search(words) => set "q";
        /// Lists only models of a category, such as `text-to-image` or `training`.
        category(category) => set "category";
        /// Lists only models that are still offered, or only deprecated ones. By default both
        /// are listed.
        status(status: ModelStatus) => set "status";
        /// Includes the OpenAPI document of each model. The platform then returns shorter pages.
        with_openapi() => add "expand" = "openapi-3.0";
        /// Includes whether each model is approved for enterprise use.
        with_enterprise_status() => add "expand" = "enterprise_status";
    }
}

impl ListRequest<ModelListing> {
    /// Lists only the models with these endpoint ids, up to 50.
    pub fn endpoints(self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.add_all("endpoint_id", ids)
    }
}
