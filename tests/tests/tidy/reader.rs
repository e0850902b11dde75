//! Reads from Rust source, token by token, what it names. Of what only tests see, an item below `#[cfg(test)]`, that item
//! alone is skipped.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path that source names, in a `use` or in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its segments; the last one of a glob is `*`. `$crate` is `crate`: a module whose macro names something needs it.
    pub path: Vec<String>,
    /// The modules written out in the same file that it stands in, from the outermost.
    pub inside: Vec<String>,
    /// The name that a `use` gives to what it imports; `None` for a path in full.
    pub imported_as: Option<String>,
}

/// What a file says, without what only tests see.
#[derive(Debug, Default)]
pub struct Source {
    pub named: Vec<Named>,
    /// The modules that it declares and that are files of their own.
    pub modules: Vec<String>,
    /// The macros that `#[macro_export]` puts at the crate's root.
    pub exported_macros: Vec<String>,
    /// The macros and methods that it calls: `panic!`, `.unwrap`.
    pub calls: Vec<String>,
}

enum Token {
    Word(String),
    Mark(char),
    Group(Delimiter, Vec<Token>),
    Literal,
}

use Token::{Group, Mark, Word};

fn tokens(stream: TokenStream) -> Vec<Token> {
    let token = |tree| match tree {
        TokenTree::Ident(word) => Word(word.to_string()),
        TokenTree::Punct(mark) => Mark(mark.as_char()),
        TokenTree::Group(group) => Group(group.delimiter(), tokens(group.stream())),
        TokenTree::Literal(_) => Token::Literal,
    };
    stream.into_iter().map(token).collect()
}

impl Source {
    pub fn read(text: &str) -> Self {
        let mut source = Self::default();
        source.scan(&tokens(text.parse().expect("Rust")), &[]);
        source
    }

    /// Everything that a `use` imports, one path each: `use a::{b, c::d};` is `a::b` and `a::c::d`.
    pub fn imports(&self) -> Vec<String> {
        let imports = self
            .named
            .iter()
            .filter(|named| named.imported_as.is_some());
        imports.map(|named| named.path.join("::")).collect()
    }

    fn scan(&mut self, mut tokens: &[Token], inside: &[String]) {
        let mut is_exported = false;
        let mut before = ' ';
        while !tokens.is_empty() {
            let length = match tokens {
                [Mark('#'), Group(Delimiter::Bracket, attribute), rest @ ..] => {
                    is_exported |= matches!(&attribute[..], [Word(name)] if name == "macro_export");
                    2 + if is_for_tests(attribute) {
                        item(rest)
                    } else {
                        0
                    }
                }
                [Word(word), ..] if word == "use" => self.scan_use(tokens, inside),
                [Word(word), Word(name), Mark(';'), ..] if word == "mod" => {
                    self.modules.push(name.clone());
                    3
                }
                [Word(word), Word(name), Group(Delimiter::Brace, body), ..] if word == "mod" => {
                    self.scan(body, &[inside, std::slice::from_ref(name)].concat());
                    3
                }
                [Word(word), Mark('!'), Word(name), ..] if word == "macro_rules" => {
                    if std::mem::take(&mut is_exported) {
                        self.exported_macros.push(name.clone());
                    }
                    3
                }
                [Group(_, group), ..] => {
                    self.scan(group, inside);
                    1
                }
                [Word(first), rest @ ..] => self.scan_path(first, rest, before, inside),
                _ => 1,
            };
            before = match &tokens[length.min(tokens.len()) - 1] {
                Mark(mark) => *mark,
                _ => ' ',
            };
            tokens = &tokens[length.min(tokens.len())..];
        }
    }

    fn scan_use(&mut self, tokens: &[Token], inside: &[String]) -> usize {
        let end = end_of_statement(tokens);
        let mut found = Vec::new();
        flatten(&[], &tokens[1..end - 1], &mut found);
        self.named
            .extend(found.into_iter().map(|(path, name)| Named {
                path,
                inside: inside.to_vec(),
                imported_as: Some(name),
            }));
        end
    }

    /// Reads a path in full, or a word alone, and returns its length.
    fn scan_path(&mut self, first: &str, rest: &[Token], before: char, inside: &[String]) -> usize {
        let (mut path, mut rest, mut length) = (vec![first.to_owned()], rest, 1);
        while let [Mark(':'), Mark(':'), Word(next), after @ ..] = rest {
            path.push(next.clone());
            (rest, length) = (after, length + 3);
        }
        match (before, rest) {
            (_, [Mark('!'), after @ ..]) if !matches!(after, [Mark('='), ..]) => {
                self.calls.push(format!("{}!", path[path.len() - 1]));
            }
            ('.', _) => self.calls.push(format!(".{first}")),
            _ => {}
        }
        // What a macro's parameter is, its callers know.
        if path.len() > 1 && (before != '$' || first == "crate") {
            self.named.push(Named {
                path,
                inside: inside.to_vec(),
                imported_as: None,
            });
        }
        length
    }
}

