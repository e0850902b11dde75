//! Changes the bodies of replies for faults.

use std::{io::Write, time::Duration};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use futures_util::{StreamExt, stream};

use crate::{
    fault::CutAt,
    http::reply::{Chunks, Cut},
};

/// The pause before the connection is closed, in which written bytes are sent.
const FLUSH: Duration = Duration::from_millis(20);

/// The first `keep` bytes, after which the connection is closed.
pub(super) fn then_cut(chunks: Chunks, keep: usize) -> Chunks {
    first(chunks, keep).chain(broken()).boxed()
}

/// The first `keep` bytes, after which nothing is sent.
pub(super) fn then_nothing(chunks: Chunks, keep: usize) -> Chunks {
    first(chunks, keep).chain(stream::pending()).boxed()
}

fn broken() -> Chunks {
    let end = async {
        tokio::time::sleep(FLUSH).await;
        Err(Cut::Connection)
    };
    stream::once(end).boxed()
}

fn first(chunks: Chunks, keep: usize) -> Chunks {
    let taken = chunks.scan(keep, |left, chunk| {
        let chunk = chunk.ok().filter(|_| *left > 0).map(|chunk| {
            let part = chunk.slice(..chunk.len().min(*left));
            *left -= part.len();
            Ok(part)
        });
        std::future::ready(chunk)
    });
    taken.boxed()
}

/// The first `frames` chunks, and a part of another chunk.
pub(super) fn cut(chunks: Chunks, frames: usize, at: CutAt, clean: bool) -> Chunks {
    let part: &[u8] = match at {
        CutAt::Frame => b"",
        CutAt::Line => b"data: {\"status\":\"IN_PROG",
        // The first of the two bytes of an e with an acute accent.
        CutAt::Char => b"data: {\"status\":\"IN_PROGRESS\",\"logs\":[{\"message\":\"caf\xc3",
    };
    let part = stream::iter((!part.is_empty()).then(|| Ok(Bytes::from_static(part))));
    let end = if clean {
        stream::empty().boxed()
    } else {
        broken()
    };
    chunks.take(frames).chain(part).chain(end).boxed()
}

/// The same bytes in pieces of `size`.
pub(super) fn dribble(chunks: Chunks, size: usize, pause: Duration) -> Chunks {
    let size = size.max(1);
    let pieces = chunks.flat_map(move |chunk| {
        let pieces: Vec<_> = match chunk {
            Ok(chunk) => (0..chunk.len())
                .step_by(size)
                .map(|at| Ok(chunk.slice(at..chunk.len().min(at + size))))
                .collect(),
            Err(cut) => vec![Err(cut)],
        };
        stream::iter(pieces)
    });
    let paced = pieces.then(move |piece| async move {
        // Even without a pause, each piece has to be sent by itself.
        tokio::time::sleep(pause.max(Duration::from_millis(1))).await;
        piece
    });
    paced.boxed()
}

/// A JSON string that never ends.
pub(super) fn endless() -> Chunks {
    let start = Bytes::from_static(b"{\"endless\":\"");
    let more = Bytes::from(vec![b'x'; 1 << 14]);
    stream::once(std::future::ready(start))
        .chain(stream::repeat(more))
        .map(Ok)
        .boxed()
}

/// The same chunk forever, the first one at once.
pub(super) fn repeated(chunk: Bytes, every: Duration) -> Chunks {
    let chunks = stream::unfold(true, move |is_first| {
        let chunk = chunk.clone();
        async move {
            if !is_first {
                tokio::time::sleep(every.max(Duration::from_millis(1))).await;
            }
            Some((Ok(chunk), false))
        }
    });
    chunks.boxed()
}

/// `bytes`, compressed with gzip.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to a `Vec` does not fail.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

/// The number of bytes that are compressed at a time.
const PACKED: usize = 1 << 20;

/// `size` spaces, compressed while they are sent.
pub(super) fn gzip_of_spaces(size: u64) -> Chunks {
    let encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let packed = stream::unfold(Some((encoder, size)), |state| async move {
        let (mut encoder, left) = state?;
        if left == 0 {
            let end = encoder.finish().map_err(|_| Cut::Connection);
            return Some((end.map(Bytes::from), None));
        }
        let now = usize::try_from(left).unwrap_or(PACKED).min(PACKED);
        let written = encoder.write_all(&vec![b' '; now]);
        let chunk = written.map(|()| Bytes::from(std::mem::take(encoder.get_mut())));
        let chunk = chunk.map_err(|_| Cut::Connection);
        Some((chunk, Some((encoder, left - now as u64))))
    });
    packed.boxed()
}
