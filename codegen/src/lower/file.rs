//! Which objects are files of the runtime's family.

use crate::ir::FileKind;
use crate::source::{Additional, Schema, Type};

/// The member of the family that an object is: its URL is required, all else is
/// a known fact of the known type, and none of it required.
pub(super) fn file_kind(schema: &Schema) -> Option<FileKind> {
    let object = &schema.object;
    let is_file = object.required == ["url"]
        && matches!(object.additional, Additional::Unsaid | Additional::Any)
        && object.properties.len() > 1
        && object
            .properties
            .iter()
            .all(|(name, fact)| is_fact(name, fact));
    if !is_file {
        return None;
    }
    let holds_all = |kind: &FileKind| {
        let mut names = object.properties.iter().map(|(name, _)| name.as_str());
        names.all(|name| FileKind::COMMON.contains(&name) || kind.facts().contains(&name))
    };
    FileKind::ALL.into_iter().find(holds_all)
}

/// Whether a property has the type that the family gives the fact.
fn is_fact(name: &str, schema: &Schema) -> bool {
    let is = |ty| schema.types == [ty] && schema.values.is_none() && schema.constant.is_none();
    match name {
        "url" | "content_type" | "file_name" | "file_data" => is(Type::String),
        "file_size" | "width" | "height" | "num_frames" | "channels" | "sample_rate" => {
            is(Type::Integer)
        }
        "fps" | "duration" => is(Type::Number) || is(Type::Integer),
        "bitrate" => schema.reference.is_none(),
        _ => false,
    }
}
