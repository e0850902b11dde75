//! Reads typed values out of parsed JSON.

use std::fmt;

use serde_json::{Map, Value};

use super::Names;

/// A type that can be read from parsed JSON.
///
/// Generated types and the types of their fields implement this trait. Wrap a type of your
/// own that implements serde's `Deserialize` in [`Json`](crate::Json).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read as an output",
    label = "this type does not implement `fal_sdk::Decode`",
    note = "a type that implements serde's `Deserialize` is read as `fal_sdk::Json<{Self}>`",
    note = "`serde_json::Value` can hold any output"
)]
pub trait Decode: Sized {
    /// The names of the fields that this type declares, separated by spaces; empty for types
    /// that are not objects. One string is less work for the compiler than a list.
    const FIELDS: &'static str = "";

    /// The fields whose JSON member has another name: pairs of the field's name and the
    /// member's name.
    const OWN_NAMES: &'static [(&'static str, &'static str)] = &[];

    /// The JSON members that always have the same value. They are not fields of the type.
    const CONSTANTS: &'static [&'static str] = &[];

    /// Reads a value of this type from parsed JSON.
    ///
    /// # Errors
    /// When the value does not have the type's shape. The pointer of the error says where.
    fn decode(value: &Value) -> Result<Self, DecodeError>;

    /// Reads the value of an optional member: `null` is read as `None`, except by
    /// [`Nullable`](super::Nullable).
    ///
    /// # Errors
    /// When the value does not have the type's shape.
    fn decode_option(value: &Value) -> Result<Option<Self>, DecodeError> {
        match value {
            Value::Null => Ok(None),
            value => Self::decode(value).map(Some),
        }
    }

    /// Returns whether the value also obeys the rules (ranges, lengths …) that its type
    /// declares. [`decode_union`](super::decode_union) prefers variants for which it does.
    fn obeys_rules(&self) -> bool {
        true
    }
}

impl Names {
    /// Returns the names of the members that a type declares: constants, then fields.
    pub fn of<T: Decode>() -> Self {
        Self::new(T::CONSTANTS, T::FIELDS, T::OWN_NAMES)
    }
}

/// The error for a JSON value that does not have the shape of the type that it is read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    pointer: String,
    message: String,
    origin: Origin,
}

/// The cause of an error, as far as it matters for the choice of a union's variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The value has another shape.
    Shape,
    /// A member that always has the same value has another one.
    Constant,
    /// The closest variant of a union does not fit. The message names the variant.
    Union,
}

impl DecodeError {
    /// Creates an error whose pointer is empty. [`at`](Self::at) and [`index`](Self::index)
    /// prepend segments to the pointer.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            pointer: String::new(),
            message: message.into(),
            origin: Origin::Shape,
        }
    }

    pub(crate) fn expected(what: &str, found: &Value) -> Self {
        Self::new(format!("expected {what}, found {}", describe(found)))
    }

    /// Prepends the name of a member to the pointer, when the invalid value is inside that
    /// member of an object.
    #[must_use]
    pub fn at(mut self, member: &str) -> Self {
        self.pointer.insert_str(0, &pointer_segment(member));
        self
    }

    /// Prepends an index to the pointer, when the invalid value is inside that item of an
    /// array.
    #[must_use]
    pub fn index(self, index: usize) -> Self {
        self.at(&index.to_string())
    }

    /// The same error with another message.
    pub(crate) fn map_message(mut self, change: impl FnOnce(String) -> String) -> Self {
        self.message = change(self.message);
        self
    }

    /// Returns the JSON pointer (RFC 6901) of the invalid value; empty if it is the whole
    /// document.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns the message without the pointer: what was expected, and what was found.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether a constant of the object itself differs, not one of an object inside it.
    pub(super) fn is_own_constant(&self) -> bool {
        self.origin == Origin::Constant && self.depth() == 1
    }

    /// The number of segments of the pointer.
    pub(super) fn depth(&self) -> usize {
        self.pointer.matches('/').count()
    }

    /// Turns the error of a union's variant into the error of the union.
    pub(super) fn of_variant(mut self, union: &str, variant: &str) -> Self {
        if self.origin != Origin::Union {
            self.origin = Origin::Union;
            let note = format!(" (read as `{variant}`, the closest variant of `{union}`)");
            self.message.push_str(&note);
        }
        self
    }
}

/// A segment of a JSON pointer (RFC 6901), with the slash before it.
pub(crate) fn pointer_segment(member: &str) -> String {
    let escaped = member.replace('~', "~0").replace('/', "~1");
    format!("/{escaped}")
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() {
            "the top level"
        } else {
            &self.pointer
        };
        write!(f, "at {pointer}: {}", self.message)
    }
}

impl std::error::Error for DecodeError {}

