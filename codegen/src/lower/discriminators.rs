//! What distinguishes the members of a union.

use serde_json::Value;

use super::{Direction, Lowerer};
use crate::source::Schema;

/// The properties that distinguish a member of a union from the others, because each has one value in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Discriminators {
    /// Whether required properties with a `const` distinguish the member.
    constants: bool,
    /// Required properties whose `enum` lists only one value in each of several members, and not the same value in all.
    enums: Vec<String>,
    /// The property that `discriminator` names, and its value in this member.
    named: Option<(String, Value)>,
}

/// The part of a union's member by which two lowerings of one component differ: the constants that its properties become and,
/// for a component that only refers to others, the discriminators that it passes on to them.
pub(super) type ConstantKey = (Vec<(String, Value)>, Option<Discriminators>);

impl Lowerer<'_> {
    /// The discriminators of each member of a union.
    pub(super) fn discriminators(&self, schema: &Schema) -> Vec<Discriminators> {
        let members = schema.any_of.iter().map(|member| self.target(member));
        let members: Vec<&Schema> = members.collect();
        let is_object = |member: &&&Schema| !member.object.properties.is_empty();
        let several = members.iter().filter(is_object).count() > 1;
        let enums = discriminating_enums(&members);
        let each = schema.any_of.iter().map(|member| Discriminators {
            constants: several,
            enums: enums.clone(),
            named: self.named_discriminator(schema, member),
        });
        each.collect()
    }

    /// The component that a schema refers to, or the schema itself.
    fn target<'s>(&'s self, schema: &'s Schema) -> &'s Schema {
        let reference = schema.reference.as_deref();
        let component = reference.and_then(|reference| self.document.component(reference));
        component.map_or(schema, |(_, component)| component)
    }

    /// The property that `discriminator` names, and the value that it has in a member: the one that `mapping` gives to
    /// the member's component, else the component's name. There is none where `mapping` gives the component several values.
    ///
    /// If the property lists its values and that one is not among them, it has the value that it lists: many documents
    /// have no `mapping`, and values other than the names of components.
    fn named_discriminator(&self, schema: &Schema, member: &Schema) -> Option<(String, Value)> {
        let (property, mapping) = schema.discriminator.as_ref()?;
        let reference = member.reference.as_deref()?;
        let name = |reference: &str| Some(self.document.component(reference)?.0.to_owned());
        let component = name(reference)?;
        let is_mapped = |target: &str| {
            target == component || name(target).is_some_and(|name| name == component)
        };
        let mut mapped = mapping.iter().filter(|(_, target)| is_mapped(target));
        let value = match (mapped.next(), mapped.next()) {
            (None, _) => component,
            (Some((value, _)), None) => value.clone(),
            // With several values the property is a field, which can have any of them.
            (Some(_), Some(_)) => return None,
        };
        let value = Value::String(value);
        let properties = &self.target(member).object.properties;
        let declared = properties.iter().find(|(name, _)| name == property);
        let declared = declared.map(|(_, declared)| self.target(declared));
        match declared.filter(|declared| refuses(declared, &value)) {
            None => Some((property.clone(), value)),
            Some(declared) => {
                let only = only_value(declared).filter(|value| is_scalar(value))?;
                Some((property.clone(), only.clone()))
            }
        }
    }

    /// The value of a property that is the same in every object, so that it is filled in and distinguishes the members of a
    /// union. A received object outside of a union takes any value, so that no result is lost because of it.
    pub(super) fn constant(
        &self,
        wire: &str,
        property: &Schema,
        required: bool,
        discriminators: &Discriminators,
    ) -> Option<Value> {
        let named = discriminators.named.as_ref();
        if let Some((_, value)) = named.filter(|(name, _)| name == wire) {
            return Some(value.clone());
        }
        let strict = discriminators.constants || self.direction == Direction::Sent;
        let constant = property.constant.as_ref().filter(|_| strict);
        let is_discriminator = discriminators.enums.iter().any(|name| name == wire);
        let value = constant.or_else(|| only_value(property).filter(|_| is_discriminator))?;
        (required && is_scalar(value) && !property.nullable).then(|| value.clone())
    }

    pub(super) fn constant_key(
        &self,
        component: &Schema,
        discriminators: &Discriminators,
    ) -> ConstantKey {
        let object = &component.object;
        let constants = object.properties.iter().filter_map(|(wire, property)| {
            let required = object.required.contains(wire);
            let value = self.constant(wire, property, required, discriminators)?;
            Some((wire.clone(), value))
        });
        let leads_on = component.reference.is_some() || !component.any_of.is_empty();
        (
            constants.collect(),
            leads_on.then(|| discriminators.clone()),
        )
    }
}

/// Whether the schema lists values, and not this one.
fn refuses(schema: &Schema, value: &Value) -> bool {
    schema.is_list_of_values() && !schema.listed_values().any(|listed| listed == value)
}

/// Whether a constant field can hold the value.
fn is_scalar(value: &Value) -> bool {
    value.is_string() || value.is_boolean() || value.is_i64()
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
fn discriminating_enums(members: &[&Schema]) -> Vec<String> {
    let mut seen: Vec<(&String, &Value)> = Vec::new();
    let mut found: Vec<String> = Vec::new();
    for member in members {
        for (name, property) in &member.object.properties {
            let required = member.object.required.contains(name) && !property.nullable;
            let Some(value) = only_value(property).filter(|_| required) else {
                continue;
            };
            let differs = |(known, other): &(&String, &Value)| *known == name && *other != value;
            if seen.iter().any(differs) && !found.contains(name) {
                found.push(name.clone());
            }
            seen.push((name, value));
        }
    }
    found.sort();
    found
}
