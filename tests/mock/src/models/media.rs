//! Small media files, which stand in for the files that models generate. The script `media/make` created them.

mod rewrite;

use bytes::Bytes;

pub(crate) use rewrite::{CDN_PLACEHOLDER, localize, relocate};

/// The kind of a media file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Video,
    Image,
    Audio,
    Archive,
    Json,
    Text,
    Bytes,
}

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../media/", $name))
    };
}

impl Kind {
    /// The kind of files with this extension, given without the dot.
    pub(crate) fn from_extension(extension: &str) -> Option<Self> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "mp4" | "webm" | "mov" | "m4v" | "avi" | "mkv" => Self::Video,
            "png" | "jpg" | "jpeg" | "webp" | "gif" | "avif" | "bmp" | "tiff" => Self::Image,
            "wav" | "mp3" | "ogg" | "opus" | "flac" | "m4a" | "aac" => Self::Audio,
            "zip" | "tar" | "gz" | "tgz" => Self::Archive,
            "json" => Self::Json,
            "txt" | "srt" | "md" => Self::Text,
            "bin" | "glb" | "gltf" | "obj" | "ply" | "fbx" | "usdz" | "stl" | "safetensors"
            | "pt" => Self::Bytes,
            _ => return None,
        })
    }

    /// The kind of files with this content type.
    pub(crate) fn from_content_type(content_type: &str) -> Option<Self> {
        Some(match content_type.split(['/', ';']).next()? {
            "video" => Self::Video,
            "image" => Self::Image,
            "audio" => Self::Audio,
            "text" => Self::Text,
            _ if content_type.contains("zip") => Self::Archive,
            _ if content_type.contains("json") => Self::Json,
            _ => return None,
        })
    }

    /// The kind of file that the name of a property suggests, such as `frames_zip` or `image_url`.
    pub(crate) fn from_name(name: &str) -> Self {
        let any = |words: &[&str]| {
            words
                .iter()
                .any(|word| name.to_ascii_lowercase().contains(word))
        };
        match () {
            () if any(&["zip", "archive"]) => Self::Archive,
            () if any(&["audio", "music", "speech", "sound", "voice", "vocal"]) => Self::Audio,
            () if any(&[
                "frame",
                "image",
                "mask",
                "thumbnail",
                "texture",
                "picture",
                "photo",
            ]) =>
            {
                Self::Image
            }
            () if any(&["video", "clip", "movie"]) => Self::Video,
            () => Self::Bytes,
        }
    }

    /// The extension, the content type and the content of the file.
    fn properties(self) -> (&'static str, &'static str, &'static [u8]) {
        match self {
            Self::Video => ("mp4", "video/mp4", file!("output.mp4")),
            Self::Image => ("png", "image/png", file!("output.png")),
            Self::Audio => ("wav", "audio/wav", file!("output.wav")),
            Self::Archive => ("zip", "application/zip", file!("output.zip")),
            Self::Json => ("json", "application/json", b"{\"made_by\":\"fal-mock\"}\n"),
            Self::Text => ("txt", "text/plain", b"Made by fal-mock.\n"),
            Self::Bytes => (
                "bin",
                "application/octet-stream",
                b"fal-mock\0\x01\x02\x03\x04\x05\x06\x07",
            ),
        }
    }

    pub(crate) fn extension(self) -> &'static str {
        self.properties().0
    }

    pub(crate) fn content_type(self) -> &'static str {
        self.properties().1
    }

    /// The content of the file.
    pub(crate) fn file(self) -> Bytes {
        Bytes::from_static(self.properties().2)
    }

    /// The URL of the file, below a placeholder that each reply replaces by the base URL of the CDN.
    pub(crate) fn url(self) -> String {
        format!("{CDN_PLACEHOLDER}/files/mock/output.{}", self.extension())
    }
}
