//! Endpoint ids.

use std::fmt;

/// The id of an endpoint: two or more segments of letters, digits, `.`, `_` and
/// `-`, such as `fal-ai/wan-22-vace-fun-a14b/depth`.
///
/// The grammar is strict because ids become file paths and module names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointId(String);

impl EndpointId {
    /// The longest id, in bytes. Real ones stay below 80.
    pub const MAX_LENGTH: usize = 200;

    /// Checks an id.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(id: &str) -> Result<Self, String> {
        if id.len() > Self::MAX_LENGTH {
            let length = id.len();
            return Err(format!(
                "the endpoint id has {length} bytes; at most {} are accepted",
                Self::MAX_LENGTH
            ));
        }
        if id.split('/').count() < 2 {
            return Err(format!(
                "the endpoint id {id:?} has fewer than two segments (`owner/name`)"
            ));
        }
        match id.split('/').find(|segment| !is_segment(segment)) {
            Some(segment) => Err(format!(
                "the endpoint id {id:?} has the segment {segment:?}; a segment starts with a \
                 letter or digit and holds letters, digits, `.`, `_` and `-`"
            )),
            None => Ok(Self(id.to_owned())),
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts between the slashes.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The first two segments, after the namespace of `workflows/` and `comfy/`
    /// ids: endpoints of one family share types and usually a feature.
    pub fn family(&self) -> &str {
        let length = match self.segments().next() {
            Some("workflows" | "comfy") => 3,
            _ => 2,
        };
        match self.0.match_indices('/').nth(length - 1) {
            Some((end, _)) => &self.0[..end],
            None => &self.0,
        }
    }
}

fn is_segment(segment: &str) -> bool {
    segment.starts_with(|first: char| first.is_ascii_alphanumeric())
        && segment
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

impl fmt::Display for EndpointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_the_first_two_segments_after_a_namespace() {
        let family = |id: &str| EndpointId::parse(id).unwrap().family().to_owned();
        assert_eq!(family("fal-ai/flux/dev/redux"), "fal-ai/flux");
        assert_eq!(family("fal-ai/flux"), "fal-ai/flux");
        assert_eq!(family("workflows/me/flow/run"), "workflows/me/flow");
        assert_eq!(family("comfy/me"), "comfy/me");
    }

    #[test]
    fn what_could_leave_a_folder_is_no_id() {
        for id in [
            "",
            "one",
            "a/../b",
            "/a/b",
            "a//b",
            "a/b/",
            "a/.hidden",
            "a/b c",
            "a\\b/c",
            "ä/b",
            "a/\u{202e}b",
        ] {
            assert!(EndpointId::parse(id).is_err(), "{id:?}");
        }
        assert!(EndpointId::parse(&format!("a/{}", "b".repeat(300))).is_err());
    }
}
