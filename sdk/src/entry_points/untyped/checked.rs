//! Inputs without generated types, checked against the document of their model.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::Endpoint;
use crate::calls::call::to_json;
use crate::services::input_check;
use crate::transport::error::{Error, Result};
use crate::transport::runtime;

/// What is known about the schema of a model's input: see [`Endpoint::schema_status`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SchemaStatus {
    /// The document was not fetched yet.
    NotFetched,
    /// Inputs are checked.
    Usable,
    /// The document cannot be had or used, for the reason given: inputs are sent
    /// unchecked.
    Unavailable(Arc<Error>),
}

/// The outcome of [`Endpoint::check`] for an input in which no violation was found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum CheckOutcome {
    /// The input obeys the schema.
    Valid,
    /// The input was not checked, because the document cannot be had or used.
    NotChecked(Arc<Error>),
}

impl<P> Endpoint<P> {
    /// Returns the same endpoint with inputs that are checked against the model's OpenAPI
    /// document before anything is uploaded, sent or paid for. An input that breaks the
    /// schema is an error with every violation, as it is for generated types.
    ///
    /// The document is fetched from the catalog once for each client. If it cannot be had
    /// within 10 s, or cannot be used, the call goes on unchecked: a warning of `tracing` says so,
    /// as does [`schema_status`](Self::schema_status). A call that is made a minute later or more fetches it again.
    ///
    /// `.validate(false)` sends a single call unchecked. Messages of realtime connections
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

    /// Checks an input against the model's document. The model is not called.
    ///
    /// # Errors
    /// When the input breaks the schema. The error lists every violation
    /// ([`Error::validation_error`]).
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

    /// Returns the JSON Schema (draft 2020-12) of the model's input, such as for the
    /// parameters of a tool of a language model. It is complete in itself: what it refers
    /// to is in `$defs`.
    ///
    /// # Errors
    /// When the document cannot be had, or has no schema that can be used.
    pub async fn schema(&self) -> Result<Value> {
        runtime::current()?;
        match input_check::schema(&self.http, &self.id).await {
            Ok(schema) => Ok(schema.schema().clone()),
            Err(error) => Err(error.clone_without_source().with_endpoint(self.id.shared())),
        }
    }

    /// Returns whether inputs of this endpoint can be checked, as far as this client has
    /// found out.
    pub fn schema_status(&self) -> SchemaStatus {
        match self.http.input_schemas().known(self.id.as_str()) {
            None => SchemaStatus::NotFetched,
            Some(Ok(_)) => SchemaStatus::Usable,
            Some(Err(reason)) => SchemaStatus::Unavailable(reason),
        }
    }
}
