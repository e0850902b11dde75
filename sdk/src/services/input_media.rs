//! Media of inputs: files and bytes are read, then uploaded or written into the input
//! itself.

#[cfg(feature = "realtime")]
mod inline;
mod upload;

#[cfg(feature = "realtime")]
pub(crate) use inline::inline_media;
pub(crate) use upload::upload_media;

use crate::contract::media::{Media, Source};
use crate::services::media_type;
use crate::services::storage::content::Content;
use crate::transport::error::{Error, ErrorKind, Result};

impl Media {
    /// Checks the file or the bytes, as every call does before uploading them.
    ///
    /// # Errors
    /// When the file cannot be read, is not a regular file or is empty, and when
    /// the content type is malformed. URLs are not checked.
    pub async fn check(&self) -> Result<()> {
        match self.as_url() {
            Some(_) => Ok(()),
            None => Local::read(self).await.map(|_| ()),
        }
    }
}

/// A file or bytes that can be read, to be uploaded or written into the input.
struct Local {
    content: Content,
    content_type: String,
    name: Option<String>,
}

impl Local {
    async fn read(media: &Media) -> Result<Self> {
        let (content, content_type, name) = match &media.0 {
            Source::Path(path) => {
                let content = Content::file(path.clone()).await?;
                let known = content.content_type().to_owned();
                (content, known, None)
            }
            Source::Bytes {
                bytes,
                content_type,
                file_name,
            } => {
                let content = Content::Bytes(bytes.clone());
                (content, content_type.clone(), file_name.clone())
            }
            Source::Url(_) => {
                return Err(Error::new(ErrorKind::Usage, "a URL is not a local file"));
            }
        };
        media_type::check(&content_type)?;
        if content.len() == 0 {
            let message = format!("{media:?} is empty; no model can read it");
            return Err(Error::new(ErrorKind::Io, message));
        }
        Ok(Self {
            content,
            content_type,
            name,
        })
    }
}
