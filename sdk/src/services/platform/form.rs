//! Bodies of the type `multipart/form-data`, whose files are read while they are sent.
//!
//! Source: RFC 7578, and the escapes of <https://html.spec.whatwg.org/#multipart-form-data>.

use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use reqwest::header::HeaderValue;

use crate::contract::media::Media;
use crate::services::input_media::StoredMedia;
use crate::services::storage::content::Content;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::body::{Outgoing, Pieces};

/// The fields of a form.
#[derive(Default)]
pub(super) struct Form(Vec<(String, Field)>);

enum Field {
    Text(String),
    File(Media),
}

/// An encoded form, ready to be sent.
pub(super) struct EncodedForm {
    pub(super) body: Outgoing,
    pub(super) content_type: HeaderValue,
}

impl Form {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn text(&mut self, name: String, text: String) {
        self.0.push((name, Field::Text(text)));
    }

    pub(super) fn file(&mut self, name: String, file: Media) {
        self.0.push((name, Field::File(file)));
    }

    /// Encodes the form.
    ///
    /// # Errors
    /// When a file cannot be read, or is at a URL or in a reader.
    pub(super) async fn encode(&self) -> Result<EncodedForm> {
        let boundary = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let mut contents = Vec::new();
        for (name, field) in &self.0 {
            let name = escaped(name);
            let mut head =
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"");
            let content = match field {
                Field::Text(text) => {
                    head.push_str("\r\n\r\n");
                    Content::Bytes(Bytes::from(text.clone()))
                }
                Field::File(media) => {
                    let file = StoredMedia::read(media).await?;
                    let file_name = escaped(&file.name);
                    let content_type = &file.content_type;
                    head.push_str(&format!(
                        "; filename=\"{file_name}\"\r\nContent-Type: {content_type}\r\n\r\n"
                    ));
                    file.content
                }
            };
            contents.extend([text(head), content, text("\r\n".to_owned())]);
        }
        contents.push(text(format!("--{boundary}--\r\n")));
        let content_type = format!("multipart/form-data; boundary={boundary}");
        let content_type = HeaderValue::try_from(content_type)
            .map_err(|_| Error::new(ErrorKind::Encode, "the type of the form is not valid"))?;
        Ok(EncodedForm {
            body: joined(contents),
            content_type,
        })
    }
}

fn text(text: String) -> Content {
    Content::Bytes(Bytes::from(text))
}

/// A body of these contents, one after the other.
fn joined(contents: Vec<Content>) -> Outgoing {
    let length = contents.iter().map(Content::len).sum();
    let open = move || -> Pieces {
        let all = stream::iter(contents.clone());
        Box::pin(all.flat_map(|content| {
            let length = content.len();
            content.pieces(0..length)
        }))
    };
    Outgoing::new(length, open, |_| {})
}

/// Escapes a name, so that it does not end the quotation marks around it.
fn escaped(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            escaped("a\"; x=\"\r\nX-Injected: 1"),
            "a%22; x=%22%0D%0AX-Injected: 1"
        );
    }
}
