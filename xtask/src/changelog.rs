//! Reads the released version from the changelog, and adds changes to its unreleased section.

use semver::Version;

const HEAD: &str =
    "# Changelog\n\nVersions follow [Semantic Versioning](https://semver.org) of the Rust API.\n";
const UNRELEASED: &str = "## [Unreleased]";

/// The newest released version: the first one with a section in the changelog.
pub(crate) fn released(text: &str) -> Option<Version> {
    let headings = text.lines().filter_map(|line| line.strip_prefix("## ["));
    let versions = headings.filter_map(|rest| Version::parse(rest.split(']').next()?).ok());
    versions.max()
}

/// Adds an entry to the changelog. Each group of `entry`, a heading `### title` with lines, is added to the group of that title
/// below `## [Unreleased]`. Lines that are there already are not repeated.
pub(crate) fn with(text: Option<&str>, entry: &str) -> String {
    let text = text.filter(|text| !text.trim().is_empty()).unwrap_or(HEAD);
    let (before, section, after) = split(text);
    let mut groups = groups(&section);
    for (title, lines) in self::groups(entry) {
        match groups.iter_mut().find(|(known, _)| *known == title) {
            Some((_, known)) => {
                let new: Vec<String> = lines
                    .into_iter()
                    .filter(|line| !known.contains(line))
                    .collect();
                known.extend(new);
            }
            None => groups.push((title, lines)),
        }
    }
    let mut whole = format!("{}\n\n{UNRELEASED}\n", before.trim_end());
    for (title, lines) in groups {
        if !title.is_empty() {
            whole.push_str(&format!("\n{title}\n"));
        }
        whole.push_str(&format!("\n{}\n", lines.join("\n")));
    }
    match after.trim_start() {
        "" => whole,
        after => format!("{whole}\n{after}"),
    }
}

/// The changelog of a release: the unreleased section gets the version and the date, and a new, empty one is put above it. `None`
/// if nothing is unreleased.
pub(crate) fn dated(text: &str, version: &Version, date: &str) -> Option<String> {
    let (before, section, after) = split(text);
    let heading = format!("{UNRELEASED}\n\n## [{version}] - {date}");
    (!section.trim().is_empty()).then(|| format!("{before}{heading}\n{section}{after}"))
}

/// Splits the changelog into the texts before, in and after the unreleased section.
fn split(text: &str) -> (String, String, String) {
    let lines: Vec<&str> = text.lines().collect();
    let join = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    let is_heading = |line: &&str| line.starts_with("## ");
    let first = lines.iter().position(&is_heading).unwrap_or(lines.len());
    let begin = lines.iter().position(|line| line.starts_with(UNRELEASED));
    let Some(begin) = begin else {
        return (join(&lines[..first]), String::new(), join(&lines[first..]));
    };
    let length = lines[begin + 1..].iter().position(is_heading);
    let end = length.map_or(lines.len(), |length| begin + 1 + length);
    (
        join(&lines[..begin]),
        join(&lines[begin + 1..end]),
        join(&lines[end..]),
    )
}

/// The groups of a section, each with its heading and its lines. Lines before the first heading have an empty heading. Empty lines
/// at the start and the end of a group are left out.
fn groups(text: &str) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = vec![(String::new(), Vec::new())];
    for line in text.lines() {
        if line.starts_with("### ") {
            groups.push((line.to_owned(), Vec::new()));
        } else if let Some((_, lines)) = groups.last_mut()
            && !(line.is_empty() && lines.is_empty())
        {
            lines.push(line.to_owned());
        }
    }
    for (_, lines) in &mut groups {
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
    }
    groups.retain(|(title, lines)| !title.is_empty() || !lines.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::{dated, released, with};

    const ENTRY: &str = "### Additions\n\n- `a/b`: property added\n";

    #[test]
    fn the_first_entry_makes_the_file() {
        let text = with(None, ENTRY);
        assert!(text.starts_with("# Changelog\n"), "{text}");
        assert!(
            text.ends_with("\n\n## [Unreleased]\n\n### Additions\n\n- `a/b`: property added\n"),
            "{text}"
        );
        assert_eq!(released(&text), None);
    }

    #[test]
    fn a_second_entry_joins_the_first_and_repeats_nothing() {
        let once = with(None, ENTRY);
        assert_eq!(with(Some(&once), ENTRY), once);
        let twice = with(
            Some(&once),
            "### Additions\n\n- `c/d`: property added\n\n### Documentation\n\n- `a/b`: about\n",
        );
        assert!(twice.ends_with("- `a/b`: property added\n- `c/d`: property added\n\n### Documentation\n\n- `a/b`: about\n"), "{twice}");
    }

    #[test]
    fn a_release_dates_what_was_unreleased() {
        let version = "0.2.0".parse().unwrap();
        let text = "# Changes\n\n## [Unreleased]\n\n- new\n\n## [0.1.0] - 2026-01-01\n\n- old\n";
        let expected = "# Changes\n\n## [Unreleased]\n\n## [0.2.0] - 2026-02-03\n\n- new\n\n## [0.1.0] - 2026-01-01\n\n- old\n";
        let after = dated(text, &version, "2026-02-03").unwrap();
        assert_eq!(after, expected);
        assert_eq!(released(&after), Some(version.clone()));
        assert_eq!(
            dated(&after, &version, "2026-02-03"),
            None,
            "nothing is unreleased"
        );
    }

    #[test]
    fn what_people_wrote_stays_where_it_is() {
        let text = "# Changes\n\nWords.\n\n## [Unreleased]\n\nBy hand.\n\n### Fixed\n\n- a bug\n\n## [0.2.0] - 2026-01-01\n\n- old\n\n## [0.1.0]\n";
        let expected = "# Changes\n\nWords.\n\n## [Unreleased]\n\nBy hand.\n\n### Fixed\n\n- a bug\n\n### Additions\n\n- `a/b`: property added\n\n## [0.2.0] - 2026-01-01\n\n- old\n\n## [0.1.0]\n";
        assert_eq!(with(Some(text), ENTRY), expected);
        assert_eq!(released(text).unwrap().to_string(), "0.2.0");
    }
}
