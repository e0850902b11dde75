//! Lists of known values.

use super::kind::Kind;
use super::position::Position;
use super::walk::{Side, Walk};
use crate::ir::{Enum, Literal, TypeId};
use crate::name::variant_names;

impl<'a> Walk<'a> {
    pub(super) fn enums(
        &mut self,
        old: (TypeId, &'a Enum),
        new: (TypeId, &'a Enum),
        at: &Position,
    ) {
        let was = variants(&self.old, old);
        let is = variants(&self.new, new);
        for (value, name) in &was {
            match is.iter().find(|(known, _)| known.is_same(value)) {
                None => {
                    self.report_values(Kind::EnumValueRemoved, at, Some(value.to_string()), None);
                }
                Some((_, after)) if after != name => {
                    let (before, after) = (name.clone(), after.clone());
                    self.report_values(Kind::VariantRenamed, at, Some(before), Some(after));
                }
                Some(_) => {}
            }
        }
        for (value, _) in &is {
            if !was.iter().any(|(known, _)| known.is_same(value)) {
                self.report_values(Kind::EnumValueAdded, at, None, Some(value.to_string()));
            }
        }
        let (before, after) = (common(&was, &is), common(&is, &was));
        if before != after {
            self.report_values(
                Kind::EnumReordered,
                at,
                Some(before.join(", ")),
                Some(after.join(", ")),
            );
        }
    }
}

/// The values with the names of their variants.
fn variants<'a>(side: &Side<'a>, (id, listed): (TypeId, &'a Enum)) -> Vec<(&'a Literal, String)> {
    let names = variant_names(&listed.values, side.def(id).hint.natural_name());
    listed.values.iter().zip(names).collect()
}

/// The values of one side that the other has, too, in its order.
fn common(one: &[(&Literal, String)], other: &[(&Literal, String)]) -> Vec<String> {
    let known = |value: &Literal| other.iter().any(|(known, _)| known.is_same(value));
    let values = one.iter().filter(|(value, _)| known(value));
    values.map(|(value, _)| value.to_string()).collect()
}
