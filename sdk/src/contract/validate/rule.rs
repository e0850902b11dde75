//! The rules that a value can break, and the messages about them.

use std::fmt;
use std::ops::{Bound, RangeBounds};

use serde_json::Value;

/// The number in a rule, such as a bound or a step, as the schema states it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Limit {
    /// An integer that fits in an `i64`.
    Signed(i64),
    /// An integer that may be larger than the largest `i64`.
    Unsigned(u64),
    /// Any other number.
    Float(f64),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signed(limit) => limit.fmt(f),
            Self::Unsigned(limit) => limit.fmt(f),
            Self::Float(limit) => limit.fmt(f),
        }
    }
}

impl From<Limit> for Value {
    fn from(limit: Limit) -> Self {
        match limit {
            Limit::Signed(limit) => limit.into(),
            Limit::Unsigned(limit) => limit.into(),
            Limit::Float(limit) => limit.into(),
        }
    }
}

/// A type of number whose values can be checked against bounds.
pub trait Bounded: Copy + PartialOrd {
    /// Returns the number as a limit.
    fn limit(self) -> Limit;
    /// Returns whether the number is a multiple of `step`; every number counts as a multiple
    /// of zero. Integers are compared exactly, floats to nine digits.
    fn is_multiple_of(self, step: Self) -> bool;
}

macro_rules! integers {
    ($($integer:ident => $limit:expr;)*) => {$(
        impl Bounded for $integer {
            fn limit(self) -> Limit {
                $limit(self)
            }

            fn is_multiple_of(self, step: Self) -> bool {
                self.checked_rem(step).is_none_or(|rest| rest == 0)
            }
        }
    )*};
}

integers! {
    i64 => Limit::Signed;
    u64 => Limit::Unsigned;
    i128 => limit_of_any_size;
}

fn limit_of_any_size(number: i128) -> Limit {
    let signed = i64::try_from(number).map(Limit::Signed);
    let unsigned = || u64::try_from(number).map(Limit::Unsigned);
    signed
        .or_else(|_| unsigned())
        .unwrap_or(Limit::Float(number as f64))
}

impl Bounded for f64 {
    fn limit(self) -> Limit {
        Limit::Float(self)
    }

    /// A step such as `0.1` has no exact binary form, so the quotient may differ from its
    /// nearest whole number in the tenth digit.
    fn is_multiple_of(self, step: Self) -> bool {
        const SLACK: f64 = 1e-9;
        let quotient = self / step;
        step == 0.0 || (quotient - quotient.round()).abs() <= SLACK * quotient.abs().max(1.0)
    }
}

/// A rule for the values of an input: a keyword of its JSON Schema, or a requirement of
/// [`Media`](crate::Media).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// The number must be at least this (`minimum`).
    AtLeast(Limit),
    /// The number must be greater than this (`exclusiveMinimum`).
    MoreThan(Limit),
    /// The number must be at most this (`maximum`).
    AtMost(Limit),
    /// The number must be less than this (`exclusiveMaximum`).
    LessThan(Limit),
    /// The number must be a multiple of this (`multipleOf`).
    MultipleOf(Limit),
    /// The string must have at least this many characters (`minLength`).
    MinLength(usize),
    /// The string must have at most this many characters (`maxLength`).
    MaxLength(usize),
    /// The list must have at least this many items (`minItems`).
    MinItems(usize),
    /// The list must have at most this many items (`maxItems`).
    MaxItems(usize),
    /// The object must have at least this many properties (`minProperties`).
    MinProperties(usize),
    /// The object must have at most this many properties (`maxProperties`).
    MaxProperties(usize),
    /// The items of the list must differ from each other (`uniqueItems`).
    Unique,
    /// The string must match this regular expression (`pattern`).
    Pattern(String),
    /// The file must have at least this many bytes (`min_file_size`).
    MinFileSize(u64),
    /// The file must have at most this many bytes (`max_file_size`).
    MaxFileSize(u64),
    /// The URL of media must be an absolute URL or a `data:` URI.
    Url,
    /// The URL of media must not be a `file:` URL.
    RemoteUrl,
    /// The property must be present (`required`). The violation's pointer is the one that the
    /// property would have.
    Required,
    /// The schema must declare the property (`additionalProperties`).
    Undeclared,
    /// The value must be of this type, such as `integer` or `string or null` (`type`).
    Type(String),
    /// The value must be one of these (`enum`, `const`).
    OneOf(Vec<Value>),
    /// The value must obey another rule of its schema. The string is the message about the
    /// violation.
    Other(String),
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(limit) => write!(f, "is less than the minimum {limit}"),
            Self::MoreThan(limit) => write!(f, "must be more than {limit}"),
            Self::AtMost(limit) => write!(f, "is more than the maximum {limit}"),
            Self::LessThan(limit) => write!(f, "must be less than {limit}"),
            Self::MultipleOf(step) => write!(f, "is not a multiple of {step}"),
            Self::MinLength(length) => {
                write!(f, "is shorter than the minimum of {length} characters")
            }
            Self::MaxLength(length) => {
                write!(f, "is longer than the maximum of {length} characters")
            }
            Self::MinItems(count) | Self::MinProperties(count) => {
                write!(f, "is fewer than the minimum of {count}")
            }
            Self::MaxItems(count) | Self::MaxProperties(count) => {
                write!(f, "is more than the maximum of {count}")
            }
            Self::MinFileSize(size) => {
                write!(f, "is smaller than the minimum of {size} bytes")
            }
            Self::MaxFileSize(size) => write!(f, "is larger than the maximum of {size} bytes"),
            Self::Unique => f.write_str("although items must be unique"),
            Self::Pattern(pattern) => write!(f, "does not match the pattern {pattern}"),
            Self::Url => f.write_str("is not a URL; to upload a file use `Media::path`"),
            Self::RemoteUrl => f.write_str("is a local file; to upload it use `Media::path`"),
            Self::Required => f.write_str("is required, but missing"),
            Self::Undeclared => f.write_str("is not a property that the schema declares"),
            Self::Type(name) => write!(f, "is not of type {name}"),
            Self::OneOf(values) => one_of(values, f),
            Self::Other(text) => f.write_str(text),
        }
    }
}

