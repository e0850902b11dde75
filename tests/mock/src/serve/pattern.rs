//! Patterns of paths, such as `/{app..}/requests/{request}`.

/// The values of the names in a pattern.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Params(Vec<(&'static str, String)>);

impl Params {
    /// The value of `name`; empty if the pattern has no such name.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }
}

/// The segments of a path. A slash at the end is ignored, as on fal.
pub(crate) fn segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path).split('/')
}

/// Matches the segments of a path against a pattern. `{name..}` matches as many segments as the rest of the pattern leaves.
pub(crate) fn matches(pattern: &'static str, path: &[&str]) -> Option<Params> {
    let mut params = Params::default();
    let mut at = 0;
    let length = segments(pattern).count();
    for part in segments(pattern) {
        let taken = if part.ends_with("..}") {
            (path.len() + 1)
                .checked_sub(length)
                .filter(|taken| *taken > 0)?
        } else {
            1
        };
        let values = path.get(at..at + taken)?;
        at += taken;
        match name(part) {
            Some(_) if values.iter().any(|value| value.is_empty()) => return None,
            Some(name) => params.0.push((name, values.join("/"))),
            None if values == [part] => {}
            None => return None,
        }
    }
    (at == path.len()).then_some(params)
}

fn name(part: &'static str) -> Option<&'static str> {
    let inner = part.strip_prefix('{')?.strip_suffix('}')?;
    Some(inner.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn try_match(pattern: &'static str, path: &str) -> Option<Params> {
        matches(pattern, &segments(path).collect::<Vec<_>>())
    }

    #[test]
    fn wide_names_leave_enough_for_the_rest() {
        let params = try_match(
            "/{app..}/requests/{request}/status",
            "/fal-ai/flux/requests/R/status/",
        )
        .unwrap();
        assert_eq!(params.get("app"), "fal-ai/flux");
        assert_eq!(params.get("request"), "R");
        assert_eq!(params.get("other"), "");
    }

    #[test]
    fn mismatches() {
        for path in [
            "/requests/R/status",
            "/a/requests/status",
            "/a//requests/R/status",
            "/a/requests/R/status/more",
        ] {
            assert_eq!(
                try_match("/{app..}/requests/{request}/status", path),
                None,
                "{path}"
            );
        }
        assert_eq!(try_match("/{app..}", "/"), None);
        assert!(try_match("/v1/models", "/v1/models/").is_some());
    }
}
