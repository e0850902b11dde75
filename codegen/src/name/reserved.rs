//! Names that generated items must not have.

/// Keywords that can be raw identifiers.
const RAW: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Keywords that cannot be raw identifiers.
const NEVER: &[&str] = &["self", "Self", "super", "crate", "_"];

pub(super) fn is_raw_keyword(name: &str) -> bool {
    RAW.contains(&name)
}

pub(super) fn is_keyword(name: &str) -> bool {
    RAW.contains(&name) || NEVER.contains(&name)
}

/// Types and macros that generated code uses by their short names.
const TYPES: &[&str] = &[
    "BTreeMap",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "From",
    "Input",
    "Into",
    "IntoIterator",
    "Iterator",
    "Map",
    "Media",
    "MediaFields",
    "None",
    "Nullable",
    "Number",
    "Ok",
    "Option",
    "Output",
    "PartialEq",
    "Result",
    "Self",
    "Send",
    "Some",
    "String",
    "Sync",
    "ToString",
    "Validate",
    "Validator",
    "Value",
    "Vec",
];

/// Whether generated code uses the name for something else. The names of the runtime's file types are not among these: an
/// endpoint that does not use a file type can have a type of that name.
pub(super) fn is_reserved_type(name: &str) -> bool {
    TYPES.contains(&name)
}

/// The names of methods that every generated type has, itself or through a trait.
const METHODS: &[&str] = &[
    "borrow",
    "borrow_mut",
    "check",
    "clone",
    "clone_from",
    "clone_into",
    "decode",
    "default",
    "deserialize",
    "eq",
    "fmt",
    "for_each_media",
    "from",
    "into",
    "keeps_rules",
    "ne",
    "new",
    "serialize",
    "to_owned",
    "try_from",
    "try_into",
    "type_id",
    "validate",
];

/// The name of a field's setter: the name of the field, unless every type has a method of that name.
pub fn method_name(field: &str) -> String {
    let plain = field.strip_prefix("r#").unwrap_or(field);
    if METHODS.contains(&plain) {
        format!("with_{plain}")
    } else {
        field.to_owned()
    }
}
