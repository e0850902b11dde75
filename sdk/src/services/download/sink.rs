//! The destinations of downloads.

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::transport::error::{Error, ErrorKind, Result};

/// A destination for the bytes of a file.
pub(super) trait Sink: Send {
    fn put(&mut self, bytes: Bytes) -> impl Future<Output = Result<()>> + Send;
    /// Drops all bytes so far, since the file will arrive again from its start.
    fn restart(&mut self) -> impl Future<Output = Result<()>> + Send;
    /// Completes the file after its last bytes.
    fn finish(&mut self) -> impl Future<Output = Result<()>> + Send;
}

/// A buffer in memory for the whole file.
#[derive(Default)]
pub(super) struct Memory(BytesMut);

impl Memory {
    pub(super) fn into_bytes(self) -> Bytes {
        self.0.freeze()
    }
}

impl Sink for Memory {
    async fn put(&mut self, bytes: Bytes) -> Result<()> {
        self.0.extend_from_slice(&bytes);
        Ok(())
    }

    async fn restart(&mut self) -> Result<()> {
        self.0.clear();
        Ok(())
    }

    async fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}

/// A writer, which cannot take back what it was given.
pub(super) struct Writer<'w, W> {
    writer: &'w mut W,
    started: bool,
}

impl<'w, W> Writer<'w, W> {
    pub(super) fn new(writer: &'w mut W) -> Self {
        Self {
            writer,
            started: false,
        }
    }
}

impl<W: AsyncWrite + Send + Unpin> Sink for Writer<'_, W> {
    async fn put(&mut self, bytes: Bytes) -> Result<()> {
        self.started = true;
        self.writer.write_all(&bytes).await.map_err(writer_failed)
    }

    async fn restart(&mut self) -> Result<()> {
        match self.started {
            false => Ok(()),
            true => Err(Error::new(
                ErrorKind::Transport,
                "the download broke off, and the server cannot continue where it stopped",
            )
            .with_hint("download to a path or into memory, where it can start again")),
        }
    }

    async fn finish(&mut self) -> Result<()> {
        self.writer.flush().await.map_err(writer_failed)
    }
}

fn writer_failed(source: std::io::Error) -> Error {
    let message = format!("the downloaded bytes cannot be written: {source}");
    Error::new(ErrorKind::Io, message).with_source(source)
}
