//! The names of the members of a declared struct.

use std::iter::Copied;
use std::slice::Iter;

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
            fields: self.fields,
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
    /// The fields that are still to come.
    fields: &'static str,
    own: &'static [(&'static str, &'static str)],
}

impl NamesIter {
    /// The next word.
    fn next_field(&mut self) -> Option<&'static str> {
        let text = self.fields.trim_ascii_start();
        let (field, rest) = text.split_at(word_length(text.as_bytes()));
        self.fields = rest;
        (!field.is_empty()).then_some(field)
    }
}

impl Iterator for NamesIter {
    type Item = &'static str;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(constant) = self.constants.next() {
            return Some(constant);
        }
        let field = self.next_field()?;
        let own = self.own.iter().find(|(name, _)| *name == field);
        Some(own.map_or(field, |(_, member)| member))
    }
}

/// The number of bytes before the first space or control character.
///
/// All names are gone through whenever a struct is written or read, so eight bytes are
/// looked at in one step.
fn word_length(text: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH_BITS: u64 = ONES << 7;
    const FIRST_PRINTED: u64 = ONES * 0x21;

    let mut length = 0;
    while let Some(bytes) = text[length..].first_chunk() {
        let bytes = u64::from_le_bytes(*bytes);
        // The lowest high bit is that of the first byte that is less than 0x21.
        let spaces = bytes.wrapping_sub(FIRST_PRINTED) & !bytes & HIGH_BITS;
        if spaces != 0 {
            return length + spaces.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let rest = &text[length..];
    length + rest.iter().take_while(|byte| **byte > b' ').count()
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
    fn words_of_any_length_are_told_apart() {
        let words: Vec<String> = (1..40).map(|length| "é_".repeat(length)).collect();
        for space in [" ", "\n", "\n    "] {
            let text: &'static str = words.join(space).leak();
            let names = Names::new(&[], text, &[]);
            assert_eq!(names.iter().collect::<Vec<_>>(), words);
        }
    }

    #[test]
    fn a_struct_without_members_has_no_names() {
        assert_eq!(Names::default().iter().next(), None);
    }
}
