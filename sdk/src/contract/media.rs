//! Media in inputs: a URL, a data URI, a file, bytes or a reader.

mod reader;

use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use serde::ser::{Error as _, Serialize, Serializer};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tokio::io::AsyncRead;

pub(crate) use reader::Reader;

use crate::contract::wire::{Decode, DecodeError, Encode, Encoded};

/// An image, a video, an audio file or another file as a model's input.
///
/// A model receives media as a URL. A string converts into a URL or a `data:` URI, never into
/// the path of a local file, so that untrusted text cannot make a program upload a file. A
/// string that is neither fails validation before anything is sent.
///
/// [`Media::path`], [`Media::bytes`] and [`Media::reader`] stand for local files, bytes and
/// readers, which are uploaded when the call is made. A [`Path`] or [`PathBuf`] converts into
/// a local file, and a [`reqwest::Url`](https://docs.rs/url/latest/url/struct.Url.html) into
/// a URL.
#[derive(Clone, PartialEq)]
pub struct Media(pub(crate) Source);

/// Where media is before a call.
#[derive(Clone, PartialEq)]
pub(crate) enum Source {
    Url(String),
    Path(PathBuf),
    Bytes {
        bytes: Bytes,
        content_type: String,
        file_name: Option<String>,
    },
    Reader(Reader),
}

impl Media {
    /// Creates media from a URL, such as `https://example.com/a.png`, or a `data:` URI.
    pub fn url(url: impl Into<String>) -> Self {
        Self(Source::Url(url.into()))
    }

    /// Creates media from a local file, which is uploaded when the call is made.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self(Source::Path(path.into()))
    }

    /// Creates media from bytes in memory with their media type (`image/png`),
    /// which are uploaded when the call is made.
    pub fn bytes(bytes: impl Into<Bytes>, content_type: impl Into<String>) -> Self {
        Self(Source::Bytes {
            bytes: bytes.into(),
            content_type: content_type.into(),
            file_name: None,
        })
    }

    /// Creates media from everything that a reader returns, with its media type
    /// (`video/mp4`). It is uploaded when the call is made. The reader can be, for example, a
    /// file in an archive, the body of an HTTP response or the output of another program.
    ///
    /// Only a few parts of the content are in memory at once: see
    /// [`UploadSettings::parts_at_once`](crate::UploadSettings::parts_at_once). A part whose
    /// upload failed is sent again from memory.
    ///
    /// **A reader is read once.** Clones share the reader, so an input that has it twice
    /// uploads it once. A call that fails before the upload begins, for example because its
    /// input breaks a rule or names a file that does not exist, leaves the reader unread.
    /// Once the upload has begun, every further call with the reader or one of its clones
    /// fails before anything is sent. Pass a new reader to such a call, or upload the content
    /// with [`upload_reader`](crate::Storage::upload_reader), whose URL can be used any number
    /// of times.
    ///
    /// ```
    /// use fal_sdk::Media;
    ///
    /// let film = std::io::Cursor::new(b"any reader".to_vec());
    /// let media = Media::reader(film, "video/mp4").file_name("walk.mp4").length(10);
    /// ```
    pub fn reader(
        reader: impl AsyncRead + Send + 'static,
        content_type: impl Into<String>,
    ) -> Self {
        Self(Source::Reader(Reader::new(reader, content_type.into())))
    }

    /// Sets the file name of [`Media::bytes`] and [`Media::reader`]; it has no effect on
    /// other media.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        match &mut self.0 {
            Source::Bytes { file_name, .. } => *file_name = Some(name.into()),
            Source::Reader(reader) => reader.file_name = Some(name.into()),
            Source::Url(_) | Source::Path(_) => {}
        }
        self
    }

    /// Sets the number of bytes that a [`Media::reader`] returns; it has no effect on other
    /// media. With a length, content that is too large is refused before it is read, and the
    /// call fails if the reader returns fewer or more bytes, so that a truncated file is not
    /// taken for a complete one.
    #[must_use]
    pub fn length(mut self, bytes: u64) -> Self {
        if let Source::Reader(reader) = &mut self.0 {
            reader.length = Some(bytes);
        }
        self
    }

    /// Creates media from bytes in memory that are sent inside the input, as a `data:` URI
    /// in base64. Use it for small media: the encoding makes them a third larger.
    pub fn data_uri(bytes: impl AsRef<[u8]>, content_type: impl AsRef<str>) -> Self {
        let encoded = BASE64_STANDARD.encode(bytes);
        Self::url(format!("data:{};base64,{encoded}", content_type.as_ref()))
    }

    /// Returns the URL or `data:` URI; `None` for media that is uploaded when a call is made.
    pub fn as_url(&self) -> Option<&str> {
        match &self.0 {
            Source::Url(url) => Some(url),
            _ => None,
        }
    }

    fn not_uploaded(&self) -> String {
        format!("{self:?} is not uploaded; pass the input to a call, or upload it with `storage()`")
    }

    /// Returns the path if the media is a local file that is not uploaded yet.
    pub fn as_path(&self) -> Option<&Path> {
        match &self.0 {
            Source::Path(path) => Some(path),
            _ => None,
        }
    }
}

