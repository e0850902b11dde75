//! The headers that are sent with a file: its media type, name and lifecycle.

use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};

use super::file_name;
use crate::services::media_type;
use crate::transport::error::{Error, Result};
use crate::transport::http::Request;
use crate::transport::lifecycle::Lifecycle;

const FILE_NAME: HeaderName = HeaderName::from_static("x-fal-file-name");
const LIFECYCLE: HeaderName = HeaderName::from_static("x-fal-object-lifecycle");

/// The headers that are sent with a file, checked.
#[derive(Clone)]
pub(crate) struct FileHeaders {
    pub(crate) content_type: String,
    pub(crate) name: String,
    type_header: HeaderValue,
    name_header: HeaderValue,
    lifecycle: Option<HeaderValue>,
}

impl FileHeaders {
    /// # Errors
    /// When the media type is malformed, or the lifecycle cannot be sent in a header.
    pub(crate) fn new(
        content_type: &str,
        name: Option<&str>,
        lifecycle: Option<&Lifecycle>,
    ) -> Result<Self> {
        let name = file_name::clean(name, content_type);
        let lifecycle = match lifecycle.and_then(Lifecycle::to_json) {
            Some(json) => Some(HeaderValue::try_from(json.to_string()).map_err(|_| {
                Error::configuration("the lifecycle contains characters that a header cannot")
            })?),
            None => None,
        };
        Ok(Self {
            type_header: media_type::check(content_type)?,
            name_header: file_name::header(&name)?,
            content_type: content_type.to_owned(),
            name,
            lifecycle,
        })
    }

    /// Adds the media type to a request.
    pub(super) fn typed(&self, request: Request) -> Request {
        request.header(CONTENT_TYPE, self.type_header.clone())
    }

    /// Adds the name and the lifecycle to a request.
    pub(super) fn named(&self, request: Request) -> Request {
        self.kept(request.header(FILE_NAME, self.name_header.clone()))
    }

    /// Adds the lifecycle to a request.
    pub(super) fn kept(&self, request: Request) -> Request {
        match &self.lifecycle {
            Some(lifecycle) => request.header(LIFECYCLE, lifecycle.clone()),
            None => request,
        }
    }
}
