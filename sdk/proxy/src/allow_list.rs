//! The endpoints that may be called.

use fal_sdk::EndpointId;

/// The patterns of the endpoints that may be called. Without a pattern, none may.
#[derive(Debug, Clone, Default)]
pub(crate) struct AllowList(Vec<Pattern>);

/// An endpoint id in which `*` stands for any text within a segment, and a segment `**` for
/// any number of segments.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Vec<String>);

impl Pattern {
    /// Parses an endpoint id or a pattern.
    ///
    /// # Errors
    /// When the text is neither. The message shows examples of both.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let segments: Vec<String> = text.split('/').map(str::to_owned).collect();
        let is_known = |letter: char| letter.is_ascii_alphanumeric() || "-_.~*".contains(letter);
        let is_segment = |segment: &String| {
            !matches!(segment.as_str(), "" | "." | "..")
                && segment.chars().all(is_known)
                && (segment == "**" || !segment.contains("**"))
        };
        let can_be_an_id = segments.len() > 1 || text == "**";
        match can_be_an_id && segments.iter().all(is_segment) {
            true => Ok(Self(segments)),
            false => Err(format!(
                "{text:?} is not an endpoint id such as `fal-ai/flux/dev`, nor a pattern such as \
                 `fal-ai/flux/*` or `fal-ai/**`"
            )),
        }
    }
}

impl AllowList {
    pub(crate) fn new(patterns: Vec<Pattern>) -> Self {
        Self(patterns)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the endpoint may be called.
    pub(crate) fn allows(&self, endpoint: &EndpointId) -> bool {
        let segments: Vec<&str> = endpoint.as_str().split('/').collect();
        self.0.iter().any(|pattern| is_whole(&pattern.0, &segments))
    }

    /// Whether any endpoint of this app may be called. The URLs of jobs contain only the app,
    /// `owner/name`, and not the whole endpoint id.
    pub(crate) fn allows_app(&self, app: &str) -> bool {
        let segments: Vec<&str> = app.split('/').collect();
        self.0.iter().any(|pattern| is_begin(&pattern.0, &segments))
    }
}

/// Whether a pattern matches all the segments.
fn is_whole(pattern: &[String], segments: &[&str]) -> bool {
    match (pattern, segments) {
        ([], []) => true,
        ([any, rest @ ..], _) if any == "**" => {
            (0..=segments.len()).any(|skipped| is_whole(rest, &segments[skipped..]))
        }
        ([first, rest @ ..], [segment, others @ ..]) => {
            is_text(first, segment) && is_whole(rest, others)
        }
        _ => false,
    }
}

/// Whether a pattern can match an id that begins with the segments.
fn is_begin(pattern: &[String], segments: &[&str]) -> bool {
    match (pattern, segments) {
        (_, []) => true,
        ([], _) => false,
        ([any, ..], _) if any == "**" => true,
        ([first, rest @ ..], [segment, others @ ..]) => {
            is_text(first, segment) && is_begin(rest, others)
        }
    }
}

/// Whether a segment of a pattern, in which `*` stands for any text, matches a text.
fn is_text(pattern: &str, text: &str) -> bool {
    let Some((begin, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(text) = text.strip_prefix(begin) else {
        return false;
    };
    (0..=text.len())
        .any(|skipped| text.is_char_boundary(skipped) && is_text(rest, &text[skipped..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(patterns: &[&str]) -> AllowList {
        let patterns = patterns.iter().map(|text| Pattern::parse(text).unwrap());
        AllowList::new(patterns.collect())
    }

    fn allows(patterns: &[&str], endpoint: &str) -> bool {
        list(patterns).allows(&EndpointId::parse(endpoint).unwrap())
    }

    #[test]
    fn endpoints_are_allowed_by_id_and_by_pattern() {
        assert!(allows(&["fal-ai/flux/dev"], "fal-ai/flux/dev"));
        assert!(!allows(&["fal-ai/flux/dev"], "fal-ai/flux"));
        assert!(!allows(&["fal-ai/flux/dev"], "fal-ai/flux/dev/extra"));
        assert!(!allows(&["fal-ai/flux/dev"], "fal-ai/flux/dev2"));
        assert!(allows(&["fal-ai/fast-*"], "fal-ai/fast-sdxl"));
        assert!(!allows(&["fal-ai/fast-*"], "fal-ai/faster"));
        assert!(allows(&["a/*b*c"], "a/xbyc") && !allows(&["a/*b*c"], "a/xcyb"));
        assert!(allows(&["a/**/z"], "a/z") && allows(&["a/**/z"], "a/b/c/z"));
        assert!(!allows(&["a/**/z"], "a/b/c"));
        assert!(allows(&["**"], "any/thing/at/all"));
        assert!(!allows(&[], "any/thing"));
    }

    /// A job's URLs have only the app of its endpoint.
    #[test]
    fn apps_of_allowed_endpoints_are_allowed() {
        let both = list(&["fal-ai/flux/dev", "acme/fast-*/x", "workflows/me/*"]);
        for app in ["fal-ai/flux", "acme/fast-1", "workflows/me/mine"] {
            assert!(both.allows_app(app), "{app}");
        }
        for app in [
            "fal-ai/flux-pro",
            "acme/slow",
            "workflows/you/yours",
            "fal-ai/dev",
        ] {
            assert!(!both.allows_app(app), "{app}");
        }
        assert!(list(&["fal-ai/**"]).allows_app("fal-ai/flux"));
        assert!(list(&["**"]).allows_app("fal-ai/flux"));
        assert!(!list(&[]).allows_app("fal-ai/flux"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in [
            "",
            "flux",
            "/",
            "a/",
            "a//b",
            "a/..",
            "a/b?c",
            "a/b c",
            "a/b**",
            "https://fal.run/a/b",
            "*",
        ] {
            assert!(Pattern::parse(text).is_err(), "{text:?}");
        }
    }

    /// The cases of fal's own proxy, but for its empty list, which allows everything there
    /// and nothing here, and for what is not an endpoint id.
    #[test]
    fn patterns_mean_what_they_mean_to_fals_own_proxy() {
        let vectors = include_str!("../../../tests/fixtures/vectors/proxy.json");
        let vectors: serde_json::Value = serde_json::from_str(vectors).unwrap();
        let mut seen = 0;
        for case in vectors["endpoint_allow"].as_array().unwrap() {
            let patterns = case["patterns"].as_array().unwrap().iter();
            let patterns: Vec<&str> = patterns.filter_map(serde_json::Value::as_str).collect();
            let endpoint = EndpointId::parse(case["endpoint"].as_str().unwrap());
            let (false, Ok(endpoint)) = (patterns.is_empty(), endpoint) else {
                continue;
            };
            assert_eq!(
                case["allowed"],
                u8::from(list(&patterns).allows(&endpoint)),
                "{case}"
            );
            seen += 1;
        }
        assert_eq!(seen, 11);
    }
}
