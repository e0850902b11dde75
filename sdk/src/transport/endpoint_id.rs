//! The ids of endpoints, such as `fal-ai/flux/dev`, and of requests.
//!
//! Both become parts of URLs that the key is sent to, so both are checked: an id such
//! as `../x` must not change which route is called.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::transport::error::{Error, Result};

/// The id of an endpoint, checked: `owner/alias`, which can have a path after it
/// (`fal-ai/flux/dev`) and a namespace before it (`workflows/owner/name`).
///
/// A call is sent to the URL of the whole id; the routes of a single request (status,
/// result, cancel) are below `[namespace/]owner/alias`.
/// Source: <https://fal.ai/docs/documentation/model-apis/inference/queue>.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EndpointId {
    full: Arc<str>,
    /// The length of `[namespace/]owner/alias` in `full`.
    app_len: usize,
}

const LONGEST_ENDPOINT: usize = 256;
const LONGEST_REQUEST: usize = 128;

impl EndpointId {
    /// Parses and checks an id. The older form `1234-alias` is read as `1234/alias`.
    ///
    /// # Errors
    /// When the text is not an endpoint id. The message says what is wrong with it.
    pub fn parse(id: &str) -> Result<Self> {
        let refuse =
            |why: &str| Error::configuration(format!("invalid endpoint id {}: {why}", shown(id)));
        if id.len() > LONGEST_ENDPOINT {
            return Err(refuse("it is longer than 256 characters"));
        }
        let full: Cow<'_, str> = match id.contains('/') {
            true => id.into(),
            false => legacy(id)
                .ok_or_else(|| refuse("it must be `owner/name`, such as `fal-ai/flux/dev`"))?
                .into(),
        };
        let app_len = match app_length(&full) {
            Ok(Some(length)) => length,
            Ok(None) => return Err(refuse("a namespace must be followed by `owner/name`")),
            Err(start) => {
                let odd = full[start..].split('/').next().unwrap_or_default();
                return Err(refuse(&format!(
                    "its segment {odd:?} may contain only letters, digits, `-`, `_`, `.` and `~`, and must not be empty, `.` or `..`"
                )));
            }
        };
        Ok(Self {
            app_len,
            full: full.as_ref().into(),
        })
    }

    /// The length of `[namespace/]owner/alias` in the id that a type of input names, for the
    /// compiler to compute. It is `None` if there is no id, or if it is not valid:
    /// [`parse`](Self::parse) says why.
    pub(crate) const fn known_app_length(id: Option<&str>) -> Option<usize> {
        match id {
            Some(id) if id.len() <= LONGEST_ENDPOINT => match app_length(id) {
                Ok(length) => length,
                Err(_) => None,
            },
            _ => None,
        }
    }

    /// Creates an id whose [`known_app_length`](Self::known_app_length) is not `None`.
    pub(crate) fn known(id: &'static str, app_len: usize) -> Self {
        let full = id.into();
        Self { full, app_len }
    }

    /// Returns the whole id, such as `fal-ai/flux/dev`.
    pub fn as_str(&self) -> &str {
        &self.full
    }

    /// Returns `owner/alias`, with its namespace if it has one, without the path below
    /// it: `fal-ai/flux` for `fal-ai/flux/dev`.
    pub fn app(&self) -> &str {
        &self.full[..self.app_len]
    }

    /// Returns the namespace, `workflows` or `comfy`, if the id is in one of
    /// them.
    pub fn namespace(&self) -> Option<&str> {
        let (first, _) = self.full.split_once('/')?;
        Some(first).filter(|first| is_namespace(first.as_bytes()))
    }

    /// Returns the name of the endpoint's owner, such as `fal-ai`.
    pub fn owner(&self) -> &str {
        let app = self.app();
        app.rsplit('/').nth(1).unwrap_or(app)
    }

    /// Returns the name that the owner gave the endpoint, such as `flux` in
    /// `fal-ai/flux/dev`.
    pub fn alias(&self) -> &str {
        let app = self.app();
        app.rsplit('/').next().unwrap_or(app)
    }

    /// Returns the path below `owner/alias`, if there is one, such as `dev` in
    /// `fal-ai/flux/dev`.
    pub fn path(&self) -> Option<&str> {
        self.full[self.app_len..].strip_prefix('/')
    }

    pub(crate) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.full)
    }
}

impl AsRef<str> for EndpointId {
    fn as_ref(&self) -> &str {
        &self.full
    }
}

impl fmt::Display for EndpointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.full)
    }
}

impl std::str::FromStr for EndpointId {
    type Err = Error;

    fn from_str(id: &str) -> Result<Self> {
        Self::parse(id)
    }
}

/// Turns an id in the older form `1234-alias` into `1234/alias`.
fn legacy(id: &str) -> Option<String> {
    let (owner, alias) = id.split_once('-')?;
    let is_number = !owner.is_empty() && owner.bytes().all(|byte| byte.is_ascii_digit());
    let is_alias = !alias.is_empty()
        && alias
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_number && is_alias).then(|| format!("{owner}/{alias}"))
}

