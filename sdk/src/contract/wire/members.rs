//! What a declared struct consists of. One list of its fields serves to write it, to show
//! it and to compare it, so that the compiler goes through the fields once.

use std::any::Any;
use std::fmt;

use super::{Encode, Encoded};

/// A field of a declared struct, whatever its type.
pub trait Field: Encode + Any + fmt::Debug {
    /// Whether another field has the same type and an equal value.
    fn equals(&self, other: &(dyn Field + 'static)) -> bool;
}

impl<T: Encode + PartialEq + fmt::Debug + 'static> Field for T {
    fn equals(&self, other: &(dyn Field + 'static)) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<T>() == Some(self)
    }
}

/// The members of a declared struct, in the order in which they are declared.
#[derive(Debug)]
pub struct Members<'a> {
    names: &'static [&'static str],
    values: Vec<&'a (dyn Field + 'static)>,
    constants: usize,
    null: Vec<&'static str>,
    additional: Option<&'a (dyn Field + 'static)>,
}

impl<'a> Members<'a> {
    /// Members that are left out if they have no value.
    pub fn new(names: &'static [&'static str], values: &[&'a (dyn Field + 'static)]) -> Self {
        Self {
            names,
            values: values.to_vec(),
            constants: 0,
            null: Vec::new(),
            additional: None,
        }
    }

    /// Adds that one more of the first members is a constant, and no field of the struct.
    #[must_use]
    pub fn with_constant(mut self, _name: &'static str) -> Self {
        self.constants += 1;
        self
    }

    /// Adds the name of a required member that is written as `null` if it has no value.
    #[must_use]
    pub fn with_null(mut self, name: &'static str) -> Self {
        self.null.push(name);
        self
    }

    /// A map of the members that are not declared.
    #[must_use]
    pub fn with_additional(mut self, additional: &'a (dyn Field + 'static)) -> Self {
        self.additional = Some(additional);
        self
    }

    fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(name);
        for (name, value) in self.iter().skip(self.constants) {
            shown.field(name, &value);
        }
        if let Some(additional) = &self.additional {
            shown.field("additional_properties", additional);
        }
        shown.finish()
    }

    /// Calls `write` with each member that is written, up to the first error.
    ///
    /// # Errors
    /// The error of `write`.
    pub(super) fn each<E>(
        &self,
        mut write: impl FnMut(&str, Encoded<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        for (name, value) in self.iter() {
            let value = value.encode();
            if !matches!(value, Encoded::Absent) || self.null.contains(&name) {
                write(name, value)?;
            }
        }
        if let Some(Encoded::Map(map)) = self.additional.map(Encode::encode) {
            for (name, value) in map.entries() {
                write(name, value)?;
            }
        }
        Ok(())
    }

    fn iter(&self) -> impl Iterator<Item = (&'static str, &'a (dyn Field + 'static))> {
        self.names.iter().copied().zip(self.values.iter().copied())
    }
}

/// Shows a declared struct as derived code does, its fields by the names of their members.
///
/// # Errors
/// When the formatter returns an error.
pub fn debug_object(name: &str, object: &dyn Encode, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match object.encode() {
        Encoded::Object(members) => members.debug(name, f),
        other => fmt::Debug::fmt(&other, f),
    }
}

/// Whether two values of a declared struct have equal fields.
pub fn equal_objects(one: &dyn Encode, other: &dyn Encode) -> bool {
    match (one.encode(), other.encode()) {
        (Encoded::Object(one), Encoded::Object(other)) => one == other,
        _ => false,
    }
}

impl PartialEq for Members<'_> {
    fn eq(&self, other: &Self) -> bool {
        let fields = |of: &Self| of.values.clone().into_iter().chain(of.additional);
        self.values.len() == other.values.len()
            && fields(self)
                .zip(fields(other))
                .all(|(one, other)| one.equals(other))
    }
}
