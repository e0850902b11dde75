//! Reading typed values out of parsed JSON.

use std::fmt;

use serde_json::{Map, Value};

use super::{Names, NamesIter};

/// A type that can be read from parsed JSON.
///
/// Generated types implement it, and so do the types that they consist of. A type of
/// your own that derives serde's `Deserialize` is wrapped in [`Json`](crate::Json).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read as an output",
    label = "this type does not implement `fal_sdk::Decode`",
    note = "a type that implements serde's `Deserialize` is read as `fal_sdk::Json<{Self}>`",
    note = "`serde_json::Value` takes any output"
)]
pub trait Decode: Sized {
    /// The fields that this type declares, with spaces between them. It is empty for types
    /// that are not objects. One text is less work for the compiler than a list of them.
    const FIELDS: &'static str = "";

    /// The members that are named otherwise than their field, each after that.
    const OWN_NAMES: &'static [(&'static str, &'static str)] = &[];

    /// The members that always have the same value, and are no fields.
    const CONSTANTS: &'static [&'static str] = &[];

    /// Reads a value.
    ///
    /// # Errors
    /// When the value does not have the type's shape; the error's pointer says
    /// where.
    fn decode(value: &Value) -> Result<Self, DecodeError>;

    /// Reads the value of an option: `null` means that there is none, except for
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

    /// Whether the value also obeys the rules (ranges, lengths …) that its type
    /// declares. Unions prefer a variant that does.
    fn obeys_rules(&self) -> bool {
        true
    }
}

impl Names {
    /// The names of the members that a type declares: constants, then fields.
    pub fn of<T: Decode>() -> Self {
        Self::new(T::CONSTANTS, T::FIELDS, T::OWN_NAMES)
    }
}

/// A JSON value that does not have the shape its type asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    pointer: String,
    message: String,
    origin: Origin,
}

/// Where an error comes from, as far as unions ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A value of another shape.
    Shape,
    /// A member that always has one value, and has another one here.
    Constant,
    /// The variant of a union that fits best; the message names it.
    Union,
}

impl DecodeError {
    /// An error at the value itself. [`at`](Self::at) and [`index`](Self::index)
    /// put segments before its pointer.
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

    /// Returns the same error, seen from the object that holds the value as `member`.
    #[must_use]
    pub fn at(mut self, member: &str) -> Self {
        self.pointer.insert_str(0, &pointer_segment(member));
        self
    }

    /// Returns the same error, seen from the array that holds the value at `index`.
    #[must_use]
    pub fn index(self, index: usize) -> Self {
        self.at(&index.to_string())
    }

    /// The same error with another message.
    pub(crate) fn map_message(mut self, change: impl FnOnce(String) -> String) -> Self {
        self.message = change(self.message);
        self
    }

    /// Returns the JSON pointer (RFC 6901) of the value that did not fit; empty for the
    /// whole document.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns what was expected at the pointer, and what was found.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether the object itself has another constant than the type asks for.
    pub(super) fn is_own_constant(&self) -> bool {
        self.origin == Origin::Constant && self.depth() == 1
    }

    /// The number of segments of the pointer.
    pub(super) fn depth(&self) -> usize {
        self.pointer.matches('/').count()
    }

    /// The error of a union's variant, told as the error of the union.
    pub(super) fn of_variant(mut self, union: &str, variant: &str) -> Self {
        if self.origin != Origin::Union {
            self.origin = Origin::Union;
            let note = format!(" (read as `{variant}`, the closest form of `{union}`)");
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
            "the top"
        } else {
            &self.pointer
        };
        write!(f, "at {pointer}: {}", self.message)
    }
}

impl std::error::Error for DecodeError {}

/// A short description of a value for an error message. Texts are cut, since they
/// can be a data URI of many megabytes.
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
/// The first error of an optional member is kept, and returned by the next call that can fail:
/// [`required`](Self::required), [`additional_properties`](Self::additional_properties) or [`end`](Self::end).
#[derive(Debug)]
pub struct Fields<'a> {
    members: &'a Map<String, Value>,
    error: Option<DecodeError>,
}

impl<'a> Fields<'a> {
    /// Returns the members of `value`.
    ///
    /// # Errors
    /// When it is not an object.
    pub fn of(value: &'a Value) -> Result<Self, DecodeError> {
        match value {
            Value::Object(members) => Ok(Self {
                members,
                error: None,
            }),
            other => Err(DecodeError::expected("an object", other)),
        }
    }

