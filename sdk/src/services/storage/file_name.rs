//! The names that files are stored under, as they are sent.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use reqwest::header::HeaderValue;

use crate::services::media_type;
use crate::transport::error::{Error, Result};

/// The longest name, in bytes, which is the limit of most file systems.
const LONGEST: usize = 255;

/// The name that a file is stored under: the last part of the given path, without control
/// characters. If nothing is given, `upload` with the extension of the media type.
pub(crate) fn clean(given: Option<&str>, content_type: &str) -> String {
    let last = given
        .unwrap_or_default()
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default();
    let visible: String = last.chars().filter(|c| !c.is_control()).collect();
    let name = visible.trim();
    if name.trim_matches('.').is_empty() {
        return format!("upload.{}", media_type::extension(content_type));
    }
    shorten(name)
}

/// Cuts a long name before its extension.
fn shorten(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let extension = name
        .rfind('.')
        .map(|dot| &name[dot..])
        .filter(|extension| extension.len() <= 16)
        .unwrap_or_default();
    let mut end = LONGEST - extension.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &name[..end])
}

/// The name as a header value, in which everything but printable ASCII is percent-encoded.
///
/// # Errors
/// Never for a name that was [cleaned](clean).
pub(crate) fn header(name: &str) -> Result<HeaderValue> {
    const UNFIT: &AsciiSet = CONTROLS;
    let text = utf8_percent_encode(name, UNFIT).to_string();
    HeaderValue::from_str(&text)
        .map_err(|_| Error::configuration(format!("{name:?} cannot be sent as a file name")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::vectors;

    #[test]
    fn names_are_made_harmless() {
        let name = |given| clean(Some(given), "image/png");
        assert_eq!(name("walk.mp4"), "walk.mp4");
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name("C:\\films\\walk.mp4"), "walk.mp4");
        assert_eq!(name("a\r\nX-Evil: 1.png"), "aX-Evil: 1.png");
        assert_eq!(name(".."), "upload.png");
        assert_eq!(name("dir/"), "upload.png");
        let without_any = &vectors("file_names.json")["python_default"];
        assert_eq!(without_any, &clean(None, media_type::UNKNOWN));
        let long = name(&format!("{}é.jpeg", "x".repeat(400)));
        assert!(long.len() <= LONGEST && long.ends_with(".jpeg"));
    }

    #[test]
    fn headers_are_ascii() {
        assert_eq!(header("a b.png").unwrap(), "a b.png");
        assert_eq!(header("café.png").unwrap(), "caf%C3%A9.png");
    }
}
