//! What a schema says for people, and whether its examples keep its rules.

use serde_json::Value;

use super::literal::literal;
use super::{Lowerer, Place, fits};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::ir::{Docs, Literal, NameHint, Shape, Slot};
use crate::source::text::shorten;
use crate::source::{Annotations, Schema, last_segment};

/// Hints about a form's looks; they say nothing about values.
const LOOKS: &[&str] = &["_fal_ui_field", "ui", "x-fal-order-properties", "examples"];

impl Lowerer<'_> {
    /// The documentation of a type. What is said about an enum or a union that
    /// is written in place is said about its field already.
    pub(super) fn type_docs(&self, shape: &Shape, schema: &Schema, place: &Place) -> Docs {
        let in_place = place.declared.is_none() && !place.field.is_empty();
        match shape {
            Shape::Enum(_) | Shape::Union(_) if in_place => Docs {
                description: Some(format!("Values of `{}`.", place.field)),
                ..Docs::default()
            },
            _ => {
                let mut said = docs(&schema.notes);
                if !in_place {
                    said.notes.extend(further_rules(schema));
                }
                said
            }
        }
    }

    /// The documentation of a field, its default and examples checked.
    pub(super) fn field_docs(&mut self, schema: &Schema, slot: &Slot, nullable: bool) -> Docs {
        let mut said = docs(&schema.notes);
        self.borrow_from_component(schema, &mut said);
        said.notes.extend(further_rules(schema));
        let valid = |value: &Literal, lowerer: &Self| {
            (nullable && *value == Literal::Null) || fits(value, slot, &lowerer.store)
        };
        if let Some(default) = &said.default
            && !valid(default, self)
            && *default != Literal::Null
        {
            self.invalid(schema, Code::InvalidDefault, "default", default);
        }
        for example in &said.examples {
            if !valid(example, self) {
                self.invalid(schema, Code::InvalidExample, "example", example);
            }
        }
        said
    }

    /// A bare reference says what its component says.
    fn borrow_from_component(&self, schema: &Schema, said: &mut Docs) {
        let component = schema
            .reference
            .as_deref()
            .and_then(|reference| self.document.component(reference));
        if let Some((_, component)) = component
            && said.default.is_none()
        {
            said.default = component.notes.default.as_ref().map(literal);
        }
    }

    fn invalid(&mut self, schema: &Schema, code: Code, what: &str, value: &Literal) {
        let location = Location::new(&self.document.path, &schema.pointer);
        let shown = shorten(&value.to_string(), 80);
        let severity = match code {
            Code::InvalidDefault => Severity::Warning,
            _ => Severity::Note,
        };
        let message = format!("the {what} `{shown}` is refused by its own schema");
        self.diagnostics.push(
            Diagnostic::new(severity, code, location, message)
                .fallback("it is documented as it stands, and offered nowhere in code")
                .help("the document is wrong upstream; nothing needs to be done here"),
        );
    }
}

fn docs(notes: &Annotations) -> Docs {
    Docs {
        description: notes.description.clone(),
        title: notes.title.clone(),
        default: notes.default.as_ref().map(literal),
        examples: notes.examples.iter().map(literal).collect(),
        notes: further_notes(notes),
        deprecated: notes.deprecated,
    }
}

fn further_rules(schema: &Schema) -> impl Iterator<Item = String> {
    let keywords = schema.unchecked.iter().map(|pointer| last_segment(pointer));
    keywords.map(|keyword| format!("A further rule of the server: `{keyword}`."))
}

fn further_notes(notes: &Annotations) -> Vec<String> {
    let format = notes
        .format
        .iter()
        .map(|format| format!("Format: `{format}`."));
    let hints = notes.hints.iter();
    let (words, values): (Vec<_>, Vec<_>) = hints
        .filter(|(name, _)| !LOOKS.contains(&name.as_str()))
        .partition(|(name, _)| matches!(name.as_str(), "limit_description" | "x-fal"));
    let words = words.into_iter().map(|(name, value)| hint(name, value));
    let values: Vec<_> = values
        .iter()
        .map(|(name, value)| hint(name, value))
        .collect();
    let values = (!values.is_empty()).then(|| values.join(" "));
    format.chain(words).chain(values).collect()
}

fn hint(name: &str, value: &Value) -> String {
    match (name, value) {
        ("limit_description", Value::String(text)) => text.clone(),
        ("x-fal", Value::Object(facts)) => {
            let mut facts: Vec<_> = facts
                .iter()
                .map(|(name, value)| format!("`{name}` `{}`", literal(value)))
                .collect();
            facts.sort();
            format!("Limits of the model: {}.", facts.join(", "))
        }
        _ => format!("`{name}`: `{}`.", literal(value)),
    }
}

impl Place {
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
