//! Compares unions.

use super::kind::Kind;
use super::position::Position;
use super::walk::{Side, Walk};
use crate::ir::{Union, Variant};

/// An alternative with its type as Rust writes it.
struct Form<'a> {
    variant: &'a Variant,
    ty: String,
}

impl<'a> Walk<'a> {
    pub(super) fn unions(&mut self, old: &'a Union, new: &'a Union, at: &Position) {
        let mut was = forms(&self.old, old);
        let mut is = forms(&self.new, new);
        // First, alternatives with the same name and type are paired, then those with the same type, then those with the same name.
        let alike: [fn(&Form<'_>, &Form<'_>) -> bool; 3] = [
            |a, b| a.variant.name == b.variant.name && a.ty == b.ty,
            |a, b| a.ty == b.ty,
            |a, b| a.variant.name == b.variant.name,
        ];
        for alike in alike {
            let mut index = 0;
            while index < was.len() {
                match is.iter().position(|form| alike(&was[index], form)) {
                    Some(other) => self.form(&was.remove(index), &is.remove(other), at),
                    None => index += 1,
                }
            }
        }
        for form in was {
            self.report_values(Kind::UnionMemberRemoved, at, Some(shown(&form)), None);
        }
        for form in is {
            self.report_values(Kind::UnionMemberAdded, at, None, Some(shown(&form)));
        }
    }

    fn form(&mut self, old: &Form<'_>, new: &Form<'_>, at: &Position) {
        let (before, after) = (&old.variant.name, &new.variant.name);
        if before != after {
            self.report_values(
                Kind::VariantRenamed,
                at,
                Some(before.clone()),
                Some(after.clone()),
            );
        }
        self.value(&old.variant.value, &new.variant.value, at);
    }
}

fn forms<'a>(side: &Side<'a>, union: &'a Union) -> Vec<Form<'a>> {
    let forms = union.variants.iter().map(|variant| Form {
        variant,
        ty: side.signatures.ty(&variant.value.ty),
    });
    forms.collect()
}

fn shown(form: &Form<'_>) -> String {
    format!("{}({})", form.variant.name, form.ty)
}
