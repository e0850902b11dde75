//! The account's keys. All of it needs a key with the `ADMIN` scope.

use std::fmt;

use reqwest::Method;
use serde_json::{Value, json};

use super::Platform;
use super::call::Call;
use super::list::{List, listing};
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Operation;
use crate::wire;

listing! {
    /// The account's keys: [`Platform::keys`].
    KeyListing: "keys" => KeyPage, keys: Key
}

/// A page of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyPage {
    /// The keys, without their secrets.
    pub keys: Vec<Key>,
    /// The cursor of the next page, if there is one.
    pub next_cursor: Option<String>,
}

wire! {
    KeyPage {
        keys: required,
        next_cursor: optional,
    }
}

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Key {
    /// Its id.
    pub key_id: String,
    /// Its name.
    pub alias: Option<String>,
    /// What it is good for; keys that are managed here have `API`.
    pub scope: Option<String>,
    /// When it was made (RFC 3339).
    pub created_at: Option<String>,
    /// Who made it, if asked for.
    pub creator_nickname: Option<String>,
    /// Who made it, if asked for.
    pub creator_email: Option<String>,
}

wire! {
    Key {
        key_id: required,
        alias: optional,
        scope: optional,
        created_at: optional,
        creator_nickname: optional,
        creator_email: optional,
    }
}

/// A key that was made just now. The platform does not show its secret again, and
/// neither does `Debug`.
#[derive(Clone)]
pub struct NewKey {
    key_id: String,
    key: String,
}

impl NewKey {
    /// Its id.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The whole key, as [`Client::new`](crate::Client::new) takes it: a secret.
    pub fn expose(&self) -> &str {
        &self.key
    }

    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let key_id = text("key_id")?;
        let key = text("key").or_else(|| Some(format!("{key_id}:{}", text("key_secret")?)))?;
        Some(Self { key_id, key })
    }
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewKey")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

impl Platform {
    /// The account's keys, without their secrets.
    pub fn keys(&self) -> List<KeyListing> {
        List::new(&self.http)
    }

    /// Makes a key with a name. It is asked for once: a second key could be made
    /// unnoticed.
    ///
    /// # Errors
    /// When the key may not make keys, or the name is empty or longer than 255
    /// characters. If the answer is lost, a key may have been made, whose secret
    /// nobody knows: see [`keys`](Self::keys).
    pub async fn create_key(&self, alias: impl AsRef<str>) -> Result<NewKey> {
        let call = Call::new(&self.http, Method::POST, "keys").once();
        let reply = call.json(&json!({"alias": alias.as_ref()})).reply().await?;
        // Neither body nor value go into an error: the secret is in them.
        let value: Option<Value> = serde_json::from_slice(&reply.body).ok();
        value.as_ref().and_then(NewKey::read).ok_or_else(|| {
            let message = format!("the reply to {} holds no key", Operation::Platform.name());
            Error::new(ErrorKind::Decode, message).with_reply(&reply)
        })
    }

    /// Deletes a key; what uses it is refused from now on.
    ///
    /// # Errors
    /// When there is no such key.
    pub async fn delete_key(&self, key_id: impl AsRef<str>) -> Result<()> {
        let call = Call::new(&self.http, Method::DELETE, "keys");
        call.below(&[key_id.as_ref()])?.idempotent().done().await
    }
}

impl List<KeyListing> {
    /// With who made them.
    pub fn with_creators(self) -> Self {
        self.add("expand", "creator_info")
    }
}
