//! Chooses the variant of a union.

mod decisions;

use std::cmp::Reverse;

use serde::Serialize;
use serde_json::Value;

use self::decisions::Decisions;
use super::{Decode, DecodeError, Names};

/// One attempt of [`decode_union`]: a value that decoded and whether it obeys its
/// rules, or why it did not decode.
pub type Attempt<T> = Result<(T, bool), Mismatch>;

/// Why a value does not match a variant of a union.
#[derive(Debug)]
pub struct Mismatch {
    error: DecodeError,
    /// How many of the value's members the variant declares.
    known: usize,
}

impl Mismatch {
    fn of<T: Decode>(value: &Value, error: DecodeError) -> Self {
        let known = value.as_object().map_or(0, |members| {
            let declared = Names::of::<T>().iter();
            declared.filter(|name| members.contains_key(*name)).count()
        });
        Self { error, known }
    }

    /// Returns a value that is larger for a variant that is closer. A variant whose constant
    /// differs is not meant, whatever else it has in common with the value.
    fn closeness(&self) -> (bool, usize, usize) {
        let is_meant = !self.error.is_own_constant();
        (is_meant, self.known, self.error.depth())
    }
}

/// A variant of a union: its name, and an attempt to read a value as it.
pub type Variant<U> = (&'static str, fn(&Value) -> Attempt<U>);

/// Picks the variant of a union: of those that decode, one that obeys its rules
/// goes before one that does not, then the one that keeps most of the value's
/// members, at any depth, then the first.
///
/// # Errors
/// When no variant decodes. The error is the one of the closest variant, with its
/// pointer, unless none of them got further than the value itself and its constants.
pub fn decode_union<U: Serialize + 'static>(
    name: &str,
    value: &Value,
    variants: &[Variant<U>],
) -> Result<U, DecodeError> {
    let decisions = Decisions::enter::<U>(value);
    match decisions.earlier() {
        Some(Err(error)) => return Err(error),
        Some(Ok(index)) => {
            let attempt = variants.get(index).map(|(_, attempt)| attempt(value));
            if let Some(Ok((decoded, _))) = attempt {
                return Ok(decoded);
            }
        }
        None => {}
    }
    let chosen = choose(name, value, variants);
    decisions.remember(chosen.as_ref().map(|(index, _)| *index));
    chosen.map(|(_, decoded)| decoded)
}

fn choose<U: Serialize>(
    name: &str,
    value: &Value,
    variants: &[Variant<U>],
) -> Result<(usize, U), DecodeError> {
    let mut candidates = Vec::new();
    let mut mismatches = Vec::new();
    for (index, (variant, attempt)) in variants.iter().enumerate() {
        match attempt(value) {
            Ok((decoded, obeys_rules)) => candidates.push((index, decoded, obeys_rules)),
            Err(mismatch) => mismatches.push((*variant, mismatch)),
        }
    }
    if candidates.iter().any(|(_, _, obeys_rules)| *obeys_rules) {
        candidates.retain(|(_, _, obeys_rules)| *obeys_rules);
    }
    if candidates.len() > 1 && (value.is_object() || value.is_array()) {
        // What is lost shows only when the candidate is written again.
        candidates.sort_by_cached_key(|(_, candidate, _)| {
            let written = serde_json::to_value(candidate).unwrap_or_default();
            Reverse(kept(value, &written))
        });
    }
    let best = candidates.into_iter().next();
    best.map(|(index, decoded, _)| (index, decoded))
        .ok_or_else(|| closest(name, value, mismatches))
}

/// The error of the variant that the value was probably meant to be.
fn closest(name: &str, value: &Value, mismatches: Vec<(&str, Mismatch)>) -> DecodeError {
    let closest = mismatches
        .into_iter()
        .min_by_key(|(_, mismatch)| Reverse(mismatch.closeness()));
    match closest {
        Some((variant, Mismatch { error, .. }))
            if error.depth() > 0 && !error.is_own_constant() =>
        {
            error.of_variant(name, variant)
        }
        _ => DecodeError::expected(&format!("one of the forms of `{name}`"), value),
    }
}

/// How many of a value's members, at any depth, were kept.
fn kept(value: &Value, written: &Value) -> usize {
    match (value, written) {
        (Value::Object(members), Value::Object(written)) => written
            .iter()
            .filter_map(|(name, inner)| Some(1 + kept(members.get(name)?, inner)))
            .sum(),
        (Value::Array(items), Value::Array(written)) => items
            .iter()
            .zip(written)
            .map(|(item, inner)| kept(item, inner))
            .sum(),
        _ => 0,
    }
}

/// Tries to read a value as the payload of one variant.
///
/// # Errors
/// When it does not have the payload's shape.
pub fn attempt<T: Decode>(value: &Value) -> Attempt<T> {
    match T::decode(value) {
        Ok(decoded) => {
            let obeys_rules = decoded.obeys_rules();
            Ok((decoded, obeys_rules))
        }
        Err(error) => Err(Mismatch::of::<T>(value, error)),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use serde_json::{Value, json};

    use super::*;
    use crate::contract::wire::{Encode, Encoded};
    use crate::{object, union};

    thread_local! {
        static READ: Cell<usize> = const { Cell::new(0) };
    }

    /// A value that counts how often it is read.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Counted(String);

    impl Decode for Counted {
        fn decode(value: &Value) -> Result<Self, DecodeError> {
            READ.set(READ.get() + 1);
            String::decode(value).map(Self)
        }
    }

    impl Encode for Counted {
        fn encode(&self) -> Encoded<'_> {
            Encoded::Text(&self.0)
        }
    }

    union! {
        /// A leaf, or one of two nodes that both hold another tree.
        pub enum Tree {
            /// The leaf.
            Leaf(Counted),
            /// A node.
            Left(Box<Left>),
            /// Another node.
            Right(Box<Right>),
        }
    }

    object! {
        /// A node.
        pub struct Left {
            /// The tree below.
            pub inner: required Tree;
            /// A mark.
            pub left: optional bool;
        }
    }

    object! {
        /// Another node.
        pub struct Right {
            /// The tree below.
            pub inner: required Tree;
            /// A mark.
            pub right: optional bool;
        }
    }

    fn nested(leaf: Value, depth: usize) -> Value {
        (0..depth).fold(leaf, |inner, index| match index % 2 {
            0 => json!({ "inner": inner, "left": true }),
            _ => json!({ "inner": inner, "right": true }),
        })
    }

    #[test]
    fn deep_values_are_read_in_time() {
        const DEPTH: usize = 60;
        for leaf in [json!("leaf"), json!(5)] {
            READ.set(0);
            let value = nested(leaf.clone(), DEPTH);
            let tree = Tree::decode(&value);
            match leaf.is_string() {
                true => assert_eq!(serde_json::to_value(tree.unwrap()).unwrap(), value),
                false => assert!(tree.is_err()),
            }
            assert!(READ.get() < 8 * DEPTH, "read {} times", READ.get());
        }
    }

    #[test]
    fn what_was_decided_inside_one_value_does_not_bind_the_next() {
        let both = json!([{ "inner": "a", "left": true }, { "inner": "a", "right": true }]);
        let trees: Vec<Tree> = Decode::decode(&both).unwrap();
        assert!(matches!(trees[..], [Tree::Left(_), Tree::Right(_)]));
    }
}