    /// Decodes a member that must be there. If its type allows `null`, a missing member is
    /// read as `null`.
    ///
    /// # Errors
    /// When the member is missing or has another shape, or an option before it had.
    pub fn required<T: Decode>(&mut self, name: &str) -> Result<T, DecodeError> {
        self.checked()?;
        match self.members.get(name) {
            Some(value) => T::decode(value).map_err(|error| error.at(name)),
            None => T::decode(&Value::Null)
                .map_err(|_| DecodeError::new("required, but missing").at(name)),
        }
    }

    /// Decodes a member that may be absent. So may be `null`, except for [`Nullable`](super::Nullable). If it is there and has another shape,
    /// [`end`](Self::end) returns the error.
    pub fn optional<T: Decode>(&mut self, name: &str) -> Option<T> {
        match T::decode_option(self.members.get(name)?) {
            Ok(value) => value,
            Err(error) => {
                self.error.get_or_insert_with(|| error.at(name));
                None
            }
        }
    }

    /// Checks a member that always has the same value.
    ///
    /// # Errors
    /// When it is missing or has another value.
    pub fn constant(&self, name: &str, expected: impl Into<Value>) -> Result<(), DecodeError> {
        let expected = expected.into();
        match self.members.get(name) {
            Some(value) if *value == expected => Ok(()),
            Some(value) => {
                let mut error = DecodeError::expected(&describe(&expected), value);
                error.origin = Origin::Constant;
                Err(error.at(name))
            }
            None => Err(DecodeError::new("required, but missing").at(name)),
        }
    }

    /// Decodes all members that are not `declared`.
    ///
    /// # Errors
    /// When one of them has another shape than the map's values, or an option had.
    pub fn additional_properties<C, T>(&mut self, declared: Names) -> Result<C, DecodeError>
    where
        C: FromIterator<(String, T)>,
        T: Decode,
    {
        self.checked()?;
        self.members
            .iter()
            .filter(|(name, _)| !declared.contains(name))
            .map(|(name, value)| {
                let value = T::decode(value).map_err(|error| error.at(name))?;
                Ok((name.clone(), value))
            })
            .collect()
    }

    /// Returns what was decoded.
    ///
    /// # Errors
    /// The first error that an option had.
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

/// The members of an object that is being decoded as a declared struct: each call decodes
/// the next of the names that were declared.
#[derive(Debug)]
pub struct Declared<'a> {
    fields: Fields<'a>,
    names: Names,
    rest: NamesIter,
}

impl<'a> Declared<'a> {
    /// Returns the members of `value`, of which a type declares some.
    ///
    /// # Errors
    /// When it is not an object.
    pub fn of<T: Decode>(value: &'a Value) -> Result<Self, DecodeError> {
        let fields = Fields::of(value)?;
        let names = Names::of::<T>();
        Ok(Self {
            fields,
            names,
            rest: names.iter(),
        })
    }

    fn name(&mut self) -> &'static str {
        self.rest.next().unwrap_or_default()
    }

    /// Checks a member that always has the same value.
    ///
    /// # Errors
    /// When it is missing or has another value.
    pub fn constant(&mut self, expected: impl Into<Value>) -> Result<(), DecodeError> {
        let name = self.name();
        self.fields.constant(name, expected)
    }

    /// Decodes a member that must be there: see [`Fields::required`]. If there is no value,
    /// [`error`](Self::error) says why.
    pub fn required<T: Decode>(&mut self) -> Option<T> {
        let name = self.name();
        match self.fields.required(name) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fields.error.get_or_insert(error);
                None
            }
        }
    }

    /// Returns why a member that must be there has no value.
    pub fn error<T>(&mut self) -> Result<T, DecodeError> {
        let unknown = || DecodeError::new("required, but missing");
        Err(self.fields.error.take().unwrap_or_else(unknown))
    }

    /// Decodes a member that may be absent or `null`: see [`Fields::optional`].
    pub fn optional<T: Decode>(&mut self) -> Option<T> {
        let name = self.name();
        self.fields.optional(name)
    }

    /// Decodes all members that are not declared: see [`Fields::additional_properties`].
    ///
    /// # Errors
    /// When one of them has another shape than the map's values, or an option had.
    pub fn additional_properties<C, T>(&mut self) -> Result<C, DecodeError>
    where
        C: FromIterator<(String, T)>,
        T: Decode,
    {
        self.fields.additional_properties(self.names)
    }

    /// Returns what was decoded.
    ///
    /// # Errors
    /// The first error that an option had.
    pub fn end<T>(self, decoded: T) -> Result<T, DecodeError> {
        self.fields.end(decoded)
    }
}
