//! Checking inputs against the document of their model, which is fetched once.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::platform::Platform;
use crate::contract::input_schema::InputSchema;
use crate::contract::validate::ValidationError;
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Http;
use crate::transport::http::input_schemas::FetchedSchema;
use crate::transport::trace;

/// How long a call waits for the model's document.
const LONGEST: Duration = Duration::from_secs(10);

/// The schema of an endpoint's input, fetched unless the client has it.
pub(crate) async fn schema(http: &Http, endpoint: &EndpointId) -> FetchedSchema {
    let fetch = async {
        let fetching = Box::pin(fetch(http, endpoint));
        tokio::time::timeout(LONGEST, fetching)
            .await
            .unwrap_or_else(|_| {
                let message = format!("the model's document did not arrive within {LONGEST:?}");
                Err(Error::new(ErrorKind::Timeout, message))
            })
            .map_err(|error| error.with_endpoint(endpoint.shared()))
    };
    let schemas = http.input_schemas();
    schemas.get(&endpoint.shared(), fetch).await
}

async fn fetch(http: &Http, endpoint: &EndpointId) -> Result<InputSchema> {
    let models = Platform::new(http.clone()).models().with_openapi();
    let page = models.endpoint(endpoint.as_str()).await?;
    let id = endpoint.as_str();
    let model = page.models.iter().find(|model| model.endpoint_id == id);
    let model = model.ok_or_else(|| {
        let message = "fal's catalog has no model with this id";
        Error::new(ErrorKind::Api, message).with_status(404)
    })?;
    let schema = InputSchema::from_document(model.openapi_document()?, id);
    schema.map_err(|error| Error::new(ErrorKind::Decode, error.to_string()))
}

/// Checks an input. If there is no schema, the input is not checked, and a warning says
/// so.
///
/// # Errors
/// When the input breaks the schema.
pub(crate) async fn check(
    http: &Http,
    endpoint: &EndpointId,
    input: &Value,
) -> Result<Result<(), Arc<Error>>, ValidationError> {
    match schema(http, endpoint).await {
        Ok(schema) => schema.check(input).map(Ok),
        Err(error) => {
            trace::input_unchecked(endpoint.as_str(), &error);
            Ok(Err(error))
        }
    }
}
