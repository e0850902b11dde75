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

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Video => "mp4",
            Self::Image => "png",
            Self::Audio => "wav",
            Self::Archive => "zip",
            Self::Json => "json",
            Self::Text => "txt",
            Self::Bytes => "bin",
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Video => "video/mp4",
            Self::Image => "image/png",
            Self::Audio => "audio/wav",
            Self::Archive => "application/zip",
            Self::Json => "application/json",
            Self::Text => "text/plain",
            Self::Bytes => "application/octet-stream",
        }
    }

    /// The content of the file.
    pub(crate) fn file(self) -> Bytes {
        match self {
            Self::Video => Bytes::from_static(file!("output.mp4")),
            Self::Image => Bytes::from_static(file!("output.png")),
            Self::Audio => Bytes::from_static(file!("output.wav")),
            Self::Archive => Bytes::from_static(file!("output.zip")),
            Self::Json => Bytes::from_static(b"{\"made_by\":\"fal-mock\"}\n"),
            Self::Text => Bytes::from_static(b"Made by fal-mock.\n"),
            Self::Bytes => Bytes::from_static(b"fal-mock\0\x01\x02\x03\x04\x05\x06\x07"),
        }
    }

    /// The URL of the file, below a placeholder that each reply replaces by the base URL of the CDN.
    pub(crate) fn url(self) -> String {
        format!("{CDN_PLACEHOLDER}/files/mock/output.{}", self.extension())
    }
}
