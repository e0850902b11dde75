//! Members of objects that are lost, or mean something else.

use fal_verify::judge::Check;
use fal_verify::root_schema::Direction::{Input, Output};

use super::Fault;

pub const FAULTS: &[Fault] = &[
    Fault {
        name: "a null that is not sent",
        endpoint: "atelier/presence",
        edits: &[(
            "fps: optional nullable i64, null null_fps,",
            "fps: optional plain i64,",
        )],
        direction: Input,
        check: Check::RoundTrip,
        place: "/fps",
    },
    Fault {
        name: "a wrong constant",
        endpoint: "atelier/constant",
        edits: &[(r#""version" = "v2""#, r#""version" = "v3""#)],
        direction: Input,
        check: Check::Verdict,
        place: "",
    },
    Fault {
        name: "a field made optional",
        endpoint: "atelier/presence",
        edits: &[("seed: required", "seed: optional")],
        direction: Output,
        check: Check::Verdict,
        place: "/seed",
    },
    Fault {
        name: "a field made required",
        endpoint: "atelier/presence",
        edits: &[("label: optional", "label: required")],
        direction: Output,
        check: Check::Verdict,
        place: "",
    },
    Fault {
        name: "a part that is not validated",
        endpoint: "atelier/objects",
        edits: &[(
            "tree: optional plain Node, check nested()",
            "tree: optional plain Node",
        )],
        direction: Input,
        check: Check::Verdict,
        place: "/tree",
    },
    Fault {
        name: "lost additional members",
        endpoint: "atelier/objects",
        edits: &[(
            "pub fast: optional plain bool; ..extra: BTreeMap<String, i64>;",
            "pub fast: optional plain bool;",
        )],
        direction: Input,
        check: Check::Verdict,
        place: "/options",
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
