//! Suggestions for an unknown path.

use super::pattern;
use crate::protocol::host::Host;

/// The three known routes most like `path`, best first. `known` has host, pattern and description of every route.
pub(crate) fn near_matches(
    known: impl Iterator<Item = (Host, &'static str, String)>,
    host: Option<Host>,
    path: &str,
) -> Vec<String> {
    let wanted: Vec<&str> = pattern::segments(path).collect();
    let mut known: Vec<(usize, String)> = known
        .filter(|(of, ..)| *of != Host::Control || host == Some(Host::Control))
        .map(|(of, pattern, line)| {
            let parts: Vec<&str> = pattern::segments(pattern).collect();
            let elsewhere = usize::from(host.is_some_and(|host| host != of)) * 4;
            (distance(&wanted, &parts) + elsewhere, line)
        })
        .collect();
    known.sort();
    known.dedup();
    known.into_iter().take(3).map(|(_, line)| line).collect()
}

/// The edit distance between two lists of segments, in characters. A name in braces counts as one.
fn distance(wanted: &[&str], known: &[&str]) -> usize {
    let cost = |segment: &str| {
        if segment.starts_with('{') {
            1
        } else {
            segment.chars().count().min(8)
        }
    };
    align(
        wanted.len(),
        known.len(),
        |at| cost(wanted[at]),
        |at| cost(known[at]),
        |a, b| {
            if known[b].starts_with('{') {
                1
            } else {
                letters(wanted[a], known[b])
            }
        },
    )
}

fn letters(one: &str, two: &str) -> usize {
    let (one, two): (Vec<char>, Vec<char>) =
        (one.chars().take(64).collect(), two.chars().collect());
    align(
        one.len(),
        two.len(),
        |_| 1,
        |_| 1,
        |a, b| usize::from(one[a] != two[b]),
    )
}

/// The Levenshtein distance between two sequences.
fn align(
    rows: usize,
    columns: usize,
    drop: impl Fn(usize) -> usize,
    insert: impl Fn(usize) -> usize,
    change: impl Fn(usize, usize) -> usize,
) -> usize {
    let mut above = vec![0; columns + 1];
    for column in 0..columns {
        above[column + 1] = above[column] + insert(column);
    }
    for row in 0..rows {
        let mut line = vec![above[0] + drop(row); columns + 1];
        for column in 0..columns {
            line[column + 1] = (above[column + 1] + drop(row))
                .min(line[column] + insert(column))
                .min(above[column] + change(row, column));
        }
        above = line;
    }
    above[columns]
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
    }
}
