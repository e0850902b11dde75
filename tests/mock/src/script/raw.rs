//! Outputs of models that do not answer in JSON.

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// An output that is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use = "give it to `Script::raw`"]
pub struct RawOutput {
    /// The content type of the output.
    pub content_type: String,
    /// The body of the output, if it is text.
    #[serde(default)]
    pub text: String,
    /// The body of the output in base64, if it is not text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
}

impl RawOutput {
    /// Creates an output from text.
    pub fn text(content_type: &str, text: &str) -> Self {
        Self {
            content_type: content_type.to_owned(),
            text: text.to_owned(),
            base64: None,
        }
    }

    /// Creates an output from bytes.
    pub fn bytes(content_type: &str, bytes: &[u8]) -> Self {
        Self {
            content_type: content_type.to_owned(),
            text: String::new(),
            base64: Some(BASE64_STANDARD.encode(bytes)),
        }
    }

    /// The decoded body. A text that should be base64 but is not valid is used as it is.
    pub(crate) fn body(&self) -> Bytes {
        let decoded = self
            .base64
            .as_ref()
            .map(|text| BASE64_STANDARD.decode(text));
        match decoded {
            Some(Ok(bytes)) => bytes.into(),
            Some(Err(_)) => self.base64.clone().unwrap_or_default().into(),
            None => self.text.clone().into(),
        }
    }
}
