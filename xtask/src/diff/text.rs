//! For people, at a terminal.

use super::{Compared, safe::plain};
use crate::version::Bump;
use fal_codegen::{
    diff::{Change, Class, Diff, Kind},
    source::EndpointId,
};
use semver::Version;
use std::{collections::BTreeMap, fmt::Write as _};

/// How many new or lost endpoints are named before they are counted by category.
const NAMED: usize = 20;

/// The whole report.
pub(super) fn text(compared: &Compared) -> String {
    let mut text = String::new();
    for (id, changes) in compared.diff.by_endpoint() {
        text.push_str(&endpoint(id, &changes));
    }
    for (kind, word) in [
        (Kind::EndpointRemoved, "removed"),
        (Kind::EndpointAdded, "added"),
    ] {
        text.push_str(&one_sided(&compared.diff, kind, word));
    }
    for said in &compared.unreadable {
        let _ = writeln!(text, "not compared: {said}\n");
    }
    text + &summary(&compared.diff)
}

/// An endpoint that both sides have, what breaks first.
fn endpoint(id: &EndpointId, changes: &[&Change]) -> String {
    let mut inner: Vec<&&Change> = changes
        .iter()
        .filter(|change| !is_one_sided(change))
        .collect();
    if inner.is_empty() {
        return String::new();
    }
    inner.sort_by_key(|change| std::cmp::Reverse(change.class()));
    let mut text = format!("{id}\n");
    for change in inner {
        let _ = writeln!(text, "  {} {}", sign(change.class()), headline(change));
        if change.class() > Class::Documentation {
            let _ = writeln!(text, "      {}: {}", classes(change), change.reason);
        }
    }
    text.push('\n');
    text
}

fn is_one_sided(change: &Change) -> bool {
    matches!(change.kind, Kind::EndpointAdded | Kind::EndpointRemoved)
}

const fn sign(class: Class) -> char {
    match class {
        Class::Breaking => '!',
        Class::Additive => '+',
        Class::Documentation | Class::None => '~',
    }
}

/// `input /num_frames: bound tightened: maximum 241 → maximum 161`
pub(super) fn headline(change: &Change) -> String {
    let mut line = place(change);
    let _ = write!(line, "{}", change.kind.as_str().replace('-', " "));
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            let _ = write!(line, ": {} → {}", plain(before), plain(after));
        }
        (Some(only), None) | (None, Some(only)) => {
            let _ = write!(line, ": {}", plain(only));
        }
        (None, None) => {}
    }
    line
}

fn place(change: &Change) -> String {
    match (change.direction, change.path.as_str()) {
        (None, _) => String::new(),
        (Some(direction), "") => format!("{direction}: "),
        (Some(direction), path) => format!("{direction} {}: ", plain(path)),
    }
}

/// `breaking`, or `Rust: breaking, wire: additive`
pub(super) fn classes(change: &Change) -> String {
    match change.rust == change.wire {
        true => change.rust.to_string(),
        false => format!("Rust: {}, wire: {}", change.rust, change.wire),
    }
}

/// Endpoints that one side has: by name if they are few, else by category.
fn one_sided(diff: &Diff, kind: Kind, word: &str) -> String {
    let found: Vec<&Change> = diff
        .changes
        .iter()
        .filter(|change| change.kind == kind)
        .collect();
    if found.is_empty() {
        return String::new();
    }
    let sign = sign(found[0].class());
    let count = found.len();
    let mut text = format!("{count} endpoints {word}\n");
    if count <= NAMED {
        for change in found {
            let category = category(change);
            let _ = writeln!(text, "  {sign} {} ({category})", change.endpoint);
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

/// Two lines: how many, and what a release must be.
pub(super) fn summary(diff: &Diff) -> String {
    let count = |kind: Kind| {
        diff.changes
            .iter()
            .filter(|change| change.kind == kind)
            .count()
    };
    let of = |class: Class| {
        let rust = diff
            .changes
            .iter()
            .filter(|change| change.rust == class)
            .count();
        let wire = diff
            .changes
            .iter()
            .filter(|change| change.wire == class)
            .count();
        format!("{class} {rust} / {wire}")
    };
    format!(
        "{} endpoints compared: {} changed; {} removed, {} added\nchanges (Rust / wire): {}, {}, {}\n{}\n",
        diff.compared,
        diff.changed,
        count(Kind::EndpointRemoved),
        count(Kind::EndpointAdded),
        of(Class::Breaking),
        of(Class::Additive),
        of(Class::Documentation),
        release(diff)
    )
}

/// `next release: 0.2.0 after 0.1.0 (major: the Rust API breaks)`
pub(super) fn release(diff: &Diff) -> String {
    let bump = Bump::of(diff);
    let why = match bump {
        Bump::None => return "nothing changed in meaning: no release needed".to_owned(),
        Bump::Patch => "words only",
        Bump::Minor => "the Rust API grows",
        Bump::Major => "the Rust API breaks",
    };
    let next = match Version::parse(env!("CARGO_PKG_VERSION")) {
        Ok(version) => format!(" after {version}: {}", bump.after(&version)),
        Err(_) => String::new(),
    };
    format!("semver: {} ({why}); next release{next}", bump.as_str())
}
