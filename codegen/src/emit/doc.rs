//! Text from documents as documentation.
//!
//! Descriptions are untrusted: they must not become doctests, or links and tags that rustdoc refuses, must not end their
//! comment, and must not contain characters that change the direction of the text.

mod escape;

use std::borrow::Cow;

use crate::text::{code_span, is_fence, is_printable, shorten};
use escape::escape;

/// The width that documentation is wrapped to.
const WIDTH: usize = 84;

/// The longest code span, in characters. Longer texts are cut, because some examples are whole files.
const LONGEST_CODE: usize = 1_200;

/// The documentation of one item, paragraph by paragraph.
#[derive(Debug, Clone, Default)]
pub(super) struct Doc {
    lines: Vec<String>,
}

impl Doc {
    /// Adds text of a document, escaped.
    pub(super) fn push_untrusted(&mut self, text: &str) -> &mut Self {
        let text = clean(text);
        for block in blocks(&text) {
            match block {
                Block::Text(text) => self.paragraph(&escape(&text), "", ""),
                Block::Items(items) => self.list(&items),
            }
        }
        self
    }

    /// Adds a paragraph of Markdown that the generator writes itself.
    pub(super) fn push_markdown(&mut self, markdown: &str) -> &mut Self {
        self.paragraph(markdown, "", "");
        self
    }

    /// Adds a block of Rust code that the generator writes itself. `attributes` says how rustdoc tests it.
    pub(super) fn push_code(&mut self, attributes: &str, code: &str) -> &mut Self {
        self.separate();
        self.lines.push(format!("```{attributes}"));
        // Literals contain texts of documents, which must not change the direction of the text.
        let printable = |line: &str| line.chars().filter(|c| is_printable(*c)).collect();
        self.lines.extend(code.lines().map(printable));
        self.lines.push("```".to_owned());
        self
    }

    /// Whether there is no text yet.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The lines as comments behind `sign` (`///`, `//!`), indented.
    pub(super) fn comment(&self, indent: &str, sign: &str) -> String {
        let mut comment = String::new();
        for line in &self.lines {
            let space = if line.is_empty() { "" } else { " " };
            comment.extend([indent, sign, space, line, "\n"]);
        }
        comment
    }

    fn list(&mut self, items: &[(String, String)]) {
        for (index, (marker, text)) in items.iter().enumerate() {
            let hanging = " ".repeat(marker.len());
            if index == 0 {
                self.separate();
            }
            self.wrap(&escape(text), marker, &hanging);
        }
    }

    fn paragraph(&mut self, text: &str, first: &str, hanging: &str) {
        self.separate();
        self.wrap(text, first, hanging);
    }

    fn separate(&mut self) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
    }

    /// Breaks a paragraph into lines. A word that would begin a list, a heading
    /// or a quotation never starts one.
    fn wrap(&mut self, text: &str, first: &str, hanging: &str) {
        let mut line = begun_line(first);
        let mut width = first.chars().count();
        let mut empty = true;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            let fits = width + 1 + length <= WIDTH;
            if !empty && !fits && !begins_block(word) {
                self.lines
                    .push(std::mem::replace(&mut line, begun_line(hanging)));
                width = hanging.chars().count();
                empty = true;
            }
            width += length + usize::from(!empty);
            if empty {
                empty = false;
                if first.is_empty() && self.starts_paragraph() && begins_block(word) {
                    // A digit cannot be escaped. Escaping the stop of `1.` keeps it from beginning a list.
                    let (number, sign) = word.split_at(number_length(word));
                    line.push_str(&format!("{number}\\{sign}"));
                    width += 1;
                    continue;
                }
            } else {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.lines.push(line);
    }

    fn starts_paragraph(&self) -> bool {
        self.lines.last().is_none_or(String::is_empty)
    }
}

/// A line that begins with a text, with room for the rest.
fn begun_line(start: &str) -> String {
    let mut line = String::with_capacity(WIDTH);
    line.push_str(start);
    line
}

/// Whether Markdown would take the word, at the start of a line, for the start
/// of a block.
fn begins_block(word: &str) -> bool {
    matches!(word, "-" | "*" | "+")
        || word.starts_with(['#', '>', '=', '|', '~'])
        || word.starts_with("--")
        || word.starts_with("```")
        || word.starts_with("***")
        || word.starts_with("___")
        || is_number(word)
}

