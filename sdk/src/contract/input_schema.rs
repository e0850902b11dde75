//! The schema of a model's input, read from the model's OpenAPI document.

mod dialect;
mod keywords;
mod references;
mod violations;

use std::fmt;

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value};

use crate::contract::validate::ValidationError;
use crate::contract::wire::pointer_segment;

/// The schema of a model's input, as the model's OpenAPI document states it.
///
/// [`Endpoint::checked`](crate::Endpoint::checked) fetches the document itself; use this type
/// for a document that the program has already.
///
/// `nullable` and the other keywords of OpenAPI 3.0 are understood. `format` and unknown
/// keywords check nothing, and a keyword with an invalid value is ignored.
pub struct InputSchema {
    schema: Value,
    validator: Validator,
}

impl InputSchema {
    /// Reads the schema of the input of `endpoint` from its OpenAPI document.
    ///
    /// # Errors
    /// When the document has no input schema for `endpoint`, or when the schema cannot be used
    /// even without the keywords whose values are invalid.
    pub fn from_document(document: &Value, endpoint: &str) -> Result<Self, SchemaError> {
        let path = pointer_segment(&format!("/{endpoint}"));
        let pointer = format!("/paths{path}/post/requestBody/content/application~1json/schema");
        let schema = document
            .pointer(&pointer)
            .ok_or_else(|| SchemaError(format!("the document has no schema at {pointer}")))?;
        let components = document.pointer("/components/schemas");
        let mut components = match components {
            Some(Value::Object(components)) => components.clone(),
            _ => Map::new(),
        };
        components.values_mut().for_each(dialect::translate);
        let mut schema = schema.clone();
        dialect::translate(&mut schema);
        let mut schema = references::with_definitions(schema, components);
        let validator = without_malformed_keywords(&mut schema)?;
        Ok(Self { schema, validator })
    }

    /// Returns the JSON Schema (draft 2020-12) of the input. It is self-contained: the
    /// schemas that it refers to are in `$defs`. It can be offered to a language model as the
    /// parameters of a tool.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// Checks an input against the schema.
    ///
    /// # Errors
    /// When the input does not match the schema. The error lists every violation.
    pub fn check(&self, input: &Value) -> Result<(), ValidationError> {
        violations::check(&self.validator, input)
    }
}

impl fmt::Debug for InputSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InputSchema").field(&self.schema).finish()
    }
}

/// The error for an OpenAPI document that has no usable schema of the model's input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError(String);

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SchemaError {}

/// Builds the validator, and removes keywords whose values are invalid in JSON Schema.
fn without_malformed_keywords(schema: &mut Value) -> Result<Validator, SchemaError> {
    const MOST: usize = 100;
    for _ in 0..MOST {
        let built = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(false)
            .offline()
            .build(schema);
        let error = match built {
            Ok(validator) => return Ok(validator),
            Err(error) => error,
        };
        let place = error.instance_path().to_string();
        if remove(schema, &place).is_none() {
            return Err(SchemaError(format!(
                "the schema of the input cannot be read: at {place:?}: {error}"
            )));
        }
    }
    Err(SchemaError(format!(
        "the schema of the input has more than {MOST} malformed keywords"
    )))
}

fn remove(schema: &mut Value, pointer: &str) -> Option<Value> {
    let (parent, keyword) = pointer.rsplit_once('/')?;
    let keyword = keyword.replace("~1", "/").replace("~0", "~");
    schema
        .pointer_mut(parent)?
        .as_object_mut()?
        .remove(&keyword)
}

#[cfg(test)]
mod tests;
