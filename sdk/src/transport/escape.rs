//! Escapes control characters in texts of servers before they are displayed.

use std::fmt;

/// Displays a text and escapes the characters in it that control a terminal or change the
/// direction of text. Line breaks and tabs stay.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((at, character)) = rest.char_indices().find(|(_, c)| is_harmful(*c)) {
            f.write_str(&rest[..at])?;
            write!(f, "{}", character.escape_unicode())?;
            rest = &rest[at + character.len_utf8()..];
        }
        f.write_str(rest)
    }
}

/// Control characters, and those that set the direction of text.
fn is_harmful(character: char) -> bool {
    let is_directional = matches!(
        character,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    let is_separator = matches!(character, '\u{2028}' | '\u{2029}');
    let is_control = character.is_control() && !matches!(character, '\n' | '\t');
    is_directional || is_separator || is_control
}

#[cfg(test)]
mod tests {
    use super::Escaped;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let shown = |text| Escaped(text).to_string();
        assert_eq!(shown("caf\u{e9}\n\tok"), "caf\u{e9}\n\tok");
        assert_eq!(shown("\u{1b}[2Jgone\u{7}\r"), "\\u{1b}[2Jgone\\u{7}\\u{d}");
        assert_eq!(shown("a\u{202e}b\u{9b}c"), "a\\u{202e}b\\u{9b}c");
        assert_eq!(shown(""), "");
    }
}
