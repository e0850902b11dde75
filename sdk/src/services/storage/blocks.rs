//! Streams that return bytes in memory, or a range of a file, block by block.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use tokio::task::JoinHandle;

use crate::services::local_file;
use crate::transport::error::Error;
use crate::transport::http::body::Pieces;

/// The size of a block: large enough that reading costs little, small enough that several
/// parts at once take little memory.
const BLOCK: usize = 512 << 10;

/// The blocks of bytes in memory, without copying them.
pub(crate) fn of_bytes(bytes: Bytes) -> Pieces {
    Box::pin(Slices(bytes))
}

struct Slices(Bytes);

impl Stream for Slices {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let length = self.0.len().min(BLOCK);
        let block = (length > 0).then(|| Ok(self.0.split_to(length)));
        Poll::Ready(block)
    }
}

/// The blocks of a range of a file. The next block is read ahead, on a thread where that does
/// not block other tasks.
pub(crate) fn of_file(path: Arc<Path>, range: Range<u64>) -> Pieces {
    Box::pin(Blocks {
        left: range.end - range.start,
        state: State::Unopened(range.start),
        path,
    })
}

struct Blocks {
    path: Arc<Path>,
    state: State,
    /// How many bytes have not been returned yet.
    left: u64,
}

enum State {
    Unopened(u64),
    Reading(JoinHandle<io::Result<(File, Vec<u8>)>>),
    Finished,
}

impl Blocks {
    fn first(&self, start: u64) -> JoinHandle<io::Result<(File, Vec<u8>)>> {
        let (path, length) = (Arc::clone(&self.path), block_of(self.left));
        tokio::task::spawn_blocking(move || {
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(start))?;
            read(file, length)
        })
    }

    /// Takes the block that was read, and starts to read the next one.
    fn take(&mut self, read_block: io::Result<(File, Vec<u8>)>) -> Option<Result<Bytes, Error>> {
        self.state = State::Finished;
        let (file, block) = match read_block {
            Ok(read) => read,
            Err(source) => return Some(Err(local_file::io("read", &self.path, source))),
        };
        self.left -= block.len() as u64;
        // A file that ends early is reported by the body, which knows its length.
        if block.is_empty() {
            return None;
        }
        if self.left > 0 {
            let length = block_of(self.left);
            self.state = State::Reading(tokio::task::spawn_blocking(move || read(file, length)));
        }
        Some(Ok(block.into()))
    }
}

fn block_of(left: u64) -> usize {
    usize::try_from(left).map_or(BLOCK, |left| left.min(BLOCK))
}

/// Reads until the block is full or the file ends.
fn read(file: File, length: usize) -> io::Result<(File, Vec<u8>)> {
    let mut block = Vec::with_capacity(length);
    let mut limited = file.take(length as u64);
    limited.read_to_end(&mut block)?;
    Ok((limited.into_inner(), block))
}

impl Stream for Blocks {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let this = &mut *self;
            match &mut this.state {
                State::Finished => return Poll::Ready(None),
                State::Unopened(start) => {
                    let start = *start;
                    this.state = match this.left {
                        0 => State::Finished,
                        _ => State::Reading(this.first(start)),
                    };
                }
                State::Reading(reading) => {
                    let Poll::Ready(joined) = Pin::new(reading).poll(context) else {
                        return Poll::Pending;
                    };
                    let block = joined.unwrap_or_else(|stopped| Err(io::Error::other(stopped)));
                    return Poll::Ready(this.take(block));
                }
            }
        }
    }
}
