//! What a JSON Schema no longer says. These faults are planted in the files that the
//! modules include.

use xtask::verify::judge::Check;
use xtask::verify::subject::Direction::{self, Input, Output};

use super::Fault;

const fn fault(
    name: &'static str,
    endpoint: &'static str,
    edits: &'static [(&'static str, &'static str)],
    direction: Direction,
    place: &'static str,
) -> Fault {
    Fault {
        name,
        endpoint,
        edits,
        direction,
        check: Check::Schema,
        place,
    }
}

pub const FAULTS: &[Fault] = &[
    fault(
        "a bound that the schema lacks",
        "atelier/numbers",
        &[(r#""minimum": 17,"#, "")],
        Input,
        "/properties/steps/minimum",
    ),
    fault(
        "a description that the schema lacks",
        "atelier/numbers",
        &[(r#""description": "How many steps.","#, "")],
        Input,
        "/properties/steps/description",
    ),
    fault(
        "a listed value that the schema lacks",
        "atelier/unions",
        &[(r#"["square", "wide"]"#, r#"["square"]"#)],
        Input,
        "/properties/size/anyOf",
    ),
    fault(
        "a null that the schema lacks",
        "atelier/presence",
        &[(
            r#""guide": { "type": ["string", "null"] }"#,
            r#""guide": { "type": "string" }"#,
        )],
        Input,
        "/properties/guide/null",
    ),
    fault(
        "a default that the schema lacks",
        "atelier/presence",
        &[(r#""minimum": 1, "default": 16"#, r#""minimum": 1"#)],
        Input,
        "/properties/fps/default",
    ),
    fault(
        "a member that the schema does not require",
        "atelier/presence",
        &[(r#"["seed", "caption", "format"]"#, r#"["seed", "caption"]"#)],
        Output,
        "/required",
    ),
    fault(
        "a reference to another type",
        "atelier/unions",
        &[(
            r#""items": { "$ref": "Dot" }"#,
            r#""items": { "$ref": "Ring" }"#,
        )],
        Input,
        "/properties/marks",
    ),
];
