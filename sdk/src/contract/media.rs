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
/// Models take URLs. A string is a URL or a data URI and never names a local file,
/// so that text from outside cannot make a program upload one; a string that is
/// neither is refused before anything is sent. Local files, bytes and readers are given
/// as [`Media::path`], [`Media::bytes`] and [`Media::reader`], and are uploaded when the
/// call is made. A [`Path`] or [`PathBuf`] converts into media as a file, a
/// [`reqwest::Url`](https://docs.rs/url/latest/url/struct.Url.html) as a URL.
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
    /// Creates media at a URL (`https:`, or a `data:` URI).
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
    /// (`video/mp4`), which is uploaded when the call is made: a file in an archive, the
    /// body of another reply, the output of another program.
    ///
    /// No more than a few parts of it are held in memory: see
    /// [`UploadSettings::parts_at_once`](crate::UploadSettings::parts_at_once). A part that could not be
    /// sent is sent again from there.
    ///
    /// **A reader is read once.** Clones share it, so that an input that holds it twice
    /// uploads it once. A call that fails before the upload has begun leaves it unread,
    /// such as one whose input breaks a rule or names a file that does not exist. After
    /// that, every further call with it or one of its clones fails with an error that says
    /// so, and nothing is sent: give that call a new reader, or the URL of the file that
    /// [`upload_reader`](crate::Storage::upload_reader) stores, which can be used any
    /// number of times.
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

    /// Says how many bytes a [`Media::reader`] returns; it has no effect on other media,
    /// whose length is known. A file that is too large is then refused before it is read,
    /// and a reader that returns fewer or more bytes is an error, so that no half of a file
    /// is taken for the whole.
    #[must_use]
    pub fn length(mut self, bytes: u64) -> Self {
        if let Source::Reader(reader) = &mut self.0 {
            reader.length = Some(bytes);
        }
        self
    }

    /// Creates a `data:` URI from bytes in memory, which is part of the input
    /// itself. Use it for small media: the encoding makes them a third larger.
    pub fn data_uri(bytes: impl AsRef<[u8]>, content_type: impl AsRef<str>) -> Self {
        let encoded = BASE64_STANDARD.encode(bytes);
        Self::url(format!("data:{};base64,{encoded}", content_type.as_ref()))
    }

    /// Returns the URL, if the media is at one.
    pub fn as_url(&self) -> Option<&str> {
        match &self.0 {
            Source::Url(url) => Some(url),
            _ => None,
        }
    }

    fn not_uploaded(&self) -> String {
        format!("{self:?} is not uploaded; pass the input to a call, or upload it with `storage()`")
    }

    /// Returns the path of the local file, if the media is one that is not
    /// uploaded yet.
    pub fn as_path(&self) -> Option<&Path> {
        match &self.0 {
            Source::Path(path) => Some(path),
            _ => None,
        }
    }
}

/// Shows where the media is, or, for bytes and readers, how many there are.
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

impl From<&str> for Media {
    fn from(url: &str) -> Self {
        Self::url(url)
    }
}

impl From<String> for Media {
    fn from(url: String) -> Self {
        Self::url(url)
    }
}

impl From<&String> for Media {
    fn from(url: &String) -> Self {
        Self::url(url)
    }
}

impl From<reqwest::Url> for Media {
    fn from(url: reqwest::Url) -> Self {
        Self::url(url)
    }
}

impl From<&reqwest::Url> for Media {
    fn from(url: &reqwest::Url) -> Self {
        Self::url(url.as_str())
    }
}

impl From<&Path> for Media {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

impl From<PathBuf> for Media {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<&PathBuf> for Media {
    fn from(path: &PathBuf) -> Self {
        Self::path(path)
    }
}

/// Fails for media that is not uploaded yet, since it has no URL to be written.
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
