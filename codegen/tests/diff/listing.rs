//! The public items of generated text, read from the text alone: what callers of it can name, call and match.

use fal_codegen::Plan;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

/// Items by name, with all that callers depend on.
pub type Listing = BTreeMap<String, String>;

/// Reads modules, each once.
pub struct Reader<'a> {
    plan: &'a Plan,
    known: RefCell<BTreeMap<String, Rc<Listing>>>,
}

impl<'a> Reader<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            known: RefCell::default(),
        }
    }

    /// The items of a module. Those of shared types stand there under the names that the module gives them, with the
    /// path that they come from: it says which types are one.
    pub fn listing(&self, module: &str) -> Rc<Listing> {
        if let Some(known) = self.known.borrow().get(module) {
            return Rc::clone(known);
        }
        let path = format!("endpoints/{}.rs", module.replace("::", "/"));
        let text = self
            .plan
            .get(&path)
            .unwrap_or_else(|| panic!("there is no {path}"));
        let mut items = Listing::new();
        self.read(module, text, &mut items);
        let items = Rc::new(items);
        self.known
            .borrow_mut()
            .insert(module.to_owned(), Rc::clone(&items));
        items
    }

    fn read(&self, module: &str, text: &str, items: &mut Listing) {
        for item in syn::parse_file(text).unwrap().items {
            match item {
                syn::Item::Impl(item) => implementation(&item, items),
                syn::Item::Type(item) => {
                    items.insert(format!("type {}", item.ident), text_of(&item.ty));
                }
                syn::Item::Macro(item) => declared(&item.mac, items),
                syn::Item::Use(item) if matches!(item.vis, syn::Visibility::Public(_)) => {
                    self.exported(module, &item, items);
                }
                _ => {}
            }
        }
    }

    /// `pub use super::types::{A, B as C};`
    fn exported(&self, module: &str, item: &syn::ItemUse, items: &mut Listing) {
        let mut names = Vec::new();
        leaves(&item.tree, &mut Vec::new(), &mut names);
        let aliases: BTreeMap<String, String> = names
            .iter()
            .map(|(path, name)| (path.last().unwrap().clone(), name.clone()))
            .collect();
        for (path, name) in names {
            let ups = path.iter().take_while(|part| *part == "super").count();
            let parts: Vec<&str> = module.split("::").collect();
            let mut home: Vec<String> = parts[..parts.len() - ups]
                .iter()
                .map(ToString::to_string)
                .collect();
            home.extend(
                path[ups..path.len() - 1]
                    .iter()
                    .filter(|part| *part != "self")
                    .cloned(),
            );
            let original = path.last().unwrap();
            let home = home.join("::");
            items.insert(format!("identity {name}"), format!("{home}::{original}"));
            let shared = self.listing(&home);
            for (key, value) in shared.iter() {
                if let Some(key) = renamed(key, original, &name) {
                    items.insert(seen_from(&key, &aliases), seen_from(value, &aliases));
                }
            }
        }
    }
}

