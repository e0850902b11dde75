//! The keys that a server accepts.

use crate::sync::{read, write};
use std::sync::RwLock;

/// The scope of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The key is for inference only.
    Api,
    /// The key is for everything.
    Admin,
}

/// A key of the account.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) alias: String,
    /// The key as it follows `Key ` in the header.
    pub(crate) full: String,
    pub(crate) scope: Scope,
}

/// The keys of the account.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// Whether only known keys are accepted.
    restricted: bool,
    known: RwLock<Vec<Key>>,
}

impl Keys {
    /// Creates a store that accepts only these keys, or any well-formed key if there are none.
    pub(crate) fn new(known: Vec<Key>) -> Self {
        Self {
            restricted: !known.is_empty(),
            known: RwLock::new(known),
        }
    }

    /// The scope of a key; `None` if the key is not accepted.
    pub(crate) fn scope(&self, full: &str) -> Option<Scope> {
        let known = read(&self.known);
        let found = known
            .iter()
            .find(|key| key.full == full)
            .map(|key| key.scope);
        found.or((!self.restricted).then_some(Scope::Admin))
    }

    pub(crate) fn all(&self) -> Vec<Key> {
        read(&self.known).clone()
    }

    pub(crate) fn add(&self, key: Key) {
        write(&self.known).push(key);
    }

    /// Removes a key. Returns `false` if there is no such key.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let mut known = write(&self.known);
        let before = known.len();
        known.retain(|key| key.id != id);
        known.len() < before
    }
}
