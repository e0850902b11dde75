//! Faults that are planted in the generated text, and caught.
//!
//! A fault is a change that still compiles: what a bug of the generator would look like.

mod members;
mod rules;
mod schemas;
mod shapes;

use std::ops::Range;

use fal_codegen::Plan;
use fal_verify::judge::{Check, Disagreement};
use fal_verify::root_schema::Direction;
use fal_verify::{Options, Report, verify_changed};

use crate::{documents, options};

/// A change of one endpoint's module, and what must be found because of it.
pub struct Fault {
    pub name: &'static str,
    pub endpoint: &'static str,
    pub edits: &'static [(&'static str, &'static str)],
    pub direction: Direction,
    pub check: Check,
    /// The place of the value that shows it, as the start of a JSON pointer.
    pub place: &'static str,
}

fn faults() -> impl Iterator<Item = &'static Fault> {
    [
        rules::FAULTS,
        members::FAULTS,
        shapes::FAULTS,
        schemas::FAULTS,
    ]
    .into_iter()
    .flatten()
}

#[test]
fn every_planted_fault_is_caught() {
    let options = Options {
        lint: false,
        ..options("faults")
    };
    let report = verify_changed(&documents(), &options, &plant).unwrap();
    assert!(report.instances > 0, "{report}");
    let missed: Vec<_> = faults()
        .filter(|fault| !is_caught(fault, &report))
        .collect();
    let names: Vec<_> = missed.iter().map(|fault| fault.name).collect();
    assert!(names.is_empty(), "not caught: {names:?}\n{report}");
    blames_no_other_endpoint(&report);
}

fn blames_no_other_endpoint(report: &Report) {
    let faulty = |found: &&Disagreement| faults().any(|fault| fault.endpoint == found.endpoint);
    let others: Vec<_> = report
        .disagreements
        .iter()
        .filter(|found| !faulty(found))
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

fn is_caught(fault: &Fault, report: &Report) -> bool {
    report.disagreements.iter().any(|found| {
        found.endpoint == fault.endpoint
            && found.direction == fault.direction
            && found.check == fault.check
            && found.pointer.starts_with(fault.place)
    })
}

/// Makes every edit; each must find its text, or the fault would not be planted.
fn plant(plan: Plan) -> Plan {
    let mut changed = plan.clone();
    for fault in faults() {
        let ending = match fault.check {
            Check::JsonSchema => "schema.json",
            _ => "rs",
        };
        let path = format!("endpoints/{}.{ending}", fault.endpoint);
        // A module whose fault does not compile is left out the second time; the fault then counts as missed.
        let Some(mut text) = changed.get(&path).map(str::to_owned) else {
            continue;
        };
        for (from, to) in fault.edits {
            let places = places(&text, from);
            assert!(!places.is_empty(), "{}: no `{from}` in\n{text}", fault.name);
            for place in places.into_iter().rev() {
                text.replace_range(place, to);
            }
        }
        changed.insert(path, text);
    }
    changed
}

/// Where a text stands in another, whatever the white space.
fn places(text: &str, wanted: &str) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    for (start, _) in text
        .char_indices()
        .filter(|(_, letter)| !letter.is_whitespace())
    {
        let is_inside = places.last().is_some_and(|last| start < last.end);
        if let Some(length) = length(&text[start..], wanted).filter(|_| !is_inside) {
            places.push(start..start + length);
        }
    }
    places
}

/// How much of `text` is `wanted`, white space left aside.
fn length(text: &str, wanted: &str) -> Option<usize> {
    let mut letters = text
        .char_indices()
        .filter(|(_, letter)| !letter.is_whitespace());
    let mut end = 0;
    for wanted in wanted.chars().filter(|letter| !letter.is_whitespace()) {
        let (at, letter) = letters.next()?;
        if letter != wanted {
            return None;
        }
        end = at + letter.len_utf8();
    }
    Some(end)
}
