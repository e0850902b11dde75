//! Checking a delivery's signature.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ed25519_compact::{PublicKey, Signature};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::event::WebhookEvent;
use super::headers::WebhookHeaders;
use super::keys::{self, Key, Keys};
use crate::calls::call::Payload;
use crate::entry_points::client::Client;
use crate::transport::error::{Error, Result};
use crate::transport::http::Http;

/// Checks that deliveries come from fal: by their Ed25519 signature, and by their
/// time, which may be 300 s off.
///
/// The public keys are fetched when they are first needed, kept for at most 24
/// hours, and fetched again, [at most once a minute](Self::refetch_after), when a
/// signature matches none of them. Clones share them. No key of your own is needed or
/// sent. While keys are fetched, deliveries that match the keys at hand are verified
/// without waiting, and all others wait for the same request.
///
/// The work for a delivery is bounded whatever is in it: headers of the wrong form
/// are refused before anything is computed, and the body is hashed once.
#[derive(Clone)]
pub struct Verifier {
    keys: Arc<Keys>,
    tolerance: Duration,
    refetch_after: Duration,
}

/// Why a delivery is not accepted.
#[derive(Debug)]
#[non_exhaustive]
pub enum VerifyError {
    /// A header that every delivery has is missing.
    MissingHeader(&'static str),
    /// A header does not have the form that it has in every delivery.
    MalformedHeader(&'static str),
    /// The timestamp is too old or in the future, by this many seconds: the delivery may
    /// be a copy of an earlier one.
    Stale(u64),
    /// The signature was made with none of fal's keys, or for another body or other
    /// headers.
    Forged,
    /// The public keys cannot be fetched, so the delivery can be neither accepted nor
    /// rejected.
    Keys(Error),
    /// The signature is valid, but the body is not that of a webhook.
    Malformed(Error),
}

impl VerifyError {
    /// Returns the HTTP status to answer with: 401 for what fal did not send, 503 if fal
    /// should deliver it again, and 400 for a malformed body.
    pub fn status(&self) -> u16 {
        match self {
            Self::MissingHeader(_) | Self::MalformedHeader(_) | Self::Stale(_) | Self::Forged => {
                401
            }
            Self::Keys(_) => 503,
            Self::Malformed(_) => 400,
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeader(name) => write!(f, "the webhook has no header `{name}`"),
            Self::MalformedHeader(name) => {
                write!(f, "the webhook's header `{name}` is malformed")
            }
            Self::Stale(seconds) => write!(
                f,
                "the webhook's timestamp is {seconds} s off; check this machine's clock"
            ),
            Self::Forged => f.write_str(
                "the webhook's signature does not match; pass the body exactly as it was received, \
                 byte for byte",
            ),
            Self::Keys(error) => write!(f, "the webhook cannot be verified: {error}"),
            Self::Malformed(error) => write!(f, "the webhook's body cannot be read: {error}"),
        }
    }
}

impl std::error::Error for VerifyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Keys(error) | Self::Malformed(error) => Some(error),
            _ => None,
        }
    }
}

const REQUEST_ID: &str = "x-fal-webhook-request-id";
const USER_ID: &str = "x-fal-webhook-user-id";
const TIMESTAMP: &str = "x-fal-webhook-timestamp";
const SIGNATURE: &str = "x-fal-webhook-signature";

impl Verifier {
    /// Returns a verifier with fal's public keys. Nothing is fetched yet.
    ///
    /// # Errors
    /// When the HTTP library cannot be set up.
    pub fn new() -> Result<Self> {
        Ok(Self::with(Keys::fetched(Http::anonymous()?)))
    }

    /// Returns a verifier with the public keys of the servers that a client talks to, over
    /// its connections.
    pub fn of(client: &Client) -> Self {
        Self::with(Keys::fetched(client.http.clone()))
    }

    /// Returns a verifier with these public keys, a JSON Web Key Set; nothing is ever
    /// fetched.
    ///
    /// # Errors
    /// When there is no Ed25519 key among them.
    pub fn with_jwks(jwks: &Value) -> Result<Self> {
        keys::parse(jwks).map(|keys| Self::with(Keys::Fixed(keys)))
    }

    fn with(keys: Keys) -> Self {
        Self {
            keys: Arc::new(keys),
            tolerance: Duration::from_secs(300),
            refetch_after: Duration::from_secs(60),
        }
    }

    /// Sets by how much the timestamp of a delivery may differ from the clock. Default:
    /// 300 s, as in fal's documentation.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets how long after the last request the public keys may be requested again because
    /// a signature matches none of them. Default: 60 s.
    #[must_use]
    pub fn refetch_after(mut self, pause: Duration) -> Self {
        self.refetch_after = pause;
        self
    }

    /// Checks a delivery, given its headers and the raw bytes of its body. JSON
    /// that was parsed and written again has other bytes.
    ///
    /// # Errors
    /// When fal did not send the delivery, or sent it at another time, and when neither can
    /// be found out.
    pub async fn verify(
        &self,
        headers: &(impl WebhookHeaders + ?Sized),
        body: &[u8],
    ) -> Result<(), VerifyError> {
        let signed = SignedHeaders::read(headers)?;
        self.check(&signed, body, SystemTime::now()).await
    }

    /// Checks a delivery as [`verify`](Self::verify) does, but at another time: for stored
    /// deliveries, and for tests.
    ///
    /// # Errors
    /// As for [`verify`](Self::verify).
    pub async fn verify_at(
        &self,
        headers: &(impl WebhookHeaders + ?Sized),
        body: &[u8],
        now: SystemTime,
    ) -> Result<(), VerifyError> {
        let signed = SignedHeaders::read(headers)?;
        self.check(&signed, body, now).await
    }

