//! Examples of inputs and outputs: each field's first valid example, else its default, else what its type allows.

use crate::ir::{Docs, Endpoint, Literal, Presence, Shape, Slot, TypeId, TypeRef};
use crate::lower::fits;

/// Nested examples end here, so that a type that contains itself has a page.
const MAX_DEPTH: usize = 8;

/// The members of an object, in the order in which they are shown.
pub(super) type Members = Vec<(String, Literal)>;

/// The examples of an endpoint.
pub(super) struct Examples<'a> {
    endpoint: &'a Endpoint,
}

impl<'a> Examples<'a> {
    pub(super) const fn new(endpoint: &'a Endpoint) -> Self {
        Self { endpoint }
    }

    /// What every input has.
    pub(super) fn required_input(&self) -> Members {
        let sampler = Sampler {
            endpoint: self.endpoint,
            has_options: false,
            invents_numbers: true,
        };
        members(sampler.value(&TypeRef::Named(self.endpoint.input), 0))
    }

    /// The same with every option that has an example or a default.
    pub(super) fn full_input(&self) -> Members {
        let sampler = Sampler {
            endpoint: self.endpoint,
            has_options: true,
            invents_numbers: true,
        };
        members(sampler.value(&TypeRef::Named(self.endpoint.input), 0))
    }

    /// An output. fal's own page leaves out numbers and flags of which nothing is known.
    pub(super) fn output(&self) -> Members {
        let sampler = Sampler {
            endpoint: self.endpoint,
            has_options: true,
            invents_numbers: false,
        };
        members(sampler.value(&self.endpoint.output, 0))
    }
}

fn members(value: Option<Literal>) -> Members {
    match value {
        Some(Literal::Object(members)) => members,
        _ => Members::new(),
    }
}

/// Makes up values of types.
struct Sampler<'a> {
    endpoint: &'a Endpoint,
    has_options: bool,
    invents_numbers: bool,
}

impl Sampler<'_> {
    fn fits(&self, value: &Literal, slot: &Slot) -> bool {
        fits(value, slot, &self.endpoint.types)
    }

    /// The value that the document gives a field.
    fn given(&self, docs: &Docs, slot: &Slot) -> Option<Literal> {
        let mut values = docs.examples.iter().chain(&docs.default);
        let is_shown = |value: &&Literal| **value != Literal::Null && self.fits(value, slot);
        values.find(is_shown).cloned()
    }

    /// The first of some values that keeps the rules.
    fn placeholder(&self, slot: &Slot, depth: usize) -> Option<Literal> {
        let whole = |number: i128| Literal::Integer(number);
        let candidates: Vec<Literal> = match &slot.ty {
            TypeRef::Signed | TypeRef::Unsigned | TypeRef::Float | TypeRef::Number => {
                let bounds = [&slot.rules.least, &slot.rules.most].into_iter().flatten();
                let near = bounds.flat_map(|bound| {
                    let number = bound.value.as_f64().unwrap_or_default();
                    [
                        bound.value.clone(),
                        whole(number as i128 + 1),
                        whole(number as i128 - 1),
                    ]
                });
                let step = slot.rules.multiple_of.clone();
                [whole(0), whole(1)]
                    .into_iter()
                    .chain(near)
                    .chain(step)
                    .collect()
            }
            TypeRef::Text | TypeRef::Media => {
                let least = slot.rules.min_length.unwrap_or_default().min(100) as usize;
                vec![Literal::Text("x".repeat(least))]
            }
            TypeRef::List(item) => {
                let least = slot.rules.min_length.unwrap_or(1).clamp(1, 100) as usize;
                let item = self.placeholder(item, depth + 1);
                vec![Literal::List(
                    item.map_or(Vec::new(), |item| vec![item; least]),
                )]
            }
            other => self.value(other, depth).into_iter().collect(),
        };
        let is_number = matches!(
            candidates.first(),
            Some(Literal::Integer(_) | Literal::Bool(_))
        );
        if is_number && !self.invents_numbers {
            return None;
        }
        let found = candidates.iter().find(|value| self.fits(value, slot));
        found.or_else(|| candidates.first()).cloned()
    }

    /// A value of a type that has no rules of its own.
    fn value(&self, ty: &TypeRef, depth: usize) -> Option<Literal> {
        if depth > MAX_DEPTH {
            return None;
        }
        match ty {
            TypeRef::Bool => Some(Literal::Bool(false)),
            TypeRef::File(_) => {
                let url = ("url".to_owned(), Literal::Text(String::new()));
                Some(Literal::Object(vec![url]))
            }
            TypeRef::Option(slot) => self.placeholder(slot, depth),
            TypeRef::Array(slot, length) => {
                let item = self.placeholder(slot, depth + 1)?;
                Some(Literal::List(vec![item; *length]))
            }
            TypeRef::Tuple(slots) => {
                let items = slots.iter().map(|slot| self.placeholder(slot, depth + 1));
                items.collect::<Option<_>>().map(Literal::List)
            }
            TypeRef::Named(id) | TypeRef::Boxed(id) => self.named(*id, depth),
            TypeRef::Json | TypeRef::JsonObject | TypeRef::Map(_) => {
                Some(Literal::Object(Vec::new()))
            }
            _ => self.placeholder(&ty.clone().into(), depth),
        }
    }

    fn named(&self, id: TypeId, depth: usize) -> Option<Literal> {
        let def = self.endpoint.types.get(id);
        match &def.shape {
            Shape::Enum(listed) => listed.values.first().cloned(),
            Shape::Union(union) => {
                let mut forms = union.variants.iter();
                forms.find_map(|variant| self.placeholder(&variant.slot, depth + 1))
            }
            Shape::Struct(object) => {
                let nothing = Docs::default();
                let fields = object
                    .fields
                    .iter()
                    .enumerate()
                    .filter_map(|(index, field)| {
                        let is_required = field.presence == Presence::Required;
                        let docs = def.field_docs.get(index).unwrap_or(&nothing);
                        let value = (is_required || self.has_options)
                            .then(|| self.given(docs, &field.slot))
                            .flatten();
                        let placeholder = || self.placeholder(&field.slot, depth + 1);
                        let value = value.or_else(|| is_required.then(placeholder).flatten())?;
                        Some((field.wire.clone(), value))
                    });
                let constants = object.constants.iter().cloned();
                Some(Literal::Object(fields.chain(constants).collect()))
            }
        }
    }
}
