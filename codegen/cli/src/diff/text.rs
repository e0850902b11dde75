//! The report of a comparison as text, for a terminal.

use super::{Bump, Compared, escape::plain};
use crate::output::counted;
use fal_codegen::{
    diff::{Change, Class, Diff, Kind},
    source::EndpointId,
};
use semver::Version;
use std::{collections::BTreeMap, fmt::Write as _};

/// The largest number of endpoints that are listed by name; more are only counted.
const NAMED: usize = 20;

/// The whole report: the changes, their number, and the version that they require.
#[must_use]
pub fn text(compared: &Compared) -> String {
    changes(compared) + &summary(&compared.diff)
}

/// The changes of each endpoint, and the documents that could not be compared.
#[must_use]
pub fn changes(compared: &Compared) -> String {
    let mut text = String::new();
    let mut words_only: BTreeMap<String, Vec<&EndpointId>> = BTreeMap::new();
    for (id, changes) in compared.diff.by_endpoint() {
        let changes: Vec<&Change> = changes
            .into_iter()
            .filter(|change| !change.kind.is_one_sided())
            .collect();
        match changes.iter().all(|change| change.kind.is_wording()) {
            true if changes.is_empty() => {}
            true => words_only.entry(listed(&changes)).or_default().push(id),
            false => text.push_str(&endpoint(id, &changes)),
        }
    }
    text.push_str(&wording(&words_only));
    for (kind, word) in [
        (Kind::EndpointRemoved, "removed"),
        (Kind::EndpointAdded, "added"),
    ] {
        text.push_str(&one_sided(&compared.diff, kind, word));
    }
    for said in &compared.unreadable {
        let _ = writeln!(text, "not compared: {said}\n");
    }
    text
}

/// The endpoints for which only the documentation changed.
fn wording(endpoints: &BTreeMap<String, Vec<&EndpointId>>) -> String {
    let count: usize = endpoints.values().map(Vec::len).sum();
    if count == 0 {
        return String::new();
    }
    let mut text = format!("documentation only: {}\n", counted(count, "endpoint"));
    for (words, ids) in endpoints {
        if ids.len() > NAMED {
            let _ = writeln!(text, "  ~ {} endpoints: {words}", ids.len());
        } else {
            let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
            let _ = writeln!(text, "  ~ {}: {words}", ids.join(", "));
        }
    }
    text.push('\n');
    text
}

/// Groups of changes that are listed together, because they have the same kind, direction and classes.
pub(super) fn groups<'a>(changes: &[&'a Change]) -> Vec<Vec<&'a Change>> {
    let mut groups: Vec<Vec<&Change>> = Vec::new();
    let key = |change: &Change| {
        (
            change.kind,
            change.direction,
            change.rust,
            change.wire,
            change.reason.clone(),
        )
    };
    for change in changes {
        match groups.iter_mut().find(|group| key(group[0]) == key(change)) {
            Some(group) => group.push(change),
            None => groups.push(vec![change]),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group[0].class()));
    groups
}

/// The changes of an endpoint that both sides have: breaking changes first, changes of documentation last.
fn endpoint(id: &EndpointId, changes: &[&Change]) -> String {
    let (wording, told): (Vec<&Change>, Vec<&Change>) =
        changes.iter().partition(|change| change.kind.is_wording());
    let mut text = format!("{id}\n");
    for group in groups(&told) {
        let first = group[0];
        let way = first
            .direction
            .map(|way| format!("{way}: "))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "  {} {way}{} ({}): {}",
            sign(first.class()),
            name(first.kind),
            classes(first),
            first.reason
        );
        for line in places(&group) {
            let _ = writeln!(text, "      {line}");
        }
    }
    if !wording.is_empty() {
        let _ = writeln!(text, "  ~ documentation: {}", listed(&wording));
    }
    text.push('\n');
    text
}

/// The positions of changes with their values. Positions without values share a line, and so do the values of one position.
fn places(group: &[&Change]) -> Vec<String> {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for change in group {
        let path = paths(change);
        match (
            values(change),
            lines.iter_mut().find(|(known, _)| *known == path),
        ) {
            (value, Some((_, values))) => values.extend(value),
            (value, None) => lines.push((path, value.into_iter().collect())),
        }
    }
    if lines.iter().all(|(_, values)| values.is_empty()) {
        let paths: Vec<String> = lines
            .into_iter()
            .map(|(path, _)| path)
            .filter(|path| !path.is_empty())
            .collect();
        return match paths.is_empty() {
            true => Vec::new(),
            false => vec![paths.join(", ")],
        };
    }
    let line = |(path, values): (String, Vec<String>)| match path.is_empty() {
        true => values.join(", "),
        false => format!("{path}: {}", values.join(", ")),
    };
    lines.into_iter().map(line).collect()
}

