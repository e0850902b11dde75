//! Suggestions for an unknown path.

use super::pattern;
use crate::protocol::host::Host;

/// The three known routes that are most similar to `path`, the best first. `known` has host, pattern and text of every route.
pub(crate) fn near_matches(
    known: impl Iterator<Item = (Host, &'static str, String)>,
    host: Option<Host>,
    path: &str,
) -> Vec<String> {
    let mut known: Vec<(usize, String)> = known
        .filter(|(of, ..)| *of != Host::Control || host == Some(Host::Control))
        .map(|(of, pattern, line)| {
            let elsewhere = usize::from(host.is_some_and(|host| host != of)) * 4;
            let distance = strsim::levenshtein(path, &without_names(pattern));
            (distance + elsewhere, line)
        })
        .collect();
    known.sort();
    known.dedup();
    known.into_iter().take(3).map(|(_, line)| line).collect()
}

/// The pattern with `*` for each of its names, so that the length of a name does not matter.
fn without_names(pattern: &'static str) -> String {
    let segments = pattern::segments(pattern);
    let plain = |segment: &'static str| {
        if segment.starts_with('{') {
            "*"
        } else {
            segment
        }
    };
    segments.flat_map(|segment| ["/", plain(segment)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_is_recognised() {
        let patterns = [
            (Host::Platform, "/v1/models"),
            (Host::Platform, "/v1/models/pricing"),
            (Host::Platform, "/v1/meta"),
            (Host::Fal, "/api/openapi/queue/openapi.json"),
            (Host::Queue, "/{app..}"),
            (Host::Queue, "/{app..}/requests/{request}/status"),
        ];
        let near = |host, path| {
            let known = patterns
                .iter()
                .map(|(host, pattern)| (*host, *pattern, (*pattern).to_owned()));
            near_matches(known, Some(host), path)
        };
        assert_eq!(near(Host::Platform, "/v1/model")[0], "/v1/models");
        assert_eq!(
            near(Host::Fal, "/api/openapi/queue/openapi.yaml")[0],
            "/api/openapi/queue/openapi.json"
        );
        assert_eq!(
            near(Host::Queue, "/a/b/request/R/status")[0],
            "/{app..}/requests/{request}/status"
        );
    }
}
