//! Compares documentation. Titles are not compared, because they repeat names.

use super::kind::Kind;
use super::position::Position;
use super::structure::Member;
use super::walk::{Side, Walk};
use serde_json::Value;

use crate::ir::{Docs, NameHint, Shape, TypeDef, TypeRef};
use crate::json::canonical::to_line;
use crate::text::shorten;

/// The longest text that a change quotes, in characters.
const LONGEST: usize = 240;

impl Walk<'_> {
    /// Compares the documentation of a type. If only one side has a description, it may have moved to or from the members that
    /// mention the type; such descriptions are compared with those of the members.
    pub(super) fn type_docs(&mut self, old: &TypeDef, new: &TypeDef, at: &Position) {
        let (before, after) = (own_description(old), own_description(new));
        let root = at.path.is_empty();
        if root || (before.is_some() && after.is_some()) {
            self.description(before, after, at);
        }
        self.notes(&old.docs, &new.docs, at);
    }

    pub(super) fn field_docs_changed(&mut self, was: Member<'_>, is: Member<'_>, at: &Position) {
        let own = [was, is].map(|member| member.docs.description.as_deref());
        let types = [
            type_description(&self.old, &was.field.value.ty),
            type_description(&self.new, &is.field.value.ty),
        ];
        let [before, after] = match (own, types) {
            // The descriptions of types are compared with the types.
            ([None, None], [Some(_), Some(_)]) => [None, None],
            _ => [own[0].or(types[0]), own[1].or(types[1])],
        };
        let (before, after) = (before.map(str::to_owned), after.map(str::to_owned));
        self.description(before.as_deref(), after.as_deref(), at);
        self.notes(was.docs, is.docs, at);
    }

    fn description(&mut self, old: Option<&str>, new: Option<&str>, at: &Position) {
        let words = |text: Option<&str>| -> Vec<String> {
            let words = text.unwrap_or_default().split_whitespace();
            words.map(str::to_owned).collect()
        };
        let (before, after) = (words(old), words(new));
        if before != after {
            let show = |words: Vec<String>| {
                (!words.is_empty()).then(|| shorten(&words.join(" "), LONGEST))
            };
            let (before, after) = (show(before), show(after));
            // The description of an object that is written in place is also that of its member.
            let said = self.changes.last().is_some_and(|last| {
                last.kind == Kind::DescriptionChanged
                    && (&last.path, &last.before, &last.after) == (&at.path, &before, &after)
            });
            if !said {
                self.report_values(Kind::DescriptionChanged, at, before, after);
            }
        }
    }

    /// Compares everything in the documentation except descriptions.
    fn notes(&mut self, old: &Docs, new: &Docs, at: &Position) {
        let (before, after) = (examples(&old.examples), examples(&new.examples));
        if before != after {
            self.lists(Kind::ExamplesChanged, &before, &after, at);
        }
        if old.format != new.format {
            let (before, after) = (old.format.clone(), new.format.clone());
            self.report_values(Kind::FormatChanged, at, before, after);
        }
        let (before, after) = (sorted(&old.notes), sorted(&new.notes));
        if before != after {
            self.lists(Kind::NoteChanged, &before, &after, at);
        }
        match (old.deprecated, new.deprecated) {
            (false, true) => {
                self.report(Kind::Deprecated, at);
            }
            (true, false) => {
                self.report(Kind::Undeprecated, at);
            }
            _ => {}
        }
    }

    fn lists(&mut self, kind: Kind, before: &[String], after: &[String], at: &Position) {
        let only = |list: &[String], other: &[String]| {
            let own: Vec<&str> = list
                .iter()
                .filter(|text| !other.contains(text))
                .map(String::as_str)
                .collect();
            (!own.is_empty()).then(|| shorten(&own.join(", "), LONGEST))
        };
        let (gone, come) = (only(before, after), only(after, before));
        self.report_values(kind, at, gone, come);
    }
}

/// The description of a type. The description of an enum or a union that is written in place belongs to its member.
fn own_description(def: &TypeDef) -> Option<&str> {
    match (&def.shape, &def.hint) {
        (Shape::Enum(_) | Shape::Union(_), NameHint::Derived { .. }) => None,
        _ => def.docs.description.as_deref(),
    }
}

/// The description of the type that a member mentions.
fn type_description<'a>(side: &Side<'a>, ty: &TypeRef) -> Option<&'a str> {
    match ty {
        TypeRef::Named(id) | TypeRef::Boxed(id) => own_description(side.def(*id)),
        TypeRef::Option(inner) => type_description(side, &inner.ty),
        _ => None,
    }
}

/// The examples in a fixed order, because their order has no meaning.
fn examples(values: &[Value]) -> Vec<String> {
    let mut texts: Vec<String> = values.iter().map(to_line).collect();
    texts.sort();
    texts
}

fn sorted(notes: &[String]) -> Vec<String> {
    let mut notes = notes.to_vec();
    notes.sort();
    notes
}