fn one_of(values: &[Value], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const MOST: usize = 20;
    match values {
        [only] => return write!(f, "is not {only}"),
        _ => f.write_str("is not one of ")?,
    }
    for (index, value) in values.iter().take(MOST).enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        write!(f, "{separator}{value}")?;
    }
    match values.len().checked_sub(MOST) {
        Some(more) if more > 0 => write!(f, " and {more} more"),
        _ => Ok(()),
    }
}

/// Returns the rule that a string breaks as the URL of media. Only strings that no server
/// can open are refused: relative paths, drive letters, `file:` URLs and empty strings.
pub(super) fn url(text: &str) -> Option<Rule> {
    let Some((scheme, rest)) = text.split_once(':') else {
        return Some(Rule::Url);
    };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let names = |known: &str| scheme.eq_ignore_ascii_case(known);
    if names("file") {
        return Some(Rule::RemoteUrl);
    }
    let authority = rest.strip_prefix("//").unwrap_or_default();
    let has_host = !authority.is_empty() && !authority.starts_with(['/', '?', '#']);
    let is_url = is_scheme && (names("data") || has_host);
    (!is_url).then_some(Rule::Url)
}

/// A string as a violation shows it: cut, since it can be a data URI of many megabytes.
pub(crate) fn quote(text: &str) -> Value {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        None => text.into(),
        Some((end, _)) => format!("{}…", &text[..end]).into(),
    }
}

pub(super) fn length(count: usize, range: &impl RangeBounds<usize>) -> Option<Rule> {
    outside(count, range, Rule::MinLength, Rule::MaxLength)
}

pub(super) fn items(count: usize, range: &impl RangeBounds<usize>) -> Option<Rule> {
    outside(count, range, Rule::MinItems, Rule::MaxItems)
}

pub(super) fn properties(count: usize, range: &impl RangeBounds<usize>) -> Option<Rule> {
    outside(count, range, Rule::MinProperties, Rule::MaxProperties)
}

fn outside(
    count: usize,
    range: &impl RangeBounds<usize>,
    short: fn(usize) -> Rule,
    long: fn(usize) -> Rule,
) -> Option<Rule> {
    let least = match range.start_bound() {
        Bound::Included(least) => *least,
        Bound::Excluded(bound) => bound.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let most = match range.end_bound() {
        Bound::Included(most) => *most,
        Bound::Excluded(bound) => bound.saturating_sub(1),
        Bound::Unbounded => usize::MAX,
    };
    if count < least {
        Some(short(least))
    } else if count > most {
        Some(long(most))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Rule, url};

    #[test]
    fn only_what_no_server_can_open_is_refused() {
        for good in [
            "https://example.com/a.png",
            "HTTP://127.0.0.1:8080/a b.png?x=1",
            "data:image/png;base64,AAAA",
            "data:,a",
            "s3://bucket/key",
        ] {
            assert_eq!(url(good), None, "{good}");
        }
        for bad in [
            "",
            "walk.mp4",
            "./walk.mp4",
            "/home/me/walk.mp4",
            "C:\\walk.mp4",
            "C:/walk.mp4",
            "A street: in the morning",
            "localhost:3000/walk.mp4",
            "//example.com/a.png",
            "https://",
            "https:///a.png",
            "https:walk.mp4",
            " https://example.com",
        ] {
            assert_eq!(url(bad), Some(Rule::Url), "{bad}");
        }
        for local in ["file:///walk.mp4", "FILE:walk.mp4"] {
            assert_eq!(url(local), Some(Rule::RemoteUrl), "{local}");
        }
    }
}
