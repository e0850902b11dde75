//! The order of fields where a document gives none.
//!
//! Such a struct has the order that it had in the run before, or that of an equal struct, because fal's documents lose and
//! regain the keyword for the order without a change in meaning.

use std::collections::{BTreeMap, BTreeSet};

use super::class::{EquivalenceClass, classify};
use super::shared::Named;
use super::{ALL, COMMON};
use crate::ir::{Endpoint, FieldOrder, Shape, TypeDef, TypeId};
use crate::ledger::Ledger;

/// The orders of structs whose documents do not order their fields: the wire names of the fields, by endpoint index and type.
pub type Orders = BTreeMap<(usize, TypeId), Vec<String>>;

/// Finds the structs whose documents do not order their fields, and for which an order is known.
pub fn take_orders(endpoints: &[Named<'_>], ledger: &Ledger) -> Orders {
    let mut orders = Orders::new();
    for class in classify(endpoints, true) {
        let def = |member: &(usize, TypeId)| endpoints[member.0].endpoint.types.get(member.1);
        let (given, free): (Vec<_>, Vec<_>) = class
            .members
            .iter()
            .partition(|member| def(member).order == FieldOrder::Given);
        let given: Vec<(&str, Vec<String>)> = given
            .into_iter()
            .map(|member: &(usize, TypeId)| {
                (
                    endpoints[member.0].endpoint.id.family(),
                    def(member).field_names(),
                )
            })
            .collect();
        for member in free {
            let named = &endpoints[member.0];
            let family = named.endpoint.id.family();
            let names = def(member).field_names();
            if names.len() < 2 {
                continue;
            }
            let order = settled(&class, named, &names, ledger).or_else(|| {
                if ledger.knows(&named.endpoint.id) {
                    return None;
                }
                let here = given.iter().filter(|(of, _)| *of == family);
                let wide = given.iter().filter(|_| class.families.len() >= COMMON);
                most_frequent(here).or_else(|| most_frequent(wide))
            });
            orders.extend(
                order
                    .filter(|order| *order != names)
                    .map(|order| (*member, order)),
            );
        }
    }
    orders
}

/// The order in the ledger of the shared type that the type is, or can become.
fn settled(
    class: &EquivalenceClass<'_>,
    named: &Named<'_>,
    names: &[String],
    ledger: &Ledger,
) -> Option<Vec<String>> {
    let id = &named.endpoint.id;
    let scopes = [id.family(), ALL].into_iter();
    let entries = scopes.flat_map(|scope| ledger.names.get(scope)).flatten();
    let wanted: BTreeSet<&String> = names.iter().collect();
    let mut fitting = entries.filter(|(name, entry)| {
        entry.is_of(name, class.name())
            && entry.order.iter().collect::<BTreeSet<_>>() == wanted
            && (!ledger.knows(id) || entry.lists(id.as_str()))
    });
    fitting.next().map(|(_, entry)| entry.order.clone())
}

fn most_frequent<'a>(
    orders: impl Iterator<Item = &'a (&'a str, Vec<String>)>,
) -> Option<Vec<String>> {
    let mut counts: BTreeMap<&Vec<String>, usize> = BTreeMap::new();
    for (_, order) in orders {
        *counts.entry(order).or_default() += 1;
    }
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map(|(order, _)| order.clone())
}

/// Sorts the fields of structs into the given orders.
pub fn apply(orders: &Orders, endpoints: &mut [Endpoint]) {
    for ((index, id), order) in orders {
        reorder(endpoints[*index].types.get_mut(*id), order);
    }
}

fn reorder(def: &mut TypeDef, order: &[String]) {
    let Shape::Struct(object) = &mut def.shape else {
        return;
    };
    object.sort_fields(&mut def.field_docs, |field| {
        order.iter().position(|name| *name == field.wire)
    });
    def.order = FieldOrder::Taken;
}
