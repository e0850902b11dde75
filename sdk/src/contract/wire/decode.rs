//! Reading typed values out of parsed JSON.

use std::cmp::Reverse;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Nullable;

/// A type that can be read from parsed JSON.
pub trait Decode: Sized {
    /// The member names that this type declares; empty for what is no object.
    const FIELDS: &'static [&'static str] = &[];

    /// Reads a value.
    ///
    /// # Errors
    /// When the value does not have the type's shape; the error's pointer says
    /// where.
    fn decode(value: &Value) -> Result<Self, DecodeError>;

    /// Whether the value also keeps the rules (ranges, lengths …) that its type
    /// declares. Unions prefer a variant that does.
    fn keeps_rules(&self) -> bool {
        true
    }
}

/// A JSON value that does not have the shape its type asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    pointer: String,
    message: String,
}

impl DecodeError {
    /// An error at the value itself; [`at`](Self::at) and [`index`](Self::index)
    /// lengthen its pointer on the way out.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            pointer: String::new(),
            message: message.into(),
        }
    }

    pub(crate) fn expected(what: &str, found: &Value) -> Self {
        Self::new(format!("expected {what}, found {}", describe(found)))
    }

    /// The same error, seen from the object that holds the value as `member`.
    #[must_use]
    pub fn at(mut self, member: &str) -> Self {
        self.pointer = step(member) + &self.pointer;
        self
    }

    /// The same error, seen from the array that holds the value at `index`.
    #[must_use]
    pub fn index(self, index: usize) -> Self {
        self.at(&index.to_string())
    }

    /// The JSON pointer (RFC 6901) of the value that did not fit; empty for the
    /// whole document.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What was expected there, and what was found.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// A step of a JSON pointer (RFC 6901) to a member, its slash included.
pub(crate) fn step(member: &str) -> String {
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

/// A short description of a value for an error message. Texts are cut: they can
/// be a data URI of many megabytes.
fn describe(value: &Value) -> String {
    const LONGEST: usize = 40;
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => format!("`{flag}`"),
        Value::Number(number) => format!("`{number}`"),
        Value::String(text) if text.chars().count() > LONGEST => {
            let start: String = text.chars().take(LONGEST).collect();
            format!("the string {start:?}…")
        }
        Value::String(text) => format!("the string {text:?}"),
        Value::Array(items) => format!("an array of {} items", items.len()),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The members of an object that is being decoded.
///
/// The first error of an option is kept, and returned by what can fail after it:
/// [`required`](Self::required), [`rest`](Self::rest) or [`end`](Self::end).
#[derive(Debug)]
pub struct Fields<'a> {
    members: &'a Map<String, Value>,
    error: Option<DecodeError>,
}

impl<'a> Fields<'a> {
    /// The members of `value`.
    ///
    /// # Errors
    /// When it is no object.
    pub fn of(value: &'a Value) -> Result<Self, DecodeError> {
        match value {
            Value::Object(members) => Ok(Self {
                members,
                error: None,
            }),
            other => Err(DecodeError::expected("an object", other)),
        }
    }

    /// A member that must be there. Where its type allows `null`, absence reads
    /// as `null`.
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

    /// A member that may be absent or `null`. If it is there and has another
    /// shape, [`end`](Self::end) says so.
    pub fn optional<T: Decode>(&mut self, name: &str) -> Option<T> {
        match self.members.get(name) {
            None | Some(Value::Null) => None,
            Some(value) => match T::decode(value) {
                Ok(value) => Some(value),
                Err(error) => {
                    self.error.get_or_insert_with(|| error.at(name));
                    None
                }
            },
        }
    }

    /// A member whose `null` means something else than its absence. If it is there
    /// and has another shape, [`end`](Self::end) says so.
    pub fn nullable<T: Decode>(&mut self, name: &str) -> Option<Nullable<T>> {
        match self.members.get(name) {
            Some(Value::Null) => Some(Nullable::Null),
            _ => self.optional(name).map(Nullable::Value),
        }
    }

    /// A member that always has the same value.
    ///
    /// # Errors
    /// When it is missing or has another value.
    pub fn constant(&self, name: &str, expected: impl Into<Value>) -> Result<(), DecodeError> {
        let expected = expected.into();
        match self.members.get(name) {
            Some(value) if *value == expected => Ok(()),
            Some(value) => Err(DecodeError::expected(&describe(&expected), value).at(name)),
            None => Err(DecodeError::new("required, but missing").at(name)),
        }
    }

    /// All members that are not `declared`.
    ///
    /// # Errors
    /// When one of them has another shape than the map's values, or an option had.
    pub fn rest<C, T>(&mut self, declared: &[&str]) -> Result<C, DecodeError>
    where
        C: FromIterator<(String, T)>,
        T: Decode,
    {
        self.checked()?;
        self.members
            .iter()
            .filter(|(name, _)| !declared.contains(&name.as_str()))
            .map(|(name, value)| {
                let value = T::decode(value).map_err(|error| error.at(name))?;
                Ok((name.clone(), value))
            })
            .collect()
    }

    /// What was decoded.
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

/// One attempt of [`decode_union`]: a value that decoded, and whether it keeps its
/// rules.
pub type Attempt<T> = Option<(T, bool)>;

/// Picks the variant of a union: of those that decode, one that keeps its rules
/// goes before one that does not, then the one that keeps most of the value's
/// members, at any depth, then the first.
///
/// # Errors
/// When no variant decodes.
pub fn decode_union<U: Serialize>(
    name: &str,
    value: &Value,
    variants: &[fn(&Value) -> Attempt<U>],
) -> Result<U, DecodeError> {
    let mut candidates: Vec<(U, bool)> = variants
        .iter()
        .filter_map(|attempt| attempt(value))
        .collect();
    if candidates.iter().any(|(_, keeps_rules)| *keeps_rules) {
        candidates.retain(|(_, keeps_rules)| *keeps_rules);
    }
    if candidates.len() > 1 && (value.is_object() || value.is_array()) {
        // What is lost shows only when the candidate is written again.
        candidates.sort_by_cached_key(|(candidate, _)| {
            let written = serde_json::to_value(candidate).unwrap_or_default();
            Reverse(kept(value, &written))
        });
    }
    let best = candidates.into_iter().next();
    best.map(|(variant, _)| variant)
        .ok_or_else(|| DecodeError::expected(&format!("one of the forms of `{name}`"), value))
}

/// How many of a value's members, at any depth, were kept.
fn kept(value: &Value, written: &Value) -> usize {
    match (value, written) {
        (Value::Object(members), Value::Object(written)) => written
            .iter()
            .filter_map(|(name, inner)| Some(1 + kept(members.get(name)?, inner)))
            .sum(),
        (Value::Array(items), Value::Array(written)) => items
            .iter()
            .zip(written)
            .map(|(item, inner)| kept(item, inner))
            .sum(),
        _ => 0,
    }
}

/// Tries to decode one variant's payload.
pub fn attempt<T: Decode>(value: &Value) -> Attempt<T> {
    let decoded = T::decode(value).ok()?;
    let keeps_rules = decoded.keeps_rules();
    Some((decoded, keeps_rules))
}
