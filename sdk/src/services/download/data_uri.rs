//! `data:` URIs. Source: RFC 2397.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

use crate::transport::error::{Error, ErrorKind, Result};

/// Base64 with or without its padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of a `data:` URI; `None` if the URL is of another scheme.
pub(super) fn decode(url: &str) -> Option<Result<Vec<u8>>> {
    let scheme = url.get(..5)?;
    if !scheme.eq_ignore_ascii_case("data:") {
        return None;
    }
    Some(content(&url[5..]))
}

fn content(rest: &str) -> Result<Vec<u8>> {
    let refuse = |why: &str| {
        let message = format!("the `data:` URI cannot be read: {why}");
        Err(Error::new(ErrorKind::Decode, message))
    };
    let Some((head, data)) = rest.split_once(',') else {
        return refuse("it has no comma");
    };
    let is_base64 = head
        .rsplit(';')
        .next()
        .is_some_and(|last| last.trim().eq_ignore_ascii_case("base64"));
    if !is_base64 {
        return Ok(percent_decode_str(data).collect());
    }
    let data = match data.contains(['%', '\n', '\r', ' ']) {
        false => LENIENT.decode(data),
        true => {
            let mut bytes: Vec<u8> = percent_decode_str(data).collect();
            bytes.retain(|byte| !byte.is_ascii_whitespace());
            LENIENT.decode(bytes)
        }
    };
    data.or_else(|error| refuse(&format!("{error}")))
}

/// Checks that any `data:` URI is decoded or refused, and that its content is never longer than the URI.
#[cfg(any(test, fuzzing))]
pub(crate) fn check_any(bytes: &[u8]) {
    let url = String::from_utf8_lossy(bytes);
    let is_data = bytes.len() >= 5 && bytes[..5].eq_ignore_ascii_case(b"data:");
    let read = decode(&url);
    assert_eq!(read.is_some(), is_data);
    if let Some(Ok(content)) = read {
        assert!(content.len() <= url.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutation::each_mutation;

    fn read(url: &str) -> Vec<u8> {
        decode(url).unwrap().unwrap()
    }

    #[test]
    fn both_encodings() {
        assert_eq!(read("data:text/plain;base64,aGVsbG8="), b"hello");
        assert_eq!(read("data:text/plain;base64,aGVsbG8"), b"hello");
        assert_eq!(read("DATA:;BASE64,aGVs\nbG8%3D"), b"hello");
        assert_eq!(read("data:,a%20b"), b"a b");
        assert_eq!(read("data:image/png;base64,"), b"");
        assert!(decode("https://example.com/data:").is_none());
        assert!(decode("dat").is_none());
    }

    #[test]
    fn broken_ones_are_errors() {
        assert!(decode("data:image/png;base64").unwrap().is_err());
        assert!(decode("data:image/png;base64,***").unwrap().is_err());
    }

    #[test]
    fn mutated_uris() {
        let seeds: [&[u8]; 3] = [
            b"data:text/plain;base64,aGVsbG8=",
            b"DATA:;BASE64,aGVs\nbG8%3D",
            b"data:image/svg+xml,%3Csvg%3E,caf%C3%A9",
        ];
        each_mutation("data_uri", &seeds, check_any);
    }
}
