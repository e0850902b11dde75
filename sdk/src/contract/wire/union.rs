//! Chooses the variant of a union.

mod decisions;

use std::cmp::Reverse;

use serde::Serialize;
use serde_json::Value;

use self::decisions::Decisions;
use super::{Decode, DecodeError, Names};

/// The outcome of trying one variant in [`decode_union`]: the decoded value and whether it
/// obeys its rules, or the reason why it could not be decoded.
pub type Attempt<T> = Result<(T, bool), Mismatch>;

/// The reason why a value does not match a variant of a union.
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

    /// Returns a key that is larger for a closer variant. A variant whose constant differs is
    /// never the closest, whatever else it has in common with the value.
    fn closeness(&self) -> (bool, usize, usize) {
        let is_meant = !self.error.is_own_constant();
        (is_meant, self.known, self.error.depth())
    }
}

/// A variant of a union: its name, and a function that tries to read a value as this variant.
pub type Variant<U> = (&'static str, fn(&Value) -> Attempt<U>);

/// Reads a value as the variant of a union that fits it best.
///
/// Variants that cannot be decoded are left out. Among the others, these are preferred, in
/// this order:
///
/// 1. variants whose values obey their rules;
/// 2. variants that keep more of the value's members, at any depth;
/// 3. variants that are declared earlier.
///
/// # Errors
/// When no variant can be decoded. The error is that of the closest variant if it fails
/// inside the value and not at a constant; otherwise it says that the value matches none of
/// the variants.
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
        // Which members a candidate drops shows only when it is written again.
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
        _ => DecodeError::expected(&format!("one of the variants of `{name}`"), value),
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

/// Tries to read a value as the type `T` of a variant.
///
/// # Errors
/// When the value does not have the shape of `T`.
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
