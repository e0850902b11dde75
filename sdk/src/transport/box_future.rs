//! The future that every call is.

use std::pin::Pin;

/// A boxed future that can be sent between threads: what awaiting a call runs.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
