//! Enums, unions, lists and files of another shape.

use fal_verify::judge::Check;
use fal_verify::root_schema::Direction::{Input, Output};

use super::Fault;

pub const FAULTS: &[Fault] = &[
    Fault {
        name: "a lost enum value",
        endpoint: "atelier/enums",
        edits: &[(r#"P480 = "480p","#, "")],
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
        edits: &[("N4 = 4,", "")],
        direction: Input,
        check: Check::Listed,
        place: "/count",
    },
    Fault {
        name: "a wrong wire name",
        endpoint: "atelier/enums",
        edits: &[(
            "Length = Length::N5;",
            r#"Length = Length::N5, name "lengths";"#,
        )],
        direction: Input,
        check: Check::RoundTrip,
        place: "/length",
    },
    Fault {
        name: "a lost member of a union",
        endpoint: "atelier/unions",
        edits: &[(
            r#"/// A list of strings. At least 1 item. Many(Vec<String>) if |check, value| { check.items("", value, 1..); },"#,
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
            (r#""species" = "cat""#, r#""species" = "a""#),
            (r#""species" = "dog""#, r#""species" = "cat""#),
            (r#""species" = "a""#, r#""species" = "dog""#),
        ],
        direction: Input,
        check: Check::RoundTrip,
        place: "/pet",
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
        edits: &[(
            "mask_url: optional into Media, check nested(), visit for_each_media",
            "mask_url: optional into Media, check nested()",
        )],
        direction: Input,
        check: Check::Media,
        place: "/mask_url",
    },
    Fault {
        name: "a file of the wrong kind",
        endpoint: "atelier/files",
        edits: &[(
            "pub image: required Image",
            "pub image: required ::fal_sdk::file::File",
        )],
        direction: Output,
        check: Check::RoundTrip,
        place: "/image",
    },
    Fault {
        name: "media in a tuple that is not uploaded",
        endpoint: "atelier/files",
        edits: &[(r#"item.0.for_each_media(visit);"#, r#"let _ = item; "#)],
        direction: Input,
        check: Check::Media,
        place: "/pair_urls",
    },
    Fault {
        name: "a member that another one swallows",
        endpoint: "atelier/unions",
        edits: &[(r#"const "medium" = "ink";"#, "")],
        direction: Input,
        check: Check::RoundTrip,
        place: "/shade",
    },
];
