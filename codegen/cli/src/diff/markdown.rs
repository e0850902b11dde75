//! The report of a comparison as Markdown, for a pull request and for the changelog.

use super::{
    Compared,
    escape::code,
    text::{category, classes, groups, name, release},
};
use crate::output::counted;
use fal_codegen::diff::{Change, Class, Diff, Kind};
use std::{collections::BTreeMap, fmt::Write as _};

/// The longest report, in bytes. GitHub accepts 65,536 characters, and a workflow adds some.
const LONGEST: usize = 60_000;

const SECTIONS: [(Class, &str); 3] = [
    (Class::Breaking, "Breaking"),
    (Class::Additive, "Additive"),
    (Class::Documentation, "Documentation"),
];

/// The body of a pull request.
#[must_use]
pub fn markdown(compared: &Compared) -> String {
    let diff = &compared.diff;
    let mut text = String::from("## Schema changes\n\n");
    text.push_str(&table(diff));
    let _ = writeln!(text, "\n{}.\n", release(diff));
    for said in &compared.unreadable {
        let _ = writeln!(text, "- not compared: {}", code(&said.to_string()));
    }
    for (class, title) in SECTIONS {
        text.push_str(&section(diff, class, title));
    }
    for (kind, title) in [
        (Kind::EndpointRemoved, "Removed endpoints"),
        (Kind::EndpointAdded, "New endpoints"),
    ] {
        text.push_str(&one_sided(diff, kind, title));
    }
    cut(text)
}

fn table(diff: &Diff) -> String {
    let mut text = String::from("| Class | Rust API | Wire |\n|---|---:|---:|\n");
    for (class, _) in SECTIONS {
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
        let _ = writeln!(text, "| {class} | {rust} | {wire} |");
    }
    let _ = writeln!(
        text,
        "\n{} compared, {} changed.",
        counted(diff.compared, "endpoint"),
        diff.changed
    );
    text
}

/// The changes of one class, endpoint by endpoint. Breaking changes are shown unfolded, all others folded.
fn section(diff: &Diff, class: Class, title: &str) -> String {
    let mut body = String::new();
    let mut count = 0;
    for (id, changes) in diff.by_endpoint() {
        let of_class = |change: &&Change| !change.kind.is_one_sided() && weight(change) == class;
        let changes: Vec<&Change> = changes.into_iter().filter(of_class).collect();
        if changes.is_empty() {
            continue;
        }
        count += changes.len();
        let _ = writeln!(body, "- {}", code(id.as_str()));
        for group in groups(&changes) {
            let _ = writeln!(body, "  - {}", line(&group));
        }
    }
    fold(
        &format!("{title} ({count})"),
        &body,
        class != Class::Breaking,
    )
}

/// The class under which a change is listed. Changes that affect only the maintainer are listed with the documentation.
fn weight(change: &Change) -> Class {
    change.class().max(Class::Documentation)
}

fn fold(title: &str, body: &str, folded: bool) -> String {
    match (body.is_empty(), folded) {
        (true, _) => String::new(),
        (false, false) => format!("### {title}\n\n{body}\n"),
        (false, true) => format!("<details><summary>{title}</summary>\n\n{body}\n</details>\n\n"),
    }
}

/// ``input: bound tightened `/num_frames` `maximum 241` → `maximum 161` (Rust documentation, wire breaking): …``
fn line(group: &[&Change]) -> String {
    let first = group[0];
    let way = first.direction.map(|way| format!("{way}: "));
    let mut line = way.unwrap_or_default() + &name(first.kind);
    let mut last_path = None;
    for (index, change) in group.iter().enumerate() {
        line.push_str(if index == 0 { " " } else { ", " });
        if !change.path.is_empty() && last_path != Some(&change.path) {
            let paths: Vec<String> = change.paths().map(code).collect();
            let _ = write!(line, "{} ", paths.join(", "));
        }
        last_path = Some(&change.path);
        match (&change.before, &change.after) {
            (Some(before), Some(after)) => {
                let _ = write!(line, "{} → {}", code(before), code(after));
            }
            (Some(only), None) | (None, Some(only)) => line.push_str(&code(only)),
            (None, None) => {}
        }
        line.truncate(line.trim_end().len());
    }
    if first.class() > Class::Documentation {
        let _ = write!(line, " ({}): {}", classes(first), first.reason);
    }
    line
}