/// Whether Markdown would take the word for the number of a list's item: `1.`, `2)`.
fn is_number(word: &str) -> bool {
    let digits = number_length(word);
    (1..=9).contains(&digits) && matches!(&word[digits..], "." | ")")
}

/// The number of digits that a word begins with.
fn number_length(word: &str) -> usize {
    word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len()
}

enum Block {
    Text(String),
    Items(Vec<(String, String)>),
}

/// Splits a text into paragraphs and lists. Indentation is removed, because it would create code blocks.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut broken = true;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || is_fence(line) {
            broken = true;
            continue;
        }
        match (item(line), blocks.last_mut()) {
            (Some(item), Some(Block::Items(items))) if !broken => items.push(item),
            (Some(item), _) => blocks.push(Block::Items(vec![item])),
            (None, Some(Block::Text(text))) if !broken => {
                text.push(' ');
                text.push_str(line);
            }
            (None, Some(Block::Items(items))) if !broken => {
                if let Some((_, text)) = items.last_mut() {
                    text.push(' ');
                    text.push_str(line);
                }
            }
            (None, _) => blocks.push(Block::Text(line.to_owned())),
        }
        broken = false;
    }
    blocks
}

/// The marker and the text of a list item.
fn item(line: &str) -> Option<(String, String)> {
    let (marker, text) = line.split_once(char::is_whitespace)?;
    match marker {
        "-" | "*" | "+" | "•" | "–" => Some(("- ".to_owned(), text.trim().to_owned())),
        number if is_number(number) => Some((format!("{number} "), text.trim().to_owned())),
        _ => None,
    }
}

/// The text without characters that control terminals, editors or the direction of the text.
fn clean(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return text.into();
    }
    let cleaned = text.chars().filter_map(|character| match character {
        '\n' => Some('\n'),
        '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{a0}' => Some(' '),
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{feff}' => None,
        other => is_printable(other).then_some(other),
    });
    cleaned.collect()
}

/// A value as a code span.
pub(super) fn code(text: &str) -> String {
    let text = shorten(&clean(text), LONGEST_CODE).replace('\n', " ");
    code_span(&text)
}

/// Names as part of a sentence: `a`, `b` and `c`. If there are very many, only the first are named.
pub(super) fn listed(names: &[String]) -> Option<String> {
    const MOST: usize = 4;
    match names {
        [] => None,
        [only] => Some(only.clone()),
        [first @ .., last] if names.len() <= MOST => {
            Some(format!("{} and {last}", first.join(", ")))
        }
        many => {
            let (first, others) = many.split_at(MOST - 1);
            Some(format!("{} and {} more", first.join(", "), others.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        Doc::default().push_untrusted(text).lines.clone()
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(
            lines("see [Foo] <b> `x` \\[ \\a \\"),
            ["see \\[Foo\\] \\<b> `x` \\[ \\\\a \\\\"]
        );
        assert_eq!(
            lines("a\n\n```rust\nfn main() {}\n```"),
            ["a", "", "fn main() {}"]
        );
        assert_eq!(lines("    indented\n    code"), ["indented code"]);
        assert_eq!(lines("a\u{202e}b\u{7}"), ["ab"]);
        assert_eq!(lines("# no heading"), ["\\# no heading"]);
        assert_eq!(lines("an `odd tick"), ["an \\`odd tick"]);
    }

    #[test]
    fn numbered_lists_stay_lists() {
        assert_eq!(
            lines("Steps:\n1. one\n  more\n2) two\n\n3. three"),
            ["Steps:", "", "1. one more", "2) two", "", "3. three"]
        );
        assert_eq!(
            lines("1.\n\n12345678901. x"),
            ["1\\.", "", "12345678901. x"]
        );
        assert_eq!(lines("2"), ["2"]);
    }

    #[test]
    fn lists_hang_and_no_line_becomes_one() {
        let text = format!("Options:\n- one {}\n- two\nmore", "word ".repeat(20));
        let lines = lines(&text);
        assert_eq!(&lines[..2], ["Options:", ""]);
        assert!(lines[3].starts_with("  word"));
        let dashes = Doc::default()
            .push_untrusted(&"word - ".repeat(30))
            .lines
            .clone();
        assert!(dashes.iter().all(|line| !line.starts_with('-')));
    }
}