/// A short description of a value for an error message. A long string is cut, since it can
/// be a data URI of many megabytes.
fn describe(value: &Value) -> String {
    const LONGEST: usize = 40;
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => format!("`{flag}`"),
        Value::Number(number) => format!("`{number}`"),
        Value::String(text) => match text.char_indices().nth(LONGEST) {
            None => format!("the string {text:?}"),
            Some((end, _)) => format!("the string {:?}…", &text[..end]),
        },
        Value::Array(items) => format!("an array of {} items", items.len()),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The members of an object that is being decoded.
///
/// The first error of an optional member is kept. The next call of
/// [`required`](Self::required), [`additional_properties`](Self::additional_properties) or
/// [`end`](Self::end) returns it.
#[derive(Debug)]
pub struct Fields<'a> {
    members: &'a Map<String, Value>,
    error: Option<DecodeError>,
}

impl<'a> Fields<'a> {
    /// Returns the members of `value`.
    ///
    /// # Errors
    /// When `value` is not an object.
    pub fn of(value: &'a Value) -> Result<Self, DecodeError> {
        match value {
            Value::Object(members) => Ok(Self {
                members,
                error: None,
            }),
            other => Err(DecodeError::expected("an object", other)),
        }
    }

    /// Decodes a required member. If its type allows `null`, a missing member is read as
    /// `null`.
    ///
    /// # Errors
    /// When the member is missing or has another shape, or when an optional member before it
    /// has another shape.
    pub fn required<T: Decode>(&mut self, name: &str) -> Result<T, DecodeError> {
        self.checked()?;
        decode_required(self.members.get(name), name)
    }

    /// Decodes an optional member. It is `None` if the member is absent or `null`, except that
    /// a [`Nullable`](super::Nullable) keeps the `null`. It is also `None` if the member has
    /// another shape: the error is kept, as described for [`Fields`].
    pub fn optional<T: Decode>(&mut self, name: &str) -> Option<T> {
        match decode_optional(self.members.get(name), name) {
            Ok(value) => value,
            Err(error) => {
                self.error.get_or_insert(error);
                None
            }
        }
    }

    /// Checks a member that always has the same value.
    ///
    /// # Errors
    /// When the member is missing or has another value.
    pub fn constant(&self, name: &str, expected: impl Into<Value>) -> Result<(), DecodeError> {
        check_constant(self.members.get(name), name, &expected.into())
    }

    /// Decodes all members whose names are not `declared`.
    ///
    /// # Errors
    /// When one of them does not have the shape of `T`, or when an optional member before
    /// has another shape.
    pub fn additional_properties<C, T>(&mut self, declared: Names) -> Result<C, DecodeError>
    where
        C: FromIterator<(String, T)>,
        T: Decode,
    {
        self.checked()?;
        decode_additional(self.members, declared)
    }

    /// Returns `decoded`, the value that was built from the members.
    ///
    /// # Errors
    /// When an optional member has another shape. The error is the first of these.
    pub fn end<T>(self, decoded: T) -> Result<T, DecodeError> {
        match self.error {
            None => Ok(decoded),
            Some(error) => Err(error),
        }
    }

    fn checked(&mut self) -> Result<(), DecodeError> {
        self.error.take().map_or(Ok(()), Err)
    }
}

/// Decodes a required member: see [`Fields::required`].
pub(super) fn decode_required<T: Decode>(
    member: Option<&Value>,
    name: &str,
) -> Result<T, DecodeError> {
    match member {
        Some(value) => T::decode(value).map_err(|error| error.at(name)),
        None => {
            T::decode(&Value::Null).map_err(|_| DecodeError::new("required, but missing").at(name))
        }
    }
}

/// Decodes an optional member: see [`Fields::optional`].
pub(super) fn decode_optional<T: Decode>(
    member: Option<&Value>,
    name: &str,
) -> Result<Option<T>, DecodeError> {
    member.map_or(Ok(None), |value| {
        T::decode_option(value).map_err(|error| error.at(name))
    })
}

/// Checks a member that always has the same value.
pub(super) fn check_constant(
    member: Option<&Value>,
    name: &str,
    expected: &Value,
) -> Result<(), DecodeError> {
    match member {
        Some(value) if value == expected => Ok(()),
        Some(value) => {
            let mut error = DecodeError::expected(&describe(expected), value);
            error.origin = Origin::Constant;
            Err(error.at(name))
        }
        None => Err(DecodeError::new("required, but missing").at(name)),
    }
}

/// Decodes all members whose names are not `declared`.
pub(super) fn decode_additional<C, T>(
    members: &Map<String, Value>,
    declared: Names,
) -> Result<C, DecodeError>
where
    C: FromIterator<(String, T)>,
    T: Decode,
{
    members
        .iter()
        .filter(|(name, _)| !declared.contains(name))
        .map(|(name, value)| {
            let value = T::decode(value).map_err(|error| error.at(name))?;
            Ok((name.clone(), value))
        })
        .collect()
}
