//! A request on its way to a handler.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use crate::{hosts::Origin, record::RequestRecord, route::Params, state::Shared};

/// A request, and what its handler needs to answer it.
pub(crate) struct Call {
    pub(crate) shared: Arc<Shared>,
    pub(crate) request: Arc<RequestRecord>,
    pub(crate) origin: Origin,
    pub(crate) params: Params,
    /// The whole body, in the pieces in which it came.
    pub(crate) body: Vec<Bytes>,
}

impl Call {
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.get(name)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.request.header(name)
    }

    /// The body in one piece; copied only when it came in several.
    pub(crate) fn bytes(&self) -> Bytes {
        join(&self.body)
    }
}

/// Pieces in one piece.
pub(crate) fn join(pieces: &[Bytes]) -> Bytes {
    match pieces {
        [] => Bytes::new(),
        [one] => one.clone(),
        many => {
            let mut whole = BytesMut::with_capacity(many.iter().map(Bytes::len).sum());
            many.iter().for_each(|piece| whole.extend_from_slice(piece));
            whole.freeze()
        }
    }
}
