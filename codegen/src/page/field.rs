//! The fields of a schema as entries of the page's lists.

use std::fmt::Write as _;

use serde_json::Value;

use super::schema::{members, shape, type_name};
use crate::source::{Document, Schema};
use crate::text::{code_span, without_fences};

/// The number of levels of nested objects whose fields are listed. Inputs of real models have three.
const MAX_DEPTH: usize = 6;

/// Lists the fields of one document.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) document: &'a Document,
    /// Whether the fields belong to an input. Only in inputs are the fields of inner objects listed, too.
    pub(super) is_input: bool,
}

impl<'a> Fields<'a> {
    /// The fields of an object, or of the objects of a union, in the order in which people read them.
    pub(super) fn of(self, schema: &'a Schema) -> String {
        let mut text = String::new();
        self.write_all(&mut text, schema, 0, &mut Vec::new());
        text
    }

    /// `around` has the schemas that contain these fields, so that a schema that contains itself is listed once.
    fn write_all(
        self,
        text: &mut String,
        schema: &'a Schema,
        depth: usize,
        around: &mut Vec<&'a Schema>,
    ) {
        let schema = self.resolve(schema);
        let is_known = around.iter().any(|outer| std::ptr::eq(*outer, schema));
        if is_known || around.len() >= MAX_DEPTH {
            return;
        }
        around.push(schema);
        for (name, property) in &schema.object.properties {
            let is_required = schema.object.required.contains(name);
            let indent = "  ".repeat(depth);
            self.write(text, (name, property), is_required, &indent);
            if self.is_input {
                let shape = shape(property);
                let inner = shape.list.items.as_deref().unwrap_or(shape);
                self.write_all(text, inner, depth + 1, around);
            }
        }
        for member in members(schema).into_iter().flatten() {
            self.write_all(text, member, depth, around);
        }
        around.pop();
    }

    fn write(
        self,
        text: &mut String,
        (name, property): (&str, &'a Schema),
        is_required: bool,
        indent: &str,
    ) {
        let presence = if is_required { "required" } else { "optional" };
        let _ = write!(
            text,
            "{indent}- **`{name}`** (`{}`, _{presence}_)",
            type_name(property, 0)
        );
        let description = self.description(property);
        if !description.is_empty() {
            let lines = description.replace('\n', &format!("\n{indent}  "));
            let _ = write!(text, ":\n{indent}  {lines}");
        }
        text.push('\n');
        for fact in self.facts(property) {
            let _ = writeln!(text, "{indent}  - {fact}");
        }
        text.push('\n');
    }

    /// The document's description, and the sentence on the default that the page puts after it.
    fn description(self, property: &'a Schema) -> String {
        let own = property.notes.description.as_ref();
        let text = own.or(self.resolve(property).notes.description.as_ref());
        let mut text = text.map(|text| without_fences(text)).unwrap_or_default();
        if let Some(shown) = default_in_words(property) {
            let _ = write!(text, " Default value: `{shown}`");
        }
        text
    }

    fn facts(self, property: &'a Schema) -> Vec<String> {
        let shape = shape(property);
        let notes = &property.notes;
        let default = notes.default.iter();
        let mut facts: Vec<String> = default
            .map(|default| format!("Default: `{default}`"))
            .collect();
        let rules = shape.constraints.sentences(code_span);
        facts.extend(
            rules
                .iter()
                .map(|rule| rule.trim_end_matches('.').to_owned()),
        );
        let several = members(property)
            .filter(|members| members.len() > 1)
            .unwrap_or_default();
        let presets = several.iter().map(|member| self.resolve(member));
        let options: Vec<String> = presets.chain([shape]).flat_map(options).collect();
        if !options.is_empty() {
            facts.push(format!("Options: {}", options.join(", ")));
        }
        if !several.is_empty() {
            let names: Vec<String> = several.iter().map(|member| type_name(member, 0)).collect();
            facts.push(format!("One of: {}", names.join(" | ")));
        }
        let items = shape.list.items.as_deref();
        facts.extend(items.map(|items| format!("Array of {}", type_name(items, 0))));
        if !notes.examples.is_empty() {
            let shown: Vec<String> = notes.examples.iter().map(Value::to_string).collect();
            facts.push(format!("Examples: {}", shown.join(", ")));
        }
        facts
    }

    /// Follows references, and `allOf` of one member, to a schema that is neither.
    fn resolve(self, schema: &'a Schema) -> &'a Schema {
        let mut schema = schema;
        for _ in 0..MAX_DEPTH {
            let target = schema
                .reference
                .as_deref()
                .and_then(|name| self.document.component(name));
            schema = match (target, schema.all_of.as_slice()) {
                (Some((_, target)), _) => target,
                (None, [only]) => only,
                _ => return schema,
            };
        }
        schema
    }
}

/// The sentence on a default. There is none for `false`, `0`, `null`, lists and objects; in a union, a string has no quotes.
fn default_in_words(property: &Schema) -> Option<String> {
    let default = property.notes.default.as_ref()?;
    match default {
        Value::String(text) if members(property).is_some() => Some(text.clone()),
        Value::String(_) | Value::Bool(true) => Some(default.to_string()),
        Value::Number(number) if number.as_f64() != Some(0.0) => Some(default.to_string()),
        _ => None,
    }
}

/// The values that a schema lists.
fn options(schema: &Schema) -> Vec<String> {
    let listed = schema.listed_values();
    listed.map(|value| format!("`{value}`")).collect()
}
