//! The keys that a server takes.

use std::sync::{PoisonError, RwLock};

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Inference.
    Api,
    /// Everything.
    Admin,
}

/// A key of the account.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) alias: String,
    /// As it stands after `Key `.
    pub(crate) full: String,
    pub(crate) scope: Scope,
}

/// The keys of the account.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// Whether only known keys are taken.
    restricted: bool,
    known: RwLock<Vec<Key>>,
}

impl Keys {
    /// Takes these keys alone, or any well-formed one when there are none.
    pub(crate) fn new(known: Vec<Key>) -> Self {
        Self {
            restricted: !known.is_empty(),
            known: RwLock::new(known),
        }
    }

    /// What the key may do; `None` when it is not taken.
    pub(crate) fn scope(&self, full: &str) -> Option<Scope> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let found = known
            .iter()
            .find(|key| key.full == full)
            .map(|key| key.scope);
        found.or((!self.restricted).then_some(Scope::Admin))
    }

    pub(crate) fn all(&self) -> Vec<Key> {
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn add(&self, key: Key) {
        self.known
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(key);
    }

    /// `false` when there is no such key.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let before = known.len();
        known.retain(|key| key.id != id);
        known.len() < before
    }
}
