//! Examples of inputs and outputs. A field has its first valid example, else its default, else a placeholder of its type.

mod placeholder;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::constraint::{Constraint, Measure};
use crate::ir::{
    ConstrainedType, Docs, Endpoint, Presence, Shape, Struct, TypeDef, TypeId, TypeRef,
};
use crate::json::{as_integer, from_integer, is_empty};

/// The number of levels to which examples are nested, so that a type that contains itself has a finite example.
const MAX_DEPTH: usize = 8;

/// The most members of an object in an example, those of the objects in it included. The number grows with the power of the
/// levels, so that a document could ask for more than fit into memory.
const MOST_MEMBERS: usize = 2_000;

/// The longest placeholder, in characters or items, whatever a document requires.
const MAX_LENGTH: u64 = 100;

/// Short examples have texts of at most this many characters.
const SHORT_TEXT: usize = 60;

/// Short examples have URLs and other texts without spaces of at most this many characters.
const SHORT_WORD: usize = 160;

/// Short examples have addresses of at most this many characters: a cut one leads nowhere.
const SHORT_URL: usize = 500;

/// Short examples have lists of at most this many items.
const SHORT_LIST: usize = 2;

/// Short examples of inputs that require nothing have at most this many options.
const MOST_OPTIONS: usize = 3;

/// The members of an object, in the order in which they are shown.
pub(crate) type Members = Vec<(String, Value)>;

/// The names and the values of members, by reference.
pub(crate) fn each(members: &Members) -> impl Iterator<Item = (&str, &Value)> {
    members.iter().map(|(name, value)| (name.as_str(), value))
}

/// Makes examples of an endpoint's types.
#[derive(Clone, Copy)]
pub(crate) struct Examples<'a> {
    endpoint: &'a Endpoint,
    /// Whether options with an example or a default are part of an example.
    has_options: bool,
    /// Whether numbers and booleans without an example or a default get a placeholder. fal's own page leaves them out of outputs.
    invents_numbers: bool,
    /// Whether strings and URLs without an example or a default get a placeholder named after the field. fal's own page has
    /// them empty.
    names_texts: bool,
    /// The field that a placeholder is for.
    field: Option<(&'a str, Option<&'a Docs>)>,
}

impl<'a> Examples<'a> {
    pub(crate) const fn new(endpoint: &'a Endpoint) -> Self {
        Self {
            endpoint,
            has_options: false,
            invents_numbers: true,
            names_texts: false,
            field: None,
        }
    }

    /// The same examples, with placeholders named after the fields for strings and URLs without an example or a default.
    pub(crate) const fn naming_texts(mut self) -> Self {
        self.names_texts = true;
        self
    }

    /// An input with its required members only.
    pub(crate) fn required_input(self) -> Members {
        self.root(&TypeRef::Named(self.endpoint.input))
    }

    /// An input with its required members, in which long texts and lists are shortened where the schema allows it. If nothing is
    /// required, it has the first options that say what the model works on.
    pub(crate) fn short_input(self) -> Members {
        let mut members = self.required_input();
        let def = self.endpoint.types.get(self.endpoint.input);
        let Shape::Struct(object) = &def.shape else {
            return members;
        };
        if members.is_empty() {
            members = self.telling_options(object, def);
        }
        for (name, value) in &mut members {
            let Some(field) = object.fields.iter().find(|field| field.wire == *name) else {
                continue;
            };
            let short = shortened(value);
            let is_valid = |value| self.endpoint.types.accepts(value, &field.value);
            if is_valid(&short) || !is_valid(value) {
                *value = short;
            }
        }
        members
    }

    /// An input with its required members, and with every option that has an example or a default.
    pub(crate) fn full_input(mut self) -> Members {
        self.has_options = true;
        self.required_input()
    }

    /// An example of the output.
    pub(crate) fn output(mut self) -> Members {
        self.has_options = true;
        self.invents_numbers = false;
        self.root(&self.endpoint.output)
    }

    /// The first options with texts or media of which the document has a value.
    fn telling_options(self, object: &Struct, def: &TypeDef) -> Members {
        let fields = object.fields.iter().zip(&def.field_docs);
        let fields =
            fields.filter(|(field, _)| self.has_content(&field.value.ty, &mut BTreeSet::new()));
        let options = fields.filter_map(|(field, docs)| {
            Some((field.wire.clone(), self.given(docs, &field.value)?))
        });
        options.take(MOST_OPTIONS).collect()
    }