/// The paths of a tree of imports, each with the name that it gets.
fn flatten(prefix: &[String], tree: &[Token], found: &mut Vec<(Vec<String>, String)>) {
    let mut path = prefix.to_vec();
    let mut name = None;
    for (at, token) in tree.iter().enumerate() {
        match token {
            Group(_, members) => {
                let members = members.split(|token| matches!(token, Mark(',')));
                members.for_each(|member| flatten(&path, member, found));
                return;
            }
            Word(word) if word == "as" => {
                if let Some(Word(given)) = tree.get(at + 1) {
                    name = Some(given.clone());
                }
                break;
            }
            Word(word) if word == "self" && !path.is_empty() => {}
            Word(word) => path.push(word.clone()),
            Mark('*') => path.push("*".to_owned()),
            _ => {}
        }
    }
    if let (Some(last), false) = (path.last().cloned(), tree.is_empty()) {
        found.push((path, name.unwrap_or(last)));
    }
}

/// Whether it is `cfg(test)` or `cfg(fuzzing)`, `cfg(all(…))` with one of them among what must hold, or `cfg(any(…))` of nothing
/// else.
fn is_for_tests(attribute: &[Token]) -> bool {
    let [Word(cfg), Group(_, condition)] = attribute else {
        return false;
    };
    let is_test = |condition: &[Token]| matches!(condition, [Word(word)] if word == "test" || word == "fuzzing");
    let holds = match &condition[..] {
        [Word(all), Group(_, each)] if all == "all" => {
            each.split(|token| matches!(token, Mark(','))).any(is_test)
        }
        [Word(any), Group(_, each)] if any == "any" => {
            each.split(|token| matches!(token, Mark(','))).all(is_test)
        }
        condition => is_test(condition),
    };
    cfg == "cfg" && holds
}

/// The length of the item, field, variant or statement that begins here, with its other attributes.
fn item(tokens: &[Token]) -> usize {
    if let [Mark('#'), Group(..), rest @ ..] = tokens {
        return 2 + item(rest);
    }
    let has_value = |token: &Token| matches!(token, Word(word) if ["use", "static", "type", "let"].contains(&word.as_str()));
    let is_constant = tokens.windows(2).take(4).any(|pair| {
        matches!(pair, [Word(word), Word(name)] if word == "const" && name != "fn" && name != "unsafe" && name != "async")
    });
    if is_constant || tokens.iter().take(3).any(has_value) {
        return end_of_statement(tokens);
    }
    let ends = |token: &Token| matches!(token, Mark(';' | ',') | Group(Delimiter::Brace, _));
    let end = tokens.iter().position(ends);
    end.map_or(tokens.len(), |end| end + 1)
}

/// The length up to the next semicolon, with it.
fn end_of_statement(tokens: &[Token]) -> usize {
    let end = tokens.iter().position(|token| matches!(token, Mark(';')));
    end.map_or(tokens.len(), |end| end + 1)
}

#[test]
fn paths_are_read_as_they_are_written() {
    let source = Source::read(
        "use a::b;
        use c::{self, d as short, e::{f, g::*}};
        // use no::comment;
        pub use h;
        /// `crate::in::docs`
        fn i() { crate::j::k(super::l::M); x.unwrap(); n::panic!(\"o::p\"); $name::q(); $crate::r!() }
        #[cfg(feature = \"s\")]
        mod written { use super::t; }
        mod file;",
    );
    assert_eq!(
        source.imports(),
        [
            "a::b",
            "c",
            "c::d",
            "c::e::f",
            "c::e::g::*",
            "h",
            "super::t"
        ]
    );
    let full = source
        .named
        .iter()
        .filter(|named| named.imported_as.is_none());
    let full: Vec<String> = full.map(|named| named.path.join("::")).collect();
    assert_eq!(full, ["crate::j::k", "super::l::M", "n::panic", "crate::r"]);
    assert_eq!(source.named[2].imported_as.as_deref(), Some("short"));
    assert_eq!(source.named[source.named.len() - 1].inside, ["written"]);
    assert_eq!(source.calls, [".unwrap", "panic!", "r!"]);
    assert_eq!(source.modules, ["file"]);
}

#[test]
fn of_what_tests_see_one_item_is_skipped() {
    let source = Source::read(
        "#[cfg(test)]
        mod conformance;
        mod after;
        #[cfg(test)]
        use a::{b, c};
        #[cfg(all(test, feature = \"x\"))]
        #[allow(unused)]
        mod tests { use d; }
        #[cfg(test)]
        const E: F = F { g: h::i };
        #[cfg(test)]
        const fn j() { k::l() }
        struct M { #[cfg(test)] n: o::P, q: r::S }
        #[cfg(any(test, fuzzing))]
        fn fuzzed() { y::z() }
        #[cfg(fuzzing)]
        pub mod fuzzing;
        impl M { #[cfg(test)] fn t() { u::v() } fn w() { x.expect(\"y\") } }
        #[cfg(not(test))]
        #[macro_export]
        macro_rules! z { () => {} }
        macro_rules! hidden { () => {} }",
    );
    assert_eq!(source.modules, ["after"]);
    let named: Vec<String> = source
        .named
        .iter()
        .map(|named| named.path.join("::"))
        .collect();
    assert_eq!(named, ["r::S"]);
    assert_eq!(source.calls, [".expect"]);
    assert_eq!(source.exported_macros, ["z"]);
}
