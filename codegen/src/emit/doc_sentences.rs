//! The documentation of types and fields: descriptions, and sentences about what the schema states.

use serde_json::Value;

use super::doc::{Doc, code};
use crate::constraint::Constraint;
use crate::ir::{ConstrainedType, Docs, TypeRef};
use crate::json::canonical::to_line;
use crate::json::{is_empty, is_same};
use crate::prose::words;

/// The name of the constant of a field's default, to which the documentation links if the value is long.
pub(super) struct NamedDefault(pub(super) String);

/// The example in the documentation of an endpoint's input.
#[derive(Debug)]
pub(super) struct CallExample {
    /// The name of the type whose documentation has it.
    pub(super) input: String,
    /// How rustdoc tests it.
    pub(super) attributes: &'static str,
    /// The code, with the lines that rustdoc hides.
    pub(super) code: String,
}

/// The length up to which a sentence shares a paragraph with others, and a default is written out.
const SHORT: usize = 60;

/// The documentation of a member that files have, in the words of the runtime's file types.
pub(super) fn file_fact(wire: &str) -> Option<&'static str> {
    Some(match wire {
        "url" => {
            "The URL of the file, which needs no key, or a `data:` URI for calls in `sync_mode`."
        }
        "content_type" => "The MIME type.",
        "file_name" => {
            "The name that the server gave the file. It is text from outside: never use it as a path unchecked."
        }
        "file_size" => "The size in bytes.",
        "width" => "The width in pixels.",
        "height" => "The height in pixels.",
        _ => return None,
    })
}

/// The documentation of a field. `known` is its first sentence if the document has no description. `is_asked_for` says that the
/// field must be set although it is not an argument of `new`.
pub(super) fn field_doc(
    docs: &Docs,
    value: &ConstrainedType,
    default: Option<&NamedDefault>,
    (wire, known): (&str, Option<&str>),
    is_asked_for: bool,
) -> Doc {
    let mut doc = Doc::default();
    describe(&mut doc, docs);
    let says_more = |title: &str| words(title) != words(wire);
    if let Some(known) = known.filter(|_| doc.is_empty())
        && !docs.title.as_deref().is_some_and(says_more)
    {
        doc.push_markdown(known);
    }
    if doc.is_empty() {
        let title = docs
            .title
            .as_deref()
            .filter(|title| !title.trim().is_empty());
        match title {
            Some(title) => doc.push_untrusted(&format!("{}.", title.trim_end_matches('.'))),
            None => doc.push_markdown(&format!("The model's {}.", code(wire))),
        };
    } else if let Some(title) = telling_title(docs, wire) {
        doc.push_untrusted(&format!("Title: {title}."));
    }
    let default_is_example = is_default_the_example(docs);
    let example = example_fact(docs).filter(|_| !default_is_example);
    let short = |fact: &String| fact.len() <= SHORT;
    let what = match default_is_example {
        true => "Default and example",
        false => "Default",
    };
    let facts: Vec<String> = is_asked_for
        .then(|| "Required.".to_owned())
        .into_iter()
        .chain(default_fact(docs, default).map(|value| format!("{what}: {value}.")))
        .chain(rule_facts(value, ""))
        .chain(example.clone().filter(short))
        .collect();
    if !facts.is_empty() {
        doc.push_markdown(&facts.join(" "));
    }
    notes(&mut doc, docs);
    if let Some(example) = example.filter(|fact| !short(fact)) {
        doc.push_markdown(&example);
    }
    doc
}

/// The documentation of a type. `fallback` is its first sentence if the document has no description.
pub(super) fn type_doc(docs: &Docs, fallback: &str) -> Doc {
    let mut doc = Doc::default();
    describe(&mut doc, docs);
    if doc.is_empty() {
        doc.push_markdown(fallback);
    }
    notes(&mut doc, docs);
    if let Some(example) = example_fact(docs) {
        doc.push_markdown(&example);
    }
    doc
}

fn describe(doc: &mut Doc, docs: &Docs) {
    let description = docs.description.as_deref();
    if docs.deprecated && !description.is_some_and(begins_with_deprecation) {
        doc.push_markdown("Deprecated by the model's author.");
    }
    if let Some(description) = description {
        doc.push_untrusted(description);
    }
}

