//! Rules that are lost or wrong.

use fal_verify::judge::Check;
use fal_verify::root_schema::Direction::Input;

use super::Fault;

pub const FAULTS: &[Fault] = &[
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
        check: Check::Pointer,
        place: "/note",
    },
    Fault {
        name: "a dropped rule of a place in a tuple",
        endpoint: "atelier/files",
        edits: &[(
            r#"check.range("1", &item.1, 0.0..);"#,
            r#"let _ = (check, item);"#,
        )],
        direction: Input,
        check: Check::Verdict,
        place: "/pair_urls",
    },
    Fault {
        name: "a dropped rule of additional members",
        endpoint: "atelier/objects",
        edits: &[(
            r#"check.range("", &self.extra, ..=9);"#,
            r#"let _ = check;"#,
        )],
        direction: Input,
        check: Check::Verdict,
        place: "/limits",
    },
];
