//! Media in inputs: a URL, a data URI, a file or bytes.

use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use serde::ser::{Error as _, Serialize, Serializer};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::contract::wire::{Decode, DecodeError, Encode, Encoded};

/// An image, a video, an audio file or another file as a model's input.
///
/// Models take URLs. A string is a URL or a data URI and never names a local file,
/// so that text from outside cannot make a program upload one; a string that is
/// neither is refused before anything is sent. Local files and bytes are given as
/// [`Media::path`] and [`Media::bytes`], and are uploaded when the call is made. A
/// [`Path`] or [`PathBuf`] converts into media as a file, a
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

    /// Sets the file name of [`Media::bytes`]; it has no effect on other media.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        if let Source::Bytes { file_name, .. } = &mut self.0 {
            *file_name = Some(name.into());
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

/// Shows where the media is, or, for bytes, how many there are.
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
        assert_eq!(Media::from(url.clone()).as_url(), Some(url.as_str()));
    }
}
