//! Items that are to be added to a batch.

use fal_sdk::Input;
use serde_json::Value;

/// An item to be added to a batch with [`Batch::add`](crate::Batch::add). Its key has 1 to 1,000
/// bytes and identifies it in the batch.
#[derive(Debug, Clone, PartialEq)]
pub struct NewItem {
    pub(super) key: String,
    pub(super) endpoint: String,
    pub(super) input: Result<Value, String>,
    pub(super) priority: i32,
}

impl NewItem {
    /// Creates an item with a typed input, which is checked against the rules of its schema.
    /// Files and bytes in the input must have been uploaded, since another machine cannot read
    /// them. A problem with the input is reported by [`Batch::add`](crate::Batch::add).
    pub fn new<I: Input>(key: impl Into<String>, input: &I) -> Self {
        let valid = input.validate().map_err(|error| error.to_string());
        let input = valid.and_then(|()| {
            let value = serde_json::to_value(input);
            value.map_err(|error| format!("the input cannot be written as JSON: {error}"))
        });
        Self {
            key: key.into(),
            endpoint: I::ENDPOINT.to_owned(),
            input,
            priority: 0,
        }
    }

    /// Creates an item from the id of an endpoint and its input as JSON, which is not checked
    /// before it is submitted.
    pub fn json(key: impl Into<String>, endpoint: impl Into<String>, input: Value) -> Self {
        Self {
            key: key.into(),
            endpoint: endpoint.into(),
            input: Ok(input),
            priority: 0,
        }
    }

    /// Sets the priority within the batch: items with a higher one are submitted first. Default:
    /// 0.
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    pub(super) fn problem(&self) -> Option<String> {
        if self.key.is_empty() || self.key.contains('\0') || self.key.len() > 1_000 {
            let message = "the key must have 1 to 1000 bytes and no NUL character";
            return Some(message.to_owned());
        }
        if let Err(error) = fal_sdk::EndpointId::parse(&self.endpoint) {
            return Some(error.to_string());
        }
        self.input.as_ref().err().cloned()
    }
}
