//! Streams that return bytes in memory, or a range of a file, block by block.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::mem;
use std::ops::Range;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::{self, JoinHandle};

use crate::services::local_file;
use crate::transport::error::Error;
use crate::transport::http::body::Pieces;

/// The size of a block: large enough that reading costs little, small enough that several
/// parts at once take little memory.
const BLOCK: usize = 256 << 10;

/// How many blocks of a range of a file are in memory at once: one is sent while the other is
/// read.
const BLOCKS_AT_ONCE: usize = 2;

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
/// not block other tasks, into the buffer of a block that was dropped. A consumer has to drop
/// blocks to receive more of them. Otherwise, an HTTP/2 connection would queue more than a MiB
/// of each part that it sends.
pub(crate) fn of_file(path: Arc<Path>, range: Range<u64>) -> Pieces {
    let blocks = Blocks {
        path,
        unread: range,
        file: None,
        reading: None,
        buffers: Buffers::new(),
    };
    Box::pin(stream::try_unfold(blocks, |mut blocks| async move {
        let block = blocks.next().await?;
        Ok(block.map(|block| (block, blocks)))
    }))
}

struct Blocks {
    path: Arc<Path>,
    /// The part of the range that no read has begun for.
    unread: Range<u64>,
    /// The file, at the start of `unread`, while no block is read from it.
    file: Option<File>,
    reading: Option<JoinHandle<ReadBlock>>,
    buffers: Buffers,
}

/// A block that was read, and the file behind it.
type ReadBlock = io::Result<(File, Vec<u8>)>;

impl Blocks {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        if self.reading.is_none() && !self.unread.is_empty() {
            let buffer = self.buffers.next().await;
            self.begin_reading(buffer);
        }
        let Some(reading) = self.reading.take() else {
            return Ok(None);
        };
        let read = reading
            .await
            .unwrap_or_else(|stopped| Err(io::Error::other(stopped)));
        let (file, block) = read.map_err(|source| local_file::io("read", &self.path, source))?;
        // A file that ends early is reported by the body, which knows its length.
        if block.is_empty() {
            return Ok(None);
        }
        self.file = Some(file);
        if !self.unread.is_empty()
            && let Some(buffer) = self.buffers.try_next()
        {
            self.begin_reading(buffer);
        }
        Ok(Some(self.buffers.lend(block)))
    }

    /// Starts to read the next block.
    fn begin_reading(&mut self, mut buffer: Vec<u8>) {
        let start = self.unread.start;
        let length = (self.unread.end - start).min(BLOCK as u64);
        self.unread.start += length;
        let (file, path) = (self.file.take(), Arc::clone(&self.path));
        self.reading = Some(task::spawn_blocking(move || {
            let file = match file {
                Some(file) => file,
                None => open_at(&path, start)?,
            };
            // Until the block is full or the file ends.
            let mut limited = file.take(length);
            buffer.clear();
            buffer.reserve_exact(usize::try_from(length).unwrap_or(BLOCK));
            limited.read_to_end(&mut buffer)?;
            Ok((limited.into_inner(), buffer))
        }));
    }
}

fn open_at(path: &Path, start: u64) -> io::Result<File> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    Ok(file)
}

/// The buffers of a range's blocks. Each is used again after its block was dropped, since reading
/// into new memory costs more, and leaves the old memory with the allocators of many threads.
struct Buffers {
    unused: UnboundedReceiver<Vec<u8>>,
    returns: UnboundedSender<Vec<u8>>,
}

impl Buffers {
    fn new() -> Self {
        let (returns, unused) = mpsc::unbounded_channel();
        for _ in 0..BLOCKS_AT_ONCE {
            let _ = returns.send(Vec::new());
        }
        Self { unused, returns }
    }

    /// Waits until a buffer is not used.
    async fn next(&mut self) -> Vec<u8> {
        // The channel cannot be closed, since `returns` is open.
        self.unused.recv().await.unwrap_or_default()
    }

    fn try_next(&mut self) -> Option<Vec<u8>> {
        self.unused.try_recv().ok()
    }

    /// The bytes in a buffer, which returns here when they are dropped.
    fn lend(&self, buffer: Vec<u8>) -> Bytes {
        Bytes::from_owner(Lent {
            buffer,
            returns: self.returns.clone(),
        })
    }
}

struct Lent {
    buffer: Vec<u8>,
    returns: UnboundedSender<Vec<u8>>,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.buffer
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // It fails if the range is no longer read.
        let _ = self.returns.send(mem::take(&mut self.buffer));
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt};

    use super::*;

    fn file(length: usize) -> (tempfile::NamedTempFile, Vec<u8>) {
        let content: Vec<u8> = (0..length).map(|index| (index / 7) as u8).collect();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, &content).unwrap();
        (file, content)
    }

    fn range_of(file: &tempfile::NamedTempFile, range: Range<usize>) -> Pieces {
        of_file(file.path().into(), range.start as u64..range.end as u64)
    }

    #[tokio::test]
    async fn the_blocks_of_a_range_are_its_bytes() {
        let (file, content) = file(3 * BLOCK + 10);
        for range in [0..0, 0..1, 5..BLOCK, BLOCK..2 * BLOCK, 7..content.len()] {
            let blocks: Vec<Vec<u8>> = range_of(&file, range.clone())
                .map(|block| block.unwrap().to_vec())
                .collect()
                .await;
            assert!(blocks.concat() == content[range]);
        }
    }

    /// However large the file is, and however many blocks a connection would queue.
    #[tokio::test]
    async fn no_more_blocks_are_read_than_were_dropped() {
        let (file, content) = file(5 * BLOCK);
        let mut blocks = range_of(&file, 0..content.len());
        let first = blocks.next().await.unwrap().unwrap();
        let second = blocks.next().await.unwrap().unwrap();
        assert!(blocks.next().now_or_never().is_none());
        let buffers = [first.as_ptr(), second.as_ptr()];
        drop(first);
        drop(second);
        while let Some(block) = blocks.next().await {
            assert!(buffers.contains(&block.unwrap().as_ptr()));
        }
    }
}
