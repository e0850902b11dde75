//! The bodies of requests, up to a limit.

use std::error::Error as StdError;
use std::future::ready;
use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::StatusCode;
use http_body::Body;
use http_body_util::{BodyExt, BodyStream};

use crate::refusal::Refusal;

pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

/// The body of a request to fal: its length, and its pieces as they arrive.
pub(crate) struct RequestBody {
    pub(crate) length: u64,
    pub(crate) pieces: BoxStream<'static, io::Result<Bytes>>,
}

impl RequestBody {
    /// Takes the body of the browser's request. A body without an announced length is read to
    /// its end first.
    ///
    /// # Errors
    /// When the body is larger than the limit, and when a body without a length breaks off or
    /// stalls for longer than `idle`.
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
                    "the body of the request did not arrive in time",
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
