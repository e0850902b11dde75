//! The media types of files, recognised by the name, otherwise by the first bytes.

use reqwest::header::HeaderValue;

use crate::transport::error::{Error, Result};

/// The media type of files whose type is not recognised.
pub(crate) const UNKNOWN: &str = "application/octet-stream";

/// The extensions and media types of files that models read and write. Of several extensions for
/// a type, the first is the usual one.
/// Source: <https://www.iana.org/assignments/media-types>.
const TYPES: [(&str, &str); 74] = [
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("jpe", "image/jpeg"),
    ("jfif", "image/jpeg"),
    ("webp", "image/webp"),
    ("gif", "image/gif"),
    ("avif", "image/avif"),
    ("heic", "image/heic"),
    ("heif", "image/heif"),
    ("jxl", "image/jxl"),
    ("svg", "image/svg+xml"),
    ("bmp", "image/bmp"),
    ("tiff", "image/tiff"),
    ("tif", "image/tiff"),
    ("ico", "image/vnd.microsoft.icon"),
    ("psd", "image/vnd.adobe.photoshop"),
    ("exr", "image/x-exr"),
    ("hdr", "image/vnd.radiance"),
    ("mp4", "video/mp4"),
    ("m4v", "video/x-m4v"),
    ("mov", "video/quicktime"),
    ("qt", "video/quicktime"),
    ("webm", "video/webm"),
    ("mkv", "video/x-matroska"),
    ("avi", "video/x-msvideo"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpeg"),
    ("ogv", "video/ogg"),
    ("ts", "video/mp2t"),
    ("flv", "video/x-flv"),
    ("wmv", "video/x-ms-wmv"),
    ("3gp", "video/3gpp"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("wave", "audio/wav"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/opus"),
    ("flac", "audio/flac"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
    ("aiff", "audio/aiff"),
    ("aif", "audio/aiff"),
    ("wma", "audio/x-ms-wma"),
    ("mid", "audio/midi"),
    ("midi", "audio/midi"),
    ("weba", "audio/webm"),
    ("glb", "model/gltf-binary"),
    ("gltf", "model/gltf+json"),
    ("obj", "model/obj"),
    ("stl", "model/stl"),
    ("usdz", "model/vnd.usdz+zip"),
    ("ply", "model/ply"),
    ("txt", "text/plain"),
    ("csv", "text/csv"),
    ("md", "text/markdown"),
    ("html", "text/html"),
    ("htm", "text/html"),
    ("srt", "application/x-subrip"),
    ("vtt", "text/vtt"),
    ("xml", "application/xml"),
    ("json", "application/json"),
    ("jsonl", "application/jsonl"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("pdf", "application/pdf"),
    ("zip", "application/zip"),
    ("tar", "application/x-tar"),
    ("gz", "application/gzip"),
    ("tgz", "application/gzip"),
    ("7z", "application/x-7z-compressed"),
    ("safetensors", "application/octet-stream"),
    ("bin", "application/octet-stream"),
];

/// The media type for a file name's extension.
pub(crate) fn of_name(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    let (_, kind) = TYPES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(extension))?;
    Some(kind)
}

/// The usual extension for a media type; `bin` for unknown types.
pub(crate) fn extension(content_type: &str) -> &'static str {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence == UNKNOWN {
        return "bin";
    }
    TYPES
        .iter()
        .find(|(_, kind)| kind.eq_ignore_ascii_case(essence))
        .map_or("bin", |(extension, _)| extension)
}

/// The media type that the first bytes of a file show, for the commonest formats.
pub(crate) fn of_bytes(head: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, wanted: &[u8]| {
        head.get(offset..)
            .is_some_and(|rest| rest.starts_with(wanted))
    };
    let kind = match () {
        () if at(0, b"\x89PNG\r\n\x1a\n") => "image/png",
        () if at(0, b"\xff\xd8\xff") => "image/jpeg",
        () if at(0, b"GIF8") => "image/gif",
        () if at(0, b"RIFF") && at(8, b"WEBP") => "image/webp",
        () if at(0, b"RIFF") && at(8, b"WAVE") => "audio/wav",
        () if at(4, b"ftypqt") => "video/quicktime",
        () if at(4, b"ftypavif") => "image/avif",
        () if at(4, b"ftypM4A") => "audio/mp4",
        () if at(4, b"ftyp") => "video/mp4",
        () if at(0, b"\x1aE\xdf\xa3") => "video/webm",
        () if at(0, b"ID3") || at(0, b"\xff\xfb") || at(0, b"\xff\xf3") => "audio/mpeg",
        () if at(0, b"OggS") => "audio/ogg",
        () if at(0, b"fLaC") => "audio/flac",
        () if at(0, b"%PDF-") => "application/pdf",
        () if at(0, b"PK\x03\x04") => "application/zip",
        () if at(0, b"glTF") => "model/gltf-binary",
        () => return None,
    };
    Some(kind)
}

/// Checks a media type and returns it as a header value.
///
/// # Errors
/// When the text is not a media type: `type/subtype`, with optional parameters.
pub(crate) fn check(content_type: &str) -> Result<HeaderValue> {
    let refuse = || {
        Error::configuration(format!(
            "{content_type:?} is not a media type such as `image/png`"
        ))
    };
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let is_token = |text: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
        !text.is_empty() && text.bytes().all(fits)
    };
    match essence.split_once('/') {
        Some((kind, sub)) if is_token(kind) && is_token(sub) => {
            HeaderValue::from_str(content_type).map_err(|_| refuse())
        }
        _ => Err(refuse()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_types() {
        assert_eq!(of_name("walk.MP4"), Some("video/mp4"));
        assert_eq!(of_name("a.tar.gz"), Some("application/gzip"));
        assert_eq!(of_name("mp4"), None);
        assert_eq!(of_name("x.unheard"), None);
        assert_eq!(extension("image/jpeg"), "jpg");
        assert_eq!(extension("image/svg+xml"), "svg");
        assert_eq!(extension("text/plain; charset=utf-8"), "txt");
        assert_eq!(extension("what/ever"), "bin");
        assert_eq!(extension(UNKNOWN), "bin");
    }

    #[test]
    fn first_bytes() {
        assert_eq!(of_bytes(b"\x89PNG\r\n\x1a\n\0\0"), Some("image/png"));
        assert_eq!(of_bytes(b"RIFF\0\0\0\0WAVEfmt "), Some("audio/wav"));
        assert_eq!(of_bytes(b"\0\0\0\x20ftypisom"), Some("video/mp4"));
        assert_eq!(of_bytes(b""), None);
        assert_eq!(of_bytes(b"hello"), None);
    }

    #[test]
    fn only_types_pass() {
        for good in ["image/png", "text/plain;charset=utf-8", "image/svg+xml"] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "png",
            "image/",
            "/png",
            "image/png\r\nx: y",
            "a b/c",
            "image/é",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
