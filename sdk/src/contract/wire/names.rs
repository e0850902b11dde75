//! The names of the members of a declared struct.

use std::iter::Copied;
use std::slice::Iter;
use std::str::SplitAsciiWhitespace;

/// The names of the JSON members that a struct declares, in their order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Names {
    constants: &'static [&'static str],
    fields: &'static str,
    own: &'static [(&'static str, &'static str)],
}

impl Names {
    /// Creates the list from the names of constants, the names of fields separated by spaces,
    /// and the fields whose member has another name.
    pub(super) fn new(
        constants: &'static [&'static str],
        fields: &'static str,
        own: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            constants,
            fields,
            own,
        }
    }

    /// Returns an iterator over the names.
    pub fn iter(&self) -> NamesIter {
        NamesIter {
            constants: self.constants.iter().copied(),
            fields: self.fields.split_ascii_whitespace(),
            own: self.own,
        }
    }

    /// Returns whether a member of this name is declared.
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|declared| declared == name)
    }
}

/// An iterator over [`Names`].
#[derive(Debug, Clone)]
pub struct NamesIter {
    constants: Copied<Iter<'static, &'static str>>,
    fields: SplitAsciiWhitespace<'static>,
    own: &'static [(&'static str, &'static str)],
}

impl Iterator for NamesIter {
    type Item = &'static str;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(constant) = self.constants.next() {
            return Some(constant);
        }
        let field = self.fields.next()?;
        let own = self.own.iter().find(|(name, _)| *name == field);
        Some(own.map_or(field, |(_, member)| member))
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_those_of_constants_then_of_fields_unless_a_member_has_its_own() {
        let names = Names {
            constants: &["kind"],
            fields: "a r#type\n b c",
            own: &[("r#type", "type"), ("b", "B")],
        };
        let all: Vec<&str> = names.iter().collect();
        assert_eq!(all, ["kind", "a", "type", "B", "c"]);
        assert!(names.contains("B") && !names.contains("b"));
    }

    #[test]
    fn a_struct_without_members_has_no_names() {
        assert_eq!(Names::default().iter().next(), None);
    }
}
