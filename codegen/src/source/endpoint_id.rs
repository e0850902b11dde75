//! Endpoint ids, checked before they become paths or source.
//!
//! Ids come from documents, catalogs and command lines, which are untrusted. A valid id names a file below the
//! folder of the documents on every common operating system, and cannot name anything else.

use std::fmt;

/// The id of an endpoint, such as `fal-ai/flux/dev`: two or more segments of ASCII letters, digits, `-`, `_` and `.`.
///
/// All known ids of fal (about 1,550) have this form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointId(String);

/// The longest id that is accepted, in bytes. The longest known id has 62 bytes; some systems allow 260 characters for a whole
/// path.
const MAX_BYTES: usize = 180;
/// The longest segment that is accepted, in bytes. File systems allow 255 bytes for a name, including `.json` and the suffix of
/// a temporary file.
const MAX_SEGMENT_BYTES: usize = 100;
/// Names that are devices on Windows, whatever their extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

impl EndpointId {
    /// Creates an endpoint id from a text, if it is valid.
    ///
    /// # Errors
    ///
    /// [`InvalidEndpointId`] says which rule the id breaks.
    pub fn parse(id: &str) -> Result<Self, InvalidEndpointId> {
        let refuse = |reason| {
            Err(InvalidEndpointId {
                id: id.to_owned(),
                reason,
            })
        };
        if id.len() > MAX_BYTES {
            return refuse("is longer than 180 bytes");
        }
        let mut count = 0;
        for segment in id.split('/') {
            count += 1;
            if let Err(reason) = check_segment(segment) {
                return refuse(reason);
            }
        }
        if count < 2 {
            return refuse(
                "has no `/`: an id is `owner/name`, with more segments if the model has them",
            );
        }
        Ok(Self(id.to_owned()))
    }

    /// The id as a string, such as `fal-ai/flux/dev`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts between the slashes.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The family of the endpoint: the first two segments of the id (`fal-ai/flux`), or the first three if it begins with
    /// `workflows/` or `comfy/`. Endpoints of one family share types and usually a cargo feature.
    #[must_use]
    pub fn family(&self) -> &str {
        family(&self.0)
    }

    /// The path of the endpoint's document below the folder of the documents, such as `fal-ai/flux/dev.json`, with `/` on every
    /// system.
    #[must_use]
    pub fn document_path(&self) -> String {
        format!("{}.json", self.0)
    }

    /// The id whose document is at `path` below the folder of the documents; `None` if `path` is not the path of a document.
    #[must_use]
    pub fn of_document_path(path: &str) -> Option<Self> {
        Self::parse(path.strip_suffix(".json")?).ok()
    }
}

/// The family of an id that is given as a text: see [`EndpointId::family`].
pub(crate) fn family(id: &str) -> &str {
    let length = match id.split('/').next() {
        Some("workflows" | "comfy") => 3,
        _ => 2,
    };
    match id.match_indices('/').nth(length - 1) {
        Some((end, _)) => &id[..end],
        None => id,
    }
}

impl fmt::Display for EndpointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for EndpointId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

fn check_segment(segment: &str) -> Result<(), &'static str> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if segment.is_empty() {
        return Err("has an empty segment");
    }
    if !segment.bytes().all(allowed) {
        return Err("has a character other than ASCII letters, digits, `-`, `_`, `.` and `/`");
    }
    if segment.len() > MAX_SEGMENT_BYTES {
        return Err("has a segment longer than 100 bytes");
    }
    if !segment.starts_with(|c: char| c.is_ascii_alphanumeric()) || segment.ends_with('.') {
        return Err("has a segment that does not start with a letter or digit, or ends with a dot");
    }
    // The document of `a/b.json/c` would need a folder with the name of the document of `a/b`.
    if segment.to_ascii_lowercase().ends_with(".json") {
        return Err("has a segment that ends with `.json`");
    }
    if is_device(segment) {
        return Err("has a segment that is a device name on Windows");
    }
    Ok(())
}

/// Whether Windows takes a file of this name, whatever its extension, for a device.
pub(crate) fn is_device(segment: &str) -> bool {
    let stem = segment
        .split('.')
        .next()
        .unwrap_or(segment)
        .to_ascii_lowercase();
    let numbered = ["com", "lpt"].iter().any(|port| {
        let number = stem.strip_prefix(port);
        number.is_some_and(|number| number.len() == 1 && number.as_bytes()[0].is_ascii_digit())
    });
    numbered || DEVICES.contains(&stem.as_str())
}

/// An id that is refused, and the rule that it breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidEndpointId {
    id: String,
    reason: &'static str,
}

impl InvalidEndpointId {
    /// The rule that the id breaks, as the rest of a sentence that begins with the id: `has an empty segment`.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

impl fmt::Display for InvalidEndpointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Quoted and cut: the id may hold anything.
        let shown: String = self.id.chars().take(80).collect();
        write!(f, "endpoint id {shown:?} {}", self.reason)
    }
}

impl std::error::Error for InvalidEndpointId {}

#[cfg(test)]
mod tests {
    use super::EndpointId;

    #[test]
    fn real_ids_pass() {
        let ids = [
            "fal-ai/flux",
            "fal-ai/wan-22-vace-fun-a14b/depth",
            "fal-ai/wan/v2.1/1.3b/text-to-video",
            "workflows/owner/name",
            "1234/app",
            "fal-ai/Model_2",
            "a/console",
            "a/com10",
        ];
        for id in ids {
            let parsed = EndpointId::parse(id).unwrap();
            assert_eq!(parsed.as_str(), id);
            assert_eq!(
                EndpointId::of_document_path(&parsed.document_path()),
                Some(parsed)
            );
        }
    }

    #[test]
    fn a_family_is_the_first_two_segments_after_a_namespace() {
        let family = |id: &str| EndpointId::parse(id).unwrap().family().to_owned();
        assert_eq!(family("fal-ai/flux/dev/redux"), "fal-ai/flux");
        assert_eq!(family("fal-ai/flux"), "fal-ai/flux");
        assert_eq!(family("workflows/me/flow/run"), "workflows/me/flow");
        assert_eq!(family("comfy/me"), "comfy/me");
    }

    #[test]
    fn whatever_could_leave_the_folder_is_refused() {
        let long_segment = format!("a/{}", "x".repeat(101));
        let long = format!("a{}", "/x".repeat(90));
        let ids = [
            "",
            "one",
            "/etc/passwd",
            "a/",
            "a//b",
            "../a/b",
            "a/../b",
            "a/./b",
            "a/..",
            "a/.hidden",
            "a/b.",
            "a/-flag",
            "a\\b/c",
            "C:/a",
            "a/b:c",
            "a/b\0c",
            "a/b\nc",
            "a/b c",
            "a/b%2e",
            "a/ünder",
            "a/CON",
            "nul/b",
            "a/Com1.v2",
            "a/lpt9",
            "a/aux.tar",
            "a/b.json/c",
            "a/b.JSON",
            &long_segment,
            &long,
        ];
        for id in ids {
            assert!(EndpointId::parse(id).is_err(), "{id:?} must be refused");
        }
    }

    #[test]
    fn the_error_shows_no_raw_control_character() {
        let error = EndpointId::parse("a/\u{1b}[2J").unwrap_err().to_string();
        assert!(!error.contains('\u{1b}'), "{error}");
        assert!(error.contains("has a character other than"), "{error}");
    }
}