/// The length of `[namespace/]owner/alias` in an id; `None` if it has too few segments,
/// `Err` with the position of the first segment that is not valid. It is const, so that the ids
/// of types cost nothing when a call is made.
const fn app_length(id: &str) -> Result<Option<usize>, usize> {
    let (mut rest, mut start, mut number, mut app_segments) = (id.as_bytes(), 0, 0, 2);
    let mut length = None;
    loop {
        let mut end = 0;
        while end < rest.len() && is_plain(rest[end]) {
            end += 1;
        }
        let (segment, after) = rest.split_at(end);
        if matches!(segment, b"" | b"." | b"..") || !matches!(after, [] | [b'/', ..]) {
            return Err(start);
        }
        number += 1;
        if number == 1 && is_namespace(segment) {
            app_segments = 3;
        }
        if number == app_segments {
            length = Some(start + end);
        }
        let [_, next @ ..] = after else {
            return Ok(length);
        };
        rest = next;
        start += end + 1;
    }
}

/// Whether a text is one path segment that needs no encoding and stays below its
/// parent.
fn is_segment(text: &str) -> bool {
    !matches!(text, "" | "." | "..") && text.bytes().all(is_plain)
}

const fn is_namespace(segment: &[u8]) -> bool {
    matches!(segment, b"workflows" | b"comfy")
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

/// Returns the path below an endpoint: the given one, otherwise the usual one,
/// unless the endpoint's id ends with that already.
///
/// # Errors
/// When the path would need encoding in a URL, or would lead out of the endpoint.
pub(crate) fn path_below(endpoint: &str, path: Option<&str>, usual: &str) -> Result<String> {
    let ends_with_it = |usual| {
        let above = endpoint.strip_suffix(usual);
        above.is_some_and(|above| above.ends_with('/'))
    };
    let path = match path {
        Some(path) => path,
        None if ends_with_it(usual) => "",
        None => usual,
    };
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match segments.iter().all(|part| is_segment(part)) {
        true => Ok([&[endpoint], &segments[..]].concat().join("/")),
        false => Err(Error::configuration(format!(
            "{path:?} is not a valid path below an endpoint"
        ))),
    }
}

/// Checks the id of a request, commonly a UUID.
///
/// # Errors
/// When the id would need encoding in a URL.
pub(crate) fn check_request_id(id: &str) -> Result<Arc<str>> {
    if is_segment(id) && id.len() <= LONGEST_REQUEST {
        return Ok(id.into());
    }
    Err(Error::configuration(format!(
        "invalid request id {}: it may contain only letters, digits, `-`, `_`, `.` and `~`, at most \
         {LONGEST_REQUEST} of them",
        shown(id)
    )))
}

/// An id in an error message: quoted, and cut, since it can be anything.
fn shown(id: &str) -> String {
    const LONGEST: usize = 64;
    match id.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{:?}…", &id[..end]),
        None => format!("{id:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_first_segment_that_is_not_valid() {
        for (id, expected) in [
            ("acme/caf\u{e9}-x/b c", "its segment \"caf\u{e9}-x\""),
            ("acme//b", "its segment \"\""),
            ("acme/b/", "its segment \"\""),
            ("acme/../b", "its segment \"..\""),
            ("workflows/acme", "must be followed by `owner/name`"),
            ("workflows/acme/b?", "its segment \"b?\""),
        ] {
            let message = EndpointId::parse(id).unwrap_err().to_string();
            assert!(message.contains(expected), "{id}: {message}");
            assert_eq!(EndpointId::known_app_length(Some(id)), None);
        }
        for (id, app) in [
            ("acme/b", "acme/b"),
            ("acme/b/c/d", "acme/b"),
            ("comfy/acme/b/c", "comfy/acme/b"),
            ("acme/workflows/c", "acme/workflows"),
        ] {
            let parsed = EndpointId::parse(id).unwrap();
            assert_eq!(parsed.app(), app);
            let length = EndpointId::known_app_length(Some(id)).unwrap();
            assert_eq!(EndpointId::known(id, length), parsed);
        }
    }

    #[test]
    fn paths_below_an_endpoint() {
        let path = |endpoint, path| path_below(endpoint, path, "stream").ok();
        assert_eq!(path("/a/b", None).as_deref(), Some("/a/b/stream"));
        assert_eq!(path("/a/b/stream", None).as_deref(), Some("/a/b/stream"));
        assert_eq!(
            path("/a/xstream", None).as_deref(),
            Some("/a/xstream/stream")
        );
        assert_eq!(path("/a/b", Some("/x/y")).as_deref(), Some("/a/b/x/y"));
        assert_eq!(path("/a/b", Some("")).as_deref(), Some("/a/b"));
        for bad in ["..", "../../c/d", "a?b", "a%2fb", "a b"] {
            assert_eq!(path("/a/b", Some(bad)), None, "{bad}");
        }
        assert_eq!(path_below("a/b", None, "").unwrap(), "a/b");
    }
}
