//! Finds objects that can have one of the runtime's file types.

use crate::ir::FileKind;
use crate::json::Type;
use crate::source::{Additional, Schema};

/// The file type of an object, if it can have one: its URL is required, and all other members are optional and have the
/// names and types of that file type's members.
pub(super) fn file_kind(schema: &Schema) -> Option<FileKind> {
    let object = &schema.object;
    // A file always has a URL: where it may be `null`, the object is a type of its own.
    let has_url = |(name, schema): &(String, Schema)| name == "url" && !schema.nullable;
    let is_file = object.required == ["url"]
        && object.properties.iter().any(has_url)
        && matches!(object.additional, Additional::Unspecified | Additional::Any)
        && object.properties.len() > 1;
    let holds_all = |kind: &FileKind| {
        let known = |(name, schema): &(String, Schema)| {
            let mut members = kind.members();
            members.any(|(member, types)| member == name && is_of(schema, types))
        };
        object.properties.iter().all(known)
    };
    FileKind::ALL
        .into_iter()
        .find(holds_all)
        .filter(|_| is_file)
}

/// Whether a property has the type of the file type's member. An integer is a number, too.
fn is_of(schema: &Schema, types: &[Type]) -> bool {
    let fits = |ty: &Type| types.contains(ty) || (*ty, types) == (Type::Integer, &[Type::Number]);
    match types {
        [] => schema.reference.is_none(),
        _ => {
            schema.types.len() == 1
                && schema.types.iter().all(fits)
                && schema.values.is_none()
                && schema.constant.is_none()
        }
    }
}