/// Shows the URL or the path. Of data URIs and bytes, only the media type and the size are
/// shown; of readers, what is known about them.
impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Url(url) if url.starts_with("data:") => {
                let head = url.split(',').next().unwrap_or_default();
                write!(f, "Media({head}, {} characters)", url.len())
            }
            Source::Url(url) => write!(f, "Media({url})"),
            Source::Path(path) => write!(f, "Media(file {})", path.display()),
            Source::Bytes {
                bytes,
                content_type,
                ..
            } => write!(f, "Media({} bytes of {content_type})", bytes.len()),
            Source::Reader(reader) => write!(f, "Media({reader:?})"),
        }
    }
}

macro_rules! conversions {
    ($($from:ty => $kind:ident;)*) => {$(
        impl From<$from> for Media {
            fn from(media: $from) -> Self {
                Self::$kind(media)
            }
        }
    )*};
}

conversions! {
    &str => url;
    String => url;
    &String => url;
    reqwest::Url => url;
    &Path => path;
    PathBuf => path;
    &PathBuf => path;
}

impl From<&reqwest::Url> for Media {
    fn from(url: &reqwest::Url) -> Self {
        Self::url(url.as_str())
    }
}

/// Writes the URL. This fails for media that is not uploaded yet, which has none.
impl Serialize for Media {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_url() {
            Some(url) => serializer.serialize_str(url),
            None => Err(S::Error::custom(self.not_uploaded())),
        }
    }
}

impl Encode for Media {
    fn encode(&self) -> Encoded<'_> {
        match self.as_url() {
            Some(url) => Encoded::Text(url),
            None => Encoded::Unwritable(self.not_uploaded()),
        }
    }
}

impl<'de> Deserialize<'de> for Media {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::url)
    }
}

impl Decode for Media {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        String::decode(value).map(Self::url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_files_and_texts_are_urls() {
        let path = PathBuf::from("walk.mp4");
        for media in [
            Media::from(path.as_path()),
            Media::from(&path),
            Media::from(path.clone()),
        ] {
            assert_eq!(media.as_path(), Some(path.as_path()));
        }
        assert_eq!(Media::from("walk.mp4").as_path(), None);
        let url = reqwest::Url::parse("https://example.com/a.png").unwrap();
        assert_eq!(Media::from(&url).as_url(), Some(url.as_str()));
        assert_eq!(Media::from(url.clone()).as_url(), Some(url.as_str()));
    }

    #[test]
    fn a_reader_equals_its_clones_and_shows_what_it_is() {
        let new = || Media::reader(tokio::io::empty(), "video/mp4");
        let media = new().file_name("walk.mp4").length(5);
        assert_eq!(media, media.clone());
        assert_ne!(media, new());
        assert_eq!((media.as_url(), media.as_path()), (None, None));
        assert_eq!(
            format!("{media:?}"),
            "Media(reader of video/mp4, walk.mp4, 5 bytes)"
        );
        assert_eq!(format!("{:?}", new()), "Media(reader of video/mp4)");
        assert!(serde_json::to_string(&media).is_err());
    }
}
