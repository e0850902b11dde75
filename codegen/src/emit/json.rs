//! Literals as a JSON file.

use crate::ir::Literal;
use crate::source::text::is_printable;

/// The text, a member per line, lists of scalars on one line, a line feed at the
/// end.
pub(super) fn pretty(value: &Literal) -> String {
    let mut text = String::new();
    write(&mut text, value, 0);
    text.push('\n');
    text
}

fn write(text: &mut String, value: &Literal, depth: usize) {
    match value {
        Literal::Object(members) if !members.is_empty() => {
            let lines = members.iter().map(|(name, member)| (Some(name), member));
            block(text, ['{', '}'], lines, depth);
        }
        Literal::List(items) if items.iter().any(is_nested) => {
            let lines = items.iter().map(|item| (None, item));
            block(text, ['[', ']'], lines, depth);
        }
        scalars => text.push_str(&plain(&scalars.to_string())),
    }
}

fn is_nested(value: &Literal) -> bool {
    matches!(value, Literal::Object(_) | Literal::List(_))
}

fn block<'a>(
    text: &mut String,
    [open, close]: [char; 2],
    lines: impl Iterator<Item = (Option<&'a String>, &'a Literal)>,
    depth: usize,
) {
    text.push(open);
    for (index, (name, value)) in lines.enumerate() {
        if index > 0 {
            text.push(',');
        }
        start_line(text, depth + 1);
        if let Some(name) = name {
            text.push_str(&plain(&Literal::Text(name.clone()).to_string()));
            text.push_str(": ");
        }
        write(text, value, depth + 1);
    }
    start_line(text, depth);
    text.push(close);
}

fn start_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
}

/// JSON in which nothing steers a terminal or the direction of reading.
fn plain(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        match is_printable(character) {
            true => text.push(character),
            // All of them are below U+10000.
            false => text.push_str(&format!("\\u{:04x}", u32::from(character))),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::pretty;
    use crate::ir::Literal;

    #[test]
    fn members_have_lines_and_scalars_share_one() {
        let list = Literal::List(vec![
            Literal::Integer(1),
            Literal::Text("a\u{202e}".to_owned()),
        ]);
        let value = Literal::Object(vec![
            ("b".to_owned(), list.clone()),
            ("a".to_owned(), Literal::List(vec![list])),
            ("c".to_owned(), Literal::Object(Vec::new())),
        ]);
        let expected = "{\n  \"b\": [1, \"a\\u202e\"],\n  \"a\": [\n    [1, \"a\\u202e\"]\n  ],\n  \"c\": {}\n}\n";
        assert_eq!(pretty(&value), expected);
    }
}
