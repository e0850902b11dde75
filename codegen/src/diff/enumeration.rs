//! Comparison of enums: lists of known values.

use super::kind::Kind;
use super::position::Position;
use super::walk::{Side, Walk};
use serde_json::Value;

use crate::ir::{Enum, TypeId};
use crate::json::canonical::to_line;
use crate::json::is_same;
use crate::name::variant_names;

impl<'a> Walk<'a> {
    pub(super) fn enums(
        &mut self,
        old: (TypeId, &'a Enum),
        new: (TypeId, &'a Enum),
        at: &Position,
    ) {
        let was = variants(old.1);
        let is = variants(new.1);
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
        let opened = |side: &Side<'_>, id| side.def(id).docs.unlisted == Some(true);
        match (opened(&self.old, old.0), opened(&self.new, new.0)) {
            (false, true) => {
                self.report(Kind::EnumOpened, at);
            }
            (true, false) => {
                self.report(Kind::EnumClosed, at);
            }
            _ => {}
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
fn variants(listed: &Enum) -> Vec<(&Value, String)> {
    let names = variant_names(&listed.values);
    listed.values.iter().zip(names).collect()
}

/// The values of one side that the other has, too, in its order.
fn common(one: &[(&Value, String)], other: &[(&Value, String)]) -> Vec<String> {
    let known = |value: &Value| other.iter().any(|(known, _)| is_same(known, value));
    let values = one.iter().filter(|(value, _)| known(value));
    values.map(|(value, _)| to_line(value)).collect()
}
