//! Escapes text of documents for Markdown: everything that could become a link, a tag or an escape.

/// The longest code span or link, in characters. Longer ones become plain text.
const LONGEST_SPAN: usize = 2_000;

/// Escapes a text for Markdown. Code spans and links to the web are kept; everything else that could become a link, a tag or
/// an escape is escaped.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((start, character)) = rest.char_indices().find(|(_, c)| is_sign(*c)) {
        escaped.push_str(&rest[..start]);
        rest = &rest[start..];
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
            // Escapes the whole run of backticks, because no part of it may begin a code span.
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
    escaped.push_str(rest);
    escaped
}

/// Whether a character can begin something that is escaped or kept as a whole. `h` begins URLs.
fn is_sign(character: char) -> bool {
    matches!(character, '`' | '[' | ']' | '<' | '\\' | '*' | 'h')
}

/// A sign at the start of `text` that Markdown would take as markup, with the backslash that keeps it from that.
fn escaped_sign(text: &str) -> Option<&str> {
    let sign = text.strip_prefix('\\')?.chars().next()?;
    sign.is_ascii_punctuation().then(|| &text[..2])
}

/// Whether a star at the start of `text` is between numbers, as in `768*768`. Markdown would read two such stars as emphasis.
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

/// The part of a text in which the end of a span or a link is searched. Without this limit, a text with many beginnings and no
/// ends would take quadratic time.
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

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_is_escaped_stays_escaped_and_a_product_has_its_stars() {
        assert_eq!(
            escape("768\\*768 and 1280\\*1280"),
            "768\\*768 and 1280\\*1280"
        );
        assert_eq!(
            escape("768*768 and 1280*1280, **bold**"),
            "768\\*768 and 1280\\*1280, **bold**"
        );
        assert_eq!(escape("\\`x\\` \\\\[y]"), "\\`x\\` \\\\\\[y\\]");
    }

    #[test]
    fn links_to_the_web_stay_links() {
        assert_eq!(escape("see https://fal.ai/x."), "see <https://fal.ai/x>.");
        assert_eq!(escape("[docs](https://fal.ai)"), "[docs](https://fal.ai)");
        assert_eq!(escape("[x](javascript:alert)"), "\\[x\\](javascript:alert)");
    }
}
