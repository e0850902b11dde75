//! What a JSON Schema no longer says. These faults are planted in the files that the
//! modules include.

use fal_verify::judge::Check;
use fal_verify::root_schema::Direction::{self, Input, Output};

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
        check: Check::JsonSchema,
        place,
    }
}

pub const FAULTS: &[Fault] = &[
    fault(
        "a bound that the schema lacks",
        "atelier/numbers",
        &[(r#""minimum": 17,"#, "")],
        Input,
        "/steps",
    ),
    fault(
        "a step that the schema lacks",
        "atelier/numbers",
        &[(r#","multipleOf": 8"#, "")],
        Input,
        "/frames",
    ),
    fault(
        "a listed value that the schema lacks",
        "atelier/unions",
        &[(r#"["square", "wide"]"#, r#"["square"]"#)],
        Input,
        "/size",
    ),
    fault(
        "a null that the schema lacks",
        "atelier/presence",
        &[(
            r#""guide": { "type": ["string", "null"] }"#,
            r#""guide": { "type": "string" }"#,
        )],
        Input,
        "/guide",
    ),
    fault(
        "a member that the schema does not require",
        "atelier/presence",
        &[(r#"["caption", "format", "seed"]"#, r#"["caption", "seed"]"#)],
        Output,
        "/format",
    ),
    fault(
        "a bound of an output that the schema lacks",
        "atelier/numbers",
        &[(r#""score": { "maximum": 1,"#, r#""score": {"#)],
        Output,
        "/score",
    ),
    fault(
        "a reference to another type",
        "atelier/unions",
        &[(
            r#""items": { "$ref": "Dot" }"#,
            r#""items": { "$ref": "Size" }"#,
        )],
        Input,
        "/marks",
    ),
];
