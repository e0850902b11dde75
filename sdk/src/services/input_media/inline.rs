//! Media on its way into a realtime connection: files and bytes become `data:`
//! URIs, which cost no request of their own.

use std::sync::Arc;

use bytes::Bytes;

use super::Local;
use crate::contract::media::Media;
use crate::services::local_file;
use crate::services::storage::content::Content;
use crate::transport::error::{Error, ErrorKind, Result};

/// The most that travels inside a message.
const LARGEST: u64 = 16 << 20;

/// Puts `data:` URIs in place of the files and bytes of an input.
///
/// # Errors
/// When something cannot be read, or is too large to travel in a message.
pub(crate) async fn inline_media(waiting: Vec<&mut Media>) -> Result<()> {
    for media in waiting {
        let local = Local::read(media).await?;
        let length = local.content.len();
        if length > LARGEST {
            let message = format!("{media:?} has {length} bytes, and a message takes {LARGEST}");
            return Err(Error::new(ErrorKind::TooLarge, message)
                .with_hint("upload it with `storage()` and send its URL"));
        }
        let bytes = bytes(&local.content).await?;
        *media = Media::data_uri(bytes, &local.content_type);
    }
    Ok(())
}

async fn bytes(content: &Content) -> Result<Bytes> {
    match content {
        Content::Bytes(bytes) => Ok(bytes.clone()),
        Content::File(file) => {
            let path = Arc::clone(&file.path);
            local_file::off_thread(move || {
                let read = std::fs::read(&path).map(Bytes::from);
                read.map_err(|source| local_file::io("read", &path, source))
            })
            .await
        }
    }
}