/// Whether a description opens with the deprecation itself: "[DEPRECATED] …", "This parameter is deprecated".
fn begins_with_deprecation(description: &str) -> bool {
    match words(description).as_slice() {
        [first, ..] if first == "deprecated" => true,
        [first, _, second, third, ..] => first == "this" && second == "is" && third == "deprecated",
        _ => false,
    }
}

fn notes(doc: &mut Doc, docs: &Docs) {
    if let Some(format) = &docs.format {
        doc.push_untrusted(&format!("Format: `{format}`."));
    }
    for note in &docs.notes {
        doc.push_untrusted(note);
    }
}

fn example_fact(docs: &Docs) -> Option<String> {
    let examples: Vec<String> = examples(docs).map(|it| code(&to_line(it))).collect();
    match examples.as_slice() {
        [] => None,
        [only] => Some(format!("Example: {only}.")),
        several => Some(format!("Examples: {}.", several.join(", "))),
    }
}

/// The examples that are shown. An empty one is left out, because it only repeats the type.
fn examples(docs: &Docs) -> impl Iterator<Item = &Value> {
    docs.examples.iter().filter(|example| !is_empty(example))
}

fn is_default_the_example(docs: &Docs) -> bool {
    let mut examples = examples(docs);
    let same = examples.next().zip(docs.default.as_ref());
    same.is_some_and(|(example, default)| is_same(example, default)) && examples.next().is_none()
}

/// The title, if it has words that are neither in the field's name nor in its description.
fn telling_title<'a>(docs: &'a Docs, wire: &str) -> Option<&'a str> {
    let title = docs.title.as_deref()?.trim().trim_end_matches('.');
    let (name, said) = (words(wire), words(title));
    // Most titles end here, without a search in the description, which is long.
    if name.concat().contains(&said.concat()) {
        return None;
    }
    let mut known = words(docs.description.as_deref().unwrap_or_default());
    known.extend(name.iter().cloned());
    let long = name.iter().flat_map(|word| long_form(word));
    known.extend(long.map(|word| (*word).to_owned()));
    let initials: String = name.iter().filter_map(|word| word.chars().next()).collect();
    let is_known = |word: &String| known.contains(word) || *word == initials;
    (!said.iter().all(is_known)).then_some(title)
}

/// The words that a word of a wire name can be an abbreviation of.
fn long_form(word: &str) -> &'static [&'static str] {
    match word {
        "num" => &["number", "of"],
        "ref" => &["reference"],
        _ => &[],
    }
}

fn default_fact(docs: &Docs, named: Option<&NamedDefault>) -> Option<String> {
    let default = docs.default.as_ref().filter(|value| !value.is_null())?;
    let text = to_line(default);
    Some(match named {
        Some(NamedDefault(name)) if text.chars().count() > SHORT => format!("[`Self::{name}`]"),
        _ => code(&text),
    })
}

/// The constraints of a value and of its items, as sentences.
pub(super) fn rule_facts(value: &ConstrainedType, each: &str) -> Vec<String> {
    let rules = match value.ty {
        // It is documented, although it is not checked.
        TypeRef::Tuple(_) => value
            .constraints
            .filter(|one| matches!(one, Constraint::UniqueItems)),
        _ => value.effective(),
    };
    let mut sentences = rules.sentences(code);
    if let TypeRef::Array(_, length) = &value.ty {
        let plural = if *length == 1 { "" } else { "s" };
        sentences.push(format!("Exactly {length} item{plural}."));
    }
    let mut sentences: Vec<String> = sentences.iter().map(|it| prefixed(each, it)).collect();
    for (index, item) in value.ty.inner().iter().enumerate() {
        let place = format!("Item {}: ", index + 1);
        let each = match value.ty {
            TypeRef::Option(_) => each,
            TypeRef::Map(_) => "Each value: ",
            TypeRef::Tuple(_) => &place,
            _ => "Each item: ",
        };
        sentences.extend(rule_facts(item, each));
    }
    sentences
}

fn prefixed(each: &str, sentence: &str) -> String {
    match each {
        "" => sentence.to_owned(),
        each => format!("{each}{}{}", sentence[..1].to_lowercase(), &sentence[1..]),
    }
}
