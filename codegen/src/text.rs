//! Makes texts of documents and servers safe to print to a terminal or in Markdown.

/// Whether a character is neither a control character nor one that reorders the text around it. A line feed is not printable
/// in this sense; callers that keep line feeds test for them.
#[must_use]
pub fn is_printable(c: char) -> bool {
    let bidirectional = matches!(
        c,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    );
    !c.is_control() && !bidirectional
}

/// The text, cut after `longest` characters and with `…` at the end if it is longer.
#[must_use]
pub fn shorten(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The text as a code span of Markdown, between as many backticks as are needed.
#[must_use]
pub fn code_span(text: &str) -> String {
    let longest = match text.contains('`') {
        true => text.split(|c| c != '`').map(str::len).max(),
        false => None,
    };
    let fence = "`".repeat(longest.unwrap_or_default() + 1);
    let needs_space = text.is_empty() || text.starts_with('`') || text.ends_with('`');
    let space = if needs_space { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Whether a line of Markdown begins or ends a block of code. Such lines of untrusted text are left out, because a block that
/// they open could be run as a doctest, or include the rest of a page.
pub(crate) fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// The text without lines that begin or end a block of code.
pub(crate) fn without_fences(text: &str) -> String {
    let lines = text.split('\n').filter(|line| !is_fence(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{code_span, is_printable, shorten};

    #[test]
    fn escapes_and_bidirectional_controls_are_not_printable() {
        assert!("aé中\u{1F600} ~".chars().all(is_printable));
        assert!(
            !"\u{1b}\n\r\t\u{7f}\u{9b}\u{202e}\u{2066}\u{200f}"
                .chars()
                .any(is_printable)
        );
    }

    #[test]
    fn long_texts_are_cut_and_code_stays_code() {
        assert_eq!(shorten("äöü", 2), "äö…");
        assert_eq!(shorten("äöü", 3), "äöü");
        assert_eq!(code_span("@all <img>"), "`@all <img>`");
        assert_eq!(code_span("a``b"), "```a``b```");
        assert_eq!(code_span("`"), "`` ` ``");
    }
}
