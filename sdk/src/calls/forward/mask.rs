//! Masks secrets in a reply that is passed on piece by piece.
//!
//! A reply can repeat what was sent, including the key, and the program that gets the reply
//! must not see the key.

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;

use crate::transport::redact::Secrets;

/// Replaces each secret by as many asterisks as it has bytes, so that the length of the reply
/// stays the same as in its headers.
pub(super) struct Mask {
    secrets: Vec<String>,
    /// The end of the bytes so far, if it may be the beginning of a secret.
    held: BytesMut,
}

impl Mask {
    pub(super) fn new(secrets: &Secrets) -> Self {
        Self {
            secrets: secrets.texts(),
            held: BytesMut::new(),
        }
    }

    /// Takes a piece of the body, and returns what can be passed on.
    pub(super) fn piece(&mut self, piece: Bytes) -> Bytes {
        let is_harmless = self.held.is_empty()
            && self.held_back(&piece) == 0
            && !self
                .secrets
                .iter()
                .any(|secret| find(&piece, secret.as_bytes()).is_some());
        if is_harmless {
            return piece;
        }
        self.held.extend_from_slice(&piece);
        for secret in &self.secrets {
            while let Some(at) = find(&self.held, secret.as_bytes()) {
                self.held[at..at + secret.len()].fill(b'*');
            }
        }
        let passed = self.held.len() - self.held_back(&self.held);
        self.held.split_to(passed).freeze()
    }

    /// Returns what was held back, at the end of the body.
    pub(super) fn rest(&mut self) -> Option<Bytes> {
        (!self.held.is_empty()).then(|| self.held.split().freeze())
    }

    /// Removes headers whose values contain a secret.
    pub(super) fn headers(&self, headers: &HeaderMap) -> HeaderMap {
        let is_harmless = |value: &[u8]| {
            let mut secrets = self.secrets.iter();
            !secrets.any(|secret| find(value, secret.as_bytes()).is_some())
        };
        let kept = headers
            .iter()
            .filter(|(_, value)| is_harmless(value.as_bytes()));
        let mut all = HeaderMap::new();
        for (name, value) in kept {
            all.append(name, value.clone());
        }
        all
    }

    /// How many bytes at the end may be the beginning of a secret.
    fn held_back(&self, bytes: &[u8]) -> usize {
        let of = |secret: &String| {
            let secret = secret.as_bytes();
            let is_end = |length: &usize| bytes.ends_with(&secret[..*length]);
            (1..secret.len()).rev().find(is_end).unwrap_or(0)
        };
        self.secrets.iter().map(of).max().unwrap_or(0)
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted.first()?;
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| byte == first) {
        if bytes[from + at..].starts_with(wanted) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use reqwest::header::{AUTHORIZATION, HeaderValue};

    use super::*;

    fn mask() -> Mask {
        let mut value = HeaderValue::from_static("Key an-id:a-long-secret");
        value.set_sensitive(true);
        Mask::new(&Secrets::of_values([&value]))
    }

    fn masked(pieces: &[&[u8]]) -> String {
        let mut mask = mask();
        let mut all = Vec::new();
        for piece in pieces {
            all.extend_from_slice(&mask.piece(Bytes::copy_from_slice(piece)));
        }
        all.extend(mask.rest().into_iter().flatten());
        String::from_utf8(all).unwrap()
    }

    #[test]
    fn a_key_is_masked_wherever_the_pieces_end() {
        let text = b"a an-id:a-long-secret an-i a-long-secret an-id:a-long";
        let expected = "a ******************* an-i ************* an-id:a-long";
        for cut in 0..text.len() {
            assert_eq!(masked(&[&text[..cut], &text[cut..]]), expected, "{cut}");
        }
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(masked(&bytes), expected);
    }

    /// Events are not kept waiting.
    #[test]
    fn what_cannot_begin_a_key_is_passed_on_at_once() {
        let event = Bytes::from_static(b"data: {}\n\n");
        assert_eq!(mask().piece(event.clone()), event);
    }

    #[test]
    fn headers_that_hold_the_key_are_removed() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-echo",
            HeaderValue::from_static("Key an-id:a-long-secret"),
        );
        headers.insert(AUTHORIZATION, HeaderValue::from_static("none"));
        let kept = mask().headers(&headers);
        assert_eq!((kept.len(), kept.contains_key(AUTHORIZATION)), (1, true));
    }
}