    /// Whether values of a type have texts or media, which models work on, and are not only settings. No type is entered twice,
    /// however often a document refers to it.
    fn has_content(self, ty: &TypeRef, entered: &mut BTreeSet<TypeId>) -> bool {
        match ty {
            TypeRef::Text | TypeRef::Media | TypeRef::File(_) => true,
            TypeRef::Named(id) | TypeRef::Boxed(id) => {
                let shape = &self.endpoint.types.get(*id).shape;
                entered.insert(*id)
                    && (shape.values().into_iter())
                        .any(|value| self.has_content(&value.ty, entered))
            }
            other => (other.inner().iter()).any(|value| self.has_content(&value.ty, entered)),
        }
    }

    fn root(self, ty: &TypeRef) -> Members {
        match (ty, self.value(ty, 0)) {
            (TypeRef::Named(id), Some(_)) if self.is_struct(*id) => self.members(*id, 0),
            (_, Some(Value::Object(map))) => map.into_iter().collect(),
            _ => Members::new(),
        }
    }

    fn is_struct(self, id: TypeId) -> bool {
        matches!(self.endpoint.types.get(id).shape, Shape::Struct(_))
    }

    /// The example or default that the document gives a field.
    fn given(self, docs: &Docs, expected: &ConstrainedType) -> Option<Value> {
        let mut values = docs.examples.iter().chain(&docs.default);
        let is_shown = |value: &&Value| {
            let says_nothing = value.is_null() || self.names_texts && is_empty(value);
            !says_nothing && self.endpoint.types.accepts(value, expected)
        };
        values.find(is_shown).cloned()
    }

    /// A made-up value for a field: the first candidate that satisfies the constraints.
    fn placeholder(self, expected: &ConstrainedType, depth: usize) -> Option<Value> {
        let at_least = |measure: Measure, otherwise: u64| {
            let bound = expected
                .constraints
                .lower(measure)
                .and_then(|bound| as_integer(&bound.value.clone().into()));
            let length = bound.and_then(|length| u64::try_from(length).ok());
            length.unwrap_or(otherwise).min(MAX_LENGTH) as usize
        };
        let candidates: Vec<Value> = match &expected.ty {
            TypeRef::Bool
            | TypeRef::Signed
            | TypeRef::Unsigned
            | TypeRef::Float
            | TypeRef::BigInteger
                if !self.invents_numbers =>
            {
                Vec::new()
            }
            TypeRef::Signed | TypeRef::Unsigned | TypeRef::Float | TypeRef::BigInteger => {
                numbers(expected)
            }
            TypeRef::Text | TypeRef::Media => {
                let named = self.named_text(&expected.ty).into_iter();
                let shortest = "x".repeat(at_least(Measure::Length, 0));
                named.chain([shortest]).map(Value::from).collect()
            }
            TypeRef::List(item) => {
                let item = self.placeholder(item, depth + 1);
                let items = item.map_or(Vec::new(), |item| vec![item; at_least(Measure::Items, 1)]);
                vec![items.into()]
            }
            other => self.value(other, depth).into_iter().collect(),
        };
        let valid = candidates
            .iter()
            .find(|value| self.endpoint.types.accepts(value, expected));
        valid.or_else(|| candidates.first()).cloned()
    }

    /// A placeholder that is named after the field, if texts are named.
    fn named_text(self, ty: &TypeRef) -> Option<String> {
        let (name, docs) = self.field.filter(|_| self.names_texts)?;
        let description = docs.and_then(|docs| docs.description.as_deref());
        Some(placeholder::text(
            name,
            description.unwrap_or_default(),
            *ty == TypeRef::Media,
        ))
    }

