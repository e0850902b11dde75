//! Tags: labels of a request that show up in usage reports.

use crate::transport::error::{Error, Result};

const MOST_TAGS: usize = 10;
const LONGEST_KEY: usize = 64;
const LONGEST_VALUE: usize = 256;
const MOST_BYTES: usize = 1024;

/// Adds a tag. Keys are trimmed and written in lower case; the last of two equal ones
/// replaces the first.
pub(super) fn add(tags: &mut Vec<(String, String)>, key: &str, value: &str) -> Result<()> {
    let key = key.trim().to_ascii_lowercase();
    check(&key, value)?;
    match tags.iter_mut().find(|(known, _)| *known == key) {
        Some((_, known)) => value.clone_into(known),
        None => tags.push((key, value.to_owned())),
    }
    let bytes: usize = tags
        .iter()
        .map(|(key, value)| key.len() + value.len())
        .sum();
    if tags.len() > MOST_TAGS {
        return Err(refuse(format!("there are more than {MOST_TAGS}")));
    }
    if bytes > MOST_BYTES {
        return Err(refuse(format!("together they are over {MOST_BYTES} bytes")));
    }
    Ok(())
}

fn check(key: &str, value: &str) -> Result<()> {
    let is_name =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    if key.is_empty() || key.len() > LONGEST_KEY || !key.bytes().all(is_name) {
        return Err(refuse(format!(
            "a key must be 1 to {LONGEST_KEY} letters, digits, `.`, `_` or `-`"
        )));
    }
    if key.starts_with("fal.") {
        return Err(refuse(
            "keys that start with `fal.` are fal's own".to_owned(),
        ));
    }
    let is_printable = |byte: u8| matches!(byte, b' '..=b'~') && byte != b',';
    if value.len() > LONGEST_VALUE || !value.bytes().all(is_printable) {
        return Err(refuse(format!(
            "the value of `{key}` must be up to {LONGEST_VALUE} printable ASCII characters \
             without a comma"
        )));
    }
    Ok(())
}

fn refuse(why: String) -> Error {
    Error::configuration(format!("tags: {why}"))
}

/// The value of the `X-Fal-Tags` header.
pub(super) fn header(tags: &[(String, String)]) -> String {
    let pairs: Vec<String> = tags
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    pairs.join(",")
}