fn text_of(tokens: &impl quote::ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

fn implementation(item: &syn::ItemImpl, items: &mut Listing) {
    let name = text_of(&item.self_ty);
    if let Some((of, _)) = &item.trait_ {
        items.insert(format!("impl {} for {name}", text_of(of)), String::new());
        return;
    }
    for member in &item.items {
        match member {
            syn::ImplItem::Fn(function) => {
                let signature = &function.sig;
                items.insert(format!("{name}::{}", signature.ident), text_of(signature));
            }
            syn::ImplItem::Const(constant) => {
                items.insert(format!("{name}::{}", constant.ident), text_of(&constant.ty));
            }
            _ => {}
        }
    }
}

/// Tokens without attributes and documentation.
fn bare(tokens: TokenStream) -> Vec<TokenTree> {
    let mut rest = tokens.into_iter().peekable();
    let mut bare = Vec::new();
    while let Some(token) = rest.next() {
        let hash = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '#');
        let attribute = hash
            && matches!(rest.peek(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket);
        if attribute {
            rest.next();
        } else {
            bare.push(token);
        }
    }
    bare
}

/// What stands between commas.
fn parts(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    split(bare(tokens), ',')
}

/// What stands between signs that are not within angle brackets.
fn split(tokens: Vec<TokenTree>, sign: char) -> Vec<Vec<TokenTree>> {
    let mut angles = 0_i32;
    let mut parts = vec![Vec::new()];
    for token in tokens {
        if let TokenTree::Punct(mark) = &token {
            match mark.as_char() {
                '<' => angles += 1,
                '>' => angles -= 1,
                found if found == sign && angles == 0 => {
                    parts.push(Vec::new());
                    continue;
                }
                _ => {}
            }
        }
        parts.last_mut().unwrap().push(token);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn join(tokens: &[TokenTree]) -> String {
    tokens.iter().cloned().collect::<TokenStream>().to_string()
}

/// `object!`, `open_enum!`, `union!`; `file_like!` declares nothing that depends on its type.
fn declared(call: &syn::Macro, items: &mut Listing) {
    let kind = call.path.segments.last().unwrap().ident.to_string();
    let head = bare(call.tokens.clone());
    let Some(TokenTree::Group(body)) = head.iter().find(
        |token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace),
    ) else {
        return;
    };
    let words: Vec<String> = head
        .iter()
        .take_while(|token| !matches!(token, TokenTree::Group(_)))
        .map(ToString::to_string)
        .collect();
    match kind.as_str() {
        "open_enum" => {
            let name = &words[2];
            items.insert(format!("enum {name}"), words[3..].concat());
            for part in parts(body.stream()) {
                items.insert(format!("{name}::{}", part[0]), String::new());
            }
        }
        "union" => {
            let name = &words[2];
            items.insert(format!("enum {name}"), words[3..].concat());
            // Rules of variants are closures, which have commas of their own.
            let forms = parts(body.stream());
            let forms = forms.iter().filter(|part| matches!(part.get(1), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis));
            for part in forms {
                items.insert(format!("{name}::{}", part[0]), part[1].to_string());
                items.insert(format!("impl From{} for {name}", part[1]), String::new());
            }
        }
        "object" => {
            let is_default = call.tokens.to_string().contains("derive (Default)");
            object(&words, body.stream(), is_default, items);
        }
        other => panic!("unknown macro {other}!"),
    }
}

/// The items of `object!`: the struct and its fields, and, if it is sent, what it is made with.
fn object(words: &[String], body: TokenStream, is_default: bool, items: &mut Listing) {
    let name = &words[2];
    let is_sent = words.len() > 3;
    items.insert(format!("struct {name}"), words[3..].concat());
    if is_default {
        items.insert(format!("impl Default for {name}"), String::new());
    }
    let mut arguments = Vec::new();
    for member in split(bare(body), ';') {
        let mut facts = split(member, ',').into_iter();
        let field = join(&facts.next().unwrap());
        if let Some((dots, field)) = field
            .strip_prefix("..")
            .map(|it| it.split_once(':').unwrap())
        {
            items.insert(
                format!("{name}.{}", dots.trim_matches(['.', ' '])),
                field.to_owned(),
            );
            if dots.starts_with('.') {
                arguments.push(field.to_owned());
            }
        }
        // What remains are constants and members that are sent as `null`.
        let Some((field, form)) = field
            .strip_prefix("pub ")
            .and_then(|it| it.split_once(" : "))
        else {
            continue;
        };
        items.insert(format!("{name}.{field}"), type_of(form));
        match form.starts_with("required") {
            true => arguments.push(format!("{field}: {form}")),
            false if is_sent => {
                items.insert(format!("{name}::{field}"), form.to_owned());
            }
            false => {}
        }
        for fact in facts {
            let text = join(&fact);
            if let Some(setter) = text.strip_prefix("null ") {
                items.insert(format!("{name}::{setter}"), String::new());
            }
            if let Some((constant, rest)) = text
                .strip_prefix("const ")
                .and_then(|it| it.split_once(" : "))
            {
                let ty = rest.split(" = ").next().unwrap();
                items.insert(format!("{name}::{constant}"), ty.to_owned());
            }
        }
    }
    if is_sent {
        items.insert(format!("{name}::new"), arguments.join(", "));
    }
}

/// The type of a field that is declared as `required T` or `optional T`.
fn type_of(form: &str) -> String {
    match form.split_once(' ') {
        Some(("optional", ty)) => format!("Option < {ty} >"),
        Some(("required", ty)) => ty.to_owned(),
        _ => form.to_owned(),
    }
}

/// Types under the names that the module gives them; the family of files has one name each everywhere.
fn seen_from(text: &str, aliases: &BTreeMap<String, String>) -> String {
    let text = text.replace("file :: ", "");
    let mut words = String::new();
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        words.push_str(aliases.get(&word).unwrap_or(&word));
        word.clear();
        words.push(c);
    }
    words.pop();
    words
}

/// An item of a type under the type's other name; `None` for items of other types.
fn renamed(key: &str, original: &str, name: &str) -> Option<String> {
    let words: Vec<&str> = key.split(' ').collect();
    let last = words.last()?;
    let owner: String = last
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    (owner == original).then(|| {
        let head = &key[..key.len() - last.len()];
        format!("{head}{name}{}", &last[owner.len()..])
    })
}

fn leaves(tree: &syn::UseTree, path: &mut Vec<String>, names: &mut Vec<(Vec<String>, String)>) {
    match tree {
        syn::UseTree::Path(part) => {
            path.push(part.ident.to_string());
            leaves(&part.tree, path, names);
            path.pop();
        }
        syn::UseTree::Name(leaf) => {
            let name = leaf.ident.to_string();
            let whole = path.iter().cloned().chain([name.clone()]).collect();
            names.push((whole, name));
        }
        syn::UseTree::Rename(leaf) => {
            let whole = path
                .iter()
                .cloned()
                .chain([leaf.ident.to_string()])
                .collect();
            names.push((whole, leaf.rename.to_string()));
        }
        syn::UseTree::Group(group) => group
            .items
            .iter()
            .for_each(|tree| leaves(tree, path, names)),
        syn::UseTree::Glob(_) => panic!("generated code has no globs"),
    }
}

/// Whether something that was there is gone or has another form, and what.
pub fn breaks(old: &Listing, new: &Listing) -> Vec<String> {
    old.iter()
        .filter(|(name, form)| new.get(*name) != Some(*form))
        .map(|(name, form)| match new.get(name) {
            Some(now) => format!("{name}: {form} -> {now}"),
            None => format!("{name} is gone"),
        })
        .collect()
}
