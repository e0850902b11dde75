//! `cargo xtask verify` agrees with the types that the generator makes of documents with every construct of the
//! dialect, and catches each of the faults that are planted in them.
//!
//! A fault is a change of the generated text that still compiles: what a bug of the generator would look like.

use std::ops::Range;
use std::path::Path;

use fal_codegen::Plan;
use xtask::schemas::Layout;
use xtask::verify::judge::{Check, Disagreement};
use xtask::verify::subject::Direction::{self, Input, Output};
use xtask::verify::{Options, Report, verify, verify_changed};

/// A change of one endpoint's module, and what must be found because of it.
struct Fault {
    name: &'static str,
    endpoint: &'static str,
    edits: &'static [(&'static str, &'static str)],
    direction: Direction,
    check: Check,
    /// The place of the value that shows it, as the start of a JSON pointer.
    place: &'static str,
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "a dropped bound",
        endpoint: "atelier/numbers",
        edits: &[(r#"check.range("steps", &self.steps, 17..=241);"#, "")],
        direction: Input,
        check: Check::Verdict,
        place: "/steps",
    },
    Fault {
        name: "a bound that is one off",
        endpoint: "atelier/numbers",
        edits: &[(r#"&self.half, 1..=3"#, "&self.half, 1..=2")],
        direction: Input,
        check: Check::Verdict,
        place: "/half",
    },
    Fault {
        name: "an excluded bound that is let in",
        endpoint: "atelier/numbers",
        edits: &[(
            r#"check.above("strength", &self.strength, 0.0)"#,
            r#"check.range("strength", &self.strength, 0.0..)"#,
        )],
        direction: Input,
        check: Check::Verdict,
        place: "/strength",
    },
    Fault {
        name: "a dropped step",
        endpoint: "atelier/numbers",
        edits: &[(r#"check.multiple_of("mix", &self.mix, 0.25);"#, "")],
        direction: Input,
        check: Check::Verdict,
        place: "/mix",
    },
    Fault {
        name: "an integer that is too narrow",
        endpoint: "atelier/numbers",
        edits: &[
            ("ticket: Option<u64>", "ticket: Option<i64>"),
            ("ticket: plain u64", "ticket: plain i64"),
        ],
        direction: Input,
        check: Check::Verdict,
        place: "/ticket",
    },
    Fault {
        name: "an integer that goes through a float",
        endpoint: "atelier/numbers",
        edits: &[
            ("tally: Option<i64>", "tally: Option<f64>"),
            ("tally: plain i64", "tally: plain f64"),
        ],
        direction: Input,
        check: Check::RoundTrip,
        place: "/tally",
    },
    Fault {
        name: "a dropped length",
        endpoint: "atelier/texts",
        edits: &[(r#"check.length("prompt", &self.prompt, 2..=12);"#, "")],
        direction: Input,
        check: Check::Verdict,
        place: "/prompt",
    },
    Fault {
        name: "a dropped pattern",
        endpoint: "atelier/texts",
        edits: &[(
            r#"check.pattern("slug", &self.slug, "^[a-z]+-[0-9]{2}$");"#,
            "",
        )],
        direction: Input,
        check: Check::Verdict,
        place: "/slug",
    },
    Fault {
        name: "a dropped number of items",
        endpoint: "atelier/texts",
        edits: &[(r#"check.items("tags", &self.tags, 1..=3);"#, "")],
        direction: Input,
        check: Check::Verdict,
        place: "/tags",
    },
    Fault {
        name: "items that may be equal",
        endpoint: "atelier/texts",
        edits: &[(r#"check.unique("styles", &self.styles);"#, "")],
        direction: Input,
        check: Check::Verdict,
        place: "/styles",
    },
    Fault {
        name: "a rule at the wrong place",
        endpoint: "atelier/texts",
        edits: &[(r#"check.length("note","#, r#"check.length("notes","#)],
        direction: Input,
        check: Check::Place,
        place: "/note",
    },
    Fault {
        name: "a null that is not sent",
        endpoint: "atelier/presence",
        edits: &[
            ("fps: Option<Nullable<i64>>", "fps: Option<i64>"),
            ("fps: nullable,", "fps: optional,"),
            ("fps: nullable i64", "fps: plain i64"),
            ("self.fps = Some(Nullable::Null)", "self.fps = None"),
        ],
        direction: Input,
        check: Check::RoundTrip,
        place: "/fps",
    },
    Fault {
        name: "a wrong constant",
        endpoint: "atelier/constant",
        edits: &[(r#""version": "v2""#, r#""version": "v3""#)],
        direction: Input,
        check: Check::Verdict,
        place: "",
    },
    Fault {
        name: "a field made optional",
        endpoint: "atelier/presence",
        edits: &[
            ("pub seed: i64", "pub seed: Option<i64>"),
            ("seed: required", "seed: optional"),
        ],
        direction: Output,
        check: Check::Verdict,
        place: "/seed",
    },
    Fault {
        name: "a field made required",
        endpoint: "atelier/presence",
        edits: &[
            ("label: Option<String>", "label: String"),
            ("label: optional", "label: required"),
        ],
        direction: Output,
        check: Check::Verdict,
        place: "",
    },
    Fault {
        name: "a lost enum value",
        endpoint: "atelier/enums",
        edits: &[(r#"R480p = "480p","#, "")],
        direction: Input,
        check: Check::Listed,
        place: "/resolution",
    },
    Fault {
        name: "a misspelt enum value",
        endpoint: "atelier/enums",
        edits: &[(r#""9:16""#, r#""9:61""#)],
        direction: Input,
        check: Check::Listed,
        place: "/ratio",
    },
    Fault {
        name: "a lost integer",
        endpoint: "atelier/enums",
        edits: &[("C4 = 4,", "")],
        direction: Input,
        check: Check::Listed,
        place: "/count",
    },
    Fault {
        name: "a wrong wire name",
        endpoint: "atelier/enums",
        edits: &[("length: optional", r#"length = "lengths": optional"#)],
        direction: Input,
        check: Check::RoundTrip,
        place: "/length",
    },
    Fault {
        name: "a lost member of a union",
        endpoint: "atelier/unions",
        edits: &[(
            r#"/// A list. At least 1 items. Many(Vec<String>) if |check, value| { check.items("", value, 1..); },"#,
            "",
        )],
        direction: Input,
        check: Check::Verdict,
        place: "/masks",
    },
    Fault {
        name: "a dropped rule of a union's member",
        endpoint: "atelier/unions",
        edits: &[(
            r#"Integer(i64) if |check, value| { check.range("", value, 40..); }"#,
            "Integer(i64)",
        )],
        direction: Input,
        check: Check::Verdict,
        place: "/bpm",
    },
    Fault {
        name: "swapped tags of a union",
        endpoint: "atelier/unions",
        edits: &[
            (r#""species": "cat""#, r#""species": "a""#),
            (r#""species": "dog""#, r#""species": "cat""#),
            (r#""species": "a""#, r#""species": "dog""#),
        ],
        direction: Input,
        check: Check::RoundTrip,
        place: "/pet",
    },
    Fault {
        name: "a part that is not validated",
        endpoint: "atelier/objects",
        edits: &[(r#"check.nested("tree", &self.tree);"#, "")],
        direction: Input,
        check: Check::Verdict,
        place: "/tree",
    },
    Fault {
        name: "lost additional members",
        endpoint: "atelier/objects",
        edits: &[
            (
                "/// Members that the schema does not declare. pub extra: BTreeMap<String, i64>,",
                "",
            ),
            ("rest extra", ""),
        ],
        direction: Input,
        check: Check::Verdict,
        place: "/options",
    },
    Fault {
        name: "a tuple in the wrong order",
        endpoint: "atelier/lists",
        edits: &[("(f64, String)", "(String, f64)")],
        direction: Output,
        check: Check::Verdict,
        place: "/range",
    },
    Fault {
        name: "media that is not uploaded",
        endpoint: "atelier/files",
        edits: &[("self.mask_url.for_each_media(visit);", "")],
        direction: Input,
        check: Check::Media,
        place: "/mask_url",
    },
    Fault {
        name: "a file of the wrong kind",
        endpoint: "atelier/files",
        edits: &[("pub image: Image", "pub image: ::fal_sdk::file::File")],
        direction: Output,
        check: Check::RoundTrip,
        place: "/image",
    },
    Fault {
        name: "the id of another endpoint",
        endpoint: "atelier/nothing",
        edits: &[(r#"= "atelier/nothing""#, r#"= "atelier/something""#)],
        direction: Input,
        check: Check::Endpoint,
        place: "",
    },
];

fn options(key: &str) -> Options {
    Options {
        key: key.to_owned(),
        ..Options::default()
    }
}

fn documents() -> Vec<fal_codegen::Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/verify");
    xtask::generate::load(&Layout::of(folder)).unwrap().sources
}

#[test]
fn types_agree_with_documents_of_every_construct() {
    let report = verify(&documents(), &options("fixtures")).unwrap();
    assert!(
        report.disagreements.is_empty() && report.messages.is_empty(),
        "{report}"
    );
    assert_eq!(report.compiled, report.documents);
    assert_eq!(report.hollow, Vec::<String>::new());
}

#[test]
fn every_planted_fault_is_caught() {
    let options = Options {
        lint: false,
        ..options("faults")
    };
    let report = verify_changed(&documents(), &options, &plant).unwrap();
    assert!(report.instances > 0, "{report}");
    let missed: Vec<_> = FAULTS
        .iter()
        .filter(|fault| !is_caught(fault, &report))
        .collect();
    let names: Vec<_> = missed.iter().map(|fault| fault.name).collect();
    assert!(names.is_empty(), "not caught: {names:?}\n{report}");
    blames_no_other_endpoint(&report);
}

fn blames_no_other_endpoint(report: &Report) {
    let faulty =
        |found: &&Disagreement| FAULTS.iter().any(|fault| fault.endpoint == found.endpoint);
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
    for fault in FAULTS {
        let path = format!("endpoints/{}.rs", fault.endpoint);
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
