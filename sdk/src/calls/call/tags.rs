//! Tags: labels of a request that appear in usage reports.

use crate::transport::error::{Error, Result};

const MOST_TAGS: usize = 10;
const LONGEST_KEY: usize = 64;
const LONGEST_VALUE: usize = 256;
const MOST_BYTES: usize = 1024;

/// Adds a tag. Keys and values are trimmed, and keys are lower-cased. A tag that is replaced by
/// a later one with the same key counts towards the limits too, as in fal's own client.
pub(super) fn add(tags: &mut Vec<(String, String)>, key: &str, value: &str) -> Result<()> {
    let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
    check(&key, value)?;
    tags.push((key, value.to_owned()));
    let bytes: usize = tags
        .iter()
        .map(|(key, value)| key.len() + value.len())
        .sum();
    if tags.len() > MOST_TAGS {
        return Err(refuse(format!("there are more than {MOST_TAGS}")));
    }
    if bytes > MOST_BYTES {
        return Err(refuse(format!(
            "keys and values have more than {MOST_BYTES} bytes together"
        )));
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
            "keys that start with `fal.` are reserved".to_owned(),
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

/// The value of the `X-Fal-Tags` header. If several tags have the same key, the last is sent.
pub(super) fn header(tags: &[(String, String)]) -> String {
    let is_last = |index: usize, key: &String| {
        let later = &tags[index + 1..];
        later.iter().all(|(other, _)| other != key)
    };
    let pairs: Vec<String> = tags
        .iter()
        .enumerate()
        .filter(|(index, (key, _))| is_last(*index, key))
        .map(|(_, (key, value))| format!("{key}={value}"))
        .collect();
    pairs.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add_all(given: &[(&str, &str)]) -> Result<String> {
        let mut tags = Vec::new();
        for (key, value) in given {
            add(&mut tags, key, value)?;
        }
        Ok(header(&tags))
    }

    #[test]
    fn the_last_of_equal_keys_counts_and_values_are_trimmed() {
        let sent = add_all(&[("team", "a"), ("env", " prod "), (" Team", "b")]);
        assert_eq!(sent.unwrap(), "env=prod,team=b");
        // Its spaces do not count.
        let longest = "v".repeat(LONGEST_VALUE);
        assert!(add_all(&[("a", &format!(" {longest} "))]).is_ok());
    }

    #[test]
    fn tags_of_the_same_key_count_towards_the_limits() {
        let ten = vec![("a", "x"); MOST_TAGS];
        assert_eq!(add_all(&ten).unwrap(), "a=x");
        let eleven = vec![("a", "x"); MOST_TAGS + 1];
        assert!(
            add_all(&eleven)
                .unwrap_err()
                .to_string()
                .contains("more than 10")
        );
        let long = "v".repeat(LONGEST_VALUE);
        assert!(add_all(&[("a", long.as_str()); 4]).is_err());
    }
}
