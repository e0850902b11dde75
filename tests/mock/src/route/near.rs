//! What an unknown path may have meant.

use super::{entries, pattern};
use crate::hosts::Host;

/// The known routes most like `path`, best first, written as `METHOD /prefix/pattern`.
pub(crate) fn near_matches(host: Option<Host>, path: &str) -> Vec<String> {
    let wanted: Vec<&str> = pattern::segments(path).collect();
    let mut known: Vec<(usize, String)> = entries()
        .filter(|entry| entry.host != Host::Control || host == Some(Host::Control))
        .map(|entry| {
            let parts: Vec<&str> = pattern::segments(entry.pattern).collect();
            let elsewhere = usize::from(host.is_some_and(|host| host != entry.host)) * 4;
            let line = format!("{} /{}{}", entry.method, entry.host.prefix(), entry.pattern);
            (distance(&wanted, &parts) + elsewhere, line)
        })
        .collect();
    known.sort();
    known.dedup();
    known.into_iter().take(3).map(|(_, line)| line).collect()
}

/// Edits that turn one list of segments into the other, counted in characters; a name in braces costs one.
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

/// The cheapest way to align two sequences (Levenshtein's recurrence).
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
    fn a_slip_of_the_pen_is_found() {
        let near = near_matches(Some(Host::Platform), "/v1/model");
        assert_eq!(near[0], "GET /platform/v1/models");
        let near = near_matches(Some(Host::Fal), "/api/openapi/queue/openapi.yaml");
        assert_eq!(near[0], "GET /fal/api/openapi/queue/openapi.json");
    }
}