/// Every position of a change.
fn paths(change: &Change) -> String {
    let paths: Vec<String> = change.paths().map(plain).collect();
    paths.join(", ")
}

fn values(change: &Change) -> Option<String> {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => Some(format!("{} → {}", plain(before), plain(after))),
        (Some(only), None) | (None, Some(only)) => Some(plain(only)),
        (None, None) => None,
    }
}

/// `about; input /prompt description, /seed note`
fn listed(changes: &[&Change]) -> String {
    let phrase = |change: &&Change| {
        let word = name(change.kind).replace(" changed", "");
        match change.direction {
            None => word,
            Some(direction) if change.path.is_empty() => format!("{direction} {word}"),
            Some(direction) => format!("{direction} {} {word}", paths(change)),
        }
    };
    let mut phrases: Vec<String> = changes.iter().map(phrase).collect();
    phrases.dedup();
    phrases.join("; ")
}

/// The name of a kind, in words.
pub(super) fn name(kind: Kind) -> String {
    kind.as_str().replace('-', " ")
}

const fn sign(class: Class) -> char {
    match class {
        Class::Breaking => '!',
        Class::Additive => '+',
        Class::Documentation | Class::None => '~',
    }
}

/// `breaking`, or `Rust breaking, wire additive`
pub(super) fn classes(change: &Change) -> String {
    match change.rust == change.wire {
        true => change.rust.to_string(),
        false => format!("Rust {}, wire {}", change.rust, change.wire),
    }
}

/// The endpoints that only one side has: by name if they are few, else counted by category.
fn one_sided(diff: &Diff, kind: Kind, word: &str) -> String {
    let changes = diff.changes.iter();
    let found: Vec<&Change> = changes.filter(|change| change.kind == kind).collect();
    let Some(first) = found.first() else {
        return String::new();
    };
    let (sign, count) = (sign(first.class()), found.len());
    let mut text = format!(
        "{word}: {} ({}): {}\n",
        counted(count, "endpoint"),
        classes(first),
        first.reason
    );
    if count <= NAMED {
        for change in found {
            let _ = writeln!(text, "  {sign} {} ({})", change.endpoint, category(change));
        }
    } else {
        let mut categories: BTreeMap<String, usize> = BTreeMap::new();
        for change in found {
            *categories.entry(category(change)).or_default() += 1;
        }
        for (category, count) in categories {
            let _ = writeln!(text, "  {sign} {count:4} {category}");
        }
    }
    text.push('\n');
    text
}

pub(super) fn category(change: &Change) -> String {
    let category = change.before.as_deref().or(change.after.as_deref());
    plain(category.unwrap_or("no category"))
}

/// The number of changes, and the version that they require.
fn summary(diff: &Diff) -> String {
    let count = |kind: Kind| {
        let changes = diff.changes.iter();
        changes.filter(|change| change.kind == kind).count()
    };
    let of = |class: Class| {
        let rust = diff.changes.iter().filter(|change| change.rust == class);
        let wire = diff.changes.iter().filter(|change| change.wire == class);
        format!("{class} {} / {}", rust.count(), wire.count())
    };
    format!(
        "{} compared: {} changed; {} removed, {} added\nchanges (Rust / wire): {}, {}, {}\n{}\n",
        counted(diff.compared, "endpoint"),
        diff.changed,
        count(Kind::EndpointRemoved),
        count(Kind::EndpointAdded),
        of(Class::Breaking),
        of(Class::Additive),
        of(Class::Documentation),
        release(diff)
    )
}

/// `semver: major (the Rust API breaks): the release after 0.1.0 is 0.2.0`
pub(super) fn release(diff: &Diff) -> String {
    let bump = Bump::of(diff);
    let why = match bump {
        Bump::None => return "no change in meaning: no release needed".to_owned(),
        Bump::Patch => "the Rust API stays as it is",
        Bump::Minor => "the Rust API grows",
        Bump::Major => "the Rust API breaks",
    };
    let next = match Version::parse(env!("CARGO_PKG_VERSION")) {
        Ok(version) => format!(": the release after {version} is {}", bump.after(&version)),
        Err(_) => String::new(),
    };
    format!("semver: {} ({why}){next}", bump.as_str())
}
