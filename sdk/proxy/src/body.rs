//! Bodies: those of requests, up to a limit, and those of replies, as they come.

use std::error::Error as StdError;
use std::fmt;
use std::future::ready;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::StatusCode;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, BodyStream};

use crate::refusal::Refusal;

type BoxError = Box<dyn StdError + Send + Sync>;

/// The body of a request to fal: its length, and its pieces as they come.
pub(crate) struct RequestBody {
    pub(crate) length: u64,
    pub(crate) pieces: BoxStream<'static, io::Result<Bytes>>,
}

impl RequestBody {
    /// Takes the body of the browser's request. One that does not say its length is read
    /// to its end first.
    ///
    /// # Errors
    /// When it is larger than the limit, and when one without a length breaks off, or stalls
    /// for longer than `idle`.
    pub(crate) async fn of<B>(body: B, limit: u64, idle: Duration) -> Result<Self, Refusal>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let announced = body.size_hint();
        if announced.lower() > limit {
            return Err(too_large(limit));
        }
        match announced.exact() {
            Some(length) => Ok(Self {
                length,
                pieces: pieces(body).boxed(),
            }),
            None => {
                let whole = collect(pieces(body), limit, idle).await?;
                Ok(Self {
                    length: whole.len() as u64,
                    pieces: stream::iter([Ok(whole)]).boxed(),
                })
            }
        }
    }
}

/// The data of a body, without its trailers.
fn pieces<B>(body: B) -> impl Stream<Item = io::Result<Bytes>> + Send
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let body = body.map_err(io::Error::other).boxed_unsync();
    BodyStream::new(body).filter_map(|frame| {
        ready(match frame {
            Ok(frame) => frame.into_data().ok().map(Ok),
            Err(error) => Some(Err(error)),
        })
    })
}

async fn collect(
    pieces: impl Stream<Item = io::Result<Bytes>>,
    limit: u64,
    idle: Duration,
) -> Result<Bytes, Refusal> {
    let mut pieces = std::pin::pin!(pieces);
    let mut whole = BytesMut::new();
    loop {
        let piece = tokio::time::timeout(idle, pieces.next()).await;
        match piece {
            Ok(Some(Ok(piece))) if (whole.len() + piece.len()) as u64 > limit => {
                return Err(too_large(limit));
            }
            Ok(Some(Ok(piece))) => whole.extend_from_slice(&piece),
            Ok(Some(Err(_))) => return Err(broken()),
            Ok(None) => return Ok(whole.freeze()),
            Err(_) => {
                return Err(Refusal::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "body_timeout",
                    "the body of the request did not come in time",
                ));
            }
        }
    }
}

fn too_large(limit: u64) -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body_too_large",
        format!(
            "the body of the request is larger than {limit} bytes; upload files, and send their URLs"
        ),
    )
}

pub(crate) fn broken() -> Refusal {
    Refusal::bad_request("invalid_body", "the body of the request broke off")
}

/// The body of a reply to the browser.
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
