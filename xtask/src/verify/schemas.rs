//! Holds `schema_for!` of the generated types against the document, keyword by
//! keyword.
//!
//! The document's schema is built from the document alone; both are then written in
//! one [canonical](super::canonical) way, references resolved, and must be equal. What
//! is exempt:
//!
//! * keywords that no type expresses and the generator reports (`not`, `if`,
//!   `patternProperties` …) or that make no sense (`"type": "int"`),
//!   `discriminator`, titles and the form's hints;
//! * what the root of an output says beyond the Rust type, where the output has no
//!   type of its own: an alias has the schema of the type that it stands for.

use std::io;

use fal_codegen::source::push_pointer;
use serde_json::Value;

use super::canonical::canonical;
use super::dialect;
use super::harness::Harness;
use super::judge::{Check, Findings, Trial};
use super::subject::{Direction, Subject};
use super::walk;

/// A place where the schemas differ.
#[derive(Debug, Clone, PartialEq)]
struct Difference {
    /// The JSON pointer in the canonical schemas.
    pub pointer: String,
    /// What `schema_for!` says there; `None` for nothing.
    pub types: Option<Value>,
    /// What the document says there.
    pub schema: Option<Value>,
}

impl Trial<'_> {
    /// What `schema_for!` says, keyword by keyword.
    pub(super) fn compare_schemas(
        &self,
        harness: &mut Harness,
        findings: &mut Findings,
    ) -> io::Result<()> {
        let generated = harness.schemas(self.entry)?;
        let directions = [Direction::Input, Direction::Output];
        for (direction, generated) in directions.into_iter().zip(&generated) {
            for found in differences(self.source, self.id, direction, generated) {
                let words = |said: &Option<Value>| match said {
                    Some(said) => said.to_string(),
                    None => "nothing".to_owned(),
                };
                let words = ("`schema_for!`", words(&found.types), words(&found.schema));
                let mut found_here = self.about(direction, Check::Schema, words);
                found_here.pointer = found.pointer;
                findings.disagreements.push(found_here);
            }
        }
        Ok(())
    }
}

/// Where `generated`, the outcome of `schema_for!`, differs from the document.
fn differences(
    document: &Value,
    id: &str,
    direction: Direction,
    generated: &Value,
) -> Vec<Difference> {
    let mut source = Subject::with_words(document, id, direction);
    walk::subject_mut(&mut source.root, &mut |schema| {
        schema
            .as_object_mut()
            .map(|keywords| keywords.remove("not"));
    });
    dialect::drop_senseless(&mut source.root);
    let expected = canonical(&source.root, source.schema());
    let actual = canonical(generated, generated);
    let mut found = Vec::new();
    compare("", Some(&actual), Some(&expected), &mut found);
    if direction == Direction::Output && is_alias(generated) {
        found.retain(|each| each.types.is_some() || each.pointer.rfind('/') != Some(0));
    }
    found
}

/// Outputs that are types have names that end so; the types of Rust and the runtime
/// have not.
fn is_alias(generated: &Value) -> bool {
    let title = generated.get("title").and_then(Value::as_str);
    title.is_none_or(|title| !title.ends_with("Output"))
}

/// Goes down to the smallest places that differ.
fn compare(
    pointer: &str,
    types: Option<&Value>,
    schema: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    match (types, schema) {
        (Some(Value::Object(types)), Some(Value::Object(schema))) => {
            let added = schema.keys().filter(|name| !types.contains_key(*name));
            for name in types.keys().chain(added) {
                let place = push_pointer(pointer, name);
                compare(&place, types.get(name), schema.get(name), found);
            }
        }
        (types, schema) if types != schema => found.push(Difference {
            pointer: pointer.to_owned(),
            types: types.cloned(),
            schema: schema.cloned(),
        }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::differences;
    use crate::verify::subject::Direction;

    fn places(schema: Value, generated: Value) -> Vec<String> {
        let document = json!({
            "components": { "schemas": {
                "Size": { "type": "object", "properties": { "width": { "type": "integer" } } },
            } },
            "paths": { "/a/b": { "post": { "requestBody": {
                "content": { "application/json": { "schema": schema } }
            } } } },
        });
        let found = differences(&document, "a/b", Direction::Input, &generated);
        found.into_iter().map(|each| each.pointer).collect()
    }

    #[test]
    fn what_says_the_same_is_equal() {
        let schema = json!({
            "title": "Input", "type": "object", "required": ["a"],
            "properties": {
                "a": { "allOf": [{ "$ref": "#/components/schemas/Size" }], "description": "Which." },
                "b": { "anyOf": [{ "type": "string" }, { "type": "null" }], "title": "B" },
            },
        });
        let generated = json!({
            "title": "BInput", "type": "object", "required": ["a"],
            "properties": {
                "a": { "$ref": "#/$defs/Size", "description": "Which." },
                "b": { "type": ["string", "null"] },
            },
            "$defs": { "Size": {
                "type": "object", "properties": { "width": { "type": "integer" } },
            } },
        });
        assert_eq!(places(schema, generated), Vec::<String>::new());
    }

    #[test]
    fn what_is_lost_is_found_where_it_is_lost() {
        let schema = json!({ "type": "object", "properties": {
            "a": { "type": "integer", "minimum": 3, "description": "How many." },
            "b": { "type": "string", "enum": ["x", "y"] },
            "c": { "type": ["string", "null"], "default": "z" },
        }, "required": ["a"] });
        let generated = json!({ "type": "object", "properties": {
            "a": { "type": "integer" },
            "b": { "type": "string", "enum": ["x"] },
            "c": { "type": "string" },
        } });
        let expected = [
            "/properties/a/description",
            "/properties/a/minimum",
            "/properties/b/enum",
            "/properties/c/default",
            "/properties/c/null",
            "/required",
        ];
        let mut found = places(schema, generated);
        found.sort();
        assert_eq!(found, expected);
    }
}
