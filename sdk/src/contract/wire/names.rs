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
            fields: self.fields.trim_ascii_start(),
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
    /// The fields that are still to come. It does not begin with a space.
    fields: &'static str,
    own: &'static [(&'static str, &'static str)],
}

impl NamesIter {
    /// The next word.
    fn next_field(&mut self) -> Option<&'static str> {
        let bytes = self.fields.as_bytes();
        let length = word_length(bytes);
        let field = self.fields.get(..length)?;
        let mut next = length + 1;
        while bytes.get(next).is_some_and(|byte| is_space(*byte)) {
            next += 1;
        }
        self.fields = self.fields.get(next..).unwrap_or_default();
        (length > 0).then_some(field)
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

    let (chunks, rest) = text.as_chunks();
    let mut length = 0;
    for chunk in chunks {
        let bytes = u64::from_le_bytes(*chunk);
        // The lowest high bit is that of the first byte that is less than 0x21.
        let spaces = bytes.wrapping_sub(FIRST_PRINTED) & !bytes & HIGH_BITS;
        if spaces != 0 {
            return length + spaces.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    length + rest.iter().take_while(|byte| !is_space(**byte)).count()
}

fn is_space(byte: u8) -> bool {
    byte <= b' '
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
