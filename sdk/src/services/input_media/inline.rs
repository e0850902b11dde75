//! Media in messages of a realtime connection: files, bytes and readers become `data:`
//! URIs, so that no upload is needed.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use super::{Local, LocalContent, READ_ONCE, empty, take};
use crate::contract::media::{Media, Reader};
use crate::services::local_file;
use crate::services::storage::content::{Content, Counted};
use crate::transport::error::{Error, ErrorKind, Result};

/// The size of the largest file that is sent inside a message.
const LARGEST: u64 = 16 << 20;

/// Puts `data:` URIs in place of the files, bytes and readers of an input.
///
/// # Errors
/// When something cannot be read, or is too large for a message.
pub(crate) async fn inline_media(waiting: Vec<&mut Media>) -> Result<()> {
    for media in waiting {
        let local = Local::read(media).await?;
        if let Some(length) = local.content.len().filter(|length| *length > LARGEST) {
            return Err(too_large(&format!("{media:?} has {length} bytes")));
        }
        let content_type =
            accepted_type(&local.content_type).ok_or_else(|| refused(media, &local))?;
        let bytes = match &local.content {
            LocalContent::Stored(content) => bytes(content).await?,
            LocalContent::Reader(reader) => read_all(reader).await?,
        };
        *media = Media::data_uri(bytes, content_type);
    }
    Ok(())
}

/// The media type under which fal accepts a file of this type as a `data:` URI, or `None` if
/// fal refuses it. Types that fal is not known to refuse are returned unchanged.
fn accepted_type(content_type: &str) -> Option<&str> {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "audio/wav" => Some("audio/x-wav"),
        "audio/webm" => Some("video/webm"),
        "audio/mp4" | "audio/ogg" => None,
        _ => Some(content_type),
    }
}

fn refused(media: &Media, local: &Local) -> Error {
    let message = format!(
        "{media:?} cannot be sent in a message: fal does not accept `data:` URIs of the type {}",
        local.content_type
    );
    Error::new(ErrorKind::Usage, message)
        .with_hint("upload it with `storage()` and send its URL, or convert it to WAV or MP3")
}

fn too_large(what: &str) -> Error {
    let message = format!("{what}; a message can hold a file of at most {LARGEST} bytes");
    Error::new(ErrorKind::TooLarge, message)
        .with_hint("upload it with `storage()` and send its URL")
}

/// Reads a reader to its end.
///
/// # Errors
/// When the reader was read before, fails, returns no bytes or too many, or not as many as
/// it announced.
async fn read_all(reader: &Reader) -> Result<Bytes> {
    let mut stream = Counted::new(take(reader)?, reader.length);
    let mut all = BytesMut::new();
    while let Some(block) = stream
        .next()
        .await
        .map_err(|error| error.with_hint(READ_ONCE))?
    {
        all.extend_from_slice(&block);
        if all.len() as u64 > LARGEST {
            return Err(too_large(&format!(
                "the {reader:?} returned too many bytes"
            )));
        }
    }
    match all.is_empty() {
        true => Err(empty(reader).with_hint(READ_ONCE)),
        false => Ok(all.freeze()),
    }
}

async fn bytes(content: &Content) -> Result<Bytes> {
    match content {
        Content::Bytes(bytes) => Ok(bytes.clone()),
        Content::File(file) => {
            let path = Arc::clone(&file.path);
            local_file::spawn_blocking(move || {
                let read = std::fs::read(&path).map(Bytes::from);
                read.map_err(|source| local_file::io("read", &path, source))
            })
            .await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_message_has_room_for_so_much() {
        use tokio::io::AsyncReadExt;
        let long = || tokio::io::repeat(7).take(LARGEST + 1);
        for mut media in [
            Media::reader(long(), "video/mp4"),
            Media::reader(long(), "video/mp4").length(LARGEST + 1),
        ] {
            let error = inline_media(vec![&mut media]).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
        }
    }

    #[tokio::test]
    async fn audio_travels_under_the_types_that_fal_accepts() {
        for (given, sent) in [
            ("audio/wav", "audio/x-wav"),
            ("audio/webm", "video/webm"),
            ("audio/webm;codecs=opus", "video/webm"),
            ("AUDIO/WebM; codecs=opus", "video/webm"),
            ("audio/mpeg", "audio/mpeg"),
            ("image/png", "image/png"),
            ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        ] {
            let mut media = Media::bytes(&b"sound"[..], given);
            inline_media(vec![&mut media]).await.unwrap();
            let expected = format!("data:{sent};base64,c291bmQ=");
            assert_eq!(media.as_url(), Some(expected.as_str()));
        }
        let mut reader = Media::reader(&b"sound"[..], "audio/wav").length(5);
        inline_media(vec![&mut reader.clone()]).await.unwrap();
        let error = inline_media(vec![&mut reader]).await.unwrap_err();
        assert!(error.to_string().contains("read by an earlier call"));
        for given in ["audio/ogg", "audio/ogg; codecs=opus", "audio/mp4"] {
            let mut media = Media::bytes(&b"sound"[..], given);
            let error = inline_media(vec![&mut media]).await.unwrap_err();
            let words = error.to_string();
            assert!(
                words.contains(given) && words.contains("storage()"),
                "{words}"
            );
        }
    }
}
