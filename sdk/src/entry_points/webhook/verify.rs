//! Checking the signature of a webhook delivery.

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
use crate::transport::chaining_setters::setters;
use crate::transport::error::{Error, Result};
use crate::transport::http::Http;
use crate::transport::opaque::opaque;

/// Checks that webhook deliveries come from fal, by their Ed25519 signature and their
/// timestamp, which may differ from this machine's clock by [300 s](Self::tolerance).
///
/// The public keys are fetched when they are first needed, kept for at most 24
/// hours, and fetched again, [at most once a minute](Self::refetch_after), when a
/// signature matches none of them. Clones share them. No API key is needed or sent. While
/// keys are fetched, deliveries that match the known keys are verified without waiting, and
/// all others wait for the same request.
///
/// The work for a delivery is bounded, whatever it contains: malformed headers are refused
/// before anything is computed, and the body is hashed once.
#[derive(Clone)]
pub struct Verifier {
    keys: Arc<Keys>,
    tolerance: Duration,
    refetch_after: Duration,
}

/// The reason why a webhook delivery is not accepted.
#[derive(Debug)]
#[non_exhaustive]
pub enum VerifyError {
    /// The header of this name is missing, which every delivery of fal has.
    MissingHeader(&'static str),
    /// The header of this name does not have the form that fal sends.
    MalformedHeader(&'static str),
    /// The timestamp differs from the clock by this many seconds, which is more than the
    /// [tolerance](Verifier::tolerance): the delivery may be a copy of an earlier one.
    Stale(u64),
    /// The signature was not made with one of fal's keys, or was made for another body or
    /// other headers.
    Forged,
    /// The public keys could not be fetched, so it is unknown whether the delivery is
    /// genuine.
    Keys(Error),
    /// The signature is valid, but the body does not have the shape that webhooks have.
    Malformed(Error),
}

impl VerifyError {
    /// Returns the HTTP status for the reply to the delivery: 401 if fal did not send it, 503
    /// if fal should send it again, 400 if its body is malformed.
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
    /// Creates a verifier with fal's public keys, which are fetched when they are needed.
    ///
    /// # Errors
    /// When the HTTP library cannot be set up.
    pub fn new() -> Result<Self> {
        Ok(Self::with(Keys::fetched(Http::anonymous()?)))
    }

    /// Creates a verifier that fetches the public keys with the settings of a client, such
    /// as its addresses and network proxy.
    pub fn of(client: &Client) -> Self {
        Self::with(Keys::fetched(client.http.clone()))
    }

    /// Creates a verifier with the public keys in a JSON Web Key Set. Nothing is ever
    /// fetched.
    ///
    /// # Errors
    /// When the set has no Ed25519 key.
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

    setters! {
        /// Sets by how much the timestamp of a delivery may differ from this machine's clock.
        /// Default: 300 s, as in fal's documentation.
        #[must_use]
        tolerance: plain Duration;
        /// Sets the shortest time between two fetches of the public keys. They are fetched again
        /// when a signature matches none of them. Default: 60 s.
        #[must_use]
        refetch_after: plain Duration;
    }

    /// Checks a delivery, given its headers and its body. The body has to be the bytes as
    /// they were received: JSON that was parsed and written again has other bytes.
    ///
    /// # Errors
    /// When the signature does not match, when the timestamp is not within the
    /// [tolerance](Self::tolerance), and when the public keys cannot be fetched:
    /// [`VerifyError`] has all reasons.
    pub async fn verify(
        &self,
        headers: &(impl WebhookHeaders + ?Sized),
        body: &[u8],
    ) -> Result<(), VerifyError> {
        self.verify_at(headers, body, SystemTime::now()).await
    }

    /// Checks a delivery as [`verify`](Self::verify) does, with `now` in place of the clock.
    /// It is meant for stored deliveries and for tests.
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

    /// Checks a delivery as [`verify`](Self::verify) does, and reads it. The type parameter is
    /// the type of the input that was submitted, or [`Value`].
    ///
    /// # Errors
    /// As for [`verify`](Self::verify), and when the body does not have the shape that
    /// webhooks have. A job that failed, or an output that does not match its type, is not
    /// an error here: [`WebhookEvent::outcome`] has it.
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

/// Whether the signature was made with one of the keys. Every key is tried, so that the time
/// that this takes does not reveal which key matched.
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

    /// The message that is signed: three headers and the hash of the body, each on a line.
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

/// Returns a header, which must have a reasonable length and no line breaks: these could move
/// text from one line of the signed message to the next.
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

opaque! { Verifier { tolerance } }

/// Checks that any header values, which a zero byte separates here, are refused or give a signed message of four lines and a
/// timestamp that is not negative.
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