    /// Checks a delivery and reads it. The type is that of the input that was
    /// submitted, or [`Value`].
    ///
    /// # Errors
    /// As for [`verify`](Self::verify), and when the body is not that of a webhook. A job
    /// that failed, or an output that does not match its type, is not an error here: it is
    /// in the event.
    pub async fn event<P: Payload>(
        &self,
        headers: &(impl WebhookHeaders + ?Sized),
        body: &[u8],
    ) -> Result<WebhookEvent<P>, VerifyError> {
        let signed = SignedHeaders::read(headers)?;
        self.check(&signed, body, SystemTime::now()).await?;
        let mut event = WebhookEvent::read(body).map_err(VerifyError::Malformed)?;
        event.user_id = Some(signed.user_id.to_owned());
        Ok(event)
    }

    async fn check(
        &self,
        signed: &SignedHeaders<'_>,
        body: &[u8],
        now: SystemTime,
    ) -> Result<(), VerifyError> {
        signed.check_time(now, self.tolerance)?;
        let keys = self.keys.current().await.map_err(VerifyError::Keys)?;
        let message = signed.message(body);
        if matches_any_key(&keys, &message, &signed.signature) {
            return Ok(());
        }
        match self.keys.newer(&keys, self.refetch_after).await {
            Some(newer) if matches_any_key(&newer, &message, &signed.signature) => Ok(()),
            _ => Err(VerifyError::Forged),
        }
    }
}

/// Whether the signature was made with one of the keys. Every key is tried, so that the
/// time that it takes does not tell which one it was.
fn matches_any_key(keys: &[Key], message: &[u8], signature: &[u8; 64]) -> bool {
    let signature = Signature::new(*signature);
    let matches = |key: &Key| PublicKey::new(*key).verify(message, &signature).is_ok();
    keys.iter().fold(false, |found, key| matches(key) | found)
}

/// The checked headers of a delivery.
struct SignedHeaders<'h> {
    request_id: &'h str,
    user_id: &'h str,
    timestamp: &'h str,
    seconds: i64,
    signature: [u8; 64],
}

impl<'h> SignedHeaders<'h> {
    fn read(headers: &'h (impl WebhookHeaders + ?Sized)) -> Result<Self, VerifyError> {
        let request_id = text(headers, REQUEST_ID)?;
        let user_id = text(headers, USER_ID)?;
        let timestamp = text(headers, TIMESTAMP)?;
        let signature = text(headers, SIGNATURE)?;
        let is_number = timestamp.len() <= 18 && timestamp.bytes().all(|b| b.is_ascii_digit());
        let seconds = timestamp.parse().ok().filter(|_| is_number);
        Ok(Self {
            request_id,
            user_id,
            timestamp,
            seconds: seconds.ok_or(VerifyError::MalformedHeader(TIMESTAMP))?,
            signature: decode_hex(signature).ok_or(VerifyError::MalformedHeader(SIGNATURE))?,
        })
    }

    fn check_time(&self, now: SystemTime, tolerance: Duration) -> Result<(), VerifyError> {
        let now = match now.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            Err(_) => 0,
        };
        let off = now.abs_diff(self.seconds);
        match off <= tolerance.as_secs() {
            true => Ok(()),
            false => Err(VerifyError::Stale(off)),
        }
    }

    /// What is signed: the headers and the body's hash, a line each.
    fn message(&self, body: &[u8]) -> Vec<u8> {
        let hash = Sha256::digest(body);
        let lines = [self.request_id, self.user_id, self.timestamp];
        let mut message = lines.join("\n").into_bytes();
        message.push(b'\n');
        for byte in hash {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            message.push(DIGITS[usize::from(byte >> 4)]);
            message.push(DIGITS[usize::from(byte & 15)]);
        }
        message
    }
}

/// A header that is there, of a reasonable length and without line breaks, which
/// could move text from one line of the message to the next.
fn text<'h>(
    headers: &'h (impl WebhookHeaders + ?Sized),
    name: &'static str,
) -> Result<&'h str, VerifyError> {
    const LONGEST: usize = 1024;
    let value = headers
        .value(name)
        .filter(|value| !value.is_empty())
        .ok_or(VerifyError::MissingHeader(name))?;
    match value.len() <= LONGEST && !value.chars().any(char::is_control) {
        true => Ok(value),
        false => Err(VerifyError::MalformedHeader(name)),
    }
}

fn decode_hex(text: &str) -> Option<[u8; 64]> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut bytes = [0; 64];
    if text.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("tolerance", &self.tolerance)
            .finish_non_exhaustive()
    }
}

/// However the headers are damaged, what is read is within the limits, and the lines of the signed message are four.
/// Between the values stands a zero byte.
#[cfg(any(test, fuzzing))]
pub(crate) fn check_any(bytes: &[u8]) {
    let values = bytes
        .split(|byte| *byte == 0)
        .map(|value| String::from_utf8_lossy(value).into_owned());
    let names = [REQUEST_ID, USER_ID, TIMESTAMP, SIGNATURE];
    let headers: Vec<(&str, String)> = names.into_iter().zip(values).collect();
    let Ok(signed) = SignedHeaders::read(&headers) else {
        return;
    };
    assert!(signed.seconds >= 0, "{}", signed.seconds);
    let message = signed.message(b"{}");
    assert_eq!(message.iter().filter(|byte| **byte == b'\n').count(), 3);
    let _ = signed.check_time(SystemTime::now(), Duration::MAX);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutation::each_mutation;

    #[test]
    fn mutated_headers() {
        let signature = "a6".repeat(64);
        let headers =
            format!("5057fca7-0000-4000-8000-000000000001\0user-1\01752019770\0{signature}");
        each_mutation("webhook_headers", &[headers.as_bytes()], check_any);
    }
}
