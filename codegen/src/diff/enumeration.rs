//! Compares enums.

use super::kind::Kind;
use super::position::Position;
use super::walk::Walk;
use serde_json::Value;

use crate::ir::{Enum, TypeDef};
use crate::json::canonical::to_line;
use crate::json::is_same;
use crate::name::variant_names;

impl<'a> Walk<'a> {
    pub(super) fn enums(&mut self, old: &'a Enum, new: &'a Enum, at: &Position) {
        let was = variants(old);
        let is = variants(new);
        for (value, name) in &was {
            match is.iter().find(|(known, _)| is_same(known, value)) {
                None => {
                    self.report_values(Kind::EnumValueRemoved, at, Some(to_line(value)), None);
                }
                Some((_, after)) if after != name => {
                    let (before, after) = (name.clone(), after.clone());
                    self.report_values(Kind::VariantRenamed, at, Some(before), Some(after));
                }
                Some(_) => {}
            }
        }
        for (value, _) in &is {
            if !was.iter().any(|(known, _)| is_same(known, value)) {
                self.report_values(Kind::EnumValueAdded, at, None, Some(to_line(value)));
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

impl Walk<'_> {
    /// Compares whether two enums accept values that they do not list.
    pub(super) fn openness(&mut self, old: &TypeDef, new: &TypeDef, at: &Position) {
        let is_open = |def: &TypeDef| def.docs.unlisted == Some(true);
        match (is_open(old), is_open(new)) {
            (false, true) => {
                self.report(Kind::EnumOpened, at);
            }
            (true, false) => {
                self.report(Kind::EnumClosed, at);
            }
            _ => {}
        }
    }
}

/// The values with the names of their variants.
fn variants(listed: &Enum) -> Vec<(&Value, String)> {
    let names = variant_names(&listed.values);
    listed.values.iter().zip(names).collect()
}

/// The names of the values that both sides have, in the order of `one`.
fn common(one: &[(&Value, String)], other: &[(&Value, String)]) -> Vec<String> {
    let known = |value: &Value| other.iter().any(|(known, _)| is_same(known, value));
    let values = one.iter().filter(|(value, _)| known(value));
    values.map(|(value, _)| to_line(value)).collect()
}
