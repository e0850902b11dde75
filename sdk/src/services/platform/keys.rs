//! The account's keys. Every call in this module needs a key with the `ADMIN` scope.

use reqwest::Method;
use serde_json::{Value, json};

use super::Platform;
use super::call::ApiCall;
use super::list::ListRequest;
use super::listing::{filters, listing};
use crate::object;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Operation;
use crate::transport::opaque::opaque;

listing! {
    /// The list of the account's keys: see [`Platform::keys`].
    KeyListing: "keys",
    KeyPage {
        /// The keys, without their secrets.
        keys: Key
    }
}

object! {
    /// A key of the account, without its secret: see [`Platform::keys`].
    #[derive(Eq)]
    pub struct Key {
        /// The id of the key.
        pub key_id: required String;
        /// The name of the key.
        pub alias: optional String;
        /// The scope of the key. Keys that this API manages have the scope `API`.
        pub scope: optional String;
        /// When the key was created, in RFC 3339.
        pub created_at: optional String;
        /// The name of the user who created the key, if it was requested with
        /// [`ListRequest::with_creators`].
        pub creator_nickname: optional String;
        /// The e-mail address of the user who created the key, if it was requested with
        /// [`ListRequest::with_creators`].
        pub creator_email: optional String;
    }
}

/// A new key, with its secret: returned by [`Platform::create_key`]. The platform returns the
/// secret only this once, and `Debug` does not show it.
#[derive(Clone)]
pub struct NewKey {
    key_id: String,
    key: String,
}

impl NewKey {
    /// Returns the id of the key.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Returns the whole key with its secret, in the form that
    /// [`Client::new`](crate::Client::new) takes.
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

opaque! { NewKey { key_id } }

impl Platform {
    /// Lists the account's keys, without their secrets.
    pub fn keys(&self) -> ListRequest<KeyListing> {
        ListRequest::new(&self.http)
    }

    /// Creates a key with a name of 1 to 255 characters. The request is never retried,
    /// because that could create a second key unnoticed.
    ///
    /// # Errors
    /// When the client's key may not create keys, or the name is empty or too long. If the
    /// reply is lost, a key may exist whose secret is unknown: look for it with
    /// [`keys`](Self::keys) and delete it.
    pub async fn create_key(&self, alias: impl AsRef<str>) -> Result<NewKey> {
        let call = ApiCall::new(&self.http, Method::POST, "keys").without_retries();
        let reply = call.json(&json!({"alias": alias.as_ref()})).reply().await?;
        // Neither the body nor the value goes into an error, since both contain the secret.
        let value: Option<Value> = serde_json::from_slice(&reply.body).ok();
        value.as_ref().and_then(NewKey::read).ok_or_else(|| {
            let message = format!("the reply to {} has no key", Operation::Platform.name());
            Error::new(ErrorKind::Decode, message).with_reply(&reply)
        })
    }

    /// Deletes a key, given its id. The platform refuses programs that use it from then on.
    ///
    /// # Errors
    /// When there is no such key.
    pub async fn delete_key(&self, key_id: impl AsRef<str>) -> Result<()> {
        let call = self.call(Method::DELETE, "keys", &[key_id.as_ref()])?;
        call.send_discarding_output().await
    }
}

filters! {
    KeyListing {
        /// Includes the name and the e-mail address of the user who created each key.
        with_creators() => add "expand" = "creator_info";
    }
}
