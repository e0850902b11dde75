//! What tells the members of a union apart.

use serde_json::Value;

use super::{Direction, Lowerer};
use crate::source::Schema;

/// Which properties of a union's member have one value there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Tags {
    /// Those that are a required `const`.
    constants: bool,
    /// These, if they are required: their `enum` lists one value, and another one
    /// in another member.
    enums: Vec<String>,
    /// The discriminator, and the value that stands for the member.
    discriminator: Option<(String, String)>,
}

/// What tells two lowerings of one component apart: the constants that it gets,
/// and where it only leads to others, what it passes on.
pub(super) type Fixed = (Vec<(String, Value)>, Option<Tags>);

impl Lowerer<'_> {
    /// The tags of each member of a union.
    pub(super) fn tags(&self, schema: &Schema) -> Vec<Tags> {
        let members = schema.any_of.iter().map(|member| self.target(member));
        let members: Vec<&Schema> = members.collect();
        let is_object = |member: &&&Schema| !member.object.properties.is_empty();
        let several = members.iter().filter(is_object).count() > 1;
        let enums = telling_enums(&members);
        let each = schema.any_of.iter().map(|member| Tags {
            constants: several,
            enums: enums.clone(),
            discriminator: discriminator(schema, member),
        });
        each.collect()
    }

    /// The component that a schema refers to, or the schema itself.
    fn target<'s>(&'s self, schema: &'s Schema) -> &'s Schema {
        let reference = schema.reference.as_deref();
        let component = reference.and_then(|reference| self.document.component(reference));
        component.map_or(schema, |(_, component)| component)
    }

    /// The value of a member that is the same in every object: it is filled in,
    /// and tells the members of a union apart. A received object that is no
    /// member of a union takes any value, so that no result is lost over it.
    pub(super) fn constant(
        &self,
        wire: &str,
        property: &Schema,
        required: bool,
        tags: &Tags,
    ) -> Option<Value> {
        let stands_for = tags.discriminator.as_ref();
        if let Some((_, value)) = stands_for.filter(|(name, _)| name == wire) {
            return Some(Value::String(value.clone()));
        }
        let strict = tags.constants || self.direction == Direction::Sent;
        let constant = property.constant.as_ref().filter(|_| strict);
        let is_tag = tags.enums.iter().any(|name| name == wire);
        let value = constant.or_else(|| only_value(property).filter(|_| is_tag))?;
        let scalar = value.is_string() || value.is_boolean() || value.is_i64();
        (required && scalar && !property.nullable).then(|| value.clone())
    }

    pub(super) fn fixed(&self, component: &Schema, tags: &Tags) -> Fixed {
        let object = &component.object;
        let constants = object.properties.iter().filter_map(|(wire, property)| {
            let required = object.required.contains(wire);
            let value = self.constant(wire, property, required, tags)?;
            Some((wire.clone(), value))
        });
        let leads_on = component.reference.is_some() || !component.any_of.is_empty();
        (constants.collect(), leads_on.then(|| tags.clone()))
    }
}

/// The value of a `const`, or of an `enum` that lists one.
fn only_value(property: &Schema) -> Option<&Value> {
    let listed = property.values.as_deref();
    property.constant.as_ref().or(match listed {
        Some([only]) => Some(only),
        _ => None,
    })
}

/// The required properties whose only value differs among the members.
fn telling_enums(members: &[&Schema]) -> Vec<String> {
    let mut seen: Vec<(&String, &Value)> = Vec::new();
    let mut telling: Vec<String> = Vec::new();
    for member in members {
        for (name, property) in &member.object.properties {
            let required = member.object.required.contains(name) && !property.nullable;
            let Some(value) = only_value(property).filter(|_| required) else {
                continue;
            };
            let differs = |(known, other): &(&String, &Value)| *known == name && *other != value;
            if seen.iter().any(differs) && !telling.contains(name) {
                telling.push(name.clone());
            }
            seen.push((name, value));
        }
    }
    telling.sort();
    telling
}

/// The value of the discriminator that a member stands for.
fn discriminator(schema: &Schema, member: &Schema) -> Option<(String, String)> {
    let (property, mapping) = schema.discriminator.as_ref()?;
    let reference = member.reference.as_deref()?;
    let mapped = mapping.iter().find(|(_, target)| target == reference);
    let value = match mapped {
        Some((value, _)) => value,
        None => reference.rsplit('/').next()?,
    };
    Some((property.clone(), value.to_owned()))
}
