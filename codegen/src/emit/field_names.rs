//! The names of the fields in Rust.

use crate::ir::{Struct, TypeDef};
use crate::name::{field_names, method_name};

/// The names of a struct's fields. In a struct that is sent, each field has a setter with its name, so that no field can have the
/// name of a method that every struct has.
pub(super) fn rust_names(def: &TypeDef, object: &Struct) -> Vec<String> {
    let mut names = field_names(object);
    for index in 0..names.len() {
        let method = method_name(&names[index]);
        if def.usage.sent && method != names[index] {
            names[index] = free(method, &names);
        }
    }
    names
}

/// The name, with underscores appended until none of the others equals it.
pub(super) fn free(mut name: String, taken: &[String]) -> String {
    while taken.contains(&name) {
        name.push('_');
    }
    name
}
