//! Rules that are lost or wrong.

use fal_verify::judge::Check;
use fal_verify::root_schema::Direction::Input;

use super::Fault;

pub const FAULTS: &[Fault] = &[
    Fault {
        name: "a dropped bound",
        endpoint: "atelier/numbers",
        edits: &[(", check range(17..=241)", "")],
        direction: Input,
        check: Check::Verdict,
        place: "/steps",
    },
    Fault {
        name: "a bound that is one off",
        endpoint: "atelier/numbers",
        edits: &[(
            "half: optional plain i64, check range(1..=3)",
            "half: optional plain i64, check range(1..=2)",
        )],
        direction: Input,
        check: Check::Verdict,
        place: "/half",
    },
    Fault {
        name: "an excluded bound that is let in",
        endpoint: "atelier/numbers",
        edits: &[(
            "check range(..=1.0), check above(0.0)",
            "check range(0.0..=1.0)",
        )],
        direction: Input,
        check: Check::Verdict,
        place: "/strength",
    },
    Fault {
        name: "a dropped step",
        endpoint: "atelier/numbers",
        edits: &[(
            "mix: optional plain f64, check multiple_of(0.25)",
            "mix: optional plain f64",
        )],
        direction: Input,
        check: Check::Verdict,
        place: "/mix",
    },
    Fault {
        name: "an integer that is too narrow",
        endpoint: "atelier/numbers",
        edits: &[("ticket: optional plain u64", "ticket: optional plain i64")],
        direction: Input,
        check: Check::Verdict,
        place: "/ticket",
    },
    Fault {
        name: "an integer that goes through a float",
        endpoint: "atelier/numbers",
        edits: &[("tally: optional plain i64", "tally: optional plain f64")],
        direction: Input,
        check: Check::RoundTrip,
        place: "/tally",
    },
    Fault {
        name: "a dropped length",
        endpoint: "atelier/texts",
        edits: &[(", check length(2..=12)", "")],
        direction: Input,
        check: Check::Verdict,
        place: "/prompt",
    },
    Fault {
        name: "a dropped pattern",
        endpoint: "atelier/texts",
        edits: &[(r#", check pattern("^[a-z]+-[0-9]{2}$")"#, "")],
        direction: Input,
        check: Check::Verdict,
        place: "/slug",
    },
    Fault {
        name: "a dropped number of items",
        endpoint: "atelier/texts",
        edits: &[(", check items(1..=3)", "")],
        direction: Input,
        check: Check::Verdict,
        place: "/tags",
    },
    Fault {
        name: "items that may be equal",
        endpoint: "atelier/texts",
        edits: &[(", check unique()", "")],
        direction: Input,
        check: Check::Verdict,
        place: "/styles",
    },
    Fault {
        name: "a rule at the wrong place",
        endpoint: "atelier/texts",
        edits: &[(
            r#"check.range("", item, 1..);"#,
            r#"check.range("items", item, 1..);"#,
        )],
        direction: Input,
        check: Check::Pointer,
        place: "/rows",
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
            "..extra: BTreeMap<String, i64>, check range(..=9);",
            "..extra: BTreeMap<String, i64>;",
        )],
        direction: Input,
        check: Check::Verdict,
        place: "/limits",
    },
];
