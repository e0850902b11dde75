//! The documentation of types and fields, and whether defaults and examples are valid.

use serde_json::Value;

use super::media_limits::media_limits;
use super::{Context, DEEPEST_CONTAINERS, Lowerer};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::ir::{ConstrainedType, Docs, NameHint, Shape};
use crate::json::canonical::to_line;
use crate::source::text::shorten;
use crate::source::{Additional, Annotations, Schema, last_segment};

/// Keywords about how a form looks. They do not restrict values, and are not documented.
const UI_KEYWORDS: &[&str] = &["_fal_ui_field", "ui", "x-fal-order-properties", "examples"];

impl Lowerer<'_> {
    /// The documentation of a type. An enum or a union that is written in place is documented at its field.
    pub(super) fn type_docs(&self, shape: &Shape, schema: &Schema, context: &Context) -> Docs {
        let in_place = context.declared.is_none() && !context.field.is_empty();
        let unlisted = match shape {
            Shape::Enum(_) => schema.open.then_some(true),
            Shape::Struct(_) => (schema.object.additional == Additional::None).then_some(false),
            Shape::Union(_) => None,
        };
        match shape {
            Shape::Enum(_) | Shape::Union(_) if in_place => Docs {
                unlisted,
                ..Docs::default()
            },
            _ => {
                let mut docs = docs(&schema.notes);
                if !in_place {
                    docs.notes.extend(further_rules(schema));
                }
                Docs { unlisted, ..docs }
            }
        }
    }

    /// The documentation of a field. Reports a default and examples that are not valid.
    pub(super) fn field_docs(
        &mut self,
        schema: &Schema,
        value: &ConstrainedType,
        nullable: bool,
    ) -> Docs {
        let mut docs = docs(&schema.notes);
        docs.nullable = nullable;
        docs.default = docs.default.or_else(|| self.default_of_component(schema));
        docs.notes.extend(further_rules(schema));
        let is_valid = |example: &Value, lowerer: &Self| {
            (nullable && example.is_null()) || lowerer.store.accepts(example, value)
        };
        if let Some(default) = &docs.default
            && !is_valid(default, self)
            && !default.is_null()
        {
            self.invalid(schema, Code::InvalidDefault, "default", default);
        }
        for example in &docs.examples {
            if !is_valid(example, self) {
                self.invalid(schema, Code::InvalidExample, "example", example);
            }
        }
        docs
    }

    /// A reference without a default of its own has the default of its component.
    fn default_of_component(&self, schema: &Schema) -> Option<Value> {
        let reference = schema.reference.as_deref()?;
        let (_, component) = self.document.component(reference)?;
        component.notes.default.clone()
    }

    fn invalid(&mut self, schema: &Schema, code: Code, what: &str, value: &Value) {
        let location = Location::new(&self.document.path, &schema.pointer);
        let shown = shorten(&to_line(value), 80);
        let severity = match code {
            Code::InvalidDefault => Severity::Warning,
            _ => Severity::Note,
        };
        let message = format!("the {what} `{shown}` is not valid under its own schema");
        self.diagnostics.push(
            Diagnostic::new(severity, code, location, message)
                .fallback("it is documented as it is, and not used in code")
                .help("this is a mistake in fal's document; nothing needs to be done here"),
        );
    }
}

fn docs(notes: &Annotations) -> Docs {
    Docs {
        description: notes.description.clone(),
        title: notes.title.clone(),
        default: notes.default.clone(),
        examples: notes.examples.clone(),
        format: notes.format.clone(),
        notes: further_notes(notes),
        deprecated: notes.deprecated,
        ..Docs::default()
    }
}

/// A sentence for each rule that is not checked, including the rules for items of lists and values of maps.
fn further_rules(schema: &Schema) -> Vec<String> {
    let mut sentences = Vec::new();
    let keywords = |schema: &Schema, of: &str, sentences: &mut Vec<String>| {
        let keywords = schema.unchecked.iter().map(|pointer| last_segment(pointer));
        let new = keywords.map(|keyword| format!("A further rule of the server{of}: `{keyword}`."));
        sentences.extend(new);
    };
    keywords(schema, "", &mut sentences);
    let mut inner = schema;
    for _ in 0..DEEPEST_CONTAINERS {
        let values = match &inner.object.additional {
            Additional::Typed(values) if inner.object.properties.is_empty() => Some(values),
            _ => None,
        };
        let (of, next) = match (&inner.list.items, values) {
            (Some(items), _) => (" for each item", items),
            (None, Some(values)) => (" for each value", values),
            (None, None) => break,
        };
        keywords(next, of, &mut sentences);
        inner = next;
    }
    sentences
}

fn further_notes(notes: &Annotations) -> Vec<String> {
    let hints = notes.hints.iter();
    let (words, values): (Vec<_>, Vec<_>) = hints
        .filter(|(name, _)| !UI_KEYWORDS.contains(&name.as_str()))
        .partition(|(name, _)| matches!(name.as_str(), "limit_description" | "x-fal"));
    let words = words.into_iter().map(|(name, value)| hint(name, value));
    let words = words.filter(|words| !words.is_empty());
    let values: Vec<_> = values
        .iter()
        .map(|(name, value)| hint(name, value))
        .collect();
    let values = (!values.is_empty()).then(|| values.join(" "));
    words.chain(values).collect()
}

fn hint(name: &str, value: &Value) -> String {
    match (name, value) {
        ("limit_description", Value::String(text)) => text.clone(),
        ("x-fal", Value::Object(facts)) => media_limits(facts),
        _ => format!("`{name}`: `{}`.", to_line(value)),
    }
}

impl Context {
    /// Where the name of a type that is written here comes from.
    pub(super) fn hint(&self) -> NameHint {
        match &self.declared {
            Some(name) => NameHint::Declared(name.clone()),
            None => NameHint::Derived {
                parent: self.parent.clone(),
                name: self.name.clone(),
            },
        }
    }
}
