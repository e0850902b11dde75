//! Where generated types deliberately differ from their document, and by how much.
//!
//! A tolerance does not switch a check off. Those that change verdicts rewrite the
//! schema so that it says what the types promise, one after the other in the order of
//! [`TABLE`]; whatever the rewritten schema refuses must still be refused, and whatever
//! it accepts must be accepted. A value whose verdict changed is counted under the
//! tolerance that changed it. Each row quotes the sentence of `ARCHITECTURE.md` that
//! allows it, and shows a value that it concerns beside one that it does not; tests hold
//! both.

mod constant;
pub mod multiple;
mod rewrite;

use serde_json::{Value, json};

use super::keywords::Keywords;
use super::root_schema::{Direction, RootSchema, target};
pub use constant::discriminator_value;

/// A row of the table.
#[derive(Debug)]
pub struct Tolerance {
    /// The name of the tolerance in reports.
    pub name: &'static str,
    /// The sides of a call to which the tolerance applies.
    sides: &'static [Direction],
    /// Whether the tolerance also applies to the JSON Schemas of the types.
    json_schema: bool,
    effect: Effect,
    /// The sentence of `ARCHITECTURE.md` that allows the tolerance.
    #[cfg_attr(not(test), expect(dead_code, reason = "for readers and tests"))]
    decision: &'static str,
    /// An example: a schema; a value that types and schema judge differently, or that
    /// comes out of a round trip changed; and one that the tolerance does not excuse.
    #[cfg_attr(not(test), expect(dead_code, reason = "for readers and tests"))]
    example: [&'static str; 3],
}

/// The effect of a tolerance.
#[derive(Debug)]
enum Effect {
    /// Removes from the document what a diagnostic reports: see [`remove_reported`].
    Reported,
    /// Rewrites every schema inside the schema.
    Each(fn(&mut Keywords, &RootSchema)),
    /// Rewrites the schema as a whole.
    Whole(fn(&mut RootSchema, Direction)),
    /// Allows a difference after a round trip: see [`super::roundtrip`].
    RoundTrip,
}

use Direction::{Input, Output};
use Effect::{Each, Reported, RoundTrip, Whole};

const BOTH: &[Direction] = &[Input, Output];

/// The last row that says which type a value has; the later ones say which values of the
/// type are let through.
const LAST_OF_TYPE: &str = "integer-range";

/// Every tolerance. Those that change verdicts apply in this order.
#[rustfmt::skip]
pub const TABLE: &[Tolerance] = &[
    Tolerance { name: "reported", sides: BOTH, json_schema: true, effect: Reported,
        decision: "`serde_json::Value` replaces exactly the part that cannot be expressed",
        example: [r#"{"minProperties": 1, "type": "object"}"#, "{}", "[]"] },
    Tolerance { name: "implied-type", sides: BOTH, json_schema: true, effect: Each(rewrite::implied_type),
        decision: "`properties` without a `type` describe an object, `items` without one a list",
        example: [r#"{"properties": {"a": {}}}"#, "1", r#"{"a": 1}"#] },
    Tolerance { name: "input-object", sides: &[Input], json_schema: true, effect: Whole(rewrite::input_object),
        decision: "An input whose schema is empty is an object",
        example: ["{}", "1", r#"{"a": 1}"#] },
    Tolerance { name: "input-null", sides: &[Input], json_schema: true, effect: Whole(rewrite::input_not_null),
        decision: "An input is never `null`",
        example: [r#"{"anyOf": [{"type": "string"}, {"type": "null"}]}"#, "null", "1"] },
    Tolerance { name: "file-facts", sides: BOTH, json_schema: true, effect: Each(rewrite::file_facts),
        decision: "Only the URL of a file is certain: its bit rate is any value, its frame rate and its duration are any numbers, and all members except the URL may be `null`",
        example: [r#"{"type": "object", "properties": {"url": {"type": "string"}, "fps": {"type": "integer"}}, "required": ["url"]}"#,
            r#"{"url": "u", "fps": 29.97}"#, r#"{"url": "u", "fps": "many"}"#] },
    Tolerance { name: LAST_OF_TYPE, sides: BOTH, json_schema: false, effect: Each(rewrite::integer_range),
        decision: "An integer fits into `i64`, or into `u64` if the bounds or the default require it; only if they go beyond both is it any integer",
        example: [r#"{"type": "integer"}"#, "9223372036854775808", "0.5"] },
    Tolerance { name: "discriminator", sides: BOTH, json_schema: true, effect: Each(constant::discriminator),
        decision: "A discriminator must have the value of the alternative that it selects",
        example: [r##"{"anyOf": [{"$ref": "#/components/schemas/A"}], "discriminator": {"propertyName": "kind"}}"##,
            r#"{"kind": "b"}"#, r#"{"kind": "A"}"#] },
    Tolerance { name: "constant", sides: BOTH, json_schema: false, effect: Whole(constant::open),
        decision: "Constants are checked only where a caller must send them or where they distinguish the members of a union",
        example: [r#"{"properties": {"a": {"const": "x"}}}"#, r#"{"a": "y"}"#, r#"{"a": 1}"#] },
    Tolerance { name: "open-enum", sides: BOTH, json_schema: true, effect: Each(rewrite::open_enum),
        decision: "Enums are open in both directions",
        example: [r#"{"enum": ["a", "b"]}"#, r#""c""#, "1"] },
    Tolerance { name: "undeclared-member", sides: BOTH, json_schema: false, effect: Each(rewrite::undeclared_member),
        decision: "Members that a schema does not declare are ignored, even where it forbids them",
        example: [r#"{"properties": {"a": {"type": "string"}}, "additionalProperties": false, "type": "object"}"#, r#"{"b": 1}"#, r#"{"a": 1}"#] },
    Tolerance { name: "one-of", sides: BOTH, json_schema: true, effect: Each(rewrite::one_of),
        decision: "A value may be valid for several members of `oneOf`",
        example: [r#"{"oneOf": [{"type": "integer"}, {"type": "number"}]}"#, "1", r#""a""#] },
    Tolerance { name: "float-multiple", sides: &[Input], json_schema: false, effect: Each(rewrite::float_multiple),
        decision: "A float is a multiple of a step up to rounding to nine digits, an integer only if it is an exact multiple",
        example: [r#"{"type": "number", "multipleOf": 1}"#, "1.0000000000000002", "1.00001"] },
    Tolerance { name: "tuple-length", sides: BOTH, json_schema: false, effect: Each(rewrite::tuple_length),
        decision: "A tuple has exactly the items that it lists",
        example: [r#"{"type": "array", "prefixItems": [{}, {}]}"#, "[1]", "[1, 2]"] },
    Tolerance { name: "output-bounds", sides: &[Output], json_schema: false, effect: Each(rewrite::output_bounds),
        decision: "Bounds of outputs are not checked",
        example: [r#"{"type": "integer", "maximum": 3}"#, "4", "0.5"] },
    Tolerance { name: "null-for-absent", sides: BOTH, json_schema: false, effect: Each(rewrite::null_for_absent),
        decision: "An optional member that may be `null` and one that may not are the same",
        example: [r#"{"properties": {"a": {"type": "string"}}}"#, r#"{"a": null}"#, r#"{"a": 1}"#] },
    Tolerance { name: "absent-for-null", sides: BOTH, json_schema: false, effect: Each(rewrite::absent_for_null),
        decision: "A required member that may be `null` may be left out",
        example: [r#"{"properties": {"a": {"type": ["string", "null"]}, "b": {}}, "required": ["a"]}"#, "{}", r#"{"a": 1}"#] },
    // What may change when a value is decoded and encoded again: before, and after.
    Tolerance { name: "number-form", sides: BOTH, json_schema: false, effect: RoundTrip,
        decision: "Numbers are equal if they have the same value: `1` is `1.0`, and where any number is valid, it becomes the nearest `f64`",
        example: [r#"{"properties": {"a": {"type": "number"}}}"#, r#"{"a": 9007199254740993} {"a": 9007199254740992.0}"#, r#"{"a": 1} {"a": 1.5}"#] },
    Tolerance { name: "dropped-null", sides: BOTH, json_schema: false, effect: RoundTrip,
        decision: "unless a default makes `null` differ from absence",
        example: [r#"{"properties": {"a": {"type": "string"}, "b": {"type": ["string", "null"], "default": "x"}}}"#,
            r#"{"a": null} {}"#, r#"{"b": "y"} {}"#] },
    Tolerance { name: "added-null", sides: BOTH, json_schema: false, effect: RoundTrip,
        decision: "A required member that may be `null` may be left out",
        example: [r#"{"properties": {"a": {"type": ["string", "null"]}}, "required": ["a"]}"#, r#"{} {"a": null}"#, r#"{} {"a": "x"}"#] },
    Tolerance { name: "dropped-undeclared", sides: BOTH, json_schema: false, effect: RoundTrip,
        decision: "Members that a schema does not declare are ignored, even where it forbids them",
        example: [r#"{"properties": {"a": {"type": "string"}}}"#, r#"{"a": "x", "b": 1} {"a": "x"}"#, r#"{"a": "x", "b": 1} {"b": 1}"#] },
    Tolerance { name: "dropped-by-union", sides: BOTH, json_schema: false, effect: RoundTrip,
        decision: "Of the alternatives that decode, those whose rules the value satisfies are preferred, then those that declare most of the value's members",
        example: [r#"{"anyOf": [{"properties": {"a": {"type": "integer"}}}, {"properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}]}"#,
            r#"{"a": 1, "b": 3} {"a": 1}"#, r#"{"a": 1, "b": "x"} {"a": 1}"#] },
];

impl Tolerance {
    /// The rows that change verdicts on one side of a call.
    pub fn of_verdicts(direction: Direction) -> impl Iterator<Item = &'static Self> {
        let applies = move |row: &&Self| row.sides.contains(&direction);
        let changes_verdicts = |row: &&Self| !matches!(row.effect, RoundTrip);
        TABLE.iter().filter(applies).filter(changes_verdicts)
    }

    /// The rows of [`Tolerance::of_verdicts`] that settle which type a value has.
    pub fn of_types(direction: Direction) -> usize {
        let position = Self::of_verdicts(direction).position(|row| row.name == LAST_OF_TYPE);
        position.map_or(0, |last| last + 1)
    }

    /// Whether the tolerance also applies to the JSON Schemas of the types.
    pub fn applies_to_json_schema(&self) -> bool {
        self.json_schema
    }

    /// Rewrites a schema.
    pub fn apply(&self, schema: &RootSchema, direction: Direction) -> RootSchema {
        let mut rewritten = schema.clone();
        match self.effect {
            Reported | RoundTrip => {}
            Whole(rewrite) => rewrite(&mut rewritten, direction),
            Each(rewrite) => rewritten.each_schema(&mut |inner| {
                if let Value::Object(keywords) = inner {
                    rewrite(keywords, schema);
                }
            }),
        }
        rewritten
    }
}

/// A part of a document that the generator reported as not expressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unexpressed<'a> {
    /// The schema at this pointer, in whose place any value is accepted.
    Schema(&'a str),
    /// The keyword at this pointer, which is not checked; the other keywords of the schema are.
    Keyword(&'a str),
    /// The alternatives at this pointer, of which none is required.
    Alternatives(&'a str),
    /// The properties that the schema at this pointer requires and does not declare.
    Requirement(&'a str),
}

/// Removes from a document what the generator reported as not expressed.
pub fn remove_reported(document: &mut Value, unexpressed: &[Unexpressed<'_>]) {
    for reported in unexpressed {
        match *reported {
            Unexpressed::Schema(pointer) => {
                if let Some(schema) = document.pointer_mut(pointer) {
                    *schema = json!({});
                }
            }
            Unexpressed::Requirement(pointer) => {
                require_in_alternatives(document, pointer);
                document.pointer_mut(pointer).map(rewrite::require_declared);
            }
            Unexpressed::Keyword(pointer) | Unexpressed::Alternatives(pointer) => {
                let Some((schema, keyword)) = pointer.rsplit_once('/') else {
                    continue;
                };
                write_out(document, pointer);
                match (reported, document.pointer_mut(schema)) {
                    (Unexpressed::Alternatives(_), Some(Value::Object(keywords))) => {
                        keywords.remove(keyword);
                    }
                    (_, Some(schema)) => rewrite::remove_keyword(schema, keyword),
                    (_, None) => {}
                }
            }
        }
    }
}

/// Requires of each alternative what is required beside them, if a pointer leads to one of them.
fn require_in_alternatives(document: &mut Value, pointer: &str) {
    let parent = pointer
        .rsplit_once('/')
        .and_then(|(list, _)| list.rsplit_once('/'))
        .filter(|(_, keyword)| ["anyOf", "oneOf"].contains(keyword));
    let Some((parent, keyword)) = parent else {
        return;
    };
    write_out(document, &format!("{parent}/{keyword}"));
    if let Some(Value::Object(schema)) = document.pointer_mut(parent)
        && let Some(Value::Array(names)) = schema.remove("required")
        && let Some(Value::Array(alternatives)) = schema.get_mut(keyword)
    {
        for alternative in alternatives.iter_mut().filter_map(Value::as_object_mut) {
            let required = alternative.entry("required").or_insert(json!([]));
            if let Value::Array(required) = required {
                required.extend(names.iter().cloned());
            }
        }
    }
}

/// Puts the targets of references in place of them where a pointer leads to a list of alternatives.
fn write_out(document: &mut Value, pointer: &str) {
    let members = document.pointer(pointer).and_then(Value::as_array);
    let Some(members) = members.cloned() else {
        return;
    };
    let written = members.into_iter().map(|member| {
        let reference = member.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| target(document, reference));
        target.cloned().unwrap_or(member)
    });
    let written = Value::Array(written.collect());
    if let Some(members) = document.pointer_mut(pointer) {
        *members = written;
    }
}

#[cfg(test)]
mod tests;
