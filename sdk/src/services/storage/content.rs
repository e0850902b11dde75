//! The content of an upload: bytes, a file, or a stream, which can be read only once.

use std::ops::Range;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use super::blocks;
use crate::services::local_file::{self, LocalFile};
use crate::services::media_type;
use crate::transport::error::{BoxError, Error, ErrorKind, Result};
use crate::transport::http::body::{Outgoing, Pieces};

/// The content of an upload, before it is inspected.
pub(crate) enum Source {
    Path(PathBuf),
    Content(Content),
    Stream(ByteStream),
}

/// A stream of bytes, which can be read only once.
pub(crate) type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// Content that can be read from any position, and more than once.
#[derive(Clone)]
pub(crate) enum Content {
    Bytes(Bytes),
    File(LocalFile),
}

impl Content {
    pub(crate) async fn file(path: PathBuf) -> Result<Self> {
        local_file::inspect(path).await.map(Self::File)
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(file) => file.length,
        }
    }

    pub(crate) fn content_type(&self) -> &'static str {
        match self {
            Self::Bytes(bytes) => media_type::of_bytes(bytes).unwrap_or(media_type::UNKNOWN),
            Self::File(file) => file.content_type,
        }
    }

    pub(crate) fn name(&self) -> Option<String> {
        match self {
            Self::Bytes(_) => None,
            Self::File(file) => file.name(),
        }
    }

    /// Returns a range as the body of a request, which reports its progress to `on_moved`.
    pub(crate) fn body(
        &self,
        range: Range<u64>,
        on_moved: impl Fn(u64) + Send + Sync + 'static,
    ) -> Outgoing {
        let length = range.end - range.start;
        let content = self.clone();
        Outgoing::new(length, move || content.pieces(range.clone()), on_moved)
    }

    /// Returns a range piece by piece.
    pub(crate) fn pieces(&self, range: Range<u64>) -> Pieces {
        match self {
            Self::File(file) => blocks::of_file(file.path.clone(), range),
            // Its length is a `usize`, and the range lies within it.
            Self::Bytes(bytes) => {
                let index = |at: u64| usize::try_from(at).unwrap_or(bytes.len());
                blocks::of_bytes(bytes.slice(index(range.start)..index(range.end)))
            }
        }
    }

    /// Whether the other content has the same bytes.
    pub(crate) fn same(&self, other: &Self) -> std::io::Result<bool> {
        match (self, other) {
            (Self::Bytes(mine), Self::Bytes(its)) => Ok(mine == its),
            (Self::File(mine), Self::File(its)) => mine.same_content(its),
            (Self::File(file), Self::Bytes(bytes)) | (Self::Bytes(bytes), Self::File(file)) => {
                Ok(file.length == bytes.len() as u64 && std::fs::read(&file.path)? == *bytes)
            }
        }
    }

    /// # Errors
    /// When the content is a file that was changed since it was inspected.
    pub(crate) async fn check_unchanged(&self) -> Result<()> {
        match self {
            Self::Bytes(_) => Ok(()),
            Self::File(file) => file.check_unchanged().await,
        }
    }
}

/// Reads a stream, and checks that it has the length that was given.
pub(crate) struct Counted {
    stream: ByteStream,
    read: u64,
    length: Option<u64>,
}

impl Counted {
    pub(crate) fn new(stream: ByteStream, length: Option<u64>) -> Self {
        Self {
            stream,
            read: 0,
            length,
        }
    }

    /// Returns the next bytes, or `None` at the end.
    ///
    /// # Errors
    /// When the stream fails, and when it has fewer or more bytes than the given length.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>> {
        let next = std::future::poll_fn(|context| self.stream.as_mut().poll_next(context)).await;
        let next = next.transpose().map_err(|source| {
            let message = format!("the data to upload cannot be read: {source}");
            Error::new(ErrorKind::Io, message).with_source(source)
        })?;
        self.read += next.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let (read, is_over) = (self.read, next.is_none());
        let fault = match self.length {
            Some(length) if read > length => format!("there is more than the {length} bytes"),
            Some(length) if is_over && read < length => {
                format!("it ended after {read} of the {length} bytes")
            }
            _ => return Ok(next),
        };
        let message = format!("the data to upload does not have the given length: {fault}");
        Err(Error::new(ErrorKind::Io, message))
    }
}

/// Reads a stream in parts of one size.
pub(crate) struct Parts {
    stream: Counted,
    rest: Bytes,
    size: usize,
    over: bool,
}

impl Parts {
    pub(crate) fn new(stream: Counted, size: u64) -> Self {
        Self {
            stream,
            rest: Bytes::new(),
            size: usize::try_from(size).unwrap_or(usize::MAX),
            over: false,
        }
    }

    /// The next part, or `None` after the last. Only the last part can be smaller than the
    /// others.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>> {
        let mut part = BytesMut::new();
        while part.len() < self.size && !self.over {
            if self.rest.is_empty() {
                self.read().await?;
            }
            let taken = self.rest.len().min(self.size - part.len());
            if part.is_empty() && taken > 0 {
                part.reserve(self.size.min(16 << 20));
            }
            part.extend_from_slice(&self.rest.split_to(taken));
        }
        Ok((!part.is_empty()).then(|| part.freeze()))
    }

    async fn read(&mut self) -> Result<()> {
        match self.stream.next().await? {
            Some(bytes) => self.rest = bytes,
            None => self.over = true,
        }
        Ok(())
    }

    /// Whether all parts have been returned.
    pub(crate) async fn is_over(&mut self) -> Result<bool> {
        while self.rest.is_empty() && !self.over {
            self.read().await?;
        }
        Ok(self.rest.is_empty())
    }
}

/// A reader as a `ByteStream`.
pub(crate) fn of_reader(reader: impl AsyncRead + Send + 'static) -> ByteStream {
    Box::pin(Reading {
        reader: Box::pin(reader),
        buffer: vec![0; 64 << 10],
    })
}

struct Reading<R> {
    reader: Pin<Box<R>>,
    buffer: Vec<u8>,
}

impl<R: AsyncRead> Stream for Reading<R> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { reader, buffer } = self.get_mut();
        let mut read = ReadBuf::new(buffer);
        match reader.as_mut().poll_read(context, &mut read) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(source)) => Poll::Ready(Some(Err(source.into()))),
            Poll::Ready(Ok(())) if read.filled().is_empty() => Poll::Ready(None),
            Poll::Ready(Ok(())) => {
                let bytes = Bytes::copy_from_slice(read.filled());
                Poll::Ready(Some(Ok(bytes)))
            }
        }
    }
}

/// A stream as a `ByteStream`.
pub(crate) fn of_stream<S, B, E>(stream: S) -> ByteStream
where
    S: Stream<Item = Result<B, E>> + Send + 'static,
    B: Into<Bytes>,
    E: Into<BoxError>,
{
    use futures_util::StreamExt;
    Box::pin(stream.map(|item| item.map(Into::into).map_err(Into::into)))
}
