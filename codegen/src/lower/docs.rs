//! The documentation of types and fields, and whether defaults and examples are valid.

use serde_json::{Map, Value};

use super::media_limits::{is_limit, is_said_by, media_limits};
use super::{Context, DEEPEST_CONTAINERS, Lowerer};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::ir::{ConstrainedType, Docs, NameHint, Shape};
use crate::json::canonical::to_line;
use crate::source::{Additional, Annotations, Schema, last_segment};
use crate::text::shorten;

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
        docs.notes.extend(notes_of_items(schema));
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
        notes: further_notes(notes, ""),
        deprecated: notes.deprecated,
        ..Docs::default()
    }
}

/// A sentence for each rule that is not checked, including the rules for items of lists and values of maps.
fn further_rules(schema: &Schema) -> Vec<String> {
    let inner = inner_schemas(schema);
    let inner = inner.map(|(kind, schema)| (format!(" for each {kind}"), schema));
    let all = std::iter::once((String::new(), schema)).chain(inner);
    let sentences = all.flat_map(|(of, schema)| {
        let keywords = schema.unchecked.iter().map(|pointer| last_segment(pointer));
        keywords.map(move |keyword| format!("A further rule of the server{of}: `{keyword}`."))
    });
    sentences.collect()
}

/// The sentences on the items of a list or the values of a map. Those on objects are in the documentation of their types.
fn notes_of_items(schema: &Schema) -> Vec<String> {
    let described = schema.notes.description.as_ref();
    let inner = inner_schemas(schema);
    let inner = inner.filter(|(_, inner)| inner.object.properties.is_empty());
    let notes = inner.flat_map(|(kind, inner)| {
        let own = inner.notes.description.as_ref();
        let own = own.filter(|own| !own.trim().is_empty() && Some(*own) != described);
        let own = own.map(|own| format!("Each {kind}: {own}"));
        own.into_iter()
            .chain(further_notes(&inner.notes, &format!("Each {kind}: ")))
    });
    notes.collect()
}

/// The schemas of the items and the values inside lists and maps, each with what it is of: `item` or `value`.
fn inner_schemas(schema: &Schema) -> impl Iterator<Item = (&'static str, &Schema)> {
    std::iter::successors(inner_schema(schema), |(_, inner)| inner_schema(inner))
        .take(DEEPEST_CONTAINERS)
}

fn inner_schema(outer: &Schema) -> Option<(&'static str, &Schema)> {
    match (&outer.list.items, &outer.object.additional) {
        (Some(items), _) => Some(("item", items)),
        (None, Additional::Typed(values)) if outer.object.properties.is_empty() => {
            Some(("value", values))
        }
        _ => None,
    }
}

/// The sentences on keywords that are not part of JSON Schema. `each` is put before those that are shown as they are written.
fn further_notes(notes: &Annotations, each: &str) -> Vec<String> {
    let hints = notes.hints.iter();
    let hints = hints.filter(|(name, _)| !UI_KEYWORDS.contains(&name.as_str()));
    let mut words = None;
    let mut limits = String::new();
    // Some documents have the limits of a file outside of `x-fal`.
    let mut own_limits = Map::new();
    let mut values = Vec::new();
    for (name, value) in hints {
        match (name.as_str(), value) {
            ("limit_description", Value::String(text)) => words = Some(text),
            ("x-fal", Value::Object(facts)) => limits = media_limits(facts),
            (name, Value::Number(_)) if is_limit(name) => {
                own_limits.insert(name.to_owned(), value.clone());
            }
            _ => values.push(format!("`{name}`: `{}`.", to_line(value))),
        }
    }
    let limits = [limits, media_limits(&own_limits)];
    let words = words.filter(|words| !limits.iter().any(|limits| is_said_by(words, limits)));
    let values = (!values.is_empty()).then(|| format!("{each}{}", values.join(" ")));
    let notes = words.cloned().into_iter().chain(limits).chain(values);
    notes.filter(|note| !note.is_empty()).collect()
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
