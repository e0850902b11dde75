//! Text from documents as documentation.
//!
//! A description is hostile text: it must neither become a doctest, nor a link
//! or tag that rustdoc refuses, nor leave its comment, nor carry characters that
//! turn the reading direction.

use crate::source::text::{code_span, is_fence, is_printable, shorten};

/// The width that documentation is wrapped to.
const WIDTH: usize = 84;

/// Longer texts are cut: some examples are whole files.
const LONGEST_CODE: usize = 1_200;

/// Longer code spans and links become plain text.
const LONGEST_SPAN: usize = 2_000;

/// The documentation of one item, paragraph by paragraph.
#[derive(Debug, Clone, Default)]
pub(super) struct Doc {
    lines: Vec<String>,
}

impl Doc {
    /// Adds text of a document, which is escaped.
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
        // Literals hold texts of documents, which must not turn the reading direction.
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
        let line = |line: &String| match line.as_str() {
            "" => format!("{indent}{sign}\n"),
            text => format!("{indent}{sign} {text}\n"),
        };
        self.lines.iter().map(line).collect()
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
        let mut line = first.to_owned();
        let mut empty = true;
        for word in text.split_whitespace() {
            let fits = line.chars().count() + 1 + word.chars().count() <= WIDTH;
            if !empty && !fits && !begins_block(word) {
                self.lines
                    .push(std::mem::replace(&mut line, hanging.to_owned()));
                empty = true;
            }
            if empty {
                empty = false;
                if first.is_empty() && self.starts_paragraph() && begins_block(word) {
                    // A digit cannot be escaped: `1.` is kept from beginning a list by its stop.
                    let (number, sign) = word.split_at(number_length(word));
                    line.push_str(&format!("{number}\\{sign}"));
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

/// Paragraphs and lists. Indentation is dropped: it would make code blocks.
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

/// The text without characters that control terminals, editors or the reading direction.
fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|character| match character {
            '\n' => Some('\n'),
            '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{a0}' => Some(' '),
            '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{feff}' => None,
            other => is_printable(other).then_some(other),
        })
        .collect()
}

/// Text as Markdown: code spans and links to the web stay, all else that could
/// become a link, a tag or an escape is escaped.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if let Some((span, length)) = leading_code(rest)
            .or_else(|| web_link(rest))
            .or_else(|| url(rest))
        {
            escaped.push_str(&span);
            rest = &rest[length..];
            continue;
        }
        if let Some(pair) = escaped_sign(rest) {
            escaped.push_str(pair);
            rest = &rest[pair.len()..];
            continue;
        }
        if is_product(rest, escaped.chars().last()) {
            escaped.push('\\');
        }
        if character == '`' {
            // The whole run: none of its ends begins a span either.
            let ticks = ticks(rest);
            escaped.push_str(&"\\`".repeat(ticks));
            rest = &rest[ticks..];
            continue;
        }
        if matches!(character, '[' | ']' | '<' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
        rest = &rest[character.len_utf8()..];
    }
    escaped
}

/// A sign at the start of `text` that Markdown would take as markup, with the backslash that keeps it from that.
fn escaped_sign(text: &str) -> Option<&str> {
    let sign = text.strip_prefix('\\')?.chars().next()?;
    sign.is_ascii_punctuation().then(|| &text[..2])
}

/// Whether a star at the start of `text` stands between numbers, as in `768*768`: Markdown would take two of them for emphasis.
fn is_product(text: &str, before: Option<char>) -> bool {
    let is_digit = |character: Option<char>| character.is_some_and(|c| c.is_ascii_digit());
    text.strip_prefix('*')
        .is_some_and(|after| is_digit(before) && is_digit(after.chars().next()))
}

/// The code span at the start of `text`, and its length.
fn leading_code(text: &str) -> Option<(String, usize)> {
    let ticks = ticks(text);
    if ticks == 0 {
        return None;
    }
    let fence = &text[..ticks];
    let inner_length = near(&text[ticks..]).find(fence)?;
    let length = ticks + inner_length + ticks;
    let closed = !text[length..].starts_with('`');
    let inner = text[ticks..ticks + inner_length].trim();
    (closed && !inner.is_empty()).then(|| (text[..length].to_owned(), length))
}

/// The number of backticks at the start of `text`.
fn ticks(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// The part of a text in which the end of a span or a link is searched: without a limit, a text that consists of
/// beginnings would take quadratic time.
fn near(text: &str) -> &str {
    match text.char_indices().nth(LONGEST_SPAN) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// The link `[words](https://…)` at the start of `text`, and its length.
fn web_link(text: &str) -> Option<(String, usize)> {
    let inner = near(text.strip_prefix('[')?);
    let label = &inner[..inner.find(']')?];
    let target = inner[label.len() + 1..].strip_prefix('(')?;
    let target = &target[..target.find(')')?];
    let is_web = target.starts_with("https://") || target.starts_with("http://");
    let harmless = |c: char| c.is_ascii_graphic() && !"<>()[]`\\".contains(c);
    let plain = !label.contains(['[', '`', '<', '\\']) && !label.trim().is_empty();
    let length = label.len() + target.len() + 4;
    (is_web && plain && target.chars().all(harmless)).then(|| (text[..length].to_owned(), length))
}

/// The bare URL at the start of `text`, made a link, and its length.
fn url(text: &str) -> Option<(String, usize)> {
    if !(text.starts_with("https://") || text.starts_with("http://")) {
        return None;
    }
    let end = text
        .find(|c: char| !c.is_ascii_graphic() || "<>()[]`\\\"'".contains(c))
        .unwrap_or(text.len());
    let url = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
    (url.len() > "https://".len()).then(|| (format!("<{url}>"), url.len()))
}

/// A value as a code span.
pub(super) fn code(text: &str) -> String {
    let text = clean(&text.replace('\n', " "));
    code_span(&shorten(&text, LONGEST_CODE))
}

/// Names in a sentence: `a`, `b` and `c`. If there are very many, only the first are named.
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
    fn what_is_escaped_stays_escaped_and_a_product_has_its_stars() {
        assert_eq!(
            lines("768\\*768 and 1280\\*1280"),
            ["768\\*768 and 1280\\*1280"]
        );
        assert_eq!(
            lines("768*768 and 1280*1280, **bold**"),
            ["768\\*768 and 1280\\*1280, **bold**"]
        );
        assert_eq!(lines("\\`x\\` \\\\[y]"), ["\\`x\\` \\\\\\[y\\]"]);
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
    fn links_to_the_web_stay_links() {
        assert_eq!(lines("see https://fal.ai/x."), ["see <https://fal.ai/x>."]);
        assert_eq!(lines("[docs](https://fal.ai)"), ["[docs](https://fal.ai)"]);
        assert_eq!(
            lines("[x](javascript:alert)"),
            ["\\[x\\](javascript:alert)"]
        );
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
