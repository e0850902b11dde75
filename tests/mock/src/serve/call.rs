//! A request as handlers receive it.

use std::sync::Arc;

use bytes::Bytes;
use hyper::{StatusCode, upgrade::OnUpgrade};
use serde_json::Value;

use super::pattern::Params;
use crate::{
    http::{
        body::ReceivedBody,
        reply::{Reply, refusal},
    },
    protocol::host::Origin,
    store::records::RequestRecord,
};

/// A request, as its handler receives it.
pub(crate) struct Call {
    pub(crate) request: Arc<RequestRecord>,
    pub(crate) origin: Origin,
    pub(crate) params: Params,
    pub(crate) body: ReceivedBody,
    /// The connection, if the client asks for another protocol, such as a websocket.
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

    /// The lifecycle of a file, from the request's header.
    pub(crate) fn lifecycle(&self) -> Result<Option<Value>, Box<Reply>> {
        let header = self
            .header("x-fal-object-lifecycle")
            .map(serde_json::from_str);
        let words = "X-Fal-Object-Lifecycle is not valid JSON";
        header
            .transpose()
            .map_err(|_| refusal(StatusCode::BAD_REQUEST, words))
    }
}
