//! The names of the fields in Rust.

use crate::ir::{Struct, TypeDef};
use crate::name::{field_names, method_name};

/// The names of a struct's fields. In a struct that is sent, each field has a setter of its
/// name, so that no field can be named like a method of every struct.
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

/// A name that none of the others is.
pub(super) fn free(mut name: String, taken: &[String]) -> String {
    while taken.contains(&name) {
        name.push('_');
    }
    name
}
