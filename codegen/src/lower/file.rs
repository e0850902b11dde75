//! Which objects are files of the runtime's family.

use crate::ir::FileKind;
use crate::json::Type;
use crate::source::{Additional, Schema};

/// The member of the family that an object is: its URL is required, all else is
/// a known fact of the known type, and none of it required.
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

/// Whether a property has the type that the family gives it. What is a number can be a whole one.
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
