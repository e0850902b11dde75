//! Which strings are media that can be uploaded.

use serde_json::Value;

use super::{Direction, Lowerer, Place};
use crate::source::Schema;

/// What a model's form offers for media.
const FIELDS: &[&str] = &[
    "archive",
    "audio",
    "file",
    "image",
    "image_mask",
    "mask",
    "video",
];

/// URLs that the server calls or shows, and does not read.
const NOT_MEDIA: &[&str] = &["callback", "webhook", "redirect", "website"];

impl Lowerer<'_> {
    /// By the field's name (`image_url`, `urls`), or by what the document says
    /// about the form. LoRA `path`s are no URLs of media: they name weights.
    pub(super) fn is_media(&self, schema: &Schema, place: &Place) -> bool {
        if self.direction == Direction::Received {
            return false;
        }
        let mut words = place.field.split(['_', '-', '.']);
        let named = words.clone().any(|word| matches!(word, "url" | "urls"));
        let excluded = words.any(|word| NOT_MEDIA.contains(&word));
        (named && !excluded) || has_media_hint(schema)
    }
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
