//! The type of the futures of all calls.

use std::pin::Pin;

/// A boxed future that is `Send` and `'static`. Every call of this crate turns into one
/// when it is awaited.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
