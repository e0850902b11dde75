//! Finds strings that are URLs of media, whose files can be uploaded.

use std::borrow::Cow;

use serde_json::Value;

use super::{Context, Direction, Lowerer};
use crate::source::{Schema, Type};

/// The kinds of fields that a model's form offers for media.
const FIELDS: &[&str] = &[
    "archive",
    "audio",
    "file",
    "image",
    "image_mask",
    "mask",
    "video",
];

/// Words in the name of a URL that the server calls or shows, and does not read.
const NOT_MEDIA: &[&str] = &["callback", "webhook", "redirect", "website"];

/// Words in the name of a field that holds media, if its description speaks of a URL.
const KINDS: &[&str] = &[
    "audio", "audios", "image", "images", "mask", "masks", "video", "videos",
];

impl Lowerer<'_> {
    /// Whether a string is media, by the field's name (`image_url`, `urls`; `model_image`, if its description begins with
    /// "URL"), or by the document's keywords about the form. The `path` of a LoRA is not media: it names weights.
    pub(super) fn is_media(&self, schema: &Schema, context: &Context) -> bool {
        if self.direction == Direction::Received {
            return false;
        }
        let mut words = context.field.split(['_', '-', '.']);
        let named = words.clone().any(|word| matches!(word, "url" | "urls"))
            || words.clone().any(|word| KINDS.contains(&word)) && is_described_as_url(schema);
        let excluded = words.any(|word| NOT_MEDIA.contains(&word));
        (named && !excluded) || has_media_hint(schema)
    }
}

fn is_described_as_url(schema: &Schema) -> bool {
    let text = schema.notes.description.as_deref().unwrap_or_default();
    let mut words = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase);
    let first = words.find(|word| !matches!(word.as_str(), "a" | "an" | "optional" | "the"));
    first.is_some_and(|word| matches!(word.as_str(), "url" | "urls"))
}

/// The schema of a list's items, with the list's description if it has none of its own.
pub(super) fn described<'a>(items: &'a Schema, list: &Schema) -> Cow<'a, Schema> {
    if items.types != [Type::String] || items.notes.description.is_some() {
        return Cow::Borrowed(items);
    }
    let mut items = items.clone();
    items.notes.description.clone_from(&list.notes.description);
    Cow::Owned(items)
}

fn has_media_hint(schema: &Schema) -> bool {
    let names_media = |value: &Value| value.as_str().is_some_and(|name| FIELDS.contains(&name));
    schema
        .notes
        .hints
        .iter()
        .any(|(name, value)| match name.as_str() {
            "_fal_ui_field" => names_media(value),
            "ui" => names_media(&value["field"]),
            "x-fal" => value.get("max_file_size").is_some(),
            _ => false,
        })
}
