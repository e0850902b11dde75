//! Formats types and values that fit on one line without parsing them. A run has tens of thousands of them, and most consist
//! of a few tokens.

use std::fmt::Write;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The longest item that `prettyplease` never breaks into lines.
const ONE_LINE: usize = 80;

/// Formats the types and values of an item that has `around` other characters, if `prettyplease` would write the item on one line.
/// Returns `None` if it might break the line, or if there are tokens that types and constants in generated code do not have.
pub(super) fn short<const N: usize>(parts: [TokenStream; N], around: usize) -> Option<[String; N]> {
    let mut length = around;
    let mut can_break = false;
    let mut texts = Vec::with_capacity(N);
    for tokens in parts {
        let mut line = Line::default();
        line.tokens(tokens)?;
        length += line.text.len();
        can_break |= line.has_brackets;
        texts.push(line.text);
    }
    let is_short = !can_break || length <= ONE_LINE;
    texts.try_into().ok().filter(|_| is_short)
}

#[derive(Default)]
struct Line {
    text: String,
    /// Whether there are brackets, at which a long line is broken.
    has_brackets: bool,
    /// The text before the next token, unless that is a closing bracket.
    gap: &'static str,
    /// Whether the token before is a name or a literal, which a space separates from another.
    after_word: bool,
}

impl Line {
    /// Writes tokens, and returns the number of commas between them.
    fn tokens(&mut self, tokens: TokenStream) -> Option<usize> {
        let mut commas = 0;
        let mut is_lifetime = false;
        for token in tokens {
            match token {
                TokenTree::Ident(_) | TokenTree::Literal(_) => {
                    if self.after_word {
                        self.gap = " ";
                    }
                    self.separate();
                    write!(self.text, "{token}").ok()?;
                    self.after_word = true;
                    if std::mem::take(&mut is_lifetime) {
                        self.gap = " ";
                        self.after_word = false;
                    }
                }
                TokenTree::Group(group) => self.group(group.delimiter(), group.stream())?,
                TokenTree::Punct(sign) => {
                    let sign = sign.as_char();
                    commas += usize::from(sign == ',');
                    is_lifetime = sign == '\'';
                    self.sign(sign)?;
                }
            }
        }
        Some(commas)
    }

    fn group(&mut self, delimiter: Delimiter, inner: TokenStream) -> Option<()> {
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ('(', ')'),
            Delimiter::Bracket => ('[', ']'),
            Delimiter::Brace | Delimiter::None => return None,
        };
        self.separate();
        self.after_word = false;
        self.has_brackets = true;
        self.text.push(open);
        let commas = self.tokens(inner)?;
        // A tuple of one item keeps the comma that makes it one.
        if open == '(' && commas == 1 && self.gap == ", " {
            self.text.push(',');
        }
        self.gap = "";
        self.text.push(close);
        self.after_word = true;
        Some(())
    }

    fn sign(&mut self, sign: char) -> Option<()> {
        self.after_word = false;
        match sign {
            ',' => self.gap = ", ",
            ';' => self.gap = "; ",
            '=' => self.gap = " = ",
            '>' => {
                self.gap = "";
                self.text.push('>');
            }
            '<' | '&' | '-' | ':' | '\'' => {
                self.has_brackets |= sign == '<';
                self.separate();
                self.text.push(sign);
            }
            _ => return None,
        }
        Some(())
    }

    fn separate(&mut self) {
        self.text.push_str(std::mem::take(&mut self.gap));
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::short;

    fn parse(text: &str) -> TokenStream {
        text.parse().expect("tokens")
    }

    fn formatted(tokens: TokenStream) -> String {
        let file = syn::parse2(tokens).expect("an item");
        prettyplease::unparse(&file)
    }

    #[test]
    fn types_are_written_as_prettyplease_writes_them() {
        for text in [
            "bool",
            "r#type",
            "Vec<String>",
            "Map<String, Value,>",
            "BTreeMap<String, Vec<Option<Image>>>",
            "[f64; 3]",
            "[(f64, bool,); 2]",
            "(f64,)",
            "(f64, Vec<(u64,)>, [i64; 2],)",
            "()",
            "&'static str",
            "&'static [&'static [f64]]",
            "Option<Nullable<file::Image>>",
            "impl IntoIterator<Item = impl Into<Media>>",
        ] {
            let ty = parse(text);
            let [line] = short([ty.clone()], 9).expect("a type");
            assert_eq!(
                formatted(quote!(type T = #ty;)),
                format!("type T = {line};\n")
            );
        }
    }

    #[test]
    fn values_are_written_as_prettyplease_writes_them() {
        for text in [
            "1.5",
            "-9223372036854775808",
            "true",
            "\"a \\\"b\\\" {}, c\\n\"",
            "Resolution::P720",
            "Size::Preset(SizePreset::r#Auto)",
            "&[\"a\", \"b\"]",
            "&[&[-1, 2], &[]]",
            "(1, -0.5,)",
            "&[(1,), (2,)]",
            "Some(1.0)",
            "\"a text that is not broken, although it is much longer than a line of code should be\"",
        ] {
            let value = parse(text);
            let [line] = short([value.clone()], 13).expect("a value");
            let item = quote!(const C: T = #value;);
            assert_eq!(formatted(item), format!("const C: T = {line};\n"));
        }
    }

    #[test]
    fn what_has_other_forms_is_left_to_prettyplease() {
        for text in ["vec![1]", "Point { x: 1 }", "1 + 1", "fn(u8)|u8"] {
            assert_eq!(short([parse(text)], 0), None, "{text}");
        }
        let long = format!("&[{:?}]", "long ".repeat(20));
        assert_eq!(short([parse(&long)], 0), None);
    }
}
