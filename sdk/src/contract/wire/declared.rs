//! Reads the members of declared structs, in the order in which they are declared.

use std::cell::{Cell, RefCell};

use serde_json::{Map, Value};

use super::decode::{check_constant, decode_additional, decode_optional, decode_required};
use super::{Decode, DecodeError, Names, NamesIter};

/// The members of an object that is being decoded as a declared struct. Each call decodes the
/// next declared member.
///
/// The first error is kept, and nothing is decoded after it.
#[derive(Debug)]
pub struct Declared<'a> {
    /// `None` if the value is not an object.
    members: Option<&'a Map<String, Value>>,
    names: Names,
    remaining: RefCell<NamesIter>,
    /// How many declared members were passed over without looking for their names.
    passed: Cell<usize>,
    /// How many members of the object have not been found yet.
    unread: Cell<usize>,
    error: RefCell<Option<DecodeError>>,
}

impl<'a> Declared<'a> {
    /// Returns the members of `value`, to be decoded as the type `T` declares them. If `value`
    /// is not an object, that is the first error.
    pub fn of<T: Decode>(value: &'a Value) -> Self {
        let members = value.as_object();
        let error = match members {
            Some(_) => None,
            None => Some(DecodeError::expected("an object", value)),
        };
        let names = Names::of::<T>();
        Self {
            members,
            names,
            remaining: RefCell::new(names.iter()),
            passed: Cell::new(0),
            unread: Cell::new(members.map_or(0, Map::len)),
            error: RefCell::new(error),
        }
    }

    /// Checks a member that always has the same value.
    pub fn constant(&self, expected: impl Into<Value>) {
        let expected = expected.into();
        self.next(|member, name| check_constant(member, name, &expected));
    }

    /// Decodes a required member: see [`Fields::required`](super::Fields::required). On
    /// `None`, [`error`](Self::error) returns the reason.
    pub fn required<T: Decode>(&self) -> Option<T> {
        self.next(decode_required)
    }

    /// Decodes an optional member: see [`Fields::optional`](super::Fields::optional).
    pub fn optional<T: Decode>(&self) -> Option<T> {
        // Most optional members are absent, and finding a name costs more than the rest.
        if self.unread.get() == 0 {
            self.passed.set(self.passed.get() + 1);
            return None;
        }
        self.next(decode_optional).flatten()
    }

    /// Decodes the next member, unless there was an error.
    fn next<T>(
        &self,
        decode: impl FnOnce(Option<&Value>, &str) -> Result<T, DecodeError>,
    ) -> Option<T> {
        let name = self.remaining.borrow_mut().nth(self.passed.take());
        let name = name.unwrap_or_default();
        if self.error.borrow().is_some() {
            return None;
        }
        let member = self.members.and_then(|members| members.get(name));
        if member.is_some() {
            self.unread.set(self.unread.get().saturating_sub(1));
        }
        match decode(member, name) {
            Ok(value) => Some(value),
            Err(error) => {
                self.error.replace(Some(error));
                None
            }
        }
    }

    /// Returns the reason why a required member could not be decoded, as an `Err`.
    ///
    /// # Errors
    /// Always.
    pub fn error<T>(&self) -> Result<T, DecodeError> {
        let unknown = || DecodeError::new("required, but missing");
        Err(self.error.take().unwrap_or_else(unknown))
    }

    /// Decodes all members that are not declared: see
    /// [`Fields::additional_properties`](super::Fields::additional_properties).
    ///
    /// # Errors
    /// When one of them does not have the shape of `T`, or when there was an error before.
    pub fn additional_properties<C, T>(&self) -> Result<C, DecodeError>
    where
        C: FromIterator<(String, T)>,
        T: Decode,
    {
        match (self.error.take(), self.members) {
            (None, Some(members)) => decode_additional(members, self.names),
            (Some(error), _) => Err(error),
            (None, None) => self.error(),
        }
    }

    /// Returns `decoded`, the value that was built from the members.
    ///
    /// # Errors
    /// When there was an error before.
    pub fn end<T>(&self, decoded: T) -> Result<T, DecodeError> {
        match self.error.take() {
            None => Ok(decoded),
            Some(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::object;
    use crate::wire::{Decode, DecodeError};

    object! {
        /// A mark on a picture.
        pub struct Mark {
            /// Its number.
            pub number: optional i64;
            /// Its name.
            pub name: optional String;
            const "kind" = "mark";
        }
    }

    object! {
        /// A step of a walk.
        pub struct Step {
            /// A remark.
            pub note: optional String;
            /// The step before.
            pub after: required i64;
            /// How long it takes.
            pub pause: optional f64;
            /// What it is called.
            pub title: optional String;
            /// The place.
            pub place: required i64;
        }
    }

    fn error(value: &serde_json::Value) -> DecodeError {
        Mark::decode(value).unwrap_err()
    }

    #[test]
    fn a_value_that_is_not_an_object_is_an_error_without_required_members_too() {
        let error = error(&json!(["mark"]));
        assert_eq!(
            error.to_string(),
            "at the top level: expected an object, found an array of 1 items"
        );
    }

    #[test]
    fn the_first_error_is_returned() {
        let wrong = json!({ "kind": "mark", "number": "one", "name": 2 });
        assert_eq!(error(&wrong).pointer(), "/number");
        let wrong = json!({ "kind": "spot", "number": "one" });
        assert_eq!(error(&wrong).pointer(), "/kind");
        assert_eq!(error(&json!({})).message(), "required, but missing");
    }

    #[test]
    fn a_member_after_absent_ones_has_its_own_name() {
        let found = |value| Step::decode(&value).map(|step| (step.after, step.place));
        assert_eq!(found(json!({ "after": 1, "place": 2 })), Ok((1, 2)));
        assert_eq!(
            found(json!({ "place": 2, "after": 1, "more": 3 })),
            Ok((1, 2))
        );
        assert_eq!(
            found(json!({ "after": 1 })).unwrap_err().pointer(),
            "/place"
        );
    }
}