/// Endpoints that one side has, by category.
fn one_sided(diff: &Diff, kind: Kind, title: &str) -> String {
    let mut categories: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for change in diff.changes.iter().filter(|change| change.kind == kind) {
        count += 1;
        categories
            .entry(category(change))
            .or_default()
            .push(code(change.endpoint.as_str()));
    }
    let mut body = String::new();
    for (category, ids) in categories {
        let _ = writeln!(
            body,
            "- {} ({}): {}",
            code(&category),
            ids.len(),
            ids.join(", ")
        );
    }
    fold(
        &format!("{title} ({count})"),
        &body,
        kind == Kind::EndpointAdded,
    )
}

/// Cuts the text at the end of a line, and closes the elements that are open there.
fn cut(text: String) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    let mut end = LONGEST;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end].rfind('\n').unwrap_or(end);
    let kept = &text[..end];
    let open = kept.matches("<details>").count() > kept.matches("</details>").count();
    let close = if open { "\n\n</details>" } else { "" };
    format!(
        "{kept}{close}\n\nThe rest of the report is left out here; `cargo xtask diff` prints all of it.\n"
    )
}

/// The lines of a changelog, grouped by what they mean for Rust programs. Changes that break only requests or results are in a
/// group of their own.
#[must_use]
pub fn changelog(diff: &Diff) -> String {
    let wire_only =
        |change: &&Change| change.rust != Class::Breaking && change.wire == Class::Breaking;
    let rust = |class: Class| move |change: &&Change| change.rust == class && !wire_only(change);
    let mut text = group(
        diff,
        "Breaking changes of the Rust API",
        rust(Class::Breaking),
    );
    text += &group(diff, "Breaking changes of the service", wire_only);
    text += &group(diff, "Additions", rust(Class::Additive));
    text += &group(diff, "Documentation", |change| {
        change.rust <= Class::Documentation && change.wire != Class::Breaking
    });
    text
}

/// One line for each endpoint, so that the changelog stays readable.
fn group(diff: &Diff, title: &str, wanted: impl Fn(&&Change) -> bool) -> String {
    let mut body = String::new();
    let mut single: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (id, changes) in diff.by_endpoint() {
        let changes: Vec<&&Change> = changes.iter().filter(|change| wanted(change)).collect();
        match changes.as_slice() {
            [] => {}
            [only] if only.kind.is_one_sided() => single
                .entry(only.kind.as_str())
                .or_default()
                .push(code(id.as_str())),
            several => {
                let _ = writeln!(body, "- {}: {}", code(id.as_str()), phrases(several));
            }
        }
    }
    for (kind, ids) in single {
        let word = if kind == Kind::EndpointAdded.as_str() {
            "New"
        } else {
            "Removed"
        };
        let _ = writeln!(body, "- {word}: {}", ids.join(", "));
    }
    match body.is_empty() {
        true => body,
        false => format!("### {title}\n\n{body}\n"),
    }
}

/// `property added /seed, /mode; enum value removed /style "x"`
fn phrases(changes: &[&&Change]) -> String {
    let mut kinds: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
    for change in changes {
        let places = kinds.entry(change.kind).or_default();
        for path in change.paths() {
            let place = match (change.direction, path) {
                (None, _) => None,
                (Some(direction), "") => Some(direction.to_string()),
                (Some(direction), path) => Some(format!("{direction} {}", code(path))),
            };
            places.extend(place.filter(|place| !places.contains(place)));
        }
    }
    let phrase = |(kind, places): (Kind, Vec<String>)| {
        let words = name(kind);
        match places.is_empty() {
            true => words,
            false => format!("{words} ({})", places.join(", ")),
        }
    };
    kinds.into_iter().map(phrase).collect::<Vec<_>>().join("; ")
}
