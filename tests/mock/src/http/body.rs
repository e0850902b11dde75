//! Bodies of requests.

use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use crc32fast::Hasher;
use hyper::body::{Body, Frame, Incoming};

/// The length in bytes from which on a piece is kept without a copy.
const DETACHED: usize = 1 << 14;

/// The part of a body that was received, in the pieces in which it was received.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReceivedBody {
    /// The pieces; empty if the content is discarded.
    pub(crate) pieces: Vec<Bytes>,
    pub(crate) length: u64,
    /// Whether the client sent all of it.
    pub(crate) complete: bool,
    /// The CRC-32 of the body, which is computed fast enough not to slow down uploads.
    checksum: Hasher,
}

impl ReceivedBody {
    /// Reads a body to its end, or until the client closes the connection.
    pub(crate) async fn read(mut body: Incoming, keep: bool) -> Self {
        let mut received = Self::default();
        loop {
            let frame = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await;
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(piece))) => received.push(piece, keep),
                // Trailers are ignored.
                Some(Ok(Err(_))) => {}
                Some(Err(_)) => return received,
                None => break,
            }
        }
        received.complete = true;
        received
    }

    #[cfg(test)]
    pub(crate) fn from_static(bytes: &'static [u8]) -> Self {
        let mut received = Self::default();
        received.push(Bytes::from_static(bytes), true);
        received
    }

    fn push(&mut self, piece: Bytes, keep: bool) {
        self.length += piece.len() as u64;
        self.checksum.update(&piece);
        if keep {
            // A piece is a view of a read buffer. A small piece is copied, so that it does not keep the buffer alive.
            let small = piece.len() < DETACHED;
            self.pieces.push(if small {
                Bytes::copy_from_slice(&piece)
            } else {
                piece
            });
        }
    }

    /// Appends another body.
    pub(crate) fn append(&mut self, other: &Self) {
        self.pieces.extend(other.pieces.iter().cloned());
        self.length += other.length;
        self.checksum.combine(&other.checksum);
    }

    /// The entity tag of the content, in quotes.
    pub(crate) fn etag(&self) -> String {
        format!(
            "\"{:08x}-{:x}\"",
            self.checksum.clone().finalize(),
            self.length
        )
    }

    /// The body in one piece. It is copied only if it was received in several pieces.
    pub(crate) fn bytes(&self) -> Bytes {
        join(&self.pieces)
    }

    /// The first `limit` bytes.
    pub(crate) fn start(&self, limit: usize) -> Bytes {
        let mut left = limit;
        let mut taken = Vec::new();
        for piece in &self.pieces {
            let length = piece.len().min(left);
            left -= length;
            taken.push(piece.slice(..length));
            if left == 0 {
                break;
            }
        }
        join(&taken)
    }
}

/// Joins pieces. They are copied only if there are several.
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
