//! The type of the futures of all calls.

use std::pin::Pin;

/// A boxed future that can be sent between threads. Awaiting a call runs one.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