    /// A value of a type without constraints.
    fn value(self, ty: &TypeRef, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        match ty {
            TypeRef::Bool => Some(json!(false)),
            TypeRef::File(_) => {
                Some(json!({"url": self.named_text(&TypeRef::Media).unwrap_or_default()}))
            }
            TypeRef::Json | TypeRef::JsonObject | TypeRef::Map(_) => Some(json!({})),
            TypeRef::Option(expected) => self.placeholder(expected, depth),
            TypeRef::Array(expected, length) => {
                let item = self.placeholder(expected, depth + 1)?;
                Some(vec![item; *length].into())
            }
            TypeRef::Tuple(values) => {
                let items = values
                    .iter()
                    .map(|expected| self.placeholder(expected, depth + 1));
                items.collect::<Option<Vec<_>>>().map(Value::from)
            }
            TypeRef::Named(id) | TypeRef::Boxed(id) => match &self.endpoint.types.get(*id).shape {
                Shape::Enum(listed) => listed.values.first().cloned(),
                Shape::Union(union) => {
                    let mut forms = union.variants.iter();
                    forms.find_map(|variant| self.placeholder(&variant.value, depth + 1))
                }
                Shape::Struct(_) if !self.is_small(*id, depth, &mut { MOST_MEMBERS }) => {
                    Some(json!({}))
                }
                Shape::Struct(_) => Some(Map::from_iter(self.members(*id, depth)).into()),
            },
            _ => self.placeholder(&ty.clone().into(), depth),
        }
    }

    /// Whether an example of a type has no more members than `left`, which counts them down.
    fn is_small(self, id: TypeId, depth: usize, left: &mut usize) -> bool {
        let shape = &self.endpoint.types.get(id).shape;
        let values = match shape {
            Shape::Struct(object) => {
                let fields = object.fields.iter();
                let required = fields.filter(|field| field.presence == Presence::Required);
                required.map(|field| &field.value).collect()
            }
            other => other.values(),
        };
        depth > MAX_DEPTH
            || values.into_iter().all(|value| {
                let mut is_small = *left > 0;
                *left = left.saturating_sub(1);
                value.ty.for_each_id(&mut |inner| {
                    is_small = is_small && self.is_small(inner, depth + 1, left);
                });
                is_small
            })
    }

    fn members(self, id: TypeId, depth: usize) -> Members {
        let def = self.endpoint.types.get(id);
        let Shape::Struct(object) = &def.shape else {
            return Members::new();
        };
        let nothing = Docs::default();
        let fields = object
            .fields
            .iter()
            .enumerate()
            .filter_map(|(index, field)| {
                let is_required = field.presence == Presence::Required;
                if !is_required && !self.has_options {
                    return None;
                }
                let docs = def.field_docs.get(index);
                let inside = Self {
                    field: Some((&field.wire, docs)),
                    ..self
                };
                let docs = docs.unwrap_or(&nothing);
                let placeholder =
                    || is_required.then(|| inside.placeholder(&field.value, depth + 1));
                let value = self
                    .given(docs, &field.value)
                    .or_else(|| placeholder().flatten())?;
                Some((field.wire.clone(), value))
            });
        fields.chain(object.constants.iter().cloned()).collect()
    }
}

/// The value with its long texts and lists shortened.
fn shortened(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let longest = match text.contains(char::is_whitespace) {
                true => SHORT_TEXT,
                false if text.starts_with("https://") => SHORT_URL,
                false => SHORT_WORD,
            };
            match text.char_indices().nth(longest) {
                None => value.clone(),
                Some((end, _)) => {
                    let start = &text[..end];
                    let words = start.rsplit_once(char::is_whitespace);
                    let start = words.map_or(start, |(words, _)| words);
                    format!("{}…", start.trim_end()).into()
                }
            }
        }
        Value::Array(items) => items.iter().take(SHORT_LIST).map(shortened).collect(),
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(name, value)| (name.clone(), shortened(value)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

/// Candidates for a placeholder number. For most constraints, one of them is valid.
fn numbers(expected: &ConstrainedType) -> Vec<Value> {
    let near = expected
        .constraints
        .iter()
        .flat_map(|constraint| match constraint {
            Constraint::Lower(_, bound) | Constraint::Upper(_, bound) => {
                let whole = bound.value.as_f64().unwrap_or_default() as i128;
                // A bound may be larger than any integer.
                let beside = [whole.checked_add(1), whole.checked_sub(1)].into_iter();
                let beside = beside.flatten().map(|number| from_integer(number).into());
                std::iter::once(bound.value.clone().into())
                    .chain(beside)
                    .collect()
            }
            Constraint::MultipleOf(step) => vec![step.clone().into()],
            _ => Vec::new(),
        });
    [json!(0), json!(1)].into_iter().chain(near).collect()
}
