//! Remembers which variants were chosen for the values inside a union.
//!
//! If several variants contain the same recursive type, each of them reads the values inside
//! it again: without this memory, a value that is nested 60 levels deep could be read 2^60
//! times. A decision is found by the union's type and the value's content, and is forgotten
//! when the outermost union has been read.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use serde_json::Value;

use crate::contract::wire::DecodeError;

type Key = (TypeId, u64);
/// The variant that was chosen, or why there is none.
type Decision = Result<usize, DecodeError>;

#[derive(Default)]
struct Memory {
    /// How many unions are being read, one inside the other.
    depth: usize,
    hasher: RandomState,
    decisions: HashMap<Key, Decision>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// The reading of one union, which ends when this value is dropped.
pub(super) struct Decisions {
    /// `None` for the outermost union, which is read once, and for scalars, which are read
    /// quickly.
    key: Option<Key>,
}

impl Decisions {
    /// Begins to read `value` as the union `U`.
    pub(super) fn enter<U: 'static>(value: &Value) -> Self {
        MEMORY.with_borrow_mut(|memory| {
            memory.depth += 1;
            let is_nested = memory.depth > 1 && (value.is_object() || value.is_array());
            let key = is_nested.then(|| (TypeId::of::<U>(), memory.hasher.hash_one(value)));
            Self { key }
        })
    }

    /// Returns the earlier decision about an equal value, if there is one.
    pub(super) fn earlier(&self) -> Option<Decision> {
        let key = self.key?;
        MEMORY.with_borrow(|memory| memory.decisions.get(&key).cloned())
    }

    pub(super) fn remember(&self, decision: Result<usize, &DecodeError>) {
        if let Some(key) = self.key {
            MEMORY.with_borrow_mut(|memory| {
                memory.decisions.insert(key, decision.map_err(Clone::clone));
            });
        }
    }
}

impl Drop for Decisions {
    fn drop(&mut self) {
        MEMORY.with_borrow_mut(|memory| {
            memory.depth -= 1;
            if memory.depth == 0 {
                memory.decisions = HashMap::new();
            }
        });
    }
}
