//! Checking inputs without generated types against the OpenAPI document of their model.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::Endpoint;
use crate::calls::call::to_json;
use crate::services::input_check;
use crate::transport::error::{Error, Result};
use crate::transport::runtime;

/// Whether a client can check the inputs of an endpoint against the model's OpenAPI document:
/// see [`Endpoint::schema_status`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SchemaStatus {
    /// The document was not fetched yet, so it is not known.
    NotFetched,
    /// The document was fetched, and inputs are checked.
    Usable,
    /// The document could not be fetched or used, for the given reason: inputs are sent
    /// unchecked.
    Unavailable(Arc<Error>),
}

/// The outcome of [`Endpoint::check`] if no violation was found in the input.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum CheckOutcome {
    /// The input obeys the schema.
    Valid,
    /// The input was not checked, because the model's document could not be fetched or used,
    /// for the given reason.
    NotChecked(Arc<Error>),
}

impl<P> Endpoint<P> {
    /// Returns the same endpoint with inputs that are checked against the model's OpenAPI
    /// document before anything is uploaded, sent or paid for. A call whose input breaks the
    /// schema fails with an error that lists every violation, as with generated types.
    ///
    /// The document is fetched from the catalog once for each client. If it cannot be fetched
    /// within 10 s, or cannot be used, the input is sent unchecked; a warning of `tracing` and
    /// [`schema_status`](Self::schema_status) say so. The next call after a minute fetches it
    /// again.
    ///
    /// `.validate(false)` sends a single call unchecked. Messages over realtime connections
    /// and websockets are not checked.
    ///
    /// ```no_run
    /// # use fal_sdk::{Client, Result};
    /// # async fn example(fal: Client) -> Result<()> {
    /// use serde_json::json;
    ///
    /// let flux = fal.endpoint("fal-ai/flux/dev")?.checked();
    /// let output = flux.subscribe(json!({"prompt": "a cat", "num_images": 2})).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn checked(&self) -> Self {
        Self {
            by_document: true,
            ..self.with_payload()
        }
    }

    /// Checks an input against the model's OpenAPI document. The model is not called.
    ///
    /// # Errors
    /// When the input breaks the schema; the error lists every violation
    /// ([`Error::validation_error`]). A document that cannot be fetched is not an error: see
    /// [`CheckOutcome::NotChecked`].
    pub async fn check(&self, input: impl Serialize) -> Result<CheckOutcome> {
        let named = |error: Error| error.with_endpoint(self.id.shared());
        runtime::current()?;
        let input = to_json(&input).map_err(named)?;
        let check = input_check::check(&self.http, &self.id, &input).await;
        Ok(match check.map_err(|error| named(error.into()))? {
            Ok(()) => CheckOutcome::Valid,
            Err(reason) => CheckOutcome::NotChecked(reason),
        })
    }

    /// Returns the JSON Schema (draft 2020-12) of the model's input, which can describe the
    /// parameters of a tool for a language model. All schemas that it refers to are in its
    /// `$defs`.
    ///
    /// # Errors
    /// When the model's document cannot be fetched, or has no schema that can be used.
    pub async fn schema(&self) -> Result<Value> {
        runtime::current()?;
        match input_check::schema(&self.http, &self.id).await {
            Ok(schema) => Ok(schema.schema().clone()),
            Err(error) => Err(error.clone_without_source().with_endpoint(self.id.shared())),
        }
    }

    /// Returns whether this client can check inputs of this endpoint. Nothing is sent: it is
    /// unknown until an input is checked.
    pub fn schema_status(&self) -> SchemaStatus {
        match self.http.input_schemas().known(self.id.as_str()) {
            None => SchemaStatus::NotFetched,
            Some(Ok(_)) => SchemaStatus::Usable,
            Some(Err(reason)) => SchemaStatus::Unavailable(reason),
        }
    }
}
