//! The replies of direct runs as received, which need not be JSON.

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::Run;
use crate::calls::call::Payload;
use crate::services::platform::{Cost, Price};
use crate::transport::box_future::into_future;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Reply;
use crate::transport::opaque::opaque;

/// A direct call that returns the reply as received, made when this is awaited: see
/// [`Run::raw`].
#[must_use = "a call is made when it is awaited"]
pub struct RawRun<P>(pub(crate) Run<P>);

into_future! {
    <P: Payload> RawRun<P> => RawReply,
    |call| async move { call.0.reply().await.map(RawReply::of) }
}

/// A model's reply as received.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RawReply {
    /// The media type of the body, such as `audio/mpeg`.
    pub content_type: Option<String>,
    /// The body of the reply.
    pub body: Bytes,
    /// The id of the request, if the server sent one.
    pub request_id: Option<String>,
    /// The billed units, if the platform reports them (`X-Fal-Billable-Units`).
    pub billable_units: Option<f64>,
}

impl RawReply {
    fn of(reply: Reply) -> Self {
        Self {
            content_type: reply.header("content-type").map(str::to_owned),
            request_id: reply.request_id().map(str::to_owned),
            billable_units: reply.billable_units(),
            body: reply.body,
        }
    }

    /// Estimates what the call cost at this price; `None` if the platform did not report the
    /// billed units.
    pub fn cost(&self, price: &Price) -> Option<Cost> {
        Some(price.cost(self.billable_units?))
    }

    /// Returns the body as text.
    ///
    /// # Errors
    /// When the body is not valid UTF-8. [`Error::raw_body`] returns the body.
    pub fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.body)
            .map_err(|source| self.unfit(format!("the reply is not UTF-8 text: {source}")))
    }

    /// Decodes the body as JSON.
    ///
    /// # Errors
    /// When the body is not valid JSON or does not have the shape of `T`.
    /// [`Error::raw_body`] returns the body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body)
            .map_err(|source| self.unfit(format!("the reply is not the expected JSON: {source}")))
    }

    fn unfit(&self, message: String) -> Error {
        Error::new(ErrorKind::Decode, message)
            .with_body(self.body.clone())
            .with_request_id(self.request_id.as_deref().map(Into::into))
    }
}

opaque! { RawRun<P> }
