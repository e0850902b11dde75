//! Members of objects that are lost, or mean something else.

use fal_verify::judge::Check;
use fal_verify::root_schema::Direction::{Input, Output};

use super::Fault;

pub const FAULTS: &[Fault] = &[
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
            ("additional_properties extra", ""),
        ],
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
