//! The media of inputs: files and bytes are read, then uploaded or written into the input
//! as data URIs.

#[cfg(feature = "realtime")]
mod inline;
mod upload;

#[cfg(feature = "realtime")]
pub(crate) use inline::inline_media;
pub(crate) use upload::upload_media;

use crate::contract::media::{Media, Reader, Source};
use crate::services::media_type;
use crate::services::storage::content::{self, ByteStream, Content};
use crate::services::storage::file_name;
use crate::transport::error::{Error, ErrorKind, Result};

impl Media {
    /// Checks that the media can be read, as every call does before uploading it. The
    /// content of a reader is not read, and a URL is not requested.
    ///
    /// # Errors
    /// When the file cannot be read, is not a regular file or is empty, when the content
    /// type is malformed, and when the reader was read before.
    pub async fn check(&self) -> Result<()> {
        match self.as_url() {
            Some(_) => Ok(()),
            None => Local::read(self).await.map(|_| ()),
        }
    }
}

/// Media that is not at a URL, to be uploaded or written into the input.
struct Local {
    content: LocalContent,
    content_type: String,
    name: Option<String>,
}

enum LocalContent {
    /// A file or bytes, which can be read again.
    Stored(Content),
    Reader(Reader),
}

impl LocalContent {
    /// The number of bytes; `None` for a reader whose length was not given.
    fn len(&self) -> Option<u64> {
        match self {
            Self::Stored(content) => Some(content.len()),
            Self::Reader(reader) => reader.length,
        }
    }
}

impl Local {
    /// # Errors
    /// When the file cannot be read, when there is nothing to send, and when a reader was
    /// read before.
    async fn read(media: &Media) -> Result<Self> {
        let local = match &media.0 {
            Source::Path(path) => {
                let content = Content::file(path.clone()).await?;
                Self {
                    content_type: content.content_type().to_owned(),
                    content: LocalContent::Stored(content),
                    name: None,
                }
            }
            Source::Bytes {
                bytes,
                content_type,
                file_name,
            } => Self {
                content: LocalContent::Stored(Content::Bytes(bytes.clone())),
                content_type: content_type.clone(),
                name: file_name.clone(),
            },
            Source::Reader(reader) => Self {
                content_type: reader.content_type.clone(),
                name: reader.file_name.clone(),
                content: LocalContent::Reader(reader.clone()),
            },
            Source::Url(_) => {
                return Err(Error::new(ErrorKind::Usage, "a URL is not a local file"));
            }
        };
        media_type::check(&local.content_type)?;
        if local.content.len() == Some(0) {
            return Err(empty(media));
        }
        match &local.content {
            LocalContent::Reader(reader) if !reader.is_unread() => Err(read_before(reader)),
            _ => Ok(local),
        }
    }
}

/// A file or bytes, to be sent in a form.
pub(crate) struct StoredMedia {
    pub(crate) content: Content,
    pub(crate) content_type: String,
    pub(crate) name: String,
}

impl StoredMedia {
    /// # Errors
    /// When the file cannot be read, and for media that is at a URL or in a reader.
    pub(crate) async fn read(media: &Media) -> Result<Self> {
        let sendable = "send a file or bytes in a form: `Media::path`, `Media::bytes`";
        if media.as_url().is_some() {
            let message = format!("{media:?} is at a URL, and cannot be sent in a form");
            return Err(Error::new(ErrorKind::Usage, message).with_hint(sendable));
        }
        let local = Local::read(media).await?;
        let LocalContent::Stored(content) = local.content else {
            let message =
                format!("{media:?} cannot be sent in a form, since it can be read only once");
            return Err(Error::new(ErrorKind::Usage, message).with_hint(sendable));
        };
        let name = local.name.or_else(|| content.name());
        Ok(Self {
            name: file_name::clean(name.as_deref(), &local.content_type),
            content_type: local.content_type,
            content,
        })
    }
}

/// Takes the contents of a reader, which can be read only once.
fn take(reader: &Reader) -> Result<ByteStream> {
    let unread = reader.take().ok_or_else(|| read_before(reader))?;
    Ok(content::of_reader(unread))
}

fn empty(what: &impl std::fmt::Debug) -> Error {
    let message = format!("{what:?} is empty; no model can read it");
    Error::new(ErrorKind::Io, message)
}

fn read_before(reader: &Reader) -> Error {
    let message = format!("the {reader:?} was read by an earlier call, and cannot be read again");
    Error::new(ErrorKind::Usage, message).with_hint(READ_ONCE)
}

/// The hint for a reader that was read before.
const READ_ONCE: &str = "give the call a new reader, or upload it once with \
    `storage().upload_reader` and give the calls its URL";
