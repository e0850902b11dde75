//! Finds NaN and infinite numbers, which JSON cannot express. `serde_json` would write them
//! as `null`, and the caller would pay for a call with another input.

mod walk;

use std::fmt;
use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use self::walk::{Stop, Walk};

/// A number in an input that is infinite or not a number.
#[derive(Debug, PartialEq)]
pub(crate) struct NotFinite {
    pointer: String,
    number: f64,
}

impl NotFinite {
    fn new(number: f64) -> Self {
        let pointer = String::new();
        Self { pointer, number }
    }

    fn inside(mut self, step: &str) -> Self {
        self.pointer.insert_str(0, step);
        self
    }
}

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pointer, number } = self;
        write!(f, "{pointer}: {number} is not a number in JSON")
    }
}

/// Checks that all numbers in a value are finite. Values that cannot be written for another
/// reason, such as a file that is not uploaded yet, are skipped.
///
/// # Errors
/// When a number is infinite or not a number.
pub(crate) fn check_finite(value: &impl Serialize) -> Result<(), NotFinite> {
    match value.serialize(Walk) {
        Err(Stop::Found(found)) => Err(found),
        Ok(()) | Err(Stop::Unwritable) => Ok(()),
    }
}

/// Writes a value as JSON that has no `null` in place of a number.
///
/// # Errors
/// When it has a number that JSON does not have, or, in the inner result, cannot be written.
pub(crate) fn to_finite_vec(
    value: &impl Serialize,
) -> Result<serde_json::Result<Vec<u8>>, NotFinite> {
    let mut text = Vec::with_capacity(128);
    let mut has_null = false;
    let written = value.serialize(&mut Serializer::with_formatter(
        &mut text,
        NoteNull(&mut has_null),
    ));
    // Most inputs have no `null`, so they are not gone through twice.
    if has_null || written.is_err() {
        check_finite(value)?;
    }
    Ok(written.map(|()| text))
}

/// Writes JSON without spaces, and notes whether there is a `null` in it.
struct NoteNull<'a>(&'a mut bool);

impl Formatter for NoteNull<'_> {
    fn write_null<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        *self.0 = true;
        writer.write_all(b"null")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::contract::wire::Nullable;
    use crate::{Media, object, union};

    union! {
        /// A number, or an object that has one.
        pub enum Scale {
            /// The number.
            Number(f64),
            /// The object.
            Object(Nested),
        }
    }

    object! {
        /// An object that has a number.
        pub struct Nested {
            /// The amount of the scale.
            pub amount: required f64;
        }
    }

    object! {
        /// An object in which a number can be anywhere.
        #[derive(Default)]
        pub struct Sample {
            /// A file.
            pub film: optional Media;
            /// A number.
            pub strength: optional f64;
            /// A number that can be `null`.
            pub off: optional Nullable<f64>;
            /// Numbers in a union.
            pub scales: optional Vec<Scale>;
            /// Numbers in lists.
            pub pairs: optional Vec<[f64; 2]>;
            ..named: BTreeMap<String, f64>;
        }
    }

    fn found(change: impl FnOnce(&mut Sample)) -> Option<String> {
        let mut sample = Sample {
            film: Some(Media::path("walk.mp4")),
            off: Some(Nullable::Null),
            strength: Some(f64::MAX),
            ..Sample::default()
        };
        change(&mut sample);
        let found = check_finite(&sample).err();
        // NaN is not equal to itself, so texts are compared. A file that is not uploaded
        // yet cannot be written, and changes nothing.
        let text = |found: &NotFinite| format!("{found:?}");
        let written = to_finite_vec(&sample);
        assert_eq!(written.err().as_ref().map(text), found.as_ref().map(text));
        sample.film = None;
        match to_finite_vec(&sample) {
            Ok(written) => assert_eq!(written.unwrap(), serde_json::to_vec(&sample).unwrap()),
            Err(error) => assert_eq!(Some(text(&error)), found.as_ref().map(text)),
        }
        found.map(|found| format!("{} {}", found.pointer, found.number))
    }

    #[test]
    fn they_are_found_wherever_they_are() {
        let of = |text: &str| Some(text.to_owned());
        assert_eq!(found(|_| ()), None);
        let nan = f64::NAN;
        assert_eq!(
            found(|sample| sample.strength = Some(nan)),
            of("/strength NaN")
        );
        let off = Some(Nullable::Value(f64::NEG_INFINITY));
        assert_eq!(found(|sample| sample.off = off), of("/off -inf"));
        let scales = |last| Some(vec![Scale::Number(1.0), last]);
        assert_eq!(
            found(|sample| sample.scales = scales(Scale::Number(nan))),
            of("/scales/1 NaN")
        );
        let object = Scale::Object(Nested { amount: nan });
        assert_eq!(
            found(|sample| sample.scales = scales(object)),
            of("/scales/1/amount NaN")
        );
        let pairs = Some(vec![[0.0, 1.0], [0.0, f64::INFINITY]]);
        assert_eq!(found(|sample| sample.pairs = pairs), of("/pairs/1/1 inf"));
        assert_eq!(
            found(|sample| sample.named = [("a/b".to_owned(), nan)].into()),
            of("/a~1b NaN")
        );
    }

    #[test]
    fn json_has_none() {
        assert_eq!(
            check_finite(&json!({"a": [null, 1.5, {"b": u64::MAX}]})),
            Ok(())
        );
        assert!(check_finite(&f32::NAN).is_err());
    }
}
