//! Escaping of text from documents for terminals and Markdown pages: such text is untrusted.

use fal_codegen::text::{code_span, is_printable, shorten};

/// The longest text that a line quotes, in characters.
const LONGEST: usize = 100;

/// The text on one line of printable characters.
pub(super) fn plain(text: &str) -> String {
    let printable = |c: char| if is_printable(c) { c } else { ' ' };
    let line: String = text.chars().map(printable).collect();
    shorten(&line, LONGEST)
}

/// The text on one line as a code span of Markdown, between as many backticks as are needed, so that mentions and markup in it
/// have no effect.
#[must_use]
pub fn code(text: &str) -> String {
    code_span(&plain(text))
}

#[cfg(test)]
mod tests {
    use super::{code, plain};

    #[test]
    fn nothing_leaves_its_line_or_its_code() {
        assert_eq!(plain("a\nb\u{1b}[31m\u{202e}"), "a b [31m ");
        assert_eq!(plain(&"x".repeat(200)).chars().count(), 101);
        assert_eq!(code("@all <img>"), "`@all <img>`");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
    }
}
