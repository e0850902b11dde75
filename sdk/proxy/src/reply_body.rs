//! The bodies of replies, which are passed on piece by piece.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use http_body::{Body, Frame, SizeHint};

/// The body of a reply of the proxy. fal's replies are passed on piece by piece as they arrive.
#[derive(Default)]
pub struct ReplyBody(Content);

#[derive(Default)]
enum Content {
    #[default]
    Empty,
    Whole(Bytes),
    Stream(BoxStream<'static, fal_sdk::Result<Bytes>>),
}

impl ReplyBody {
    pub(crate) fn of_bytes(bytes: Bytes) -> Self {
        Self(Content::Whole(bytes))
    }

    pub(crate) fn of_stream(
        stream: impl Stream<Item = fal_sdk::Result<Bytes>> + Send + 'static,
    ) -> Self {
        Self(Content::Stream(stream.boxed()))
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = fal_sdk::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Content::Stream(stream) = &mut self.0 {
            let piece = stream.poll_next_unpin(context);
            return piece.map(|piece| piece.map(|piece| piece.map(Frame::data)));
        }
        match std::mem::take(&mut self.0) {
            Content::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            _ => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Content::Empty => SizeHint::with_exact(0),
            Content::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Stream(_) => SizeHint::default(),
        }
    }
}

impl fmt::Debug for ReplyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyBody").finish_non_exhaustive()
    }
}
