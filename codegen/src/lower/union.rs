//! Lowers `anyOf` and `oneOf`.

use serde_json::Value;

use super::component::declared_name;
use super::{Context, Lowerer};
use crate::diagnostic::Code;
use crate::ir::{
    ConstrainedType, Enum, EnumKind, Presence, Shape, TypeId, TypeRef, Union, Variant,
};
use crate::name::{type_name, union_variant_name};
use crate::source::Schema;

/// The number of choices inside choices that are followed.
const LONGEST_CHAIN: usize = 16;

impl Lowerer<'_> {
    pub(super) fn union(&mut self, schema: &Schema, context: &Context) -> ConstrainedType {
        let schema = &Schema {
            any_of: self.alternatives(schema, LONGEST_CHAIN),
            ..schema.clone()
        };
        let mut values = self.members(schema, context);
        for kind in [EnumKind::Integer, EnumKind::Text] {
            self.join_enums(kind, &mut values, schema, context);
        }
        self.join_equal_types(&mut values, schema);
        if values.len() == 1
            && let Some(only) = values.pop()
        {
            return only;
        }
        if values.is_empty() {
            return self.degrade(
                schema,
                Code::Contradiction,
                "no alternative can be satisfied",
            );
        }
        values.sort_by_cached_key(|value| self.rank(&value.ty));
        let variants = self.name_variants(values);
        let context = choice_context(context);
        let id = self.add(Shape::Union(Union { variants }), schema, &context);
        TypeRef::Named(id).into()
    }

    /// The alternatives that the keywords beside them allow. An alternative that is itself a choice with further keywords is
    /// replaced by its alternatives.
    fn alternatives(&mut self, schema: &Schema, depth: usize) -> Vec<Schema> {
        let mut found = Vec::with_capacity(schema.any_of.len());
        for member in &schema.any_of {
            let reference = member.reference.as_deref();
            let component = reference.and_then(|reference| self.document.component(reference));
            let whole = component.and_then(|(_, component)| self.whole(member, component));
            let is_choice = |whole: &Schema| {
                !whole.any_of.is_empty()
                    && whole.discriminator.is_none()
                    && whole.reference.is_none()
            };
            match (whole, self.one_deeper(depth)) {
                (Some(whole), _) if whole.never => {}
                (Some(whole), Some(depth)) if is_choice(&whole) => {
                    self.report_unchecked(&whole);
                    found.extend(self.alternatives(&whole, depth));
                }
                _ => found.push(member.clone()),
            }
        }
        found
    }

    fn members(&mut self, schema: &Schema, context: &Context) -> Vec<ConstrainedType> {
        let containers = std::mem::take(&mut self.containers);
        let members = schema.any_of.iter().zip(self.discriminators(schema));
        let values = members.map(|(member, discriminators)| {
            let mut inner = context.inner(self.member_name(member, schema, context));
            if self.restricted_component(member).is_some() {
                // Several unions may add to one component: each of them then has a type of its own.
                inner.parent.clone_from(&context.name);
            }
            let context = Context {
                discriminators,
                ..inner
            };
            self.value(member, &context)
        });
        let values = values.collect();
        self.containers = containers;
        values
    }

    fn member_name(&self, member: &Schema, union: &Schema, context: &Context) -> String {
        let lists_numbers =
            member.is_list_of_values() && member.listed_values().all(Value::is_number);
        let lists = union.any_of.iter().filter(|one| one.is_list_of_values());
        match &member.notes.title {
            // An enum of strings beside it has the other name.
            _ if lists_numbers && lists.count() > 1 => {
                format!("{}Number", context.natural_name())
            }
            _ if member.values.is_some() => format!("{}Preset", context.natural_name()),
            Some(title) if !type_name(title).is_empty() => type_name(title),
            _ => match self.restricted_component(member) {
                Some(component) => declared_name(component),
                None => context.name.clone(),
            },
        }
    }

    /// The component that an alternative refers to, with further keywords beside the reference.
    fn restricted_component(&self, member: &Schema) -> Option<&str> {
        let reference = member.reference.as_deref().filter(|_| member.restricts())?;
        Some(self.document.component(reference)?.0)
    }

    /// Merges enums of one kind with each other and with plain values of the kind. Enums are open, so that each accepts any
    /// value of its kind.
    fn join_enums(
        &mut self,
        kind: EnumKind,
        values: &mut Vec<ConstrainedType>,
        schema: &Schema,
        context: &Context,
    ) {
        let enums: Vec<TypeId> = values
            .iter()
            .filter_map(|value| self.enum_of(kind, value))
            .collect();
        let Some(first) = enums.first().copied() else {
            return;
        };
        let is_plain = |value: &&ConstrainedType| is_plain(kind, &value.ty);
        let has_plain = values.iter().any(|value| is_plain(&value));
        if values
            .iter()
            .filter(is_plain)
            .any(|value| !value.constraints.is_empty())
        {
            let why = match kind {
                EnumKind::Text => "an open enum takes any text",
                EnumKind::Integer => "an open enum takes any integer",
            };
            self.unchecked(schema, "anyOf", why);
        }
        if enums.len() == 1 && !has_plain {
            return;
        }
        let joined = match enums.len() {
            1 => first,
            _ => self.joined_enum(kind, &enums, schema, context),
        };
        if has_plain {
            self.store.get_mut(joined).docs.unlisted = Some(true);
        }
        values.retain(|value| self.enum_of(kind, value).is_none() && !is_plain(&value));
        values.insert(0, TypeRef::Named(joined).into());
    }

    fn joined_enum(
        &mut self,
        kind: EnumKind,
        enums: &[TypeId],
        schema: &Schema,
        context: &Context,
    ) -> TypeId {
        let mut values: Vec<Value> = Vec::new();
        for id in enums {
            if let Shape::Enum(listed) = &self.store.get(*id).shape {
                let new: Vec<_> = listed
                    .values
                    .iter()
                    .filter(|v| !values.contains(v))
                    .cloned()
                    .collect();
                values.extend(new);
            }
        }
        self.add(Shape::Enum(Enum { kind, values }), schema, context)
    }

    fn enum_of(&self, kind: EnumKind, value: &ConstrainedType) -> Option<TypeId> {
        let TypeRef::Named(id) = value.ty else {
            return None;
        };
        match &self.store.get(id).shape {
            Shape::Enum(listed) if listed.kind == kind => Some(id),
            _ => None,
        }
    }

    /// Merges alternatives of one Rust type. A value has to satisfy the constraints of only one of them, so that the merged
    /// alternative has the constraints that they have in common.
    fn join_equal_types(&mut self, values: &mut Vec<ConstrainedType>, schema: &Schema) {
        let mut joined: Vec<ConstrainedType> = Vec::new();
        let mut loosened = false;
        for value in values.iter() {
            match joined.iter_mut().find(|known| known.ty == value.ty) {
                Some(known) if known.constraints != value.constraints => {
                    let beside = known.ty.json_type();
                    let beside = beside.map(|ty| schema.constraints.about(ty));
                    known.constraints = known.constraints.in_common_with(&value.constraints);
                    for constraint in beside.unwrap_or_default().iter() {
                        // A constraint that cannot be merged is already part of both alternatives.
                        let _ = known.constraints.add(constraint.clone());
                    }
                    // If the merged alternative equals one of the two, nothing was loosened.
                    loosened |= !values.contains(known);
                }
                Some(_) => {}
                None => joined.push(value.clone()),
            }
        }
        *values = joined;
        if loosened && let Some(first) = schema.any_of.first() {
            let why = "alternatives of one type differ only in their rules";
            self.unchecked_at(&schema.choice_pointer(first), Code::UncheckedRule, why);
        }
    }

    /// The rank by which alternatives are ordered: those with more required members first, then those with more members.
    fn rank(&self, ty: &TypeRef) -> (u8, usize, usize) {
        let most = usize::MAX;
        match ty {
            TypeRef::Named(id) | TypeRef::Boxed(id) => match &self.store.get(*id).shape {
                Shape::Enum(_) => (0, 0, 0),
                Shape::Struct(object) => {
                    let required = |presence| presence == Presence::Required;
                    let demanded = object
                        .fields
                        .iter()
                        .filter(|f| required(f.presence))
                        .count();
                    let constants = object.constants.len();
                    let demanded = demanded + constants;
                    // Of two such members, the one with a constant is tried before the one with an open enum.
                    let members = 2 * (object.fields.len() + constants) + constants;
                    (3, most - demanded, most - members)
                }
                Shape::Union(_) => (5, 0, 0),
            },
            TypeRef::Bool => (1, 0, 0),
            TypeRef::Signed => (1, 1, 0),
            TypeRef::Unsigned => (1, 2, 0),
            TypeRef::Float => (1, 3, 0),
            TypeRef::BigInteger => (1, 4, 0),
            TypeRef::Text | TypeRef::Media => (2, 0, 0),
            TypeRef::File(kind) => (4, most - *kind as usize, 0),
            TypeRef::Tuple(_) | TypeRef::Array(..) => (6, 0, 0),
            TypeRef::List(item) => {
                let (kind, demanded, _) = self.rank(&item.ty);
                (7, kind.into(), demanded)
            }
            TypeRef::Map(_) => (8, 0, 0),
            TypeRef::JsonObject => (9, 0, 0),
            TypeRef::Option(value) => self.rank(&value.ty),
            TypeRef::Json => (10, 0, 0),
        }
    }

    fn name_variants(&self, values: Vec<ConstrainedType>) -> Vec<Variant> {
        let is = |value: &ConstrainedType, wanted: fn(&Shape) -> bool| match value.ty {
            TypeRef::Named(id) => wanted(&self.store.get(id).shape),
            _ => false,
        };
        let preset_and_custom = matches!(values.as_slice(), [preset, custom]
            if is(preset, |shape| matches!(shape, Shape::Enum(_)))
                && is(custom, |shape| matches!(shape, Shape::Struct(_))));
        let one_or_many = matches!(values.as_slice(), [one, many]
            if matches!(&many.ty, TypeRef::List(item) if item.ty == one.ty));
        let mut names: Vec<String> = if preset_and_custom {
            vec!["Preset".to_owned(), "Custom".to_owned()]
        } else if one_or_many {
            vec!["One".to_owned(), "Many".to_owned()]
        } else {
            let names = values.iter().map(|value| self.variant_name(&value.ty));
            names.collect()
        };
        make_unique(&mut names);
        names
            .into_iter()
            .zip(values)
            .map(|(name, value)| Variant { name, value })
            .collect()
    }

    /// The name of a variant, after its type.
    pub(super) fn variant_name(&self, ty: &TypeRef) -> String {
        match ty {
            TypeRef::Bool => "Boolean".to_owned(),
            TypeRef::Signed | TypeRef::Unsigned => "Integer".to_owned(),
            TypeRef::Float | TypeRef::BigInteger => "Number".to_owned(),
            TypeRef::Text => "Text".to_owned(),
            TypeRef::Media => "Url".to_owned(),
            TypeRef::Json => "Json".to_owned(),
            TypeRef::JsonObject => "Object".to_owned(),
            TypeRef::File(kind) => kind.name().to_owned(),
            TypeRef::Option(value) => self.variant_name(&value.ty),
            TypeRef::List(item) | TypeRef::Array(item, _) => {
                format!("{}List", self.variant_name(&item.ty))
            }
            TypeRef::Map(item) => format!("{}Map", self.variant_name(&item.ty)),
            TypeRef::Tuple(_) => "Tuple".to_owned(),
            TypeRef::Named(id) | TypeRef::Boxed(id) => {
                let def = self.store.get(*id);
                match &def.shape {
                    Shape::Enum(listed) => match listed.kind {
                        EnumKind::Text => "Text".to_owned(),
                        EnumKind::Integer => "Integer".to_owned(),
                    },
                    _ => union_variant_name(def.hint.natural_name()),
                }
            }
        }
    }
}

/// Whether the type has any value of the kind.
fn is_plain(kind: EnumKind, ty: &TypeRef) -> bool {
    match kind {
        EnumKind::Text => matches!(ty, TypeRef::Text | TypeRef::Media),
        EnumKind::Integer => *ty == TypeRef::Signed,
    }
}

/// The context of a union that is written in place: it is named after its field, with `Choice`, so that one of its
/// alternatives can have the field's name.
fn choice_context(context: &Context) -> Context {
    match context.declared {
        Some(_) => context.clone(),
        None => context.inner(format!("{}Choice", context.name)),
    }
}

fn make_unique(names: &mut [String]) {
    for index in 1..names.len() {
        while names[..index].contains(&names[index]) {
            names[index].push_str("Alternative");
        }
    }
}
