//! A request on its way to a handler.

use std::sync::Arc;

use bytes::Bytes;
use hyper::{StatusCode, upgrade::OnUpgrade};
use serde_json::Value;

use super::pattern::Params;
use crate::{
    http::{body::Received, reply::Reply},
    protocol::host::Origin,
    store::records::RequestRecord,
};

/// A request, and what its handler needs to answer it.
pub(crate) struct Call {
    pub(crate) request: Arc<RequestRecord>,
    pub(crate) origin: Origin,
    pub(crate) params: Params,
    pub(crate) body: Received,
    /// What is left of the connection when the client asked for another protocol.
    pub(crate) upgrade: Option<OnUpgrade>,
}

impl Call {
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.get(name)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.request.header(name)
    }

    /// The body in one piece.
    pub(crate) fn bytes(&self) -> Bytes {
        self.body.bytes()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body.bytes()).ok()
    }

    /// A file's lifecycle, as its header says it.
    pub(crate) fn lifecycle(&self) -> Result<Option<Value>, Box<Reply>> {
        let header = self
            .header("x-fal-object-lifecycle")
            .map(serde_json::from_str);
        let words = "X-Fal-Object-Lifecycle is not JSON";
        header
            .transpose()
            .map_err(|_| Reply::detail(StatusCode::BAD_REQUEST, words).into())
    }
}
