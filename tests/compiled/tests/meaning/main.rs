//! What generated types mean: how they are read, written and checked.

mod alternatives;
mod nulls;
mod roots;
mod shapes;
mod unions;
mod validation;

use fal_sdk::Decode;
use serde_json::Value;

/// Reads a value, or panics with the reason.
fn read<T: Decode>(value: Value) -> T {
    T::decode(&value).unwrap_or_else(|error| panic!("{error}, in {value}"))
}

/// What is said about a value that does not fit.
fn refused<T: Decode + std::fmt::Debug>(value: Value) -> String {
    T::decode(&value)
        .expect_err("a value that does not fit")
        .to_string()
}
