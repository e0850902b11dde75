//! Media on its way into a call: files and bytes become URLs.

use super::Media;
use crate::call::Payload;
use crate::error::{Error, ErrorKind, Result};
use crate::http::Http;

/// Uploads what an input holds as files and bytes, and puts the URLs in their
/// place.
///
/// # Errors
/// When something cannot be uploaded; nothing of the call was sent then.
pub(crate) async fn prepare_media<P: Payload>(_: &Http, input: &mut P) -> Result<()> {
    let mut waiting: Vec<&mut Media> = Vec::new();
    input.for_each_media(&mut |media| {
        if media.as_url().is_none() {
            waiting.push(media);
        }
    });
    match waiting.first() {
        None => Ok(()),
        Some(media) => Err(Error::new(
            ErrorKind::Encode,
            format!("{media:?} is not uploaded, and this client has no storage to upload it to"),
        )
        .with_hint("upload it, and pass its URL")),
    }
}
